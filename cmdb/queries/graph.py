"""The neighbourhood of a CI as nodes and edges, for the small graph on its page."""

from typing import Any

from django.db.models import Q

from cmdb.models import ConfigurationItem, Relation
from cmdb.queries.impact import impact_of

LIMIT = 60
NEIGHBOURS = 500


def graph_of(ci: ConfigurationItem, *, depth: int = 3) -> dict[str, list[dict[str, Any]]]:
    """Up and down to `depth`, the nearest first; levels above zero are hit by the CI, below zero hit it."""
    levels = {ci.pk: 0}
    items = {ci.pk: ci}
    for sign, direction in ((1, "downstream"), (-1, "upstream")):
        for found, reached in impact_of([ci], direction=direction, depth=depth).items[: LIMIT // 2]:  # type: ignore[arg-type]
            levels.setdefault(found.pk, sign * reached.distance)
            items.setdefault(found.pk, found)
    edges = Relation.objects.filter(Q(source__in=items) & Q(target__in=items)).order_by("pk")
    return {
        "nodes": [
            {
                "id": found.pk,
                "label": found.name,
                "kind": found.ci_class.kind,
                "level": levels[found.pk],
                "url": found.get_absolute_url(),
            }
            for found in items.values()
        ],
        "edges": [{"source": e.source_id, "target": e.target_id, "type": e.get_type_display()} for e in edges],
    }


def neighbours_of(ci: ConfigurationItem, *, most: int = NEIGHBOURS) -> dict[str, Any]:
    """One growth of the map: the CI, those directly related to it, and how many relations were left out.

    `step` is 1 for what its failure hits, -1 for what hits it, 0 where no failure travels or both ways.
    """
    related = Relation.objects.select_related("source__ci_class", "target__ci_class").order_by("pk")
    said, of_it = list(related.filter(source=ci)[:most]), list(related.filter(target=ci)[:most])
    total = len(said) + len(of_it)
    if most in (len(said), len(of_it)):
        total = related.filter(Q(source=ci) | Q(target=ci)).count()
    kept = [*said, *of_it][:most]
    nodes = {ci.pk: _node(ci, 0)}
    for relation in kept:
        other = relation.target if relation.source_id == ci.pk else relation.source
        nodes.setdefault(other.pk, _node(other, _step(relation, ci.pk, other.pk)))
    edges = [
        {"id": r.pk, "source": r.source_id, "target": r.target_id, "type": r.get_type_display(), "group": r.group_id}
        for r in kept
    ]
    return {"center": ci.pk, "nodes": list(nodes.values()), "edges": edges, "left_out": total - len(kept)}


def _node(ci: ConfigurationItem, step: int) -> dict[str, Any]:
    page = ci.get_absolute_url()
    return {
        "id": ci.pk, "number": ci.number, "label": ci.name, "class": ci.ci_class.name, "step": step, "url": page,
        "grow": f"{page}neighbours/",
    }  # fmt: skip


def _step(relation: Relation, ci: int, other: int) -> int:
    hits, is_hit = relation.hitter_of(other) == ci, relation.hitter_of(ci) == other
    return int(hits) - int(is_hit)
