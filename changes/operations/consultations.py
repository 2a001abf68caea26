"""Hear the owners of the services that a change may hit: ask them, and keep what they say."""

from datetime import datetime

from changes import rules
from changes.fingerprint import PlanChanged, fingerprint_of
from changes.models import ChangeRequest, Consultation
from changes.queries.basics import examine
from itsm.kernel import events, ledger
from itsm.kernel.actor import Actor
from itsm.kernel.errors import DomainError, Forbidden, InvalidInput
from itsm.kernel.operation import operation
from itsm.kernel.permissions import require

View = Consultation.View


class NobodyToAsk(DomainError):
    code = "nobody_to_ask"


class NoOwner(Forbidden):
    code = "no_owner"


class TooLate(DomainError):
    code = "too_late_to_hear"


@operation
def ask_owners(*, change_id: int, actor: Actor, now: datetime) -> ChangeRequest:
    """Ask each owner who has not spoken about this plan; who is asked already is not asked twice."""
    change = ChangeRequest.objects.lock(change_id)
    require(rules.may_plan, actor, change)
    _refuse_if_late(change)
    hearing = examine(change, now).hearing
    if not hearing.unheard:
        said = "Those who are asked have not answered yet." if hearing.awaited else "Every owner was heard."
        raise NobodyToAsk(f"Nobody is left to ask about {change}. {said}")
    for owner in hearing.unheard:
        asked, _ = Consultation.objects.update_or_create(
            change=change, owner_id=owner,
            defaults={"asked_at": now, "view": "", "comment": "", "said_at": None, "fingerprint": ""},
        )  # fmt: skip
        events.record("changes.consultation.asked", asked, actor=actor)
    return change


@operation
def give_view(
    *, change_id: int, view: str, actor: Actor, now: datetime, comment: str = "", fingerprint: str = ""
) -> ChangeRequest:
    """An owner's word, asked for or not; said again, the last one counts. In the ledger.

    It is about the plan with this `fingerprint`; without one, about the plan as it is now. Raises PlanChanged.
    """
    change = ChangeRequest.objects.lock(change_id)
    require(rules.may_give_view, actor, change)
    _refuse_if_late(change)
    if view not in View.values:
        raise InvalidInput.at("view", f"Unknown view. Known: {', '.join(View.values)}.")
    if view == View.OBJECTION and not comment.strip():
        raise InvalidInput.at("comment", "Say what you object to, so that the plan can be mended.")
    owned = [said for owner, said in examine(change, now).around.owners if owner == actor.user_id]
    if not owned:
        raise NoOwner(f"{change} reaches no service that you own.")
    present = fingerprint_of(change)
    if fingerprint and fingerprint != present:
        raise PlanChanged(f"The plan of {change} is another than the one you read. Read it again, then say your view.")
    entry = ledger.append(
        actor=actor, subject=change, decision=view, comment=comment, evidence={"fingerprint": present},
        details={"as": owned[0]}, at=now,
    )  # fmt: skip
    said, _ = Consultation.objects.update_or_create(
        change=change, owner=actor.user,
        defaults={
            "view": view, "comment": comment, "said_at": now, "fingerprint": present,
            "ledger_sequence": entry.sequence,
        },
    )  # fmt: skip
    events.record("changes.consultation.said", said, actor=actor, view=view)
    return change


def _refuse_if_late(change: ChangeRequest) -> None:
    if change.status not in ChangeRequest.PLANNABLE:
        raise TooLate(f"{change} is {change.get_status_display().lower()}; owners are heard while it is planned.")
