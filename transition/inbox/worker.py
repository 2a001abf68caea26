"""Works off what waits, one worker at a time, in the order of coming within each lane.

What changes no state of its own (commits, proofs, what is only kept) is applied to hundreds at once; what does
(deployments, incidents, CIs) one by one. Effect and receipt are one transaction: tried twice, it acts once.
A failure is tried again with growing waits and then parked, and holds back only its own lane meanwhile.
"""

import logging
import time
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import Any

from django.db import connection, transaction
from django.db.models import QuerySet
from django.utils import timezone

from itsm.kernel.errors import DomainError, Forbidden, InvalidInput
from itsm.kernel.locks import alone
from transition.inbox import configuration, deliveries, outcomes, sets, troubles
from transition.inbox.outcomes import Outcome
from transition.inbox.places import Places, Unplaced
from transition.models import PipelineEvent
from transition.pipeline import meaning
from transition.pipeline.signals import (
    Code,
    Delivery,
    Environment,
    Presence,
    Proof,
    Published,
    Signal,
    Trouble,
)

log = logging.getLogger(__name__)
BATCH = 500
MOST_ATTEMPTS = 5
FIRST_WAIT, LONGEST_WAIT = timedelta(seconds=10), timedelta(minutes=10)
TURN_SECONDS = 60.0
KEPT = timedelta(days=90)
# What no further attempt would change: somebody has to say something first.
HOPELESS = (Unplaced, Forbidden, InvalidInput)
State = PipelineEvent.State

ONE_BY_ONE: dict[type[Signal], Callable[[PipelineEvent, Any, Places, datetime], Outcome]] = {
    Delivery: deliveries.apply,
    Trouble: troubles.apply,
    Published: lambda event, said, places, now: configuration.published(event, said, places),
    Environment: lambda event, said, places, now: configuration.environment(event, said, places),
    Presence: lambda event, said, places, now: configuration.presence(event, said, places),
}


def due() -> QuerySet[PipelineEvent]:
    return PipelineEvent.objects.waiting().filter(due_at__lte=timezone.now(), attempts__lt=MOST_ATTEMPTS)


def drain(turn_seconds: float = TURN_SECONDS) -> int:
    """Work off what is due, unless a worker is at it already. Answers how many events were tried."""
    park_killers()
    tried, until = 0, time.monotonic() + turn_seconds
    while time.monotonic() < until and due().exists():
        with alone("pipeline events") as mine:
            if not mine:
                break
            before = tried
            tried += _pass(until)
            if tried == before:  # what is due waits behind what is not
                break
    return tried


def _pass(until: float) -> int:
    tried, held = 0, set[str]()
    for page in _pages():
        if time.monotonic() > until:
            break
        free = [event for event in page if not _is_held(event, held)]
        tried += _work(free, held)
    return tried


def _pages() -> Iterator[list[PipelineEvent]]:
    waiting = PipelineEvent.objects.waiting().select_related("origin", "received_by").order_by("pk")
    after = 0
    while page := list(waiting.filter(pk__gt=after)[:BATCH]):
        yield page
        after = page[-1].pk


def _is_held(event: PipelineEvent, held: set[str]) -> bool:
    """Behind one of its lane that waits; or it waits itself."""
    if event.lane not in held and event.due_at <= timezone.now() and event.attempts < MOST_ATTEMPTS:
        return False
    held.add(event.lane)
    return True


def _work(page: list[PipelineEvent], held: set[str]) -> int:
    light: list[tuple[PipelineEvent, Signal | None]] = []
    heavy: list[tuple[PipelineEvent, Signal]] = []
    for event in page:
        try:
            signal = meaning.of(event.known_as, event.payload, event.occurred_at or event.received_at)
        except Exception as error:  # a shape that nobody foresaw is no reason to stop
            _fail(event, error)
            held.add(event.lane)
            continue
        if signal is None or isinstance(signal, Code | Proof):
            light.append((event, signal))
        else:
            heavy.append((event, signal))
    _apply_together(light, held)
    places = Places(heavy)
    for event, signal in heavy:
        if event.lane not in held and not _attempt(event, signal, places):
            held.add(event.lane)
    return len(page)


def _apply_together(pairs: list[tuple[PipelineEvent, Signal | None]], held: set[str]) -> None:
    """All at once; should that fail, one by one, so that only the culprit waits."""
    if not pairs:
        return
    try:
        _apply_set(pairs)
    except Exception as error:
        if len(pairs) == 1:
            log.warning("Event %s failed.", pairs[0][0], exc_info=error)
            _fail(pairs[0][0], error)
            held.add(pairs[0][0].lane)
            return
        for pair in pairs:
            if pair[0].lane not in held:
                _apply_together([pair], held)


@transaction.atomic
def _apply_set(pairs: list[tuple[PipelineEvent, Signal | None]]) -> None:
    mine = set(_claimed([event.pk for event, _ in pairs]))
    pairs = [(event, signal) for event, signal in pairs if event.pk in mine]
    said = [(event, signal) for event, signal in pairs if signal is not None]
    found = sets.apply(said, Places(said)) if said else {}
    outcomes.write([(event, found.get(event.pk) or Outcome()) for event, _ in pairs])


def _claimed(ids: list[int]) -> list[int]:
    waiting = PipelineEvent.objects.waiting().filter(pk__in=ids).select_for_update(skip_locked=True).order_by("pk")
    return list(waiting.values_list("pk", flat=True))


def _attempt(event: PipelineEvent, signal: Signal, places: Places) -> bool:
    if not _count(event):
        return False
    try:
        _apply_one(event, signal, places)
    except Exception as error:
        if not isinstance(error, DomainError):
            log.warning("Event %s failed (attempt %d).", event, event.attempts + 1, exc_info=error)
        _fail(event, error, counted=True)
        return isinstance(error, HOPELESS)  # it is parked: the next of its lane need not wait
    return True


@transaction.atomic
def _count(event: PipelineEvent) -> bool:
    """The attempt is counted beforehand: an event that kills its worker must not be tried for ever."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL synchronous_commit = off")  # a count lost in a crash costs nothing
    wait = min(FIRST_WAIT * 2**event.attempts, LONGEST_WAIT)
    mine = PipelineEvent.objects.waiting().filter(pk=event.pk, attempts=event.attempts)
    return bool(mine.update(attempts=event.attempts + 1, due_at=timezone.now() + wait))


@transaction.atomic
def _apply_one(event: PipelineEvent, signal: Signal, places: Places) -> None:
    """Effect and receipt. The row is marked first: another worker that has it too then finds nothing to do."""
    if not PipelineEvent.objects.waiting().filter(pk=event.pk).update(processed_at=timezone.now()):
        return
    outcomes.write([(event, ONE_BY_ONE[type(signal)](event, signal, places, timezone.now()))])


def _fail(event: PipelineEvent, error: Exception, *, counted: bool = False) -> None:
    """Keep why; park what failed to the last, and what no further attempt would mend."""
    attempts = event.attempts + 1
    said = error.message if isinstance(error, DomainError) else f"{type(error).__name__}: {error}"
    over = attempts >= MOST_ATTEMPTS or isinstance(error, HOPELESS)
    state = State.PARKED if over else State.WAITING
    changes: dict[str, Any] = {"problem": said.replace("\x00", "")[:1000], "state": state}
    if not counted:
        changes |= {"attempts": attempts, "due_at": timezone.now() + min(FIRST_WAIT * 2**attempts, LONGEST_WAIT)}
    PipelineEvent.objects.waiting().filter(pk=event.pk).update(**changes)


def park_killers() -> int:
    """Park what was tried to the last without ever answering: it ended its worker each time."""
    lost = PipelineEvent.objects.waiting().filter(attempts__gte=MOST_ATTEMPTS, due_at__lte=timezone.now())
    return lost.update(state=State.PARKED, problem="No attempt ended: the worker died or ran out of time.")


def forget(now: datetime) -> int:
    """Remove what was worked off long ago; what waits or is parked stays."""
    old = PipelineEvent.objects.filter(received_at__lt=now - KEPT, state__in=[State.APPLIED, State.KEPT])
    removed = 0
    while batch := list(old.values_list("pk", flat=True)[:2000]):
        removed += PipelineEvent.objects.filter(pk__in=batch).delete()[0]
    return removed
