"""Whom a change hits, by service: how many of the impacted CIs each service hangs on."""

from collections.abc import Iterable
from dataclasses import dataclass

from cmdb.models import ConfigurationItem, Service


@dataclass(frozen=True)
class ServiceHit:
    """A service in reach of a change; `cis` counts the touched and impacted CIs that it hangs on, if they are few."""

    service: Service
    cis: int | None
    criticality: str


def services_hit(cis: Iterable[ConfigurationItem], causes: dict[int, list[int]] | None) -> list[ServiceHit]:
    """Of the CIs of services, in their order; all that it needs was read with the impact."""
    return [
        ServiceHit(
            ci.service,
            len(_reaching(ci.pk, causes)) if causes is not None else None,
            str(ci.get_criticality_display()),
        )
        for ci in cis
    ]


def _reaching(start: int, causes: dict[int, list[int]]) -> set[int]:
    """The CI and all whose failure reaches it."""
    seen, frontier = {start}, [start]
    while frontier:
        near = {cause for ci in frontier for cause in causes.get(ci, ())}
        frontier = list(near - seen)
        seen |= near
    return seen
