"""A change's deployment and the incidents that it is held for; a CI's incidents."""

from typing import Any

from django.http import HttpRequest

from changes.models import ChangeRequest
from cmdb.models import ConfigurationItem, RelationProposal
from itsm.kernel import panels
from itsm.kernel.permissions import allowed
from transition.models import Deployment, Improvement, Incident, Suspect
from transition.operations.lessons import origin_of
from transition.queries.deltas import delta_of
from transition.rules.operation import may_log

# Nothing can be held for a change that has not begun.
BEFORE = (ChangeRequest.Status.DRAFT, ChangeRequest.Status.ASSESSMENT, ChangeRequest.Status.BUILDING)
ENDED = (ChangeRequest.Status.REVIEW, ChangeRequest.Status.CLOSED)


@panels.add("changes.request", "transition/panels/came_of_it.html", order=40)
def came_of_it(request: HttpRequest, change: ChangeRequest) -> dict[str, Any] | None:
    deployment = Deployment.objects.filter(change=change).first()
    if change.status in BEFORE:
        return {"deployment": deployment, "suspected": []} if deployment else None
    visible = Incident.objects.visible_to(request.actor)  # type: ignore[attr-defined]
    suspected = (
        Suspect.objects.filter(change=change, incident__in=visible)
        .exclude(verdict=Suspect.Verdict.DISMISSED)
        .select_related("incident")
        .order_by("-score")[:10]
    )
    if deployment is None and not suspected:
        return None
    return {"deployment": deployment, "suspected": suspected}


@panels.add("changes.request", "transition/panels/lesson.html", order=38)
def what_was_learnt(request: HttpRequest, change: ChangeRequest) -> dict[str, Any] | None:
    """The improvement that a review's lesson became, or the way to make one of it."""
    review = getattr(change, "review", None) if change.status in ENDED else None
    if review is None or not review.lessons or change.confidential:
        return None
    made = Improvement.objects.filter(origin=origin_of(change)).first()
    may = allowed(may_log, request.actor, change)  # type: ignore[attr-defined]
    return {"made": made, "change": change} if made or may else None


@panels.add("cmdb.ci", "transition/panels/incidents.html", order=60)
def incidents_on(request: HttpRequest, ci: ConfigurationItem) -> dict[str, Any] | None:
    visible = Incident.objects.visible_to(request.actor)  # type: ignore[attr-defined]
    found = visible.filter(ci=ci).order_by("-opened_at", "-pk")[:10]
    return {"incidents": found} if found else None


@panels.add("changes.request", "transition/panels/delta.html", order=42)
def predicted_and_hit(request: HttpRequest, change: ChangeRequest) -> dict[str, Any] | None:
    if change.status in BEFORE or not Incident.objects.filter(caused_by=change).exists():
        return None
    delta = delta_of(change, request.actor)  # type: ignore[attr-defined]
    numbers = [incident.number for incident in delta.incidents]
    proposals = RelationProposal.objects.filter(evidence__in=numbers).select_related("source", "target")
    return {"delta": delta, "proposals": proposals.order_by("pk")} if delta.hit else None
