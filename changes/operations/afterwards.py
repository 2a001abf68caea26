"""What an emergency leaves unsaid until it is over: due at its end, said by its requester, missed by a job."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from changes import questions, rules
from changes.models import ChangeRequest
from changes.queries.completeness import ANSWERS, LATER, owed
from cmdb.models import Service
from itsm.kernel import events
from itsm.kernel.actor import Actor
from itsm.kernel.errors import DomainError, InvalidInput
from itsm.kernel.operation import operation
from itsm.kernel.permissions import require

Status = ChangeRequest.Status
OPEN = (Status.IMPLEMENTING, Status.REVIEW)
SOON = 200  # reminders in one transaction


class NotOver(DomainError):
    code = "not_over"


def fall_due(change: ChangeRequest, now: datetime) -> None:
    """Say of a change that ended now until when it must say what it left out; of one that left nothing out, nothing."""
    change.later_due_at = change.model.later_due(now) if owed(change) else None


@operation
def fill_in(*, change_id: int, actor: Actor, now: datetime, **said: Any) -> ChangeRequest:
    """Say what the model lets be said afterwards; authorisations stand, as they were given without it."""
    change = ChangeRequest.objects.lock(change_id)
    require(rules.may_plan, actor, change)
    if change.status not in OPEN:
        raise NotOver(
            f"{change} is {change.get_status_display().lower()}; what it left out is said while it runs and after."
        )
    _check(change, said)
    services: Iterable[Service] | None = said.get("services")
    if services is not None:
        change.services.set(services)
    words = {name: value for name, value in said.items() if name != "services"}
    if ANSWERS in words:
        words[ANSWERS] = change.answers | words[ANSWERS]
    for name, value in words.items():
        setattr(change, name, value)
    if change.later_due_at is not None and change.later_said_at is None and not owed(change):
        change.later_said_at = now
    change.save(update_fields=[*sorted(words), "later_said_at"])
    events.record("changes.change_request.filled_in", change, actor=actor, fields=sorted(said))
    return change


def _check(change: ChangeRequest, said: dict[str, Any]) -> None:
    for name in said:
        if name not in LATER or name not in change.model.later_fields:
            known = ", ".join(change.model.later_fields) or "nothing"
            raise InvalidInput.at(name, f"{change.model} lets be said afterwards: {known}.")
    if wrong := questions.wrong_answers(change.model.questions, said.get(ANSWERS, {})):
        raise InvalidInput("The answers cannot be kept.", errors={ANSWERS: wrong})


@operation
def remind(*, actor: Actor, now: datetime) -> list[ChangeRequest]:
    """Say once of each change that it still owes what was to be said afterwards."""
    due = ChangeRequest.objects.filter(later_due_at__lte=now, later_said_at=None, later_reminded_at=None)
    late = list(due.select_for_update(of=("self",), skip_locked=True).order_by("later_due_at", "pk")[:SOON])
    ChangeRequest.objects.filter(pk__in=[change.pk for change in late]).update(later_reminded_at=now)
    events.record_each("changes.change_request.words_overdue", late, actor=actor)
    return late
