"""Authorisations: what waits for whom."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet
from django.db.models.functions import JSONObject

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


@dataclass(frozen=True)
class Said:
    """One person's decision, as pages show it."""

    by_id: int | None
    name: str
    username: str
    verdict: str
    comment: str
    at: datetime
    ledger: int

    def __str__(self) -> str:
        return self.name

    @classmethod
    def read(cls, row: dict[str, Any]) -> "Said":
        username = row["username"] or "pipeline"
        name = f"{row['first'] or ''} {row['last'] or ''}".strip() or username
        kept = {key: value for key, value in row.items() if key not in ("first", "last")}
        return cls(**kept | {"name": name, "username": username, "at": datetime.fromisoformat(row["at"])})


@dataclass(frozen=True)
class Asked:
    """An authorisation with all that was said on it."""

    authorisation: Authorisation
    said: list[Said]

    @property
    def final(self) -> list[Said]:
        return [said for said in self.said if said.verdict != Decision.Verdict.MORE_INFORMATION]


def of(change: ChangeRequest) -> list[Asked]:
    """What was asked for this change, those that fell last; one query."""
    decisions = Decision.objects.filter(authorisation=OuterRef("pk")).order_by("pk")
    said = decisions.values(
        said=JSONObject(
            by_id="by_id",
            first="by__first_name",
            last="by__last_name",
            username="by__username",
            verdict="verdict",
            comment="comment",
            at="at",
            ledger="ledger_sequence",
        )
    )
    asked = change.authorisations.select_related("policy").annotate(rows=ArraySubquery(said))
    found = [Asked(a, [Said.read(row) for row in a.rows]) for a in asked.order_by("pk")]
    for one in found:
        one.authorisation.change = change  # one object for all
    return sorted(found, key=lambda one: one.authorisation.state == Authorisation.State.FALLEN)


def waiting_for(actor: Actor) -> QuerySet[Authorisation]:
    """What this actor may decide now: the role is held, the change is not the actor's own; oldest first."""
    own_task = ChangeTask.objects.filter(change=OuterRef("change"), assignee=actor.user_id)
    decided = Decision.objects.filter(
        authorisation=OuterRef("pk"), by=actor.user_id, verdict__in=["authorised", "rejected"]
    )
    return (
        Authorisation.objects.filter(_in_role_of(actor), state__in=Authorisation.OPEN)
        .filter(change__status__in=ChangeRequest.DECIDABLE)
        .filter(~Exists(own_task), ~Exists(decided))
        .exclude(change__requested_by=actor.user_id)
        .select_related("change", "policy")
        .order_by("asked_at", "pk")
    )


def changes_waiting_for(actor: Actor) -> list[int]:
    """The ids of the changes that wait for the actor, oldest first; asked once a request."""
    if "changes.waiting" not in actor.memory:
        waiting = waiting_for(actor).values_list("change_id", flat=True)
        actor.memory["changes.waiting"] = list(dict.fromkeys(waiting))
    return actor.memory["changes.waiting"]  # type: ignore[no-any-return]


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
