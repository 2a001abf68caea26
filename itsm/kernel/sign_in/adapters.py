"""What allauth asks of the site: who may sign up, who is counted for a failed try, whom a sign-in service brings."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from django.conf import settings
from django.http import HttpRequest
from django.template.response import TemplateResponse

from itsm.kernel import organisation, sealing
from itsm.kernel.models import User

PURPOSE = "second factor"


class AccountAdapter(DefaultAccountAdapter):
    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Accounts are made by an administrator."""
        return False

    def get_from_email(self) -> str:
        return organisation.sender()

    def _get_login_attempts_cache_key(self, request: HttpRequest, **credentials: Any) -> str:
        """Failures are counted for a name and an address together: who guesses elsewhere locks nobody out."""
        counted: str = super()._get_login_attempts_cache_key(request, **credentials)
        return f"{counted}:{self.get_client_ip(request)}"


class SecondFactorAdapter(DefaultMFAAdapter):
    """Keeps the secrets of authenticator apps encrypted, by a key made of SECRET_KEY."""

    def encrypt(self, text: str) -> str:
        return sealing.seal(text, purpose=PURPOSE)

    def decrypt(self, encrypted_text: str) -> str:
        return sealing.unseal(encrypted_text, purpose=PURPOSE)


class OidcAdapter(DefaultSocialAccountAdapter):
    """Whom the sign-in service names is the user of that name here; others are made only where a setting says so."""

    def pre_social_login(self, request: HttpRequest, sociallogin: Any) -> None:
        if not sociallogin.is_existing and (known := _known(sociallogin)):
            sociallogin.connect(request, known)
        if not self.is_open_for_signup(request, sociallogin) and not sociallogin.is_existing:
            name = sociallogin.user.username or sociallogin.user.email or "nameless"
            page = TemplateResponse(request, "account/unknown.html", {"name": name}, status=403)
            raise ImmediateHttpResponse(page.render())

    def is_open_for_signup(self, request: HttpRequest, sociallogin: Any) -> bool:
        return bool(settings.OIDC_MAKES_USERS)

    def is_auto_signup_allowed(self, request: HttpRequest, sociallogin: Any) -> bool:
        return True


def _known(sociallogin: Any) -> User | None:
    """The active person with the name that the service gave, or else the one with the address that it verified."""
    people = User.objects.filter(is_active=True, is_machine=False)
    verified = [address.email for address in sociallogin.email_addresses if address.verified]
    by_name = people.filter(username=sociallogin.user.username) if sociallogin.user.username else people.none()
    by_address = people.filter(email__in=verified).exclude(email="")
    found = list(by_name) or list(by_address)
    return found[0] if len(found) == 1 else None
