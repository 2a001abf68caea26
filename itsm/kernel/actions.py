"""What can be done with a record now, by this actor, and for each refusal why.

Pages draw their buttons from it and the API lists it, so that both always say the same.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Model

from itsm.kernel.actor import Actor
from itsm.kernel.permissions import Rule, allowed, refusal_of


@dataclass(frozen=True)
class Action:
    """One operation of a record, named as in its API path (`hand-over`).

    `to` is the state it moves to, checked against the model's LIFECYCLE; `unless` answers
    a sentence when something else forbids it now.
    """

    name: str
    label: str
    rule: Rule
    to: str | None = None
    unless: Callable[[Any], str | None] | None = None
    primary: bool = False
    danger: bool = False

    def refusal(self, actor: Actor, record: Any) -> str | None:
        """Why not, as a sentence; None when it may be done now."""
        if self.to is not None and not record.LIFECYCLE.allows(record, self.to):
            return record.LIFECYCLE.refusal(record, self.to)
        if not allowed(self.rule, actor, record):
            return refusal_of(self.rule)
        return self.unless(record) if self.unless else None


_actions: dict[str, tuple[Action, ...]] = {}


def declare(model: type[Model], actions: tuple[Action, ...]) -> tuple[Action, ...]:
    """Say what can be done with records of this kind; their pages ask each action's rule before they open."""
    _actions[model._meta.label] = actions
    return actions


def rule_at(record: Any, path: str) -> Rule | None:
    """The rule of the action that a page's address ends with: `…/RFC-7/cancel/`."""
    name = path.rstrip("/").rpartition("/")[2]
    known = _actions.get(record._meta.label, ()) if isinstance(record, Model) else ()
    return next((action.rule for action in known if action.name == name), None)


def offered(actions: Iterable[Action], actor: Actor, record: Any) -> list[dict[str, Any]]:
    found = []
    for action in actions:
        reason = action.refusal(actor, record)
        found.append({"name": action.name, "label": action.label, "allowed": reason is None, "reason": reason or ""})
    return found
