"""Incidents, the changes that may have caused them, and what broke lately."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import F, Prefetch, Q, QuerySet
from django.db.models.functions import Coalesce

from changes.models import AffectedCI, ChangeRequest
from cmdb.models import ConfigurationItem, Service
from cmdb.queries.impact import reach
from itsm.kernel.actor import Actor
from transition.correlation import Candidate
from transition.models import DeliveryStream, Improvement, Incident, ReleasePackage, Suspect
from transition.models.incident import IncidentQuerySet

LOOK_BACK = timedelta(days=7)
DEPTH = 4
SHOWN = 12
DONE = (ChangeRequest.Status.IMPLEMENTING, ChangeRequest.Status.REVIEW, ChangeRequest.Status.CLOSED)


def listed() -> IncidentQuerySet:
    return Incident.objects.select_related("service", "ci", "caused_by", "reported_by").order_by("-pk")


def in_early_life(service: Service, today: date) -> bool:
    """While a package is within its ELS days, or always where an ELS & CSI stream is active."""
    watching = DeliveryStream.objects.filter(
        plan__service=service, kind=DeliveryStream.Kind.EARLY_LIFE, state=DeliveryStream.State.ACTIVE
    )
    if watching.exists():
        return True
    packages = ReleasePackage.objects.filter(plan__service=service, state__in=["deployed", "early_life"])
    return any(package.els_until >= today for package in packages)


def candidates_of(incident: Incident) -> list[Candidate]:
    """Changes under way at, or ended within seven days before, on CIs in reach or on the same service."""
    start = incident.ci_id or (incident.service.ci_id if incident.service else None)
    distances = _distances(start) if start else {}
    changes = (
        ChangeRequest.objects.filter(status__in=DONE)
        .annotate(
            began=Coalesce("started_at", F("window__startswith")),
            ended=Coalesce("finished_at", "started_at", F("window__startswith")),
        )
        .filter(began__lte=incident.opened_at)
        .filter(Q(ended__gte=incident.opened_at - LOOK_BACK) | Q(status=ChangeRequest.Status.IMPLEMENTING))
    )
    touching = AffectedCI.objects.filter(ci__in=list(distances), change__in=changes.values("pk"))
    rows = list(touching.values_list("change_id", "ci_id"))
    served = _on_service(changes, incident.service_id)
    known = {c.pk: c for c in changes.filter(pk__in={change for change, _ in rows} | served)}
    names = dict(ConfigurationItem.objects.filter(pk__in={ci for _, ci in rows}).values_list("pk", "name"))
    found = [_candidate(known[change], incident, distances[ci], change in served, names[ci]) for change, ci in rows]
    return found + [_candidate(known[pk], incident, None, True, "") for pk in served]


def _distances(start: int) -> dict[int, int]:
    up, down = reach([start], direction="upstream", depth=DEPTH), reach([start], depth=DEPTH)
    return {ci: r.distance for ci, r in (down | up).items()} | {start: 0}


def _on_service(changes: QuerySet, service_id: int | None) -> set[int]:
    return set(changes.filter(services=service_id).values_list("pk", flat=True)) if service_id else set()


def _candidate(change: Any, incident: Incident, distance: int | None, same_service: bool, ci: str) -> Candidate:
    ended = incident.opened_at if change.status == ChangeRequest.Status.IMPLEMENTING else change.ended
    return Candidate(change.pk, min(ended, incident.opened_at), distance, same_service, change.outcome, ci)


@dataclass(frozen=True)
class Broken:
    """One line of *what broke, and by which change*."""

    incident: Incident
    suspects: list[Suspect]
    improvement: Improvement | None


def what_broke(service: Service, since: datetime, *, actor: Actor) -> list[Broken]:
    """The service's incidents since then, each with its suspects and what followed; three queries."""
    suspects = (
        Suspect.objects.exclude(verdict=Suspect.Verdict.DISMISSED).select_related("change").order_by("-score", "pk")
    )
    incidents = (
        listed()
        .visible_to(actor)  # type: ignore[attr-defined]
        .filter(service=service, opened_at__gte=since)
        .prefetch_related(Prefetch("suspects", suspects), Prefetch("improvements", Improvement.objects.order_by("pk")))
        .order_by("-opened_at", "-pk")[:SHOWN]
    )
    return [Broken(i, list(i.suspects.all())[:3], next(iter(i.improvements.all()), None)) for i in incidents]


def unranked(limit: int = 200) -> Iterable[int]:
    """Open, undecided incidents that nobody has looked at yet."""
    waiting = Incident.objects.filter(cause=Incident.Cause.UNDECIDED, state=Incident.State.OPEN, suspects__isnull=True)
    return waiting.order_by(F("opened_at").desc()).values_list("pk", flat=True)[:limit]
