"""What changed in a record, by whom and why; written by database triggers (pghistory)."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

import pghistory
from django.db.models import Model
from pghistory.models import Events

from itsm.kernel.actor import Actor

HIDDEN = {"revision", "updated_at", "created_at"}
LONG = 160
_named: ContextVar[bool] = ContextVar("history_named", default=False)


@contextmanager
def attributed(actor: Actor, *, through: str, reason: str = "") -> Iterator[None]:
    """Everything written inside is put down to this actor, with the reason if there is one.

    What an operation has others do is part of its own story: the outermost one is named.
    """
    if _named.get():
        yield
        return
    metadata: dict[str, Any] = {"actor": actor.label, "user": actor.user_id, "through": through}
    if reason:
        metadata["reason"] = reason
    token = _named.set(True)
    try:
        with pghistory.context(**metadata):
            yield
    finally:
        _named.reset(token)


def story_of(record: Model, limit: int = 50) -> list[dict[str, Any]]:
    """The record's history, newest first, each entry ready to be read: who, when, why, what."""
    events = Events.objects.tracks(record).order_by("-pgh_created_at", "-pgh_id")
    return [_entry(record, event) for event in events[:limit]]


def _entry(record: Model, event: Any) -> dict[str, Any]:
    context = event.pgh_context or {}
    changes = [
        (_label(record, field), _brief(before), _brief(after))
        for field, (before, after) in (event.pgh_diff or {}).items()
        if field not in HIDDEN
    ]
    return {
        "at": event.pgh_created_at,
        "who": context.get("actor", "database"),
        "through": context.get("through", ""),
        "reason": context.get("reason", ""),
        "label": event.pgh_label,
        "summary": "Created" if event.pgh_label == "insert" else "Changed " + ", ".join(c[0] for c in changes),
        "changes": changes,
    }


def _label(record: Model, column: str) -> str:
    for field in record._meta.concrete_fields:
        if column in (field.column, field.attname, field.name):
            return str(field.verbose_name)
    return column


def _brief(value: Any) -> Any:
    """A whole document is not read in a history: its size is."""
    if isinstance(value, dict | list) and len(str(value)) > LONG:
        return f"{len(value)} entries"
    return value
