"""Standard changes that a policy lets the pipeline authorise, without a person."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db.models import Model

from changes.fingerprint import fingerprint_among
from changes.models import Authorisation, ChangeModel, ChangeRequest, Decision, Policy
from changes.operations import planning, pre_authorisations
from changes.operations.keeping import keep_before, keep_prediction
from changes.policy import Ruling
from changes.reviewing import DUE, fall_due
from cmdb.models import ConfigurationItem, Service
from itsm.kernel import events, ledger, rows
from itsm.kernel.actor import Actor
from itsm.kernel.errors import DomainError
from itsm.kernel.models import LedgerEntry, User
from itsm.kernel.operation import operation
from itsm.kernel.roles import Role

PROGRAM = Actor.system("pipeline gate")


class NotPreAuthorised(DomainError):
    code = "not_pre_authorised"


@operation
def authorise_by_pipeline(
    *,
    model: ChangeModel,
    service: Service,
    title: str,
    window: tuple[datetime, datetime],
    cis: Iterable[ConfigurationItem],
    ruling: Ruling,
    policy: Policy,
    evidence: Any,
    actor: Actor,
    now: datetime,
) -> ChangeRequest:
    """A standard change, scheduled at once, with its authorisation, decision and ledger entry."""
    if not model.pre_authorised or ruling.decision != "authorise":
        raise NotPreAuthorised(f"{model} may not be authorised by the pipeline: its policy did not devolve it.")
    pk, authorisation_pk = rows.next_ids(ChangeRequest, Authorisation)
    change = ChangeRequest(
        pk=pk, title=title, model=model, window=planning.window_of(*window), requested_by=actor.user,
        reason=f"Asked by the pipeline; {policy}, {ruling.rule}.", status=ChangeRequest.Status.SCHEDULED,
        submitted_at=now,
    )  # fmt: skip
    fingerprint = _enter(change, service, cis)
    entry = ledger.append(
        actor=actor, subject=change, decision="authorised_by_pipeline", policy_version=f"{policy}, {ruling.rule}",
        evidence=evidence, details={"looked": [look.as_dict() for look in ruling.looked]}, at=now,
    )  # fmt: skip
    authorisation = Authorisation(
        pk=authorisation_pk, change=change, role=Role.PIPELINE, state=Authorisation.State.AUTHORISED, policy=policy,
        rule=ruling.rule, fingerprint=fingerprint, asked_at=now, decided_at=now,
    )  # fmt: skip
    verdict = Decision.Verdict.AUTHORISED
    decision = Decision(
        authorisation=authorisation, by=actor.user, verdict=verdict, at=now, ledger_sequence=entry.sequence
    )
    rows.write(authorisation, decision)  # as a person's would stand
    events.record("changes.change_request.authorised_by_pipeline", change, actor=actor)
    return change


def _enter(change: ChangeRequest, service: Service, cis: Iterable[ConfigurationItem]) -> str:
    """Write the pipeline's change down; its fingerprint."""
    touched, concerned = {ci.pk for ci in cis}, {service.pk}
    tasks = planning.enter(change=change, cis=touched, services=concerned, actor=PROGRAM)
    return fingerprint_among(change, tasks, touched, concerned, people=False)


@operation
def refuse_by_pipeline(
    *, subject: Model, ruling: Ruling, policy: Policy, evidence: Any, actor: Actor, now: datetime
) -> LedgerEntry:
    """Write the refusal of what was asked for into the ledger."""
    return ledger.append(
        actor=actor,
        subject=subject,
        decision="refused_by_pipeline",
        comment="; ".join(f"{look.asked}: {look.found}" for look in ruling.failed)[:2000],
        policy_version=f"{policy}, {ruling.rule}",
        evidence=evidence,
        details={"looked": [look.as_dict() for look in ruling.looked]},
        at=now,
    )


@operation
def leave_to_people(
    *,
    model: ChangeModel,
    service: Service,
    title: str,
    window: tuple[datetime, datetime],
    cis: Iterable[ConfigurationItem],
    ruling: Ruling,
    policy: Policy,
    evidence: Any,
    subject: Model,
    requested_by: User | None,
    actor: Actor,
    now: datetime,
) -> ChangeRequest:
    """A change that waits for the authorities that the ruling names; what was looked at is in the ledger."""
    if not ruling.require:
        raise NotPreAuthorised(f"{policy}, {ruling.rule}: nobody is named who could decide it.")
    change = ChangeRequest(
        title=title, model=model, window=planning.window_of(*window), requested_by=requested_by,
        reason=f"Asked by the pipeline; {policy}, {ruling.rule}, leaves it to people.",
        status=ChangeRequest.Status.ASSESSMENT, submitted_at=now,
    )  # fmt: skip
    fingerprint = _enter(change, service, cis)
    Authorisation.objects.bulk_create(
        Authorisation(change=change, point=one.point, role=one.role, quorum=one.quorum, policy=policy,
                      rule=ruling.rule, fingerprint=fingerprint, asked_at=now)
        for one in ruling.require
    )  # fmt: skip
    ledger.append(
        actor=actor, subject=subject, decision="left_to_people", policy_version=f"{policy}, {ruling.rule}",
        evidence=evidence, details={"looked": [look.as_dict() for look in ruling.looked]}, at=now,
    )  # fmt: skip
    events.record("changes.change_request.submitted", change, actor=actor)
    return change


class WindowOver(DomainError):
    code = "outside_window"


@operation
def begin(*, change_id: int, actor: Actor, now: datetime) -> ChangeRequest:
    """A pipeline carries the change out: there is nobody to acknowledge, only the authorisation and its window."""
    change = ChangeRequest.objects.lock(change_id)
    ChangeRequest.LIFECYCLE.move(change, to=ChangeRequest.Status.IMPLEMENTING)
    if change.window is None or not change.window.lower <= now < change.window.upper:
        raise WindowOver(f"The window of {change} is not open now.")
    change.started_at = now
    change.save(update_fields=["status", "started_at"])
    keep_before(change=change, actor=actor, now=now)
    keep_prediction(change=change, now=now)
    events.record("changes.change_request.started", change, actor=actor)
    return change


@operation
def end(*, change_id: int, outcome: str, actor: Actor, now: datetime) -> ChangeRequest:
    """It ended; a success of a pre-authorised change is closed at once, anything else is reviewed."""
    change = ChangeRequest.objects.lock(change_id)
    ChangeRequest.LIFECYCLE.move(change, to=ChangeRequest.Status.REVIEW)
    change.outcome, change.finished_at = outcome, now
    fall_due(change, now)
    if outcome == ChangeRequest.Outcome.SUCCESSFUL and change.model.pre_authorised and not change.review_why:
        ChangeRequest.LIFECYCLE.move(change, to=ChangeRequest.Status.CLOSED)
    change.save(update_fields=["status", "outcome", "finished_at", *DUE])
    events.record("changes.change_request.finished", change, actor=actor, outcome=outcome)
    pre_authorisations.take_note(change=change, now=now)
    return change


@operation
def back_out(*, change_id: int, reason: str, actor: Actor, now: datetime) -> ChangeRequest:
    """What it brought was taken back: its outcome follows, and it is reviewed, though it was closed as a success."""
    change = ChangeRequest.objects.lock(change_id)
    if change.status != ChangeRequest.Status.REVIEW:
        ChangeRequest.LIFECYCLE.move(change, to=ChangeRequest.Status.REVIEW)
    change.outcome, change.finished_at = ChangeRequest.Outcome.BACKED_OUT, change.finished_at or now
    fall_due(change, now)
    change.save(update_fields=["status", "outcome", "finished_at", *DUE])
    events.record(
        "changes.change_request.finished", change, actor=actor, outcome=change.outcome, reason=reason
    )  # fmt: skip
    pre_authorisations.take_note(change=change, now=now)
    return change
