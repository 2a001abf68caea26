"""The outbox: record what happened with its cause; a worker tells the subscribers after commit.

An app's subscriptions.py maps event names to functions `(event) -> None`. Each runs in a job of
its own, in one transaction with its receipt, so that a redelivered event has no second effect.
"""

import logging
from collections import defaultdict
from collections.abc import Callable, Iterable
from typing import Any

from django.db import transaction
from django.db.models import Model

from itsm.kernel.actor import Actor
from itsm.kernel.models import EventReceipt, OutboxEvent

log = logging.getLogger(__name__)
Subscriber = Callable[[OutboxEvent], None]
_subscribers: dict[str, dict[str, Subscriber]] = defaultdict(dict)


def on(name: str) -> Callable[[Subscriber], Subscriber]:
    """Subscribe the function to events of this name."""

    def subscribe(function: Subscriber) -> Subscriber:
        _subscribers[name][f"{function.__module__}.{function.__qualname__}"] = function
        return function

    return subscribe


def record(name: str, subject: Model, *, actor: Actor, **payload: Any) -> OutboxEvent:
    """Write the event in the present transaction and wake the relay once that has committed."""
    return record_each(name, [subject], actor=actor, **payload)[0]


def record_each(name: str, subjects: Iterable[Model], *, actor: Actor, **payload: Any) -> list[OutboxEvent]:
    """The same, of many subjects in one write."""
    recorded = OutboxEvent.objects.bulk_create(
        OutboxEvent(
            name=name,
            subject_type=subject._meta.label_lower,
            subject_id=subject.pk,
            subject=str(subject)[:100],
            actor=actor.label,
            user_id=actor.user_id,
            payload=payload,
        )
        for subject in subjects
    )
    if recorded and _subscribers.get(name):
        transaction.on_commit(_ring)
    return recorded


def _ring() -> None:
    """Wake the relay now; if the broker is away, the relay's own beat finds the event."""
    from itsm.kernel.jobs import publish_events

    try:
        publish_events.apply_async(retry=False)
    except Exception as error:
        log.warning("The broker did not take the wake-up (%s); the event waits for the next beat.", error)


def waiting(limit: int = 500) -> list[OutboxEvent]:
    """The next unpublished events, claimed for this transaction; another relay skips them."""
    return list(
        OutboxEvent.objects.filter(published_at__isnull=True).order_by("id").select_for_update(skip_locked=True)[:limit]
    )


def subscribers_of(name: str) -> list[str]:
    return sorted(_subscribers.get(name, {}))


@transaction.atomic
def deliver(event_id: int, subscriber: str) -> bool:
    """Let one subscriber have its effect of the event; False when it already had it."""
    event = OutboxEvent.objects.get(pk=event_id)
    _, first = EventReceipt.objects.get_or_create(event=event, subscriber=subscriber)
    if first:
        _subscribers[event.name][subscriber](event)
    return first
