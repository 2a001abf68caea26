"""Authorisations: what waits for whom."""

from django.db.models import Exists, OuterRef, Prefetch, QuerySet

from changes.models import Authorisation, ChangeRequest, ChangeTask, Decision
from itsm.kernel.actor import Actor
from itsm.kernel.roles import Role


def listed() -> QuerySet[Authorisation]:
    decisions = Decision.objects.select_related("by").order_by("pk")
    return (
        Authorisation.objects.select_related("change__requested_by", "change__model", "policy")
        .prefetch_related(Prefetch("decisions", decisions), "change__tasks")
        .order_by("-pk")
    )


def waiting_for(actor: Actor) -> QuerySet[Authorisation]:
    """What this actor may decide now: the role is held, the change is not the actor's own; oldest first."""
    roles = list(Role.values) if actor.is_admin else [role for role, _ in actor.assignments]
    own_task = ChangeTask.objects.filter(change=OuterRef("change"), assignee=actor.user_id)
    decided = Decision.objects.filter(
        authorisation=OuterRef("pk"), by=actor.user_id, verdict__in=["authorised", "rejected"]
    )
    return (
        Authorisation.objects.filter(state__in=Authorisation.OPEN, role__in=roles)
        .filter(change__status__in=[ChangeRequest.Status.ASSESSMENT, ChangeRequest.Status.BUILDING])
        .filter(~Exists(own_task), ~Exists(decided))
        .exclude(change__requested_by=actor.user_id)
        .select_related("change", "policy")
        .order_by("asked_at", "pk")
    )
