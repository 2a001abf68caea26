"""Support accepts a service, a package or a stream's delivery, or pushes back."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from django.db.models import Q

from cmdb.models import Service
from itsm.kernel import events, ledger
from itsm.kernel.actor import Actor
from itsm.kernel.errors import DomainError, InvalidInput
from itsm.kernel.locks import Lock, hold
from itsm.kernel.models import User
from itsm.kernel.operation import operation
from itsm.kernel.permissions import require
from transition.models import (
    AcceptanceCriterion,
    AcceptanceReview,
    CriterionResult,
    DeliveryStream,
    Gap,
    ReleasePackage,
    Requirement,
    TransitionPlan,
)
from transition.operations import gaps, handoffs, runs
from transition.queries.acceptance import asked_of
from transition.queries.gaps import standing
from transition.rules import operation as rules

State = AcceptanceReview.State


class CriticalGap(DomainError):
    code = "critical_gap"


class CriteriaOpen(DomainError):
    """Criteria that are not met, or that nobody has answered."""

    code = "criteria_open"


class Accepted(DomainError):
    code = "already_accepted"


@operation
def define_criterion(*, code: str, text: str, actor: Actor, delivery_model: str = "") -> AcceptanceCriterion:
    """A question for every service, or for those of one delivery model."""
    require(rules.may_define_criteria, actor, None)
    if not text.strip():
        raise InvalidInput.at("text", "Say what must be so before support takes a service over.")
    if delivery_model and delivery_model not in Service.DeliveryModel.values:
        raise InvalidInput.at(
            "delivery_model", f"Unknown delivery model. Known: {', '.join(Service.DeliveryModel.values)}."
        )
    if AcceptanceCriterion.objects.filter(code=code).exists():
        raise InvalidInput.at("code", f"There is a criterion {code!r} already.")
    criterion = AcceptanceCriterion.objects.create(code=code, text=text, delivery_model=delivery_model)
    events.record("transition.acceptance.criterion_defined", criterion, actor=actor)
    return criterion


@operation
def open_review(
    *,
    service: Service,
    actor: Actor,
    package: ReleasePackage | None = None,
    stream: DeliveryStream | None = None,
    requirements: Iterable[Requirement] = (),
) -> AcceptanceReview:
    require(rules.may_open_review, actor, service)
    wanted = list(requirements)
    _of_this_service(service, package, stream, wanted)
    review = AcceptanceReview.objects.create(service=service, package=package, stream=stream)
    review.requirements.set(wanted)
    events.record("transition.acceptance.opened", review, actor=actor)
    return review


def _of_this_service(
    service: Service, package: ReleasePackage | None, stream: DeliveryStream | None, requirements: list[Requirement]
) -> None:
    """A review that names another service's records would accept what nobody looked at."""
    named: dict[str, list[Any]] = {"package": [package], "stream": [stream], "requirements": list(requirements)}
    plans = {record.plan_id for records in named.values() for record in records if record is not None}
    foreign = set(TransitionPlan.objects.filter(pk__in=plans).exclude(service=service).values_list("pk", flat=True))
    for field, records in named.items():
        for record in records:
            if record is not None and record.plan_id in foreign:
                raise InvalidInput.at(field, f"{record} belongs to another service than {service}.")


@operation
def answer(
    *, review_id: int, criterion: AcceptanceCriterion, result: str, actor: Actor, note: str = ""
) -> AcceptanceReview:
    """Say what was found of one criterion; until the review is accepted the answer may change."""
    review = AcceptanceReview.objects.select_related("service").lock(review_id)
    require(rules.may_decide_review, actor, review)
    if result not in CriterionResult.Result.values:
        raise InvalidInput.at("result", f"Unknown result. Known: {', '.join(CriterionResult.Result.values)}.")
    if criterion.delivery_model not in ("", review.service.delivery_model):
        raise InvalidInput.at("criterion", f"{criterion} does not concern {review.service}.")
    if review.state == State.ACCEPTED:
        raise Accepted(f"{review} is accepted; open a new review for what has changed.")
    CriterionResult.objects.update_or_create(
        review=review, criterion=criterion, defaults={"result": result, "note": note, "answered_by": actor.user}
    )
    events.record("transition.acceptance.answered", review, actor=actor, criterion=criterion.code, result=result)
    return review


@operation
def accept(*, review_id: int, actor: Actor, now: datetime, comment: str = "") -> AcceptanceReview:
    """Take it over: every criterion answered and none unmet, and no critical gap whose risk nobody carries."""
    hold(Lock.PERIODS)  # before the review's row: the decision is a run of the acceptance stream
    review = AcceptanceReview.objects.select_related("service").lock(review_id)
    require(rules.may_decide_review, actor, review)
    AcceptanceReview.LIFECYCLE.move(review, to=State.ACCEPTED)
    _check_criteria(review)
    critical = standing(review.service, now).filter(severity=Gap.Severity.CRITICAL)
    if names := [gap.display for gap in critical[:5]]:
        raise CriticalGap(f"Critical gaps stand: {', '.join(names)}. Close them, or have their risk accepted.")
    _decide(review, actor, now, comment)
    _run(review, now)
    _hand_over(review, actor, now)
    _attest(review, "accepted", comment, actor, now)
    events.record("transition.acceptance.accepted", review, actor=actor)
    return review


def _check_criteria(review: AcceptanceReview) -> None:
    barring = [asked for asked in asked_of(review) if asked.bars]
    if barring:
        words = "; ".join(asked.criterion.text.rstrip(".?") for asked in barring[:5])
        raise CriteriaOpen(
            f"{len(barring)} criteria are not met or not answered: {words}. Answer them, or push back.",
            checks=[{"code": a.criterion.code, "label": a.criterion.text,
                     "message": "not met" if a.result else "not answered yet"} for a in barring],
        )  # fmt: skip


@operation
def push_back(
    *,
    review_id: int,
    title: str,
    severity: str,
    actor: Actor,
    now: datetime,
    comment: str = "",
    owner: User | None = None,
    due: date | None = None,
) -> AcceptanceReview:
    """Say what is missing: the gap stands until it is closed, and a critical one blocks going live."""
    hold(Lock.PERIODS)
    review = AcceptanceReview.objects.select_related("service__owner").lock(review_id)
    require(rules.may_decide_review, actor, review)
    if review.state != State.PUSHED_BACK:
        AcceptanceReview.LIFECYCLE.move(review, to=State.PUSHED_BACK)
    _decide(review, actor, now, comment)
    gaps.name(service=review.service, review=review, title=title, severity=severity, owner=owner, due=due, actor=actor)
    _run(review, now)
    _attest(review, "pushed_back", comment or title, actor, now)
    events.record("transition.acceptance.pushed_back", review, actor=actor)
    return review


def _attest(review: AcceptanceReview, decision: str, comment: str, actor: Actor, now: datetime) -> None:
    behalf = rules.review_decided_for(actor, review)
    ledger.append(actor=actor, subject=review, decision=decision, comment=comment, on_behalf_of=behalf, at=now)


def _decide(review: AcceptanceReview, actor: Actor, now: datetime, comment: str) -> None:
    review.decided_by, review.decided_at, review.comment = actor.user, now, comment
    review.save(update_fields=["state", "decided_by", "decided_at", "comment"])


def _hand_over(review: AcceptanceReview, actor: Actor, now: datetime) -> None:
    """What it accepted waits for acceptance no longer, and goes on to the next stream."""
    accepted = Requirement.objects.filter(Q(acceptance_reviews=review) | Q(items__package=review.package_id))
    handoffs.follow(cis=accepted.values_list("ci_id", flat=True), actor=actor, now=now)


def _run(review: AcceptanceReview, now: datetime) -> None:
    """A decided review is a run of the acceptance stream."""
    stream = (
        review.stream
        or DeliveryStream.objects.filter(
            plan__service=review.service_id, kind=DeliveryStream.Kind.ACCEPTANCE_TEST, state="active"
        ).first()
    )
    if stream is not None:
        runs.record_run(
            stream_id=stream.pk, actor=Actor.system("acceptance"), now=now, summary=review.display[:300],
            origin=f"acceptance:{review.pk}",
        )  # fmt: skip
