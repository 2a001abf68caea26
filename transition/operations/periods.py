"""The clockwork of the streams: periods open when their time comes and close when it is over, exactly once.

Everything here holds Lock.PERIODS, so that two beats, two workers or a run recorded meanwhile take turns;
the database's exclusion constraint stands behind it. The periods follow from the cadence alone, so that
a worker which was away for a week opens and judges the week as if it had been there. What is due is found
by clocks and indexes and written by sets, so that a hundred thousand streams are turned in seconds.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection

from itsm.kernel import events
from itsm.kernel.actor import Actor
from itsm.kernel.locks import Lock, hold
from itsm.kernel.models import User
from itsm.kernel.operation import operation
from transition.models import DeliveryStream, StreamPeriod
from transition.operations.opening import open_due

State = StreamPeriod.State
CLOSINGS = {State.MET: "met", State.MISSED: "missed", State.EXCESS: "excess"}
AT_ONCE = 20_000  # streams or periods in one transaction
SHOWN = 5  # periods that a message names

# The verdict on each period, by its runs. A failed run delivered nothing. While a stream pauses nothing is promised.
JUDGE = """
    WITH asked AS (
        SELECT period.id, period.stream_id, period.state AS before, period.expected_min, period.expected_max,
            (SELECT count(*) FROM transition_streamrun AS run WHERE run.period_id = period.id AND outcome <> 'failed')
                AS delivered
        FROM transition_streamperiod AS period
        WHERE {which}
    ), verdicts AS (
        SELECT asked.id, asked.before, coalesce(stream.owner_id, service.owner_id) AS owner_id,
            CASE
                WHEN expected_min = 0 AND expected_max IS NULL THEN 'not_expected'
                WHEN delivered > expected_max THEN 'excess'
                WHEN delivered >= expected_min THEN 'met'
                WHEN stream.state <> 'active' THEN 'not_expected'
                ELSE 'missed'
            END AS verdict
        FROM asked
        JOIN transition_deliverystream AS stream ON stream.id = asked.stream_id
        JOIN transition_transitionplan AS plan ON plan.id = stream.plan_id
        JOIN cmdb_service AS service ON service.id = plan.service_id
    ), judged AS (
        UPDATE transition_streamperiod AS period SET state = verdict, closed_at = %(now)s
        FROM verdicts WHERE period.id = verdicts.id AND verdict <> before
        RETURNING period.id, verdict, owner_id
    )
    SELECT verdict, owner_id, array_agg(id ORDER BY id) FROM judged GROUP BY 1, 2
"""
ENDED = """period.id IN (
    SELECT id FROM transition_streamperiod WHERE state = 'open' AND upper(span) <= %(now)s
        AND (%(streams)s::bigint[] IS NULL OR stream_id = ANY (%(streams)s))
    ORDER BY upper(span), id LIMIT %(most)s)"""
NAMED = "period.id = ANY (%(periods)s)"


@dataclass(frozen=True)
class Turned:
    """How many periods were opened, and how many were judged."""

    opened: int
    closed: int


@operation
def turn(*, now: datetime, actor: Actor, most: int = AT_ONCE) -> Turned:
    """Open and close what is due of all streams, at most so much at once; done when it answers nought and nought."""
    hold(Lock.PERIODS)
    return _turned(now, actor, most=most)


def bring_up_to(now: datetime, stream: DeliveryStream, actor: Actor) -> Turned:
    """Part of an operation that holds Lock.PERIODS: first open what has begun, then judge what has ended."""
    return _turned(now, actor, most=AT_ONCE, streams=[stream.pk])


def judge(period_ids: Iterable[int], now: datetime, actor: Actor) -> int:
    """Judge these periods (again) by their runs; a judgement that stands is left alone."""
    return _judged(NAMED, {"now": now, "periods": list(period_ids)}, actor)


def _turned(now: datetime, actor: Actor, **which: Any) -> Turned:
    opened = open_due(now, **which)
    return Turned(opened, _judged(ENDED, {"now": now, "streams": None} | which, actor))


def _judged(which: str, asked: dict[str, Any], actor: Actor) -> int:
    """Write the verdicts and say what was judged: an event for each period, and one for each of whom it concerns."""
    with connection.cursor() as cursor:
        cursor.execute(JUDGE.format(which=which), asked)
        found = cursor.fetchall()
    for state in CLOSINGS:
        periods = [pk for verdict, _, ids in found if verdict == state for pk in ids]
        events.record_set(f"transition.period.{CLOSINGS[state]}", StreamPeriod, periods, actor=actor)
    _tell_owners(found, actor)
    return sum(len(ids) for _, _, ids in found)


def _tell_owners(found: list[tuple[str, int | None, list[int]]], actor: Actor) -> None:
    """Whoever owns what was missed or exceeded hears of it once, however much it is."""
    concerned = [(owner, verdict, ids) for verdict, owner, ids in found if owner and verdict in ("missed", "excess")]
    owners = User.objects.in_bulk({owner for owner, _, _ in concerned})
    for pk, owner in owners.items():
        counts = Counter({verdict: len(ids) for of, verdict, ids in concerned if of == pk})
        newest = [period for of, _, ids in concerned if of == pk for period in ids[-SHOWN:]]
        events.record("transition.rhythm.broken", owner, actor=actor, **counts, periods=sorted(newest)[-SHOWN:])
