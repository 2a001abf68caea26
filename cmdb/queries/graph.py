"""The neighbourhood of a CI as nodes and edges, for the small graph on its page."""

from typing import Any

from django.db.models import Q

from cmdb.models import ConfigurationItem, Relation
from cmdb.queries.impact import impact_of

LIMIT = 60


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
