"""Whom a change hits, by service: how many of the impacted CIs each service hangs on."""

from dataclasses import dataclass

from cmdb.models import Service
from cmdb.queries.impact import Impact

SHOWN = 20


@dataclass(frozen=True)
class ServiceHit:
    """A service in reach of a change; `cis` counts the touched and impacted CIs that it hangs on."""

    service: Service
    cis: int
    criticality: str


def services_hit(impact: Impact, causes: dict[int, list[int]]) -> list[ServiceHit]:
    """The services in reach, the most critical first; all that it needs was read with the impact."""
    cis = [*impact.starts, *(ci for ci, _ in impact.items)]
    found = [(ci, service) for ci in cis if (service := getattr(ci, "service", None)) is not None]
    return [
        ServiceHit(service, len(_reaching(ci.pk, causes)), str(ci.get_criticality_display()))
        for ci, service in sorted(found, key=lambda hit: (-hit[0].criticality, hit[1].name))[:SHOWN]
    ]


def _reaching(start: int, causes: dict[int, list[int]]) -> set[int]:
    """The CI and all whose failure reaches it."""
    seen, frontier = {start}, [start]
    while frontier:
        near = {cause for ci in frontier for cause in causes.get(ci, ())}
        frontier = list(near - seen)
        seen |= near
    return seen
