"""Teams: made, manned, retired."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from itsm.kernel import events
from itsm.kernel.actor import Actor
from itsm.kernel.errors import DomainError, InvalidInput
from itsm.kernel.models import Membership, RoleAssignment, Team, User
from itsm.kernel.operation import operation
from itsm.kernel.people.rules import may_administer
from itsm.kernel.permissions import require
from itsm.kernel.uniqueness import unique

EDITABLE = frozenset({"name", "lead"})


class Retired(DomainError):
    code = "retired"


class NotAMember(DomainError):
    code = "not_a_member"


@operation
def create(*, name: str, actor: Actor, lead: User | None = None, members: Iterable[User] = ()) -> Team:
    require(may_administer, actor)
    team = Team(name=name, lead=lead)
    _save(team)
    team.members.set({*members, *([lead] if lead else [])})
    events.record("kernel.team.created", team, actor=actor)
    return team


@operation
def update(*, team_id: int, actor: Actor, **changes: Any) -> Team:
    """Who leads a team is in it."""
    team = _locked(team_id, actor)
    for field, value in changes.items():
        if field not in EDITABLE:
            raise InvalidInput.at(field, "This cannot be changed here.")
        setattr(team, field, value)
    _save(team)
    if team.lead:
        team.members.add(team.lead)
    events.record("kernel.team.updated", team, actor=actor, fields=sorted(changes))
    return team


def _save(team: Team) -> None:
    team.name = team.name.strip()
    if not team.name:
        raise InvalidInput.at("name", "Give the team a name.")
    _check_active("lead", [team.lead] if team.lead else [])
    with unique("name", f"There is a team {team.name} already."):
        team.save()


@operation
def add_members(*, team_id: int, people: Iterable[User], actor: Actor) -> Team:
    """Take people in; who is in it already stays."""
    team, joining = _locked(team_id, actor), list(people)
    _check_active("people", joining)
    known = set(Membership.objects.filter(team=team, user__in=joining).values_list("user_id", flat=True))
    if new := [user for user in joining if user.pk not in known]:
        team.members.add(*new)
        team.save()  # its revision tells that it is no longer what somebody saw
        events.record("kernel.team.joined", team, actor=actor, people=sorted(user.username for user in new))
    return team


@operation
def remove_member(*, team_id: int, person: User, actor: Actor) -> Team:
    """Let somebody go; the lead leaves that place, too."""
    team = _locked(team_id, actor)
    if not Membership.objects.filter(team=team, user=person).delete()[0]:
        raise NotAMember(f"{person} is not in {team}.")
    if team.lead_id == person.pk:
        team.lead = None
    team.save()
    events.record("kernel.team.left", team, actor=actor, people=[person.username])
    return team


@operation
def retire(*, team_id: int, reason: str, actor: Actor, now: datetime) -> Team:
    """The team is offered no more, and its roles end; what it did stays under its name."""
    team = _locked(team_id, actor)
    if not reason.strip():
        raise InvalidInput.at("reason", "Say why, for whoever wonders later.")
    RoleAssignment.objects.filter(team=team, since__lt=now).not_over(now).update(until=now)
    RoleAssignment.objects.filter(team=team).not_over(now).withdraw()
    team.retired_at = now
    team.save()
    events.record("kernel.team.retired", team, actor=actor, reason=reason.strip())
    return team


def _locked(team_id: int, actor: Actor) -> Team:
    team: Team = Team.objects.lock(team_id)
    require(may_administer, actor, team)
    if team.retired_at:
        raise Retired(f"{team} is retired.")
    return team


def _check_active(field: str, people: Iterable[User]) -> None:
    if gone := [user.username for user in people if not user.is_active]:
        raise InvalidInput.at(field, f"Deactivated: {', '.join(gone)}. Name active users.")
