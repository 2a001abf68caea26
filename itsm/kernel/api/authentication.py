"""`Authorization: Token <key>` (or Bearer), and whether the token's scopes cover the request.

The scopes are checked where the token is read, so that no route can forget it.
"""

from typing import Any

from drf_spectacular.extensions import OpenApiAuthenticationExtension
from rest_framework.authentication import BaseAuthentication, get_authorization_header
from rest_framework.exceptions import AuthenticationFailed, PermissionDenied
from rest_framework.request import Request
from structlog.contextvars import bind_contextvars

from itsm.kernel import scopes, tokens
from itsm.kernel.actor import Actor
from itsm.kernel.middleware import actor_of_session
from itsm.kernel.models import ApiToken, User


class MissingScope(PermissionDenied):
    """The token is good, but not for this; the header says so as RFC 6750 has it."""

    def __init__(self, scope: str):
        super().__init__(f"This token lacks the scope {str(scope)!r}.", code="missing_scope")
        self.auth_header = f'Bearer error="insufficient_scope", scope="{scope}"'


class TokenAuthentication(BaseAuthentication):
    def authenticate(self, request: Request) -> tuple[User, ApiToken] | None:
        scheme, _, key = get_authorization_header(request).decode("latin-1").partition(" ")
        if scheme.lower() not in {"token", "bearer"}:
            return None
        token = tokens.use(key.strip())
        if token is None:
            raise AuthenticationFailed("The token is unknown, expired or revoked, or its user is disabled.")
        if lacking := scopes.missing(token.scopes, str(request.method), request.path):
            raise MissingScope(lacking)
        bind_contextvars(actor_id=token.user_id, token_id=token.pk)
        return token.user, token

    def authenticate_header(self, request: Request) -> str:
        return "Token"


def actor_of(request: Request) -> Actor:
    """Who asks, by a token or by a session."""
    if isinstance(request.auth, ApiToken):
        return Actor.person(request.auth.user, token=request.auth)
    return actor_of_session(request)  # type: ignore[arg-type]


class TokenScheme(OpenApiAuthenticationExtension):
    target_class = TokenAuthentication
    name = "token"

    def get_security_definition(self, auto_schema: Any) -> dict[str, str]:
        return {"type": "apiKey", "in": "header", "name": "Authorization", "description": "`Token <key>`"}
