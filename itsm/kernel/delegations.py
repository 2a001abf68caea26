"""Lend a role while one is away, and take it back."""

from datetime import datetime, timedelta

from itsm.kernel import events, ledger
from itsm.kernel.actor import Actor
from itsm.kernel.errors import DomainError, Forbidden, InvalidInput
from itsm.kernel.models import Delegation, RoleAssignment, User
from itsm.kernel.notifications import DELEGATION, tell
from itsm.kernel.operation import operation
from itsm.kernel.roles import Role

LONGEST = timedelta(days=92)

events.declare("kernel.delegation.given", "Somebody lends a role to somebody else for a while.", role="The role.")
events.declare("kernel.delegation.ended", "A role that was lent was taken back before its time.", role="The role.")


class NotYourRole(Forbidden):
    code = "not_your_role"


class EndedAlready(DomainError):
    code = "ended_already"


class DelegatedAlready(DomainError):
    code = "delegated_already"


@operation
def give(
    *,
    taker: User,
    role: str,
    until: datetime,
    reason: str,
    actor: Actor,
    now: datetime,
    since: datetime | None = None,
    giver: User | None = None,
) -> Delegation:
    """Lend a role of one's own; an administrator may do it for somebody who cannot any more."""
    giver = _giver(giver, actor)
    since = max(since or now, now)
    _check_people(giver, taker)
    _check_span(since, until)
    if not reason.strip():
        raise InvalidInput.at("reason", "Say why, for those who will see the decisions.")
    User.objects.select_for_update().get(pk=giver.pk)
    if role not in lendable(giver):
        raise InvalidInput.at("role", f"{giver} does not hold this role.")
    lent = Delegation.objects.filter(giver=giver, taker=taker, role=role, ended_at__isnull=True)
    if rival := lent.filter(since__lt=until, until__gt=since).first():
        raise DelegatedAlready(f"{rival.number} lends this role to {taker} already; end it first.")
    made = Delegation.objects.create(
        giver=giver, taker=taker, role=role, since=since, until=until, reason=reason.strip()
    )
    details = {"role": role, "giver": giver.username, "taker": taker.username, "since": since, "until": until}
    ledger.append(actor=actor, subject=made, decision="delegated", comment=reason, details=details, at=now)
    (event,) = events.record_each("kernel.delegation.given", [made], actor=actor, role=role)
    text = f"You stand in for {giver} as {made.get_role_display()} until {until:%Y-%m-%d %H:%M} UTC."
    tell([taker], text=text, kind=DELEGATION, about=made, event=event)
    return made


@operation
def end(*, delegation_id: int, actor: Actor, now: datetime) -> Delegation:
    """Take the role back, or give it back; the taker's next request does without."""
    delegation: Delegation = Delegation.objects.lock(delegation_id)
    if actor.user_id not in (delegation.giver_id, delegation.taker_id) and not actor.is_admin:
        raise NotYourRole("Only who lent it, who has it or an administrator ends a delegation.")
    if delegation.state == Delegation.State.ENDED:
        raise EndedAlready(f"{delegation} has ended already.")
    delegation.ended_at = now
    delegation.save(update_fields=["ended_at"])
    ledger.append(actor=actor, subject=delegation, decision="delegation ended", at=now)
    events.record("kernel.delegation.ended", delegation, actor=actor, role=delegation.role)
    return delegation


def lendable(giver: User) -> list[str]:
    """The roles that the giver holds now; an owner's role comes with the service, so it may always be named."""
    held = set(RoleAssignment.objects.held_by(giver).values_list("role", flat=True))
    return [role for role in Role.values if role in held | {Role.SERVICE_OWNER} and role != Role.PIPELINE]


def _giver(giver: User | None, actor: Actor) -> User:
    if actor.user is None:
        raise NotYourRole("A role is lent by a person.")
    if giver is not None and giver.pk != actor.user_id and not actor.is_admin:
        raise NotYourRole("Only an administrator lends a role in somebody else's name.")
    return giver or actor.user


def _check_people(giver: User, taker: User) -> None:
    if taker.pk == giver.pk:
        raise InvalidInput.at("taker", "Choose somebody else.")
    if taker.is_machine or not taker.is_active:
        raise InvalidInput.at("taker", f"{taker} cannot sign in, so nothing would be decided.")


def _check_span(since: datetime, until: datetime) -> None:
    if until <= since:
        raise InvalidInput.at("until", "The end must be in the future and after the start.")
    if until - since > LONGEST:
        raise InvalidInput.at("until", f"Lend a role for at most {LONGEST.days} days; beyond that, assign it.")
