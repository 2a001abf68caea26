"""An event that only tests know, and what happens to it."""

from django.utils import timezone

from itsm.kernel import events, outbox
from itsm.kernel.models import EventDelivery
from tests.builders import SYSTEM


def happen(ci, n=None):
    return events.record("test.happened", ci, actor=SYSTEM, **({} if n is None else {"n": n}))


def deliver_all() -> None:
    outbox.publish()
    for subscriber in outbox.waiting_subscribers():
        outbox.drain(subscriber)


def later() -> None:
    """Let all waiting times be over."""
    EventDelivery.objects.filter(EventDelivery.OPEN).update(due_at=timezone.now())


def park(event) -> EventDelivery:
    outbox.publish()
    EventDelivery.objects.filter(event=event).update(attempts=outbox.MOST_ATTEMPTS - 1)
    deliver_all()
    return EventDelivery.objects.get(event=event)
