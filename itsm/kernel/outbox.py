"""The outbox: a relay gives each event to its subscribers, and each subscriber works off its own share.

Everything is in the database; the broker only carries wake-ups, and beat sends one every few seconds.
Per subscriber one worker delivers at a time, in the order of the events. A delivery that fails is tried
again later and holds back only what the same subscriber has to do about the same subject; after its last
attempt it is parked, seen by operators, and sent again when they say so.
"""

import logging
import time
from collections.abc import Iterator
from datetime import datetime, timedelta

from django.db import connection, transaction
from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone

from itsm.kernel import events
from itsm.kernel.actor import Actor
from itsm.kernel.errors import DomainError
from itsm.kernel.locks import Lock, alone, hold
from itsm.kernel.models import EventDelivery, OutboxEvent
from itsm.kernel.operation import operation
from itsm.kernel.permissions import require, rule

log = logging.getLogger(__name__)

BATCH = 500
MOST_ATTEMPTS = 10
FIRST_WAIT, LONGEST_WAIT = timedelta(seconds=5), timedelta(minutes=10)
# A worker leaves a long queue after so long, to let others have their turn, and rings for it again.
TURN_SECONDS = 15.0
KEPT = timedelta(days=30)


class NotParked(DomainError):
    code = "not_parked"


@rule("Only an administrator sees how events are delivered.")
def may_see(actor: Actor, delivery: EventDelivery | None = None) -> bool:
    return actor.is_admin


@rule("Only an administrator sends events again.")
def may_send_again(actor: Actor, delivery: EventDelivery | None = None) -> bool:
    return actor.is_admin


def publish() -> int:
    """Give waiting events to their subscribers, in order; one relay at a time, so that none overtakes another."""
    published = 0
    while count := _publish_batch():
        published += count
    return published


@transaction.atomic
def _publish_batch() -> int:
    hold(Lock.OUTBOX)
    batch = list(OutboxEvent.objects.filter(published_at__isnull=True).order_by("pk")[:BATCH])
    idle = events.idle_subscribers() if batch else set()
    EventDelivery.objects.bulk_create(
        [
            EventDelivery(event=event, subscriber=subscriber, lane=f"{event.subject_type}:{event.subject_id}")
            for event in batch
            for subscriber in sorted(events.subscribers_of(event.name).keys() - idle)
        ],
        ignore_conflicts=True,
    )
    OutboxEvent.objects.filter(pk__in=[event.pk for event in batch]).update(published_at=timezone.now())
    return len(batch)


def due(subscriber: str | None = None) -> QuerySet[EventDelivery]:
    """What can be delivered now: its time has come, and nothing before it about the same subject is open."""
    before = EventDelivery.objects.filter(
        EventDelivery.OPEN,
        subscriber=OuterRef("subscriber"),
        lane=OuterRef("lane"),
        event_id__lt=OuterRef("event_id"),
    )
    found = EventDelivery.objects.filter(EventDelivery.OPEN, due_at__lte=timezone.now(), attempts__lt=MOST_ATTEMPTS)
    if subscriber is not None:
        found = found.filter(subscriber=subscriber)
    return found.filter(~Exists(before)).order_by("event_id")


def waiting_subscribers() -> list[str]:
    open_ = EventDelivery.objects.filter(EventDelivery.OPEN, due_at__lte=timezone.now())
    return sorted(open_.order_by().values_list("subscriber", flat=True).distinct())


def drain(subscriber: str) -> int:
    """Deliver what is due to the subscriber, unless a worker is at it already. Answers how many were tried."""
    tried, until = 0, time.monotonic() + TURN_SECONDS
    # Asked again after the lock is given back: whoever was turned away meanwhile relies on us.
    while time.monotonic() < until and due(subscriber).exists():
        with alone(f"outbox {subscriber}") as mine:
            if not mine:
                break
            tried += _pass_through(subscriber, until)
    return tried


def _pass_through(subscriber: str, until: float) -> int:
    """Try all that is due, in order; what waits or fails holds back the rest about its subject."""
    tried, held = 0, set()
    for pk, lane, due_at, attempts in _open_of(subscriber):
        if lane in held:
            continue
        if time.monotonic() > until:
            break
        if due_at > timezone.now() or attempts >= MOST_ATTEMPTS or not _claim(pk, attempts):
            held.add(lane)
            continue
        tried += 1
        if not _attempt(pk):
            held.add(lane)
    return tried


def _open_of(subscriber: str) -> Iterator[tuple[int, str, datetime, int]]:
    open_ = EventDelivery.objects.filter(EventDelivery.OPEN, subscriber=subscriber).order_by("event_id")
    after = 0
    while page := list(
        open_.filter(event_id__gt=after).values_list("pk", "lane", "due_at", "attempts", "event_id")[:BATCH]
    ):
        for *delivery, _ in page:
            yield tuple(delivery)  # type: ignore[misc]
        after = page[-1][-1]


@transaction.atomic
def _claim(pk: int, attempts: int) -> bool:
    """Count the attempt beforehand: a delivery that kills its worker must not be tried for ever."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL synchronous_commit = off")  # a count lost in a crash costs nothing
    wait = min(FIRST_WAIT * 2**attempts, LONGEST_WAIT)
    claimed = EventDelivery.objects.filter(EventDelivery.OPEN, pk=pk, attempts=attempts)
    return bool(claimed.update(due_at=timezone.now() + wait, attempts=attempts + 1))


def _attempt(pk: int) -> bool:
    try:
        return _deliver(pk)
    except Exception as error:
        _note(pk, error)
        return False


@transaction.atomic
def _deliver(pk: int) -> bool:
    """Effect and receipt in one transaction; False when another worker has it, or had it."""
    found = EventDelivery.objects.select_for_update(skip_locked=True, of=("self",)).select_related("event")
    delivery = found.filter(EventDelivery.OPEN, pk=pk).first()
    if delivery is None:
        return False
    subscriber = events.subscribers_of(delivery.event.name).get(delivery.subscriber)
    if subscriber is None:
        raise LookupError(f"{delivery.subscriber} no longer subscribes to {delivery.event.name}.")
    subscriber(delivery.event)
    EventDelivery.objects.filter(pk=pk).update(done_at=timezone.now(), problem="")
    return True


def _note(pk: int, error: Exception) -> None:
    """Keep why it failed; after the last attempt, park it."""
    delivery = EventDelivery.objects.get(pk=pk)
    delivery.problem = f"{type(error).__name__}: {error}".replace("\x00", "")[:2000]
    delivery.parked_at = timezone.now() if delivery.attempts >= MOST_ATTEMPTS else None
    delivery.save(update_fields=["problem", "parked_at"])
    level = logging.ERROR if delivery.parked_at else logging.WARNING
    log.log(level, "Event %s failed (attempt %d).", delivery, delivery.attempts, exc_info=error)


def park_killers() -> int:
    """Park what was tried to the last without ever answering: it ended its worker each time."""
    lost = EventDelivery.objects.filter(EventDelivery.OPEN, attempts__gte=MOST_ATTEMPTS, due_at__lte=timezone.now())
    return lost.update(parked_at=timezone.now(), problem="No attempt ended: the worker died or ran out of time.")


@operation
def send_again(*, delivery_id: int, actor: Actor) -> EventDelivery:
    """Try a parked delivery anew, with all its attempts."""
    delivery = EventDelivery.objects.select_for_update(of=("self",)).select_related("event").get(pk=delivery_id)
    require(may_send_again, actor, delivery)
    if delivery.parked_at is None:
        raise NotParked(f"Delivery {delivery.pk} is {delivery.state}, not parked; nothing to send again.")
    delivery.parked_at, delivery.attempts, delivery.due_at = None, 0, timezone.now()
    delivery.save(update_fields=["parked_at", "attempts", "due_at"])
    events.ring_after_commit()
    return delivery


def forget() -> int:
    """Remove events older than KEPT that every subscriber has had; what is open or parked stays."""
    unsettled = EventDelivery.objects.filter(event=OuterRef("pk"), done_at__isnull=True)
    old = OutboxEvent.objects.filter(occurred_at__lt=timezone.now() - KEPT, published_at__isnull=False)
    removed = 0
    while batch := list(old.filter(~Exists(unsettled)).values_list("pk", flat=True)[:2000]):
        OutboxEvent.objects.filter(pk__in=batch).delete()
        removed += len(batch)
    return removed
