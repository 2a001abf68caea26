"""Runs: what a stream delivered, and when."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from itsm.kernel import events
from itsm.kernel.actor import Actor
from itsm.kernel.errors import InvalidInput
from itsm.kernel.locks import Lock, hold
from itsm.kernel.operation import operation
from itsm.kernel.permissions import require
from transition.models import DeliveryItem, DeliveryStream, StreamPeriod, StreamRun
from transition.operations import items as delivery_items
from transition.operations import periods
from transition.rules import delivery as rules


@operation
def record_run(
    *,
    stream_id: int,
    actor: Actor,
    now: datetime,
    at: datetime | None = None,
    outcome: str = "done",
    summary: str = "",
    evidence: dict[str, Any] | None = None,
    items: Iterable[DeliveryItem] = (),
    origin: str = "",
) -> StreamRun:
    """Record a delivery of the stream; it counts for the period that holds `at` (now, unless said otherwise).

    The same `origin` (such as `deployment:17`) is recorded once. A run recorded late counts as well: a period
    that was closed as missed is judged again, and both judgements stay in its history.
    """
    hold(Lock.PERIODS)
    stream = DeliveryStream.objects.select_related("plan__service").lock(stream_id)
    require(rules.may_record_run, actor, stream)
    if origin and (known := StreamRun.objects.filter(stream=stream, origin=origin).first()):
        return known
    at = at or now
    _check(outcome, at, now)
    periods.bring_up_to(now, stream, actor)
    period = StreamPeriod.objects.filter(stream=stream, span__contains=at).first()
    run = StreamRun.objects.create(
        stream=stream, period=period, at=at, by=actor.user, outcome=outcome, summary=summary, evidence=evidence or {},
        origin=origin,
    )  # fmt: skip
    for item in items:
        delivery_items.complete(item_id=item.pk, run=run, now=at, actor=actor)
    if period is not None and period.state != StreamPeriod.State.OPEN:
        periods.judge([period.pk], now, actor)
    events.record("transition.run.recorded", run, actor=actor, outcome=outcome)
    return run


def _check(outcome: str, at: datetime, now: datetime) -> None:
    if outcome not in StreamRun.Outcome.values:
        raise InvalidInput.at("outcome", f"Unknown outcome {outcome!r}. Known: {', '.join(StreamRun.Outcome.values)}.")
    if at > now:
        raise InvalidInput.at("at", "A run is recorded when it has happened; this time is still to come.")


@operation
def take_back(*, run_id: int, reason: str, actor: Actor, now: datetime) -> StreamRun:
    """What the run delivered is no longer there: it failed after all, and its period is judged again."""
    hold(Lock.PERIODS)
    run = StreamRun.objects.select_related("period").lock(run_id)
    run.outcome, run.summary = StreamRun.Outcome.FAILED, f"{run.summary}: {reason}"[:300]
    run.save(update_fields=["outcome", "summary"])
    if run.period is not None and run.period.state != StreamPeriod.State.OPEN:
        periods.judge([run.period.pk], now, actor)
    events.record("transition.run.taken_back", run, actor=actor, reason=reason)
    return run
