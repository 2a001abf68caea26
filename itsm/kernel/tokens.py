"""API tokens: made once, stored as a digest, found again by it, revoked by their owner."""

import hashlib
import secrets
from collections.abc import Iterable
from datetime import datetime, timedelta

from django.utils import timezone

from itsm.kernel import events, rows
from itsm.kernel.actor import Actor
from itsm.kernel.errors import DomainError, Forbidden, InvalidInput
from itsm.kernel.models import ApiToken, User
from itsm.kernel.operation import operation
from itsm.kernel.scopes import EVERYTHING, VERBS, Scope, within
from itsm.kernel.step_up import require_recent

PREFIX = "slw_"
LONGEST_DAYS = 366
# Asked with every request, so it is written out.
GOOD = f"""
    SELECT {rows.columns(ApiToken, "token")}, {rows.columns(User, "holder")}
    FROM kernel_apitoken AS token JOIN kernel_user AS holder ON holder.id = token.user_id
    WHERE digest = %(digest)s AND revoked_at IS NULL AND (expires_at IS NULL OR expires_at > statement_timestamp())
        AND is_active
"""  # noqa: S608 - names of our own tables


class NotYours(Forbidden):
    code = "not_your_token"


class BeyondYourToken(Forbidden):
    code = "beyond_your_token"


class RevokedAlready(DomainError):
    code = "revoked_already"


def _digest(key: str) -> str:
    return hashlib.sha256(key.encode()).hexdigest()


def make(user: User, *, name: str, scopes: Iterable[str] = EVERYTHING, expires_at: datetime | None = None) -> str:
    """Make a token and return its key, which cannot be had again."""
    return _make(user, name=name, scopes=scopes, expires_at=expires_at)[1]


def _make(user: User, *, name: str, scopes: Iterable[str], expires_at: datetime | None) -> tuple[ApiToken, str]:
    key = PREFIX + secrets.token_urlsafe(32)
    token = ApiToken.objects.create(
        user=user, name=name, digest=_digest(key), scopes=sorted(set(scopes)), expires_at=expires_at
    )
    return token, key


@operation
def make_own(*, name: str, scopes: Iterable[str], days: int, actor: Actor, now: datetime) -> tuple[ApiToken, str]:
    """A token of one's own, with its key. Whoever acts by a token makes none that can do more or lasts longer."""
    if actor.user is None:
        raise NotYours("A token belongs to a person or a machine account.")
    if actor.token is None:
        require_recent(actor, "A new token")
    _check(name, set(scopes), days)
    expires_at = now + timedelta(days=days)
    if actor.token is not None:
        _check_within(actor.token, scopes, expires_at)
    token, key = _make(actor.user, name=name.strip(), scopes=scopes, expires_at=expires_at)
    events.record("kernel.token.made", token, actor=actor, owner=actor.user.username)
    return token, key


def _check(name: str, scopes: set[str], days: int) -> None:
    if not name.strip():
        raise InvalidInput.at("name", "Say what the token is for.")
    if unknown := sorted(scopes - set(Scope)):
        raise InvalidInput.at("scopes", f"Unknown: {', '.join(unknown)}. Known: {', '.join(Scope)}.")
    if not scopes & set(VERBS):
        raise InvalidInput.at("scopes", "Name at least read or write, or the token is good for nothing.")
    if not 1 <= days <= LONGEST_DAYS:
        raise InvalidInput.at("days", f"Choose between 1 and {LONGEST_DAYS} days.")


def _check_within(used: ApiToken, scopes: Iterable[str], expires_at: datetime) -> None:
    if not within(scopes, used.scopes):
        raise BeyondYourToken(f"The token that you use has only these scopes: {', '.join(used.scopes)}.")
    if used.expires_at and expires_at > used.expires_at:
        raise BeyondYourToken(
            f"The token that you use ends on {used.expires_at:%Y-%m-%d %H:%M} UTC; choose fewer days."
        )


@operation
def revoke(*, token_id: int, actor: Actor, now: datetime, reason: str = "") -> ApiToken:
    """End one's own token, or as an administrator anybody's; the next request with it is refused."""
    token = ApiToken.objects.lock(token_id)
    if token.user_id != actor.user_id and not actor.is_admin:
        raise NotYours("Only its owner or an administrator revokes a token.")
    if token.revoked_at:
        raise RevokedAlready("This token was revoked already.")
    token.revoked_at = now
    token.save(update_fields=["revoked_at"])
    why = {"reason": reason.strip()} if reason.strip() else {}
    events.record("kernel.token.revoked", token, actor=actor, owner=token.user.username, **why)
    return token


def find(key: str) -> ApiToken | None:
    """The token with this key, with its user; none when it is unknown, revoked or expired, or the user is disabled."""
    found = rows.read([ApiToken, User], GOOD, {"digest": _digest(key)})
    if not found:
        return None
    token, token.user = found[0]
    return token  # type: ignore[no-any-return]


def use(key: str) -> ApiToken | None:
    """As `find`, and remember that it was used."""
    token = find(key)
    if token is not None:
        token.note_use(timezone.now())
    return token
