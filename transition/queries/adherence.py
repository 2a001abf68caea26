"""Promise against reality, week by week: how many periods were met, missed and exceeded, and how late it came."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db import connection
from django.utils import timezone

WEEKS = 26

# A missed period is as late as the next run after its end; where none has come yet, it is late until now.
KEPT = """
    SELECT {key} AS key, date_trunc('week', upper(span) - interval '1 second', %(zone)s) AS monday,
        count(*) FILTER (WHERE period.state = 'met'), count(*) FILTER (WHERE period.state = 'missed'),
        count(*) FILTER (WHERE period.state = 'excess'), {lateness}
    FROM transition_streamperiod AS period
    JOIN transition_deliverystream AS stream ON stream.id = period.stream_id
    JOIN transition_transitionplan AS plan ON plan.id = stream.plan_id
    WHERE {key} = ANY (%(keys)s::bigint[]) AND period.state IN ('met', 'missed', 'excess')
        AND period.span && tstzrange(%(since)s, %(now)s) AND upper(span) BETWEEN %(since)s AND %(now)s
    GROUP BY 1, 2
"""
LATENESS = """
    max(extract(epoch FROM coalesce((
        SELECT min(run.at) FROM transition_streamrun AS run
        WHERE run.stream_id = period.stream_id AND run.at >= upper(span) AND run.outcome <> 'failed'
    ), %(now)s) - upper(span))) FILTER (WHERE period.state = 'missed')
"""
KEYS = {"stream": "stream.id", "service": "plan.service_id"}


@dataclass(frozen=True)
class Kept:
    """The periods that ended in the week of this Monday; `late_seconds`: how late the latest missed one came."""

    monday: date
    met: int = 0
    missed: int = 0
    excess: int = 0
    late_seconds: float | None = None

    @property
    def judged(self) -> int:
        return self.met + self.missed + self.excess

    @property
    def share(self) -> float | None:
        return self.met / self.judged if self.judged else None


def mondays(now: datetime, weeks: int) -> list[date]:
    """Of this week and of those before, the oldest first."""
    today = timezone.localdate(now)
    this = today - timedelta(days=today.weekday())
    return [this - timedelta(weeks=back) for back in reversed(range(weeks))]


def kept(
    key: str, ids: Sequence[int], now: datetime, *, weeks: int = WEEKS, with_lateness: bool = False
) -> dict[int, list[Kept]]:
    """By stream or service: the weeks until now, those without a period too; one query for any number of them."""
    days = mondays(now, weeks)
    zone = timezone.get_current_timezone()
    since = datetime.combine(days[0], datetime.min.time(), zone)
    asked: dict[str, Any] = {"keys": list(ids), "since": since, "now": now, "zone": str(zone)}
    with connection.cursor() as cursor:
        cursor.execute(KEPT.format(key=KEYS[key], lateness=LATENESS if with_lateness else "NULL::float"), asked)
        found = {(pk, timezone.localdate(at)): counts for pk, at, *counts in cursor.fetchall()}
    return {pk: [Kept(day, *_read(found.get((pk, day)))) for day in days] for pk in ids}


def _read(counts: list | None) -> tuple[int, int, int, float | None]:
    if counts is None:
        return 0, 0, 0, None
    met, missed, excess, late = counts
    return met, missed, excess, None if late is None else float(late)
