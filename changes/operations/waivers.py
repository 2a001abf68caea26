"""Take a failed check upon oneself, by name and reason."""

from datetime import datetime

from changes import rules
from changes.fingerprint import fingerprint_of
from changes.models import ChangeRequest, Waiver
from changes.queries import basics, collisions
from itsm.kernel import events, ledger
from itsm.kernel.actor import Actor
from itsm.kernel.errors import DomainError, Forbidden, InvalidInput
from itsm.kernel.operation import operation
from itsm.kernel.permissions import require
from itsm.kernel.roles import Role

# Where a blocking check stands in the way: of a decision, or of the start.
NOTHING_ELSE = "nothing_else"
WAIVABLE = (*ChangeRequest.DECIDABLE, ChangeRequest.Status.SCHEDULED)


class NothingToWaive(DomainError):
    code = "nothing_to_waive"


@operation
def waive(*, change_id: int, check_code: str, reason: str, actor: Actor, now: datetime) -> Waiver:
    """Good for the plan, CIs and window as they are, and for what is wrong now; in the ledger."""
    change = ChangeRequest.objects.lock(change_id)
    role = _waives_as(change, check_code, actor)
    if change.status not in WAIVABLE:
        raise NothingToWaive(f"{change} is {change.get_status_display().lower()}; there is nothing to waive now.")
    if not reason.strip():
        raise InvalidInput.at("reason", "Say why you take it upon yourself.")
    if actor.user is None:
        raise InvalidInput.at("by", "Only a person can take a check upon themselves.")
    failed = {verdict.code: verdict for verdict in basics.verdicts_of(change, now) if verdict.verdict != "ok"}
    if check_code not in failed:
        raise NothingToWaive(f"The check {check_code!r} does not fail on {change}; there is nothing to waive.")
    covers = {one.code: dict(one.about) for one in failed[check_code].checks if one.verdict != "ok"}
    entry = ledger.append(
        actor=actor,
        subject=change,
        decision="waived",
        comment=reason,
        on_behalf_of=actor.on_behalf_of(role, apart_from=(change.requested_by_id,)),
        evidence=failed[check_code].as_dict(),
        details={"check": check_code, "covers": [text for check in covers.values() for text in check.values()]},
        at=now,
    )
    waiver, _ = Waiver.objects.update_or_create(
        change=change,
        check_code=check_code,
        fingerprint=fingerprint_of(change, people=True),
        defaults={"reason": reason, "by": actor.user, "at": now, "ledger_sequence": entry.sequence, "covers": covers},
    )
    events.record("changes.change_request.waived", change, actor=actor, check=check_code)
    return waiver


def _waives_as(change: ChangeRequest, check_code: str, actor: Actor) -> Role:
    """The role that lets the actor waive this check: a freeze names its own, and it covers nothing but the freeze."""
    if check_code == NOTHING_ELSE:
        blocking = collisions.collisions_of(change).blocking
        barring = [each.what for each in blocking if each.kind == "freeze"]
        for freeze in barring:
            if not actor.is_system and not rules.may_except(actor, change, freeze):
                role = freeze.get_override_role_display().lower()
                raise Forbidden(f"{freeze.name} bars this change, and only a {role} makes exceptions from it.")
        if barring and len(barring) == len(blocking):
            return Role(barring[0].override_role)
    require(rules.may_waive_checks, actor, change)
    return Role.CHANGE_MANAGER
