"""A change proposal's way from a wish to the benefit reached."""

from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime, timedelta
from decimal import Decimal
from inspect import signature
from typing import Any

from django.utils import timezone

from changes import criteria, rules
from changes.models import ChangeModel, ChangeProposal, ChangeRequest
from changes.models.calendar import NO_YEAR, YEARS
from changes.models.proposal import AUTHORITIES
from changes.operations import requests
from cmdb.models import Service
from itsm.kernel import events, ledger
from itsm.kernel.actor import Actor
from itsm.kernel.errors import DomainError, IllegalMove, InvalidInput
from itsm.kernel.models import User
from itsm.kernel.operation import operation
from itsm.kernel.permissions import Rule, require
from itsm.kernel.roles import Role

Status = ChangeProposal.Status
CHECKED_AFTER = timedelta(days=90)
AT_ONCE = 200
EDITABLE = frozenset(
    {
        "title", "outcome_wanted", "why_now", "value", "value_low_eur", "value_high_eur", "cost_low_eur",
        "cost_high_eur", "risks", "deadline", "sponsor", "services",
    }
)  # fmt: skip


class NotYetAuthorised(DomainError):
    code = "proposal_not_authorised"


def _spawn_request(
    *, proposal: ChangeProposal, actor: Actor, model: ChangeModel | None = None, title: str = "", **data: Any
) -> ChangeRequest:
    if model is None:
        raise InvalidInput.at("model", "Say by which change model the request is made.")
    data.setdefault("services", list(proposal.services.all()))
    return requests.draft(title=title or proposal.title, model=model, proposal=proposal, actor=actor, **data)


# What a proposal may spawn, by kind; a higher app adds its own.
SPAWNERS: dict[str, Callable[..., Any]] = {"request": _spawn_request}


@operation
def draft(
    *,
    title: str,
    outcome_wanted: str,
    sponsor: User,
    actor: Actor,
    services: Iterable[Service] = (),
    requested_by: User | None = None,
    **details: Any,
) -> ChangeProposal:
    require(rules.may_draft_proposal, actor)
    writer = requested_by or actor.user
    if writer is None:
        raise InvalidInput.at("requested_by", "Say who wants it.")
    proposal = ChangeProposal(
        title=title, outcome_wanted=outcome_wanted, sponsor=sponsor, requested_by=writer, **details
    )
    _check(proposal)
    proposal.save(force_insert=True)
    proposal.services.set(services)
    events.record("changes.proposal.drafted", proposal, actor=actor)
    return proposal


@operation
def update(*, proposal_id: int, actor: Actor, **changes: Any) -> ChangeProposal:
    """Change what is named; only before the proposal is decided."""
    proposal = ChangeProposal.objects.lock(proposal_id)
    require(rules.may_edit_proposal, actor, proposal)
    if proposal.status not in (Status.DRAFT, Status.SUBMITTED, Status.ASSESSMENT, Status.DEFERRED):
        raise IllegalMove(f"{proposal} is {proposal.get_status_display().lower()}; it can no longer be changed.")
    services = changes.pop("services", None)
    for field, value in changes.items():
        if field not in EDITABLE:
            raise InvalidInput.at(field, "This cannot be changed here.")
        setattr(proposal, field, value)
    _check(proposal)
    proposal.save(update_fields=sorted(changes) or None)
    if services is not None:
        proposal.services.set(services)
    events.record("changes.proposal.updated", proposal, actor=actor, fields=sorted(changes))
    return proposal


@operation
def submit(*, proposal_id: int, actor: Actor) -> ChangeProposal:
    return _move(proposal_id, Status.SUBMITTED, rules.may_edit_proposal, actor)


@operation
def assess(
    *, proposal_id: int, assessment: str, marks: Mapping[str, int], actor: Actor, authority: str = ""
) -> ChangeProposal:
    """Mark it on each criterion, say what was found, and who decides (unless said: by its size and marks)."""
    proposal = ChangeProposal.objects.lock(proposal_id)
    require(rules.may_assess_proposal, actor, proposal)
    if not assessment.strip():
        raise InvalidInput.at("assessment", "Say what you found.")
    if wrong := criteria.problems(marks):
        raise InvalidInput.at("marks", wrong)
    if authority and authority not in dict(AUTHORITIES):
        raise InvalidInput.at("authority", f"Known are {', '.join(dict(AUTHORITIES))}.")
    if proposal.status != Status.ASSESSMENT:
        ChangeProposal.LIFECYCLE.move(proposal, to=Status.ASSESSMENT)
    proposal.assessment, proposal.marks = assessment, dict(marks)
    proposal.authority = authority or criteria.authority_for(proposal.cost_high_eur, marks)
    proposal.save(update_fields=["status", "assessment", "marks", "authority"])
    events.record("changes.proposal.assessed", proposal, actor=actor)
    return proposal


@operation
def authorise(*, proposal_id: int, actor: Actor, now: datetime, comment: str = "") -> ChangeProposal:
    """Let the business have it: RFCs and requirements may be spawned from now on."""
    return _decide(proposal_id, Status.AUTHORISED, actor, now, comment)


@operation
def decline(*, proposal_id: int, comment: str, actor: Actor, now: datetime) -> ChangeProposal:
    _need(comment, "comment")
    return _decide(proposal_id, Status.DECLINED, actor, now, comment)


@operation
def defer(*, proposal_id: int, until: date, comment: str, actor: Actor, now: datetime) -> ChangeProposal:
    _need(comment, "comment")
    if until <= timezone.localdate(now):
        raise InvalidInput.at("until", "Choose a day to come.")
    return _decide(proposal_id, Status.DEFERRED, actor, now, comment, deferred_until=until)


@operation
def resume_due(*, actor: Actor, now: datetime) -> list[ChangeProposal]:
    """Hand in again what was deferred until today or earlier; a proposal that somebody works on now waits a turn."""
    due = ChangeProposal.objects.select_for_update(skip_locked=True).filter(
        status=Status.DEFERRED, deferred_until__lte=timezone.localdate(now)
    )
    resumed = list(due.order_by("pk"))
    for proposal in resumed:
        ChangeProposal.LIFECYCLE.move(proposal, to=Status.SUBMITTED)
        proposal.save(update_fields=["status"])
        events.record("changes.proposal.submitted", proposal, actor=actor)
    return resumed


@operation
def withdraw(*, proposal_id: int, actor: Actor, reason: str = "") -> ChangeProposal:
    return _move(proposal_id, Status.WITHDRAWN, rules.may_edit_proposal, actor, decision_comment=reason)


@operation
def spawn(*, proposal_id: int, actor: Actor, kind: str = "request", **data: Any) -> Any:
    """Make an RFC (or what a higher app offers) from an authorised proposal; it is then in delivery."""
    proposal = ChangeProposal.objects.lock(proposal_id)
    require(rules.may_edit_proposal, actor, proposal)
    if kind not in SPAWNERS:
        raise InvalidInput.at("kind", f"Unknown kind {kind!r}. Known: {', '.join(sorted(SPAWNERS))}.")
    if proposal.status not in (Status.AUTHORISED, Status.IN_DELIVERY):
        raise NotYetAuthorised(f"{proposal} must be authorised before anything is delivered for it.")
    if proposal.status == Status.AUTHORISED:
        ChangeProposal.LIFECYCLE.move(proposal, to=Status.IN_DELIVERY)
        proposal.save(update_fields=["status"])
    spawned = _spawn(SPAWNERS[kind], proposal=proposal, actor=actor, **data)
    events.record("changes.proposal.spawned", proposal, actor=actor, kind=kind, spawned=spawned.pk)
    return spawned


def _spawn(spawner: Callable[..., Any], **data: Any) -> Any:
    try:
        signature(spawner).bind(**data)
    except TypeError as error:
        raise InvalidInput(f"This cannot be made so: {error}.") from error
    return spawner(**data)


@operation
def realise(
    *, proposal_id: int, actor: Actor, now: datetime, check_on: date | None = None, benefit_reached: str = ""
) -> ChangeProposal:
    """Say that what was wanted is there; on `check_on` (in 90 days) somebody looks what it brought."""
    today = timezone.localdate(now)
    if check_on is not None and check_on < today:
        raise InvalidInput.at("check_on", "Choose today, or a day to come.")
    return _move(
        proposal_id, Status.REALISED, rules.may_edit_proposal, actor,
        realised_at=now, check_on=check_on or today + CHECKED_AFTER, benefit_reached=benefit_reached,
    )  # fmt: skip


@operation
def remind_of_benefits(*, actor: Actor, now: datetime) -> list[ChangeProposal]:
    """Tell, once each, that it is time to look what it brought; two workers take different ones."""
    waiting = ChangeProposal.objects.select_for_update(skip_locked=True).filter(
        status=Status.REALISED, reminded_at__isnull=True, check_on__lte=timezone.localdate(now)
    )
    due = list(waiting.order_by("check_on", "pk")[:AT_ONCE])
    ChangeProposal.objects.filter(pk__in=[proposal.pk for proposal in due]).update(reminded_at=now)
    for proposal in due:
        events.record("changes.proposal.check_due", proposal, actor=actor)
    return due


@operation
def close(
    *,
    proposal_id: int,
    actor: Actor,
    benefit_reached: str = "",
    cost_actual_eur: Decimal | None = None,
    value_actual_eur: Decimal | None = None,
) -> ChangeProposal:
    """Close it against the benefit actually reached, and what it did cost and is worth."""
    proposal = ChangeProposal.objects.only("benefit_reached").get(pk=proposal_id)
    benefit = benefit_reached or proposal.benefit_reached
    _need(benefit, "benefit_reached")
    return _move(
        proposal_id, Status.CLOSED, rules.may_edit_proposal, actor,
        benefit_reached=benefit, cost_actual_eur=cost_actual_eur, value_actual_eur=value_actual_eur,
    )  # fmt: skip


def _move(proposal_id: int, to: str, rule: Rule, actor: Actor, **details: Any) -> ChangeProposal:
    proposal: ChangeProposal = ChangeProposal.objects.lock(proposal_id)
    require(rule, actor, proposal)
    ChangeProposal.LIFECYCLE.move(proposal, to=to)
    for field, value in details.items():
        setattr(proposal, field, value)
    proposal.save(update_fields=["status", *details])
    events.record(f"changes.proposal.{to}", proposal, actor=actor)
    return proposal


def _decide(proposal_id: int, to: str, actor: Actor, now: datetime, comment: str, **details: Any) -> ChangeProposal:
    decided = {"decided_by": actor.user, "decided_at": now, "decision_comment": comment, **details}
    proposal = _move(proposal_id, to, rules.may_decide_proposal, actor, **decided)
    own = (proposal.requested_by_id, proposal.sponsor_id)
    behalf = actor.on_behalf_of(Role(proposal.authority), apart_from=own)
    ledger.append(actor=actor, subject=proposal, decision=str(to), comment=comment, on_behalf_of=behalf, at=now)
    return proposal


def _need(text: str, field: str) -> None:
    if not text.strip():
        raise InvalidInput.at(field, "Say why." if field == "comment" else "Say what was reached.")


def _check(proposal: ChangeProposal) -> None:
    wrong: dict[str, list[str]] = {}
    for what in ("value", "cost"):
        low, high = (getattr(proposal, f"{what}_{end}_eur") for end in ("low", "high"))
        for end, amount in (("low", low), ("high", high)):
            if amount is not None and amount < 0:
                wrong[f"{what}_{end}_eur"] = ["Less than nothing. Say an amount of 0 or more."]
        if low is not None and high is not None and low > high:
            lower = f"Less than the {low:,.0f} it begins with. Say more here, or begin with less."
            wrong.setdefault(f"{what}_high_eur", [lower])
    if proposal.deadline is not None and proposal.deadline.year not in YEARS:
        wrong["deadline"] = [NO_YEAR]
    if wrong:
        raise InvalidInput("The proposal cannot be kept so.", errors=wrong)
