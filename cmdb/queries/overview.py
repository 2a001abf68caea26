"""What a CI's page says of its surroundings: how many are in reach both ways, and the nearest of them by name.

A CI in the middle reaches thousands: only ids, kinds and criticalities are read of them all.
"""

from collections import Counter
from dataclasses import dataclass

from cmdb.models import CIClass, ConfigurationItem
from cmdb.queries.impact import DEPTH, Reached, path_to, reach_both

NEAREST = 25


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


def overview_of(ci: ConfigurationItem, *, depth: int = DEPTH, nearest: int = NEAREST) -> Overview:
    """Three queries, whatever is in reach."""
    sides = reach_both([ci.pk], depth=depth)
    known = {
        pk: (criticality, kind)
        for pk, criticality, kind in ConfigurationItem.objects.filter(
            pk__in={pk for side in sides for pk in side}
        ).values_list("pk", "criticality", "ci_class__kind")
    }
    firsts = [_nearest(side, known, nearest) for side in sides]
    ways = {pk: path_to(pk, side) for side, first in zip(sides, firsts, strict=True) for pk in first}
    items = (
        ConfigurationItem.objects.select_related("ci_class", "owner")
        .only(
            "name",
            "status",
            "criticality",
            "ci_class__code",
            "ci_class__kind",
            "ci_class__name",
            "owner__username",
            "owner__first_name",
            "owner__last_name",
        )
        .in_bulk([step for way in ways.values() for step in way])
    )
    down, up = (
        _side(side, known, [Near(items[pk], side[pk].distance, [items[s] for s in ways[pk][1:-1]]) for pk in first])
        for side, first in zip(sides, firsts, strict=True)
    )
    return Overview(down, up)


def _nearest(side: dict[int, Reached], known: dict[int, tuple[int, str]], most: int) -> list[int]:
    """Nearest and most critical first; code last, or the hundred libraries of an application hid what it runs on."""

    def rank(pk: int) -> tuple[bool, int, int, int]:
        criticality, kind = known[pk]
        return kind == CIClass.Kind.CODE, side[pk].distance, -criticality, pk

    return sorted((pk for pk in side if pk in known), key=rank)[:most]


def _side(side: dict[int, Reached], known: dict[int, tuple[int, str]], nearest: list[Near]) -> Side:
    counted = Counter(known[pk][1] for pk in side if pk in known)
    labels = dict(CIClass.Kind.choices)
    kinds = [(str(labels[kind]), number) for kind, number in counted.most_common()]
    return Side(counted.total(), counted[CIClass.Kind.SERVICE], kinds, nearest)
