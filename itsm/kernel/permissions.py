"""`require(rule, actor, record)`: the one way in which an operation asks whether it may."""

import logging
from collections.abc import Callable
from typing import Any

from itsm.kernel.actor import Actor
from itsm.kernel.errors import Forbidden

log = logging.getLogger(__name__)
Rule = Callable[..., bool]


def rule(refusal: str) -> Callable[[Rule], Rule]:
    """Mark a predicate over (actor, record) as a right, with the sentence that refuses it."""

    def mark(predicate: Rule) -> Rule:
        predicate.refusal = refusal  # type: ignore[attr-defined]
        return predicate

    return mark


def allowed(rule: Rule, actor: Actor, record: Any = None) -> bool:
    if actor.is_system:
        return True
    return rule(actor, record)


def refusal_of(rule: Rule) -> str:
    return str(getattr(rule, "refusal", "You may not do this."))


def require(rule: Rule, actor: Actor, record: Any = None) -> None:
    """Raise Forbidden unless the rule lets the actor; the program's own parts pass."""
    if not allowed(rule, actor, record):
        log.warning("%s may not (%s) on %s", actor.label, getattr(rule, "__name__", rule), record)
        raise Forbidden(refusal_of(rule))
