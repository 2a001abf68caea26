"""An authority's clock: it rests while an answer is awaited, and what runs out is told."""

from datetime import datetime

from changes import rules
from changes.models import Authorisation, ChangeRequest, Decision
from itsm.kernel import events, ledger
from itsm.kernel.actor import Actor
from itsm.kernel.errors import DomainError, InvalidInput
from itsm.kernel.operation import operation
from itsm.kernel.permissions import require

AT_ONCE = 200
State = Authorisation.State


class NothingAsked(DomainError):
    code = "nothing_asked"


def set_clock(authorisation: Authorisation, now: datetime) -> None:
    """By its state: it stops when somebody asks back, and goes on by as much later when that is over."""
    asks_back = authorisation.state == State.MORE_INFORMATION
    if asks_back and authorisation.paused_at is None:
        authorisation.paused_at = now
    elif not asks_back and authorisation.paused_at is not None:
        rested = now - authorisation.paused_at
        authorisation.paused_for += rested
        authorisation.paused_at = None
        if authorisation.due_at is not None:
            authorisation.due_at += rested
            authorisation.escalated_at = None if authorisation.due_at > now else authorisation.escalated_at


CLOCK = ("due_at", "paused_at", "paused_for", "escalated_at")


@operation
def answer(*, authorisation_id: int, answer: str, actor: Actor, now: datetime) -> Authorisation:
    """Say what was asked for; the authority's clock goes on. In the ledger, as it is part of what is decided on."""
    change_id = Authorisation.objects.only("change_id").get(pk=authorisation_id).change_id
    change = ChangeRequest.objects.lock(change_id)
    authorisation = Authorisation.objects.lock(authorisation_id)
    require(rules.may_answer, actor, authorisation)
    if authorisation.state != State.MORE_INFORMATION or change.status not in ChangeRequest.DECIDABLE:
        raise NothingAsked(f"Nobody waits for an answer about {change}.")
    if not answer.strip():
        raise InvalidInput.at("answer", "Say what was asked for.")
    entry = ledger.append(
        actor=actor, subject=change, decision="answered", comment=answer,
        details={"authorisation": authorisation.number, "role": authorisation.role}, at=now,
    )  # fmt: skip
    Decision.objects.create(
        authorisation=authorisation, by=actor.user, verdict=Decision.Verdict.ANSWERED, comment=answer, at=now,
        ledger_sequence=entry.sequence,
    )  # fmt: skip
    authorisation.state = State.PENDING
    set_clock(authorisation, now)
    authorisation.save(update_fields=["state", *CLOCK])
    events.record("changes.authorisation.answered", authorisation, actor=actor)
    return authorisation


@operation
def escalate_due(*, actor: Actor, now: datetime) -> list[Authorisation]:
    """Say, once each, what the policy wanted decided by now; two workers take different ones."""
    waiting = Authorisation.objects.select_for_update(of=("self",), skip_locked=True).filter(
        state=State.PENDING, escalated_at__isnull=True, due_at__lte=now, change__status__in=ChangeRequest.DECIDABLE
    )
    due = list(waiting.order_by("due_at", "pk")[:AT_ONCE])
    Authorisation.objects.filter(pk__in=[one.pk for one in due]).update(escalated_at=now)
    for one in due:
        events.record("changes.authorisation.overdue", one, actor=actor)
    return due
