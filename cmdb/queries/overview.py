"""What a CI's page says of its surroundings: the nearest both ways by name, and how many are in reach.

A CI in the middle reaches thousands. To know the nearest nobody has to look so far: the search goes a few steps, and
further only where that did not find enough. All in reach are counted (`totals_of`) when somebody waits for that alone.
"""

from collections import Counter
from dataclasses import dataclass, field

from django.db import connection

from cmdb.models import CIClass, ConfigurationItem
from cmdb.queries.impact import DEPTH, Direction, Reached, asked, path_to

NEAREST = 25
# How far is looked, one after the other, until enough is found.
STEPS = (3, 6, DEPTH)
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
    SELECT 'kind', side, count(*), max(distance), 0, kind FROM known GROUP BY side, kind
    UNION ALL SELECT 'nearest', side, id, distance, via, '' FROM nearest
    UNION ALL SELECT 'way', side, id, distance, via, '' FROM way
"""
TOTALS = """
    SELECT kind, count(*) FROM cmdb_hits(%s, %s, %s, %s, %s)
        JOIN cmdb_configurationitem ci ON ci.id = reached JOIN cmdb_ciclass c ON c.id = ci.ci_class_id GROUP BY kind
"""


@dataclass(frozen=True)
class Near:
    """A CI in reach; `between` are the CIs on the way to it, the start and itself left out."""

    ci: ConfigurationItem
    distance: int
    between: list[ConfigurationItem]


@dataclass(frozen=True)
class Side:
    """One direction: the nearest, and how many of each kind were found within so many steps; `whole`: that is all."""

    count: int
    kinds: list[tuple[str, int]]
    nearest: list[Near]
    steps: int
    whole: bool


@dataclass(frozen=True)
class Overview:
    down: Side
    up: Side


@dataclass
class _Found:
    """Of one direction: how many of each kind, the nearest in order, and the ways to them."""

    steps: int
    kinds: Counter[str] = field(default_factory=Counter)
    farthest: int = 0
    nearest: list[int] = field(default_factory=list)
    way: dict[int, Reached] = field(default_factory=dict)

    @property
    def is_whole(self) -> bool:
        return self.farthest < self.steps or self.steps == DEPTH

    def is_enough(self, wanted: int) -> bool:
        """Farther away nothing is nearer than these, other than code."""
        return self.is_whole or self.kinds.total() - self.kinds[CIClass.Kind.CODE] >= wanted


def overview_of(ci: ConfigurationItem, *, nearest: int = NEAREST, whole: bool = False) -> Overview:
    """Two queries, or up to two more where little is near; `whole` counts all in reach, whatever it takes."""
    sides = _far_enough(ci.pk, nearest, whole)
    ways = {side: {pk: path_to(pk, found.way) for pk in found.nearest} for side, found in sides.items()}
    shown = ("name", "status", "criticality", "ci_class__code", "ci_class__kind", "ci_class__name")
    owner = ("owner__username", "owner__first_name", "owner__last_name")
    cis = ConfigurationItem.objects.select_related("ci_class", "owner").only(*shown, *owner)
    items = cis.in_bulk([step for each in ways.values() for way in each.values() for step in way])
    return Overview(*(_side(sides[side], ways[side], items) for side in ("down", "up")))


def totals_of(ci: ConfigurationItem, direction: Direction) -> list[tuple[str, int]]:
    """All in reach by kind, the most frequent first."""
    with connection.cursor() as cursor:
        cursor.execute(TOTALS, asked([ci.pk], direction, DEPTH))
        return _named(Counter(dict(cursor.fetchall())))


def _far_enough(start: int, nearest: int, whole: bool) -> dict[str, _Found]:
    at = dict.fromkeys(("down", "up"), len(STEPS) - 1 if whole else 0)
    while True:
        found = _both_ways(start, {side: STEPS[n] for side, n in at.items()}, nearest)
        wanting = [side for side in found if not found[side].is_enough(nearest)]
        if not wanting:
            return found
        at |= {side: at[side] + 1 for side in wanting}


def _both_ways(start: int, steps: dict[str, int], nearest: int) -> dict[str, _Found]:
    sides = {side: _Found(depth) for side, depth in steps.items()}
    ways = (*asked([start], "downstream", steps["down"]), *asked([start], "upstream", steps["up"]))
    with connection.cursor() as cursor:
        cursor.execute(BOTH_WAYS, [*ways, nearest])
        for part, side, number, distance, via, kind in cursor.fetchall():
            _take_in(sides[side], part, number, distance, via, kind)
    return sides


def _take_in(found: _Found, part: str, number: int, distance: int, via: int, kind: str) -> None:
    if part == "kind":
        found.kinds[kind] = number
        found.farthest = max(found.farthest, distance)
    elif part == "nearest":
        found.nearest.append(number)
    else:
        found.way[number] = Reached(number, distance, via)


def _named(kinds: Counter[str]) -> list[tuple[str, int]]:
    labels = dict(CIClass.Kind.choices)
    return [(str(labels[kind]), number) for kind, number in kinds.most_common()]


def _side(found: _Found, ways: dict[int, list[int]], items: dict[int, ConfigurationItem]) -> Side:
    nearest = [
        Near(items[pk], found.way[pk].distance, [items[step] for step in ways[pk][1:-1]]) for pk in found.nearest
    ]
    return Side(found.kinds.total(), _named(found.kinds), nearest, found.steps, found.is_whole)
