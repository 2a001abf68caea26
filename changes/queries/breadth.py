"""Whom a change hits, by service: how many of the impacted CIs each service hangs on."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from cmdb.models import Relation, Service
from cmdb.queries.impact import Impact

SHOWN = 20


@dataclass(frozen=True)
class ServiceHit:
    """A service in reach of a change; `cis` counts the touched and impacted CIs that it hangs on."""

    service: Service
    cis: int
    criticality: str


def services_hit(impact: Impact) -> list[ServiceHit]:
    """The services in reach, the most critical first; the impact holds the CIs, so it costs two queries."""
    criticality = {ci.pk: ci.criticality for ci, _ in impact.items} | {ci.pk: ci.criticality for ci in impact.starts}
    found = Service.objects.filter(ci__in=criticality).select_related("owner", "ci")
    services = sorted(found, key=lambda s: (-criticality[s.ci_id], s.name))[:SHOWN]
    behind = _behind(criticality) if services else {}
    return [
        ServiceHit(service, len(_reaching(service.ci_id, behind)), str(service.ci.get_criticality_display()))
        for service in services
    ]


def _behind(cis: Iterable[int]) -> dict[int, list[int]]:
    """For each CI of the set, those of the set whose failure hits it directly."""
    known = list(cis)
    edges = Relation.objects.filter(source__in=known, target__in=known).values_list("source_id", "type", "target_id")
    behind: dict[int, list[int]] = defaultdict(list)
    for source, kind, target in edges:
        if kind in Relation.IMPACT_AGAINST:
            behind[source].append(target)
        if kind in Relation.IMPACT_ALONG:
            behind[target].append(source)
    return behind


def _reaching(start: int, behind: dict[int, list[int]]) -> set[int]:
    seen, frontier = {start}, [start]
    while frontier:
        frontier = [ci for near in frontier for ci in behind.get(near, ()) if ci not in seen and not seen.add(ci)]  # type: ignore[func-returns-value]
    return seen
