"""Roles given to people and teams, and ended. What was held, and when, stays readable."""

from datetime import datetime

from django.db.models import Q

from itsm.kernel import events
from itsm.kernel.actor import Actor
from itsm.kernel.errors import DomainError, InvalidInput
from itsm.kernel.models import RoleAssignment, Team, User
from itsm.kernel.operation import operation
from itsm.kernel.people.rules import may_administer
from itsm.kernel.permissions import require
from itsm.kernel.roles import Role


class HeldAlready(DomainError):
    code = "held_already"


class EndedAlready(DomainError):
    code = "ended_already"


class HolderIsGone(DomainError):
    code = "holder_is_gone"


@operation
def grant(
    *,
    role: str,
    actor: Actor,
    reason: str,
    now: datetime,
    user_id: int | None = None,
    team_id: int | None = None,
    service_id: int | None = None,
    since: datetime | None = None,
    until: datetime | None = None,
) -> RoleAssignment:
    """Give a user or a team a role, everywhere or for one service, from now on unless said otherwise."""
    holder = _locked_holder(user_id, team_id)
    require(may_administer, actor, holder)
    if role not in Role:
        raise InvalidInput.at("role", f"There is no role {role!r}. Known: {', '.join(Role)}.")
    if not reason.strip():
        raise InvalidInput.at("reason", "Say why, for whoever wonders later.")
    if holder.state != "active":
        raise HolderIsGone(f"{holder} is {holder.state}, so nothing is granted.")
    since = since or now
    if until is not None and until <= max(since, now):
        raise InvalidInput.at("until", "Give a time that is still to come, after the beginning.")
    granted = RoleAssignment(
        role=role, user_id=user_id, team_id=team_id, service_id=service_id, since=since, until=until
    )
    _check_free(granted)
    granted.save()
    moments = {name: at.isoformat() for name, at in (("since", since), ("until", until)) if at}
    events.record("kernel.role.granted", granted, actor=actor, reason=reason.strip(), **_told(granted), **moments)
    return granted


def _locked_holder(user_id: int | None, team_id: int | None) -> User | Team:
    """Locked: what is granted to one holder at once is granted in turn."""
    if (user_id is None) == (team_id is None):
        raise InvalidInput.at("user", "Name a user or a team, and not both.")
    found = User.objects.filter(pk=user_id) if team_id is None else Team.objects.filter(pk=team_id)
    holder: User | Team = found.select_for_update(of=("self",)).get()
    return holder


def _check_free(granted: RoleAssignment) -> None:
    of_holder = Q(user=granted.user_id, team=granted.team_id, service_id=granted.service_id)
    same = RoleAssignment.objects.filter(of_holder, role=granted.role).not_over(granted.since)
    if granted.until is not None:
        same = same.filter(since__lt=granted.until)
    if held := same.first():
        until = f"until {held.until:%Y-%m-%d %H:%M} UTC" if held.until else "without an end"
        raise HeldAlready(f"{held} is held already, {until}. End that first.")


@operation
def end(*, assignment_id: int, reason: str, actor: Actor, now: datetime) -> RoleAssignment:
    """The role counts no more from now on; one that had not begun never counts."""
    held: RoleAssignment = RoleAssignment.objects.lock(assignment_id)
    require(may_administer, actor, held)
    if not reason.strip():
        raise InvalidInput.at("reason", "Say why, for whoever wonders later.")
    if held.until is not None and held.until <= max(now, held.since):
        raise EndedAlready(f"{held} has ended already.")
    held.until = max(now, held.since)
    held.save(update_fields=["until"])
    events.record("kernel.role.ended", held, actor=actor, reason=reason.strip(), **_told(held))
    return held


def _told(held: RoleAssignment) -> dict[str, object]:
    to = held.user.username if held.user else str(held.team)
    return {"role": held.role, "to": to} | ({"service": held.service_id} if held.service_id else {})
