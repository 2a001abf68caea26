"""What was done without authorisation: written down as found, and reviewed in its time."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from changes import rules
from changes.models import AffectedCI, ChangeModel, ChangeRequest, Discovery
from cmdb.models import ConfigurationItem, Service
from itsm.kernel import events, ledger
from itsm.kernel.actor import Actor
from itsm.kernel.errors import InvalidInput
from itsm.kernel.locks import Lock, hold
from itsm.kernel.models import LedgerEntry
from itsm.kernel.operation import operation
from itsm.kernel.permissions import require

MODEL = "unauthorised"
REVIEW_HOURS = 120  # until a change manager sets another time on the model
AHEAD = timedelta(minutes=5)  # clocks differ
SOON = 200  # reminders in one transaction


@operation
def record(
    *,
    title: str,
    began_at: datetime,
    actor: Actor,
    now: datetime,
    cis: Iterable[ConfigurationItem] = (),
    services: Iterable[Service] = (),
    ended_at: datetime | None = None,
    origin: str = "",
    evidence: dict[str, Any] | None = None,
    reason: str = "",
) -> ChangeRequest:
    """A change that nobody asked for, in review from the start; the same origin again is the same change."""
    require(rules.may_record_unauthorised, actor)
    hold(Lock.LEDGER)  # one finder at a time: the same thing may be seen twice at once
    if origin and (known := ChangeRequest.objects.filter(discovery__origin=origin).first()):
        return known
    touched, about = list(cis), list(services)
    ended = ended_at or began_at
    _check(touched or about, began_at, ended, now)
    model = _model()
    change = ChangeRequest.objects.create(
        title=title[:200], reason=reason, model=model, type=model.type, status=ChangeRequest.Status.REVIEW,
        started_at=began_at, finished_at=ended, review_due_at=model.review_due(now),
        review_why=ChangeRequest.ReviewWhy.UNAUTHORISED,
    )  # fmt: skip
    AffectedCI.objects.bulk_create([AffectedCI(change=change, ci=ci) for ci in dict.fromkeys(touched)])
    change.services.set(about)
    entry = _in_ledger(change, origin, evidence or {}, actor, now)
    Discovery.objects.create(
        change=change, origin=origin, found_at=now, found_by=actor.user, evidence=evidence or {},
        evidence_digest=entry.evidence_digest, ledger_sequence=entry.sequence,
    )  # fmt: skip
    events.record("changes.change_request.found_unauthorised", change, actor=actor, origin=origin)
    return change


def _check(about: list[Any], began_at: datetime, ended: datetime, now: datetime) -> None:
    if not about:
        raise InvalidInput.at("cis", "Name at least one CI or service that was changed.")
    for field, at in (("began_at", began_at), ("ended_at", ended)):
        if at.tzinfo is None:
            raise InvalidInput.at(field, "Say the time zone, such as 2026-11-24T22:00:00Z.")
        if at > now + AHEAD:
            raise InvalidInput.at(field, "It cannot have been done in the future; raise a request for change instead.")
    if ended < began_at:
        raise InvalidInput.at("ended_at", "It must end after it began.")


def _model() -> ChangeModel:
    """The model of all unauthorised changes: nobody plans with it, it only says when the review is due."""
    made, _ = ChangeModel.objects.get_or_create(
        code=MODEL,
        defaults={
            "name": "Unauthorised change", "type": ChangeModel.Type.UNAUTHORISED, "review_hours": REVIEW_HOURS,
            "description": "Done without authorisation and found afterwards. It is reviewed; nobody can plan it.",
        },
    )  # fmt: skip
    return made


def _in_ledger(
    change: ChangeRequest, origin: str, evidence: dict[str, Any], actor: Actor, now: datetime
) -> LedgerEntry:
    details = {"origin": origin, "began_at": change.started_at, "ended_at": change.finished_at}
    said = {name: value.isoformat() if isinstance(value, datetime) else value for name, value in details.items()}
    return ledger.append(
        actor=actor, subject=change, decision="found_unauthorised", comment=change.title, evidence=evidence,
        details=said, at=now,
    )  # fmt: skip


@operation
def remind_of_reviews(*, actor: Actor, now: datetime) -> list[ChangeRequest]:
    """Say once of each change whose review is overdue that it is."""
    due = ChangeRequest.objects.filter(
        status=ChangeRequest.Status.REVIEW, review__isnull=True, review_due_at__lte=now, review_reminded_at=None
    )
    late = list(due.select_for_update(of=("self",), skip_locked=True).order_by("review_due_at", "pk")[:SOON])
    ChangeRequest.objects.filter(pk__in=[change.pk for change in late]).update(review_reminded_at=now)
    events.record_each("changes.change_request.review_overdue", late, actor=actor)
    return late
