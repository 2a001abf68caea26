"""Signing in: by password, second factor or the organisation's own sign-in service (OpenID Connect).

Machines have no pages, the demo's password is worth nothing outside the demo, nobody signs up by themselves.
"""

from typing import Any

from allauth.account.auth_backends import AuthenticationBackend
from django.conf import settings
from django.http import HttpRequest

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
        user = super().get_user(user_id)
        return None if user is None or user.is_machine else user
