"""The map of a service: the nearest of what it is made of and of what relies on it, and how they are related."""

from dataclasses import dataclass

from cmdb.models import CIClass, ConfigurationItem, Relation, Service
from cmdb.portfolio import drawing
from cmdb.portfolio.drawing import Place
from cmdb.queries.overview import Near, Overview, Side

ABOVE, BELOW = 8, 24


@dataclass(frozen=True)
class Box:
    """`level` is the distance: below zero of what relies on the service, above zero of what it is made of."""

    ci: ConfigurationItem
    level: int
    place: Place


@dataclass(frozen=True)
class Line:
    relation: Relation
    path: str


@dataclass(frozen=True)
class ServiceMap:
    boxes: list[Box]
    lines: list[Line]
    width: int
    height: int
    left_out: int | None  # None: nobody counted all that is in reach

    @property
    def relations(self) -> list[Relation]:
        return [line.relation for line in self.lines]

    @property
    def has_groups(self) -> bool:
        return any(line.relation.group_id for line in self.lines)


def _drawable(side: Side) -> list[Near]:
    """Code is what an application is made of, not what it hangs on: it stands in the list."""
    return [near for near in side.nearest if near.ci.ci_class.kind != CIClass.Kind.CODE]


def map_of(service: Service, overview: Overview) -> ServiceMap:
    """The nearest both ways; one query more than their overview took."""
    relying, parts = _drawable(overview.down)[:ABOVE], _drawable(overview.up)[:BELOW]
    items = {service.ci_id: service.ci} | {near.ci.pk: near.ci for near in (*relying, *parts)}
    levels = {near.ci.pk: -near.distance for near in relying} | {near.ci.pk: near.distance for near in parts}
    levels[service.ci_id] = 0
    found = list(
        Relation.objects.filter(source__in=items, target__in=items).select_related("group").order_by("source", "pk")
    )
    picture = drawing.drawn(levels, [(each.source_id, each.target_id) for each in found])
    places = picture.places
    boxes = [Box(items[pk], level, places[pk]) for pk, level in sorted(levels.items(), key=lambda pair: pair[1])]
    lines = []
    for each in found:
        each.source, each.target = items[each.source_id], items[each.target_id]
        lines.append(Line(each, drawing.path(places[each.source_id], places[each.target_id])))
    counted = overview.down.whole and overview.up.whole
    left_out = overview.down.count + overview.up.count - len(relying) - len(parts) if counted else None
    return ServiceMap(boxes, lines, picture.width, picture.height, left_out)
