"""Impact: everything reached from CIs along the impact direction, by shortest distance.

Breadth first, level by level, in a function of the database (`cmdb_hits`): one round trip, depth is
the shortest distance, cycles end by themselves, redundancy is heeded, and it holds up better on cyclic
graphs than a recursive query does.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from django.db import connection

from cmdb.models import ConfigurationItem, Relation

Direction = Literal["downstream", "upstream"]
DEPTH = 10
CARRYING = tuple(dict.fromkeys(str(t) for t in (*Relation.IMPACT_AGAINST, *Relation.IMPACT_ALONG)))


@dataclass(frozen=True)
class Reached:
    """A CI in reach: its shortest distance and the CI just before it on one shortest path."""

    ci_id: int
    distance: int
    via: int


def ways(types: Iterable[str] = CARRYING) -> tuple[list[str], list[str]]:
    """Of these types of relation, those by which impact runs against the arrow, and those along it."""
    known = set(types)
    return [str(t) for t in Relation.IMPACT_AGAINST if t in known], [
        str(t) for t in Relation.IMPACT_ALONG if t in known
    ]


def asked(
    starts: Iterable[int], direction: Direction, depth: int, types: Iterable[str] = CARRYING, groups: str = ""
) -> tuple[list[int], list[str], list[str], int, str]:
    """The arguments of `cmdb_hits`. Downstream redundancy holds; upstream every member of a group counts."""
    against, along = ways(types)
    if direction == "upstream":
        against, along = along, against
    return [*dict.fromkeys(starts)], against, along, depth, groups or ("hold" if direction == "downstream" else "pass")


def reach(
    starts: Iterable[int], *, direction: Direction = "downstream", depth: int = DEPTH, groups: str = ""
) -> dict[int, Reached]:
    """All CIs in reach by id, the starts not among them. Downstream: whom a failure hits; upstream: whose hits them."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM cmdb_hits(%s, %s, %s, %s, %s)", asked(starts, direction, depth, groups=groups))
        return {ci: Reached(ci, distance, via) for ci, distance, via in cursor.fetchall()}


def reach_both(starts: Iterable[int], *, depth: int) -> tuple[dict[int, Reached], dict[int, Reached]]:
    """Downstream and upstream at once."""
    ids = list(starts)
    found: dict[str, dict[int, Reached]] = {"down": {}, "up": {}}
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT 'down', * FROM cmdb_hits(%s, %s, %s, %s, %s)"
            " UNION ALL SELECT 'up', * FROM cmdb_hits(%s, %s, %s, %s, %s)",
            [*asked(ids, "downstream", depth), *asked(ids, "upstream", depth)],
        )
        for way, ci, distance, via in cursor.fetchall():
            found[way][ci] = Reached(ci, distance, via)
    return found["down"], found["up"]


def path_to(ci_id: int, found: dict[int, Reached]) -> list[int]:
    """The ids from a start to this CI along the shortest path that was found."""
    path = [ci_id]
    while path[-1] in found:
        path.append(found[path[-1]].via)
    return path[::-1]


@dataclass(frozen=True)
class Impact:
    """What a CI (or several) reaches, ready to be shown."""

    starts: list[ConfigurationItem]
    items: list[tuple[ConfigurationItem, Reached]]
    direction: Direction
    depth: int

    @property
    def services(self) -> list[tuple[ConfigurationItem, Reached]]:
        return [(ci, reached) for ci, reached in self.items if ci.ci_class.kind == "service"]


def impact_of(
    starts: Iterable[ConfigurationItem], *, direction: Direction = "downstream", depth: int = DEPTH
) -> Impact:
    """The CIs in reach with their distances, nearest and most critical first."""
    starting = list(starts)
    found = reach([ci.pk for ci in starting], direction=direction, depth=depth)
    cis = ConfigurationItem.objects.filter(pk__in=found).select_related("ci_class", "owner", "service")
    return Impact(starting, in_order(cis, found), direction, depth)


def in_order(cis: Iterable[ConfigurationItem], found: dict[int, Reached]) -> list[tuple[ConfigurationItem, Reached]]:
    """Those of the CIs that were reached, nearest and most critical first."""
    reached = [(ci, found[ci.pk]) for ci in cis if ci.pk in found]
    return sorted(reached, key=lambda item: (item[1].distance, -item[0].criticality, item[0].name))
