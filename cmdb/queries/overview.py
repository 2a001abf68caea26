"""What a CI's page says of its surroundings: how many are in reach both ways, and the nearest of them by name.

A CI in the middle reaches thousands: they are counted and put in order by the database, and only the nearest leave it.
"""

from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from django.db import connection

from cmdb.models import CIClass, ConfigurationItem
from cmdb.queries.impact import DEPTH, Reached, asked, path_to

NEAREST = 25
# Nearest and most critical first; code last, or the hundred libraries of an application hid what it runs on.
BOTH_WAYS = """
    WITH RECURSIVE found AS MATERIALIZED (
        SELECT 'down' AS side, * FROM cmdb_hits(%s, %s, %s, %s, %s)
        UNION ALL SELECT 'up', * FROM cmdb_hits(%s, %s, %s, %s, %s)
    ),
    known AS MATERIALIZED (
        SELECT side, ci.id, distance, via, criticality, kind
        FROM found JOIN cmdb_configurationitem ci ON ci.id = reached JOIN cmdb_ciclass c ON c.id = ci.ci_class_id
    ),
    nearest AS MATERIALIZED (
        SELECT side, id, distance, via FROM (
            SELECT *, row_number() OVER (
                PARTITION BY side ORDER BY kind = 'code', distance, criticality DESC, id
            ) AS place FROM known
        ) ranked WHERE place <= %s ORDER BY place
    ),
    way (side, id, distance, via) AS (
        SELECT * FROM nearest
        UNION SELECT found.side, reached, found.distance, found.via
        FROM way JOIN found ON found.side = way.side AND reached = way.via
    )
    SELECT 'kind', side, count(*), 0, 0, kind FROM known GROUP BY side, kind
    UNION ALL SELECT 'nearest', side, id, distance, via, '' FROM nearest
    UNION ALL SELECT 'way', side, id, distance, via, '' FROM way
"""


@dataclass(frozen=True)
class Near:
    """A CI in reach; `between` are the CIs on the way to it, the start and itself left out."""

    ci: ConfigurationItem
    distance: int
    between: list[ConfigurationItem]


@dataclass(frozen=True)
class Side:
    """One direction."""

    count: int
    services: int
    kinds: list[tuple[str, int]]
    nearest: list[Near]


@dataclass(frozen=True)
class Overview:
    down: Side
    up: Side


@dataclass
class _Found:
    """Of one direction: how many of each kind, the nearest in order, and the ways to them."""

    kinds: Counter[str] = field(default_factory=Counter)
    nearest: list[int] = field(default_factory=list)
    way: dict[int, Reached] = field(default_factory=dict)


def overview_of(ci: ConfigurationItem, *, depth: int = DEPTH, nearest: int = NEAREST) -> Overview:
    """Two queries, whatever is in reach."""
    sides = _both_ways(ci.pk, depth, nearest)
    ways = {side: {pk: path_to(pk, found.way) for pk in found.nearest} for side, found in sides.items()}
    shown = ("name", "status", "criticality", "ci_class__code", "ci_class__kind", "ci_class__name")
    owner = ("owner__username", "owner__first_name", "owner__last_name")
    cis = ConfigurationItem.objects.select_related("ci_class", "owner").only(*shown, *owner)
    items = cis.in_bulk([step for each in ways.values() for way in each.values() for step in way])
    return Overview(*(_side(sides[side], ways[side], items) for side in ("down", "up")))


def _both_ways(start: int, depth: int, nearest: int) -> dict[str, _Found]:
    sides = {"down": _Found(), "up": _Found()}
    arguments: list[Any] = [*asked([start], "downstream", depth), *asked([start], "upstream", depth), nearest]
    with connection.cursor() as cursor:
        cursor.execute(BOTH_WAYS, arguments)
        for part, side, number, distance, via, kind in cursor.fetchall():
            if part == "kind":
                sides[side].kinds[kind] = number
            elif part == "nearest":
                sides[side].nearest.append(number)
            else:
                sides[side].way[number] = Reached(number, distance, via)
    return sides


def _side(found: _Found, ways: dict[int, list[int]], items: dict[int, ConfigurationItem]) -> Side:
    labels = dict(CIClass.Kind.choices)
    kinds = [(str(labels[kind]), number) for kind, number in found.kinds.most_common()]
    nearest = [
        Near(items[pk], found.way[pk].distance, [items[step] for step in ways[pk][1:-1]]) for pk in found.nearest
    ]
    return Side(found.kinds.total(), found.kinds[CIClass.Kind.SERVICE], kinds, nearest)
