"""Authorisations: what waits for whom."""

from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet

from changes.models import Authorisation, ChangeRequest, ChangeTask, Decision
from itsm.kernel.actor import Actor
from itsm.kernel.models import RoleAssignment, User
from itsm.kernel.roles import Role


def listed() -> QuerySet[Authorisation]:
    decisions = Decision.objects.select_related("by").order_by("pk")
    return (
        Authorisation.objects.select_related("change__requested_by", "change__model", "policy")
        .prefetch_related(Prefetch("decisions", decisions), "change__tasks")
        .order_by("-pk")
    )


def of(change: ChangeRequest) -> QuerySet[Authorisation]:
    """What was asked for this change, with policy and decisions."""
    decisions = Decision.objects.select_related("by").order_by("pk")
    asked = change.authorisations.select_related("policy").prefetch_related(Prefetch("decisions", decisions))
    return asked.order_by("pk")


def waiting_for(actor: Actor) -> QuerySet[Authorisation]:
    """What this actor may decide now: the role is held, the change is not the actor's own; oldest first."""
    own_task = ChangeTask.objects.filter(change=OuterRef("change"), assignee=actor.user_id)
    decided = Decision.objects.filter(
        authorisation=OuterRef("pk"), by=actor.user_id, verdict__in=["authorised", "rejected"]
    )
    return (
        Authorisation.objects.filter(_in_role_of(actor), state__in=Authorisation.OPEN)
        .filter(change__status__in=[ChangeRequest.Status.ASSESSMENT, ChangeRequest.Status.BUILDING])
        .filter(~Exists(own_task), ~Exists(decided))
        .exclude(change__requested_by=actor.user_id)
        .select_related("change", "policy")
        .order_by("asked_at", "pk")
    )


def _in_role_of(actor: Actor) -> Q:
    """Authorisations whose role the actor holds: everywhere, or for a service that the change is about."""
    if actor.is_admin:
        return Q()
    held = Q(role__in=[role for role, service in actor.assignments if service is None])
    about = ChangeRequest.services.through.objects.filter(changerequest=OuterRef("change"))
    for role, service in sorted((r, s) for r, s in actor.assignments if s is not None):
        held |= Q(Exists(about.filter(service=service)), role=role)
    if actor.user_id is not None:
        held |= Q(Exists(about.filter(service__owner=actor.user_id)), role=Role.SERVICE_OWNER)
    return held


def deciders(authorisation: Authorisation) -> QuerySet[User]:
    """The people who could decide it now: in its role, without a part in the change, not heard yet."""
    change = authorisation.change
    services = change.services.values("pk")
    in_scope = Q(service_id__isnull=True) | Q(service_id__in=services)
    holding = RoleAssignment.objects.current().filter(in_scope, role=authorisation.role)
    able = Q(assignments__in=holding) | Q(teams__assignments__in=holding)
    if authorisation.role == Role.SERVICE_OWNER:
        able |= Q(owned_services__in=services)
    final = authorisation.decisions.filter(verdict__in=["authorised", "rejected"])
    involved = Q(pk=change.requested_by_id) | Q(change_tasks__change=change) | Q(decisions__in=final)
    barred = User.objects.filter(involved).values("pk")
    return (
        User.objects.filter(able, is_active=True, is_machine=False)
        .exclude(pk__in=barred)
        .distinct()
        .order_by("username")
    )
