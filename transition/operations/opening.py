"""Open what has begun: for all streams that are due, in one write, however many they are.

Streams with the same rhythm that are due since the same moment get the same periods, so that these are
computed once for each such group.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db import connection

from itsm.kernel import organisation
from itsm.kernel.models import Organisation
from transition.cadence import Cadence, Stretch, day_of, tile

MONDAY = date(2001, 1, 1)

# What periods follow from. Days and weeks of days or of working days are the same wherever one begins to count.
GROUPS = """
    WITH due AS (
        SELECT stream_id, next_at FROM transition_streamclock
        WHERE next_at <= %(now)s AND (%(streams)s::bigint[] IS NULL OR stream_id = ANY (%(streams)s))
        ORDER BY next_at, stream_id LIMIT %(most)s
    )
    SELECT period_days, period_months, working_days_only, time_zone, country, next_at,
        CASE WHEN period_days IN (1, 7) OR (working_days_only AND period_days < 7) THEN %(monday)s
            ELSE coalesce(rhythm_from, active_from) END AS counted_from,
        array_agg(id)
    FROM due JOIN transition_deliverystream AS stream ON stream.id = stream_id
    GROUP BY 1, 2, 3, 4, 5, 6, 7 ORDER BY next_at
"""

WRITE = """
    WITH member AS (SELECT * FROM unnest(%(streams)s::bigint[], %(groups)s::int[]) AS m (stream_id, lot)),
    stretch AS (
        SELECT * FROM unnest(%(lots)s::int[], %(starts)s::timestamptz[], %(ends)s::timestamptz[], %(expected)s::bool[])
            AS s (lot, begins, ends, expected)
    ), opened AS (
        INSERT INTO transition_streamperiod (stream_id, span, expected_min, expected_max, state)
        SELECT stream_id, tstzrange(begins, ends),
            CASE WHEN expected THEN min_runs ELSE 0 END, CASE WHEN expected THEN max_runs END,
            CASE WHEN expected THEN 'open' ELSE 'not_expected' END
        FROM member JOIN stretch USING (lot) JOIN transition_deliverystream AS stream ON stream.id = stream_id
        RETURNING 1
    ), wound AS (
        UPDATE transition_streamclock AS clock SET next_at = latest.ends
        FROM member JOIN (SELECT lot, max(ends) AS ends FROM stretch GROUP BY lot) AS latest USING (lot)
        WHERE clock.stream_id = member.stream_id
    )
    SELECT count(*) FROM opened
"""


@dataclass(frozen=True)
class Lot:
    """Streams that get the same periods."""

    cadence: Cadence
    since: datetime
    streams: list[int]

    def begun(self, now: datetime) -> Iterator[Stretch]:
        zone = self.cadence.time_zone
        return tile(self.cadence, day_of(self.since, zone), day_of(now, zone) + timedelta(days=1))


def open_due(now: datetime, *, most: int, streams: list[int] | None = None) -> int:
    """Write the periods that have begun of the streams (of all) that are due; how many were written.

    At most so many streams, those that are late longest first.
    """
    lots = [(lot, list(lot.begun(now))) for lot in _due(now, most, streams)]
    stretches = [(number, stretch) for number, (_, found) in enumerate(lots) for stretch in found]
    if not stretches:
        return 0
    asked: dict[str, Any] = {
        "streams": [pk for lot, _ in lots for pk in lot.streams],
        "groups": [number for number, (lot, _) in enumerate(lots) for _ in lot.streams],
        "lots": [number for number, _ in stretches],
        "starts": [stretch.start for _, stretch in stretches],
        "ends": [stretch.end for _, stretch in stretches],
        "expected": [stretch.expected for _, stretch in stretches],
    }
    with connection.cursor() as cursor:
        cursor.execute(WRITE, asked)
        return int(cursor.fetchone()[0])


def _due(now: datetime, most: int, streams: list[int] | None) -> list[Lot]:
    said = organisation.current()
    with connection.cursor() as cursor:
        cursor.execute(GROUPS, {"now": now, "most": most, "streams": streams, "monday": MONDAY})
        return [_lot(row, said) for row in cursor.fetchall()]


def _lot(row: tuple[Any, ...], said: Organisation) -> Lot:
    days, months, working_days_only, zone, country, since, anchor, streams = row
    calendar = organisation.calendar(said, country)
    return Lot(Cadence(date.min, days, working_days_only, zone, calendar, months, anchor), since, streams)
