"""Signing in: no machine on the pages, no demo password outside the demo, no sign-up."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.auth_backends import AuthenticationBackend
from django.conf import settings
from django.core.exceptions import ValidationError
from django.http import HttpRequest

DEMO_PASSWORD = "slipway-demo"  # noqa: S105 the whole world knows it


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


class AccountAdapter(DefaultAccountAdapter):
    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Accounts are made by an administrator."""
        return False


class NotTheDemoPassword:
    """A password validator: the demo's password is known to the whole world."""

    def validate(self, password: str, user: Any = None) -> None:
        if password == DEMO_PASSWORD:
            raise ValidationError("This is the demo's password; choose your own.", code="demo_password")

    def get_help_text(self) -> str:
        return "Your password can't be the demo's."
