"""Authorisations: what waits for whom."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet
from django.db.models.functions import JSONObject

from changes.models import Authorisation, ChangeRequest, ChangeTask, Decision
from itsm.kernel.actor import Actor
from itsm.kernel.models import Delegation, RoleAssignment, User
from itsm.kernel.roles import Role


def listed() -> QuerySet[Authorisation]:
    decisions = Decision.objects.select_related("by", "on_behalf_of").order_by("pk")
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
    for_id: int | None = None
    behalf: str = ""

    def __str__(self) -> str:
        return f"{self.name}, on behalf of {self.behalf}" if self.behalf else self.name

    @classmethod
    def read(cls, row: dict[str, Any]) -> "Said":
        username = row["username"] or "the policy"
        behalf = _name(row, "for_") or row["for_username"] or ""
        said = {key: row[key] for key in ("by_id", "verdict", "comment", "ledger", "for_id")}
        at = datetime.fromisoformat(row["at"])
        return cls(**said, name=_name(row) or username, username=username, at=at, behalf=behalf)


def _name(row: dict[str, Any], which: str = "") -> str:
    return f"{row[f'{which}first'] or ''} {row[f'{which}last'] or ''}".strip()


@dataclass(frozen=True)
class Asked:
    """An authorisation with all that was said on it."""

    authorisation: Authorisation
    said: list[Said]

    @property
    def final(self) -> list[Said]:
        return [said for said in self.said if said.verdict in Decision.FINAL]

    @property
    def heard(self) -> set[int | None]:
        """Whose voice was heard, through themselves or through who stood in."""
        return {who for said in self.final for who in (said.by_id, said.for_id)}


def is_overdue(authorisation: Authorisation, now: datetime) -> bool:
    """The policy wanted it decided by now; while an answer is awaited its clock rests."""
    due = authorisation.due_at if authorisation.state == Authorisation.State.PENDING else None
    return due is not None and due <= now


def of(change: ChangeRequest) -> list[Asked]:
    """What was asked for this change, those that fell last; one query."""
    decisions = Decision.objects.filter(authorisation=OuterRef("pk")).order_by("pk")
    said = decisions.values(
        said=JSONObject(
            by_id="by_id",
            first="by__first_name",
            last="by__last_name",
            username="by__username",
            for_id="on_behalf_of_id",
            for_first="on_behalf_of__first_name",
            for_last="on_behalf_of__last_name",
            for_username="on_behalf_of__username",
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
    """What this actor may decide now, in their own name or another's, without a part in the change; oldest first."""
    return (
        Authorisation.objects.filter(_by_right_of(actor), state__in=Authorisation.OPEN)
        .filter(_apart_from(actor.user_id), change__status__in=ChangeRequest.DECIDABLE)
        .select_related("change", "policy")
        .order_by("asked_at", "pk")
    )


def changes_waiting_for(actor: Actor) -> list[int]:
    """The ids of the changes that wait for the actor, oldest first; asked once a request."""
    if "changes.waiting" not in actor.memory:
        waiting = waiting_for(actor).values_list("change_id", flat=True)
        actor.memory["changes.waiting"] = list(dict.fromkeys(waiting))
    return actor.memory["changes.waiting"]  # type: ignore[no-any-return]


def _by_right_of(actor: Actor) -> Q:
    """Authorisations whose role the actor holds, or has from somebody who might decide them."""
    if actor.is_admin:
        return Q()
    held = actor.holdings
    found = _in_role(held.own, actor.user_id)
    for giver in sorted({who for _, who in held.givers}):
        owner = giver if (Role.SERVICE_OWNER, giver) in held.givers else None
        lent = {(role, scope) for role, scope, who in held.lent if who == giver}
        found |= _in_role(lent, owner) & _apart_from(giver)
    return found


def _in_role(held: Iterable[tuple[str, int | None]], owner_id: int | None) -> Q:
    """In one of the roles everywhere, or for a service that the change is about; the owner of one has its role."""
    found = Q(role__in=[role for role, service in held if service is None])
    about = ChangeRequest.services.through.objects.filter(changerequest=OuterRef("change"))
    for role, service in sorted((r, s) for r, s in held if s is not None):
        found |= Q(Exists(about.filter(service=service)), role=role)
    if owner_id is not None:
        found |= Q(Exists(about.filter(service__owner=owner_id)), role=Role.SERVICE_OWNER)
    return found


def _apart_from(user_id: int | None) -> Q:
    """Changes in which this person has no part, and authorisations on which nobody has spoken for them yet."""
    task = ChangeTask.objects.filter(change=OuterRef("change"), assignee=user_id)
    spoke = Q(by=user_id) | Q(on_behalf_of=user_id)
    heard = Decision.objects.filter(spoke, authorisation=OuterRef("pk"), verdict__in=["authorised", "rejected"])
    return ~Exists(task) & ~Exists(heard) & ~Q(change__requested_by=user_id)


def deciders(authorisation: Authorisation) -> QuerySet[User]:
    """The people who could decide it now, or stand in for one: without a part in the change, not heard yet."""
    change = authorisation.change
    services = change.services.values("pk")
    in_scope = Q(service_id__isnull=True) | Q(service_id__in=services)
    holding = RoleAssignment.objects.current().filter(in_scope, role=authorisation.role)
    able = Q(assignments__in=holding) | Q(teams__assignments__in=holding)
    if authorisation.role == Role.SERVICE_OWNER:
        able |= Q(owned_services__in=services)
    final = authorisation.decisions.filter(verdict__in=["authorised", "rejected"])
    involved = Q(pk=change.requested_by_id) | Q(change_tasks__change=change)
    barred = User.objects.filter(involved | Q(decisions__in=final) | Q(decisions_by_others__in=final)).values("pk")
    people = User.objects.filter(is_active=True, is_machine=False).exclude(pk__in=barred)
    givers = User.objects.filter(able, is_active=True).exclude(pk__in=barred).values("pk")
    lent = Delegation.objects.current().filter(role=authorisation.role, giver__in=givers)
    return people.filter(able | Q(borrowed__in=lent)).distinct().order_by("username")
