"""Signing in: by password, second factor or the organisation's own sign-in service (OpenID Connect).

Machines have no pages, the demo's password is worth nothing outside the demo, nobody signs up by themselves.
"""

from typing import Any

from allauth.account.auth_backends import AuthenticationBackend
from django.conf import settings
from django.db.models import Subquery, Value
from django.db.models.functions import Coalesce
from django.http import HttpRequest

from itsm.kernel.models import Organisation, User
from itsm.kernel.models.organisation import ONLY
from itsm.kernel.sign_in.passwords import DEMO_PASSWORD, NotBreached, NotTheDemoPassword

__all__ = ["DEMO_PASSWORD", "Backend", "NotBreached", "NotTheDemoPassword"]


class Backend(AuthenticationBackend):
    """allauth's own, with two refusals: the demo's password elsewhere, and machines."""

    def authenticate(self, request: HttpRequest | None, **credentials: Any) -> Any:
        if credentials.get("password") == DEMO_PASSWORD and not settings.DEMO:
            return None
        user = super().authenticate(request, **credentials)
        return None if user is None or user.is_machine else user

    def get_user(self, user_id: Any) -> Any:
        """The session's user, with the organisation's time zone: every page wants both, and asks once."""
        zone = Organisation.objects.filter(pk=ONLY).values("time_zone")
        found = User.objects.annotate(common_zone=Coalesce(Subquery(zone), Value("")))
        return found.filter(pk=user_id, is_active=True, is_machine=False).first()
