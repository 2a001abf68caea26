"""API tokens: made once, stored as a digest, found again by it."""

import hashlib
import secrets
from datetime import datetime

from django.utils import timezone

from itsm.kernel.models import ApiToken, User

PREFIX = "slw_"


def _digest(key: str) -> str:
    return hashlib.sha256(key.encode()).hexdigest()


def make(user: User, *, name: str, expires_at: datetime | None = None) -> str:
    """Make a token and return its key, which cannot be had again."""
    key = PREFIX + secrets.token_urlsafe(32)
    ApiToken.objects.create(user=user, name=name, digest=_digest(key), expires_at=expires_at)
    return key


def user_of(key: str) -> User | None:
    """The active user whose unexpired token this is."""
    token = ApiToken.objects.select_related("user").filter(digest=_digest(key)).first()
    if token is None or not token.user.is_active:
        return None
    if token.expires_at and token.expires_at <= timezone.now():
        return None
    return token.user
