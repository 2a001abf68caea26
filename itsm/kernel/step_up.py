"""Decisions that nobody may take from a screen that was left open: prove again who you are, just before."""

import time
from collections.abc import Iterable
from typing import Any

from django.conf import settings

from itsm.kernel.actor import Actor
from itsm.kernel.errors import Forbidden
from itsm.kernel.scopes import Scope


class SignInAgain(Forbidden):
    code = "sign_in_again"


class ScopeLacks(Forbidden):
    code = "missing_scope"


def last_proof(records: Iterable[dict[str, Any]]) -> float:
    """When the person of a session last showed a password, key or code (seconds since 1970); 0: never."""
    return max((float(record.get("at", 0)) for record in records), default=0.0)


def require_recent(actor: Actor, what: str) -> None:
    """Refuse when the actor's session last proved who it is too long ago, or the token may not decide such things.

    Parts of the program, and commands, act on somebody's explicit order and pass.
    """
    if actor.token is not None and Scope.DECIDE not in actor.token.scopes:
        raise ScopeLacks(f"{what} by a token needs its scope {str(Scope.DECIDE)!r}.")
    if actor.proved_at is not None and time.time() - actor.proved_at > settings.STEP_UP.total_seconds():
        minutes = int(settings.STEP_UP.total_seconds() // 60)
        message = f"You proved who you are more than {minutes} minutes ago. Sign in again in a new tab, then come back."
        raise SignInAgain(
            f"{what} asks you to sign in again.",
            checks=[
                {
                    "code": SignInAgain.code,
                    "label": "",
                    "message": message,
                    "url": "/accounts/reauthenticate/?next=/account/",
                    "fix": "Sign in again",
                }
            ],
        )
