"""The clockwork of the streams: periods open when their time comes and close when it is over, exactly once.

Everything here holds Lock.PERIODS, so that two beats, two workers or a run recorded meanwhile take turns;
the database's exclusion constraint stands behind it. The periods follow from the cadence alone, so that
a worker which was away for a week opens and judges the week as if it had been there.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Case, CharField, Count, F, Max, Q, QuerySet, Value, When
from django.db.models.functions import Upper

from itsm.kernel import events
from itsm.kernel.actor import Actor
from itsm.kernel.locks import Lock, hold
from itsm.kernel.operation import operation
from transition import cadence
from transition.models import DeliveryStream, StreamPeriod, StreamRun

State = StreamPeriod.State
CLOSINGS = {State.MET: "met", State.MISSED: "missed", State.EXCESS: "excess"}


@dataclass(frozen=True)
class Turned:
    """How many periods were opened, and how many were judged."""

    opened: int
    closed: int


@operation
def turn(*, now: datetime, actor: Actor) -> Turned:
    """Open and close the periods of all streams, up to now. Repeating it changes nothing."""
    hold(Lock.PERIODS)
    return bring_up_to(now, DeliveryStream.objects.all(), actor)


def bring_up_to(now: datetime, streams: QuerySet[DeliveryStream], actor: Actor) -> Turned:
    """Part of an operation that holds Lock.PERIODS: first open what has begun, then judge what has ended."""
    opened = _open(now, streams)
    ended = StreamPeriod.objects.filter(stream__in=streams.values("pk"), state=State.OPEN, span__endswith__lte=now)
    return Turned(opened, judge(list(ended.values_list("pk", flat=True)), now, actor))


def judge(period_ids: Iterable[int], now: datetime, actor: Actor) -> int:
    """Give ended periods their state by their runs, and say so; a judgement that stands is left alone.

    A failed run delivered nothing and does not count. While a stream is paused nothing was promised.
    """
    periods = list(
        StreamPeriod.objects.filter(pk__in=list(period_ids))
        .select_related("stream__plan__service", "stream__owner")
        .annotate(delivered=Count("runs", filter=~Q(runs__outcome=StreamRun.Outcome.FAILED)))
        .annotate(verdict=_VERDICT)
        .exclude(state=F("verdict"))
        .order_by("pk")
    )
    for state in {period.verdict for period in periods}:
        changed = [period for period in periods if period.verdict == state]
        StreamPeriod.objects.filter(pk__in=[p.pk for p in changed]).update(state=state, closed_at=now)
        for period in changed:
            period.state, period.closed_at = state, now
        if state in CLOSINGS:
            events.record_each(f"transition.period.{CLOSINGS[state]}", changed, actor=actor)
    return len(periods)


_VERDICT = Case(
    When(Q(expected_min=0, expected_max__isnull=True), then=Value(State.NOT_EXPECTED)),
    When(Q(expected_max__isnull=False, delivered__gt=F("expected_max")), then=Value(State.EXCESS)),
    When(delivered__gte=F("expected_min"), then=Value(State.MET)),
    When(~Q(stream__state=DeliveryStream.State.ACTIVE), then=Value(State.NOT_EXPECTED)),
    default=Value(State.MISSED),
    output_field=CharField(),
)


def _open(now: datetime, streams: QuerySet[DeliveryStream]) -> int:
    """The periods that have begun and are not there yet, for all streams in one write."""
    active = streams.filter(state=DeliveryStream.State.ACTIVE, period_days__isnull=False)
    due = [
        StreamPeriod(
            stream=stream,
            span=(stretch.start, stretch.end),
            expected_min=stream.min_runs if stretch.expected else 0,
            expected_max=stream.max_runs if stretch.expected else None,
            state=State.OPEN if stretch.expected else State.NOT_EXPECTED,
        )
        for stream in active.annotate(known_until=Max(Upper("periods__span"))).order_by("pk")
        for stretch in _begun(stream, now)
    ]
    StreamPeriod.objects.bulk_create(due, batch_size=2000)
    return len(due)


def _begun(stream: DeliveryStream, now: datetime) -> Iterable[cadence.Stretch]:
    known_until: datetime | None = stream.known_until  # type: ignore[attr-defined]
    days = [stream.active_from, stream.resumed_on, known_until and cadence.day_of(known_until, stream.time_zone)]
    tomorrow = cadence.day_of(now, stream.time_zone) + timedelta(days=1)
    return cadence.tile(stream.cadence, max(day for day in days if day), tomorrow)
