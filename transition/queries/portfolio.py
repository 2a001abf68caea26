"""One line for each service over the last weeks: cadence kept, transition debt, deployments; for a page at a time."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import connection
from django.utils import timezone

from cmdb.models import Service
from transition.queries import adherence, needs

WEEKS = 12

DEPLOYED = """
    SELECT service_id, date_trunc('week', finished_at, %(zone)s) AS monday, count(*)
    FROM transition_deployment
    WHERE service_id = ANY (%(services)s::bigint[]) AND environment = 'production'
        AND state IN ('succeeded', 'failed', 'rolled_back') AND finished_at BETWEEN %(since)s AND %(now)s
    GROUP BY 1, 2
"""


@dataclass(frozen=True)
class Line:
    """The weeks of a service, the oldest first; a share is unknown in a week in which no period ended."""

    kept: list[float | None]
    debt: list[int]
    deployments: list[int]

    @property
    def kept_now(self) -> float | None:
        """Of the latest week in which a period ended."""
        return next((share for share in reversed(self.kept) if share is not None), None)


def with_lines(services: Sequence[Service], now: datetime) -> Sequence[Any]:
    """Each service with its `line`; three queries, however many there are."""
    ids = [service.pk for service in services]
    kept = adherence.kept("service", ids, now, weeks=WEEKS) if ids else {}
    debt = needs.stood("service", ids, needs.week_ends(now, WEEKS)) if ids else {}
    days = adherence.mondays(now, WEEKS)
    deployed = _deployed(ids, days[0], now) if ids else {}
    for service in services:
        service.line = Line(  # type: ignore[attr-defined]
            [week.share for week in kept[service.pk]],
            [point.count for point in debt[service.pk]],
            [deployed.get((service.pk, day), 0) for day in days],
        )
    return services


def _deployed(ids: list[int], first: date, now: datetime) -> dict[tuple[int, date], int]:
    zone = timezone.get_current_timezone()
    since = datetime.combine(first, datetime.min.time(), zone)
    with connection.cursor() as cursor:
        cursor.execute(DEPLOYED, {"services": ids, "since": since, "now": now, "zone": str(zone)})
        return {(pk, timezone.localdate(at)): count for pk, at, count in cursor.fetchall()}
