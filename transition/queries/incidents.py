"""Incidents, the changes that may have caused them, and what broke lately."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import F, OuterRef, Q, QuerySet
from django.db.models.functions import Coalesce, JSONObject

from changes.models import AffectedCI, ChangeRequest
from cmdb.models import Service
from cmdb.queries.impact import reach_both
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
    touching = AffectedCI.objects.filter(ci__in=list(distances))
    found = _in_time(touching, incident.opened_at, "change__").values_list(
        "change_id", "change__status", "change__outcome", "ended", "ci_id", "ci__name"
    )
    rows = [_Row(*row) for row in found]
    if incident.service_id:
        served = _in_time(ChangeRequest.objects.filter(services=incident.service_id), incident.opened_at)
        rows += [_Row(*row) for row in served.values_list("pk", "status", "outcome", "ended")]
    served_ids = {row.change_id for row in rows if row.ci_id is None}
    return [_candidate(row, incident.opened_at, distances, served_ids) for row in rows]


@dataclass(frozen=True)
class _Row:
    change_id: int
    status: str
    outcome: str
    ended: datetime
    ci_id: int | None = None
    ci: str = ""


def _distances(start: int) -> dict[int, int]:
    down, up = reach_both([start], depth=DEPTH)
    return {ci: reached.distance for ci, reached in (down | up).items()} | {start: 0}


def _in_time(records: QuerySet, opened_at: datetime, change: str = "") -> QuerySet:
    """Begun before it opened, and still under way or ended not long before; annotates `ended`."""
    began = [F(f"{change}started_at"), F(f"{change}window__startswith")]
    recent = Q(ended__gte=opened_at - LOOK_BACK) | Q(**{f"{change}status": ChangeRequest.Status.IMPLEMENTING})
    return (
        records.filter(**{f"{change}status__in": DONE})
        .annotate(began=Coalesce(*began), ended=Coalesce(F(f"{change}finished_at"), *began))
        .filter(recent, began__lte=opened_at)
    )


def _candidate(row: _Row, opened_at: datetime, distances: dict[int, int], served: set[int]) -> Candidate:
    under_way = row.status == ChangeRequest.Status.IMPLEMENTING
    ended = opened_at if under_way else min(row.ended, opened_at)
    distance = distances[row.ci_id] if row.ci_id is not None else None
    return Candidate(row.change_id, ended, distance, row.change_id in served, row.outcome, row.ci)


def visible_changes(suspects: Iterable[Suspect], actor: Actor) -> set[int]:
    """The suspected changes whose title the actor may read; of a confidential one only the number is told."""
    hidden = {s.change_id for s in suspects if s.change.confidential}
    shown = {s.change_id for s in suspects} - hidden
    if not hidden:
        return shown
    return shown | set(ChangeRequest.objects.visible_to(actor).filter(pk__in=hidden).values_list("pk", flat=True))


@dataclass(frozen=True)
class Broken:
    """One line of *what broke, and by which change*."""

    incident: Incident
    suspects: list[Suspect]
    improvement: Improvement | None


def what_broke(service: Service, since: datetime, *, actor: Actor) -> list[Broken]:
    """The service's incidents since then, each with its suspects and what followed; one query."""
    suspects = Suspect.objects.filter(incident=OuterRef("pk")).exclude(verdict=Suspect.Verdict.DISMISSED)
    suspected = JSONObject(
        score=F("score"), reasons=F("reasons"), change=F("change_id"), title=F("change__title"),
        confidential=F("change__confidential"),
    )  # fmt: skip
    improvements = Improvement.objects.filter(incident=OuterRef("pk")).order_by("pk")
    incidents = (
        listed()
        .visible_to(actor)  # type: ignore[attr-defined]
        .filter(service=service, opened_at__gte=since)
        .select_related("cause_decided_by")
        .annotate(
            suspected=ArraySubquery(suspects.order_by("-score", "pk").values(row=suspected)[:3]),
            improved=ArraySubquery(improvements.values(row=JSONObject(id=F("pk"), state=F("state")))[:1]),
        )
        .order_by("-opened_at", "-pk")[:SHOWN]
    )
    return [
        Broken(i, [_suspect(row) for row in i.suspected], next((Improvement(**row) for row in i.improved), None))
        for i in incidents
    ]


def _suspect(row: dict[str, Any]) -> Suspect:
    change = ChangeRequest(pk=row["change"], title=row["title"], confidential=row["confidential"])
    return Suspect(score=row["score"], reasons=row["reasons"], change=change)


def unranked(now: datetime, limit: int = 200) -> Iterable[int]:
    """Open, undecided incidents of the last day that have no suspect yet: a change may be written down late."""
    waiting = Incident.objects.filter(
        cause=Incident.Cause.UNDECIDED, state=Incident.State.OPEN, created_at__gt=now - timedelta(days=1),
        suspects__isnull=True,
    )  # fmt: skip
    return waiting.order_by("-opened_at", "-pk").values_list("pk", flat=True)[:limit]
