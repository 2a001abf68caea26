"""What happens: declared once, recorded with its cause, told to subscribers after commit (see `outbox`).

Each app declares its events in its events.py; docs/events.md is made from that. An app's subscriptions.py
maps event names to functions `(event) -> None`: each has its effect in one transaction with its receipt.
"""

import json
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.db.models import Count, Min, Model
from django.utils import timezone

from itsm.kernel import waking
from itsm.kernel.actor import Actor
from itsm.kernel.models import EventDelivery, OutboxEvent
from itsm.kernel.models.record import Numbered

Subscriber = Callable[[OutboxEvent], None]
EVERY = "*"


class Undeclared(LookupError):
    """An event or one of its fields that no events.py declares: a mistake of whoever wrote the operation."""


@dataclass(frozen=True)
class Kind:
    """A kind of event: its name, what it means, and what its payload says."""

    name: str
    sentence: str
    version: int
    fields: dict[str, str]


_declared: dict[str, Kind] = {}
_subscribers: dict[str, dict[str, Subscriber]] = defaultdict(dict)
_conditions: dict[str, Callable[[], bool]] = {}
_held: ContextVar[list[OutboxEvent] | None] = ContextVar("events_held", default=None)


def declare(name: str, sentence: str, /, *, version: int = 1, **fields: str) -> None:
    """Make a name known, with the meaning of each payload field; a field that does not apply is left out.

    A new field keeps the version; one that goes away or means something else raises it.
    """
    if name in _declared:
        raise ValueError(f"The event {name} is declared twice.")
    _declared[name] = Kind(name, sentence, version, fields)


def declared() -> list[Kind]:
    return sorted(_declared.values(), key=lambda kind: kind.name)


def on(name: str, *, when: Callable[[], bool] | None = None) -> Callable[[Subscriber], Subscriber]:
    """Subscribe the function to events of this name, or with "*" to every one.

    With `when`, events that are published while it answers no are none of its business; it is asked once
    for each few hundred.
    """

    def subscribe(function: Subscriber) -> Subscriber:
        key = f"{function.__module__}.{function.__qualname__}"
        _subscribers[name][key] = function
        if when is not None:
            _conditions[key] = when
        return function

    return subscribe


def idle_subscribers() -> set[str]:
    """Those that want nothing now."""
    return {key for key, wants in _conditions.items() if not wants()}


def subscribers_of(name: str) -> dict[str, Subscriber]:
    return {**_subscribers.get(EVERY, {}), **_subscribers.get(name, {})}


def record(name: str, subject: Model, *, actor: Actor, **payload: Any) -> OutboxEvent:
    """Tell of it when the present operation ends, and wake the relay once that has committed. Raises Undeclared."""
    event = _event(_kind_of(name, payload), subject, actor, payload)
    held = _held.get()
    if held is None:
        return _write([event])[0]
    held.append(event)
    return event


def record_each(name: str, subjects: Iterable[Model], *, actor: Actor, **payload: Any) -> list[OutboxEvent]:
    """The same of many subjects in one write, and now: for who goes on with the events."""
    kind = _kind_of(name, payload)
    _write_held()
    return _write([_event(kind, subject, actor, payload) for subject in subjects])


@contextmanager
def told_together() -> Iterator[None]:
    """What `record` tells inside is written at the end, in one statement; what failed inside tells nothing.

    What may fail by itself is an operation of its own: a bare savepoint that is undone does not undo what was told.
    """
    outer = _held.get()
    if outer is not None:
        told = list(outer)
        try:
            yield
        except BaseException:
            outer[:] = told  # also what was written within: that is undone with the rest
            raise
        return
    token = _held.set([])
    try:
        yield
        _write_held()
    finally:
        _held.reset(token)


def _event(kind: Kind, subject: Model, actor: Actor, payload: dict[str, Any]) -> OutboxEvent:
    return OutboxEvent(
        name=kind.name,
        version=kind.version,
        subject_type=subject._meta.label_lower,
        subject_id=subject.pk,
        subject=str(subject)[:100],
        actor=actor.label,
        user_id=actor.user_id,
        payload=payload,
    )


def _write_held() -> None:
    """Before anything is told past them, so that events stand in the order in which they happened."""
    if held := _held.get():
        _write(held)
        held.clear()


def _write(told: list[OutboxEvent]) -> list[OutboxEvent]:
    written = OutboxEvent.objects.bulk_create(told)
    for name in {event.name for event in written}:
        _ring_for(name)
    return written


def record_set(name: str, model: type[Numbered], ids: Sequence[int], *, actor: Actor, **payload: Any) -> None:
    """The same, of any number of numbered records by their ids, in one write of the database's own."""
    kind = _kind_of(name, payload)
    if not ids:
        return
    _write_held()
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO kernel_outboxevent (name, version, subject_type, subject_id, subject, actor, user_id, payload)"
            " SELECT %s, %s, %s, id, %s || id, %s, %s, %s::jsonb FROM unnest(%s::bigint[]) AS id",
            [
                name, kind.version, model._meta.label_lower, f"{model.PREFIX}-", actor.label, actor.user_id,
                json.dumps(payload), list(ids),
            ],
        )  # fmt: skip
    _ring_for(name)


def _ring_for(name: str) -> None:
    """Who only listens sometimes waits for the relay's own beat: nobody is woken for nothing."""
    if subscribers_of(name).keys() - _conditions.keys():
        ring_after_commit()


def _kind_of(name: str, payload: dict[str, Any]) -> Kind:
    kind = _declared.get(name)
    if kind is None:
        raise Undeclared(f"The event {name!r} is not declared. Declare it in its app's events.py.")
    if unknown := sorted(payload.keys() - kind.fields.keys()):
        raise Undeclared(f"The event {name} declares no field {', '.join(unknown)}. Add it to its app's events.py.")
    return kind


def ring_after_commit() -> None:
    """Wake the relay once after this transaction, however many events it records."""
    waking.after_commit(ring)


def ring() -> None:
    """Wake the relay now; if the broker is away, the relay's own beat finds the event."""
    from itsm.kernel.jobs import publish_events

    waking.wake(publish_events)


def lag() -> dict[str, float]:
    """How far behind the outbox is: counts, and seconds since the oldest of each happened. Three cheap queries."""
    unpublished = OutboxEvent.objects.filter(published_at__isnull=True).aggregate(
        n=Count("pk"), oldest=Min("occurred_at")
    )
    open_ = EventDelivery.objects.filter(EventDelivery.OPEN)
    undelivered = open_.aggregate(n=Count("pk"), oldest=Min("event__occurred_at"))
    return {
        "unpublished": unpublished["n"],
        "unpublished_age": age_of(unpublished["oldest"]),
        "undelivered": undelivered["n"],
        "undelivered_age": age_of(undelivered["oldest"]),
        "parked": EventDelivery.objects.filter(parked_at__isnull=False).count(),
    }


def age_of(since: Any) -> float:
    return max(0.0, (timezone.now() - since).total_seconds()) if since else 0.0
