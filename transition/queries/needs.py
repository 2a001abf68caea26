"""Open needs: what live things still wait for, how long they have waited, and how many did at each moment."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import connection
from django.db.models import QuerySet

from transition.models import Need

WEEKS = 12

# How many needs stood at each of these moments, by the key that the scope asks for.
STOOD = """
    SELECT {key} AS key, moment, count(need.id)
    FROM unnest(%(moments)s::timestamptz[]) AS moment
    CROSS JOIN transition_deliverystream AS stream
    JOIN transition_transitionplan AS plan ON plan.id = stream.plan_id
    JOIN transition_need AS need ON need.stream_id = stream.id
        AND need.arisen_at <= moment AND (need.ended_at IS NULL OR need.ended_at > moment)
    WHERE {key} = ANY (%(keys)s::bigint[])
    GROUP BY 1, 2
"""
KEYS = {"stream": "stream.id", "service": "plan.service_id"}


def listed() -> QuerySet[Need]:
    """What is due first stands first."""
    return Need.objects.select_related("stream__plan__service", "fed_by", "ci__requirement").order_by(
        "due", "arisen_at", "pk"
    )


@dataclass(frozen=True)
class Point:
    at: datetime
    count: int


def week_ends(now: datetime, weeks: int = WEEKS) -> list[datetime]:
    """The moments that a line over weeks is drawn from, the last one now."""
    return [now - timedelta(weeks=back) for back in reversed(range(weeks))]


def stood(key: str, ids: list[int], moments: list[datetime]) -> dict[int, list[Point]]:
    """By stream or service: how many needs stood at each moment; one query for any number of them."""
    with connection.cursor() as cursor:
        cursor.execute(STOOD.format(key=KEYS[key]), {"moments": moments, "keys": ids})
        found = {(pk, at): count for pk, at, count in cursor.fetchall()}
    return {pk: [Point(at, found.get((pk, at), 0)) for at in moments] for pk in ids}


def counted(scope: QuerySet[Need], at: datetime) -> int:
    """How many of these stood at that moment."""
    return scope.filter(arisen_at__lte=at).exclude(ended_at__lte=at).count()
