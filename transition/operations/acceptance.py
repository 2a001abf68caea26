"""Support accepts a service, a package or a stream's delivery, or pushes back."""

from collections.abc import Iterable
from datetime import datetime

from cmdb.models import Service
from itsm.kernel import events, ledger
from itsm.kernel.actor import Actor
from itsm.kernel.errors import DomainError, InvalidInput
from itsm.kernel.operation import operation
from itsm.kernel.permissions import require
from transition.models import AcceptanceReview, DeliveryStream, Gap, ReleasePackage, Requirement
from transition.operations import gaps, runs
from transition.queries.gaps import standing
from transition.rules import operation as rules

State = AcceptanceReview.State


class CriticalGap(DomainError):
    code = "critical_gap"


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
    review = AcceptanceReview.objects.create(service=service, package=package, stream=stream)
    review.requirements.set(requirements)
    events.record("transition.acceptance.opened", review, actor=actor)
    return review


@operation
def accept(*, review_id: int, actor: Actor, now: datetime, comment: str = "") -> AcceptanceReview:
    """Take it over; not while a critical gap stands whose risk nobody has accepted."""
    review = AcceptanceReview.objects.lock(review_id)
    require(rules.may_decide_review, actor, review)
    AcceptanceReview.LIFECYCLE.move(review, to=State.ACCEPTED)
    critical = standing(review.service, now).filter(severity=Gap.Severity.CRITICAL)
    if names := [gap.display for gap in critical[:5]]:
        raise CriticalGap(f"Critical gaps stand: {', '.join(names)}. Close them, or have their risk accepted.")
    review.decided_by, review.decided_at, review.comment = actor.user, now, comment
    review.save(update_fields=["state", "decided_by", "decided_at", "comment"])
    ledger.append(actor=actor, subject=review, decision="accepted", comment=comment, at=now)
    _run(review, actor, now)
    events.record("transition.acceptance.accepted", review, actor=actor)
    return review


@operation
def push_back(
    *, review_id: int, title: str, severity: str, actor: Actor, now: datetime, comment: str = ""
) -> AcceptanceReview:
    """Say what is missing: the gap stands until it is closed, and a critical one blocks going live."""
    review = AcceptanceReview.objects.lock(review_id)
    require(rules.may_decide_review, actor, review)
    if review.state != State.PUSHED_BACK:
        AcceptanceReview.LIFECYCLE.move(review, to=State.PUSHED_BACK)
    review.decided_by, review.decided_at, review.comment = actor.user, now, comment
    review.save(update_fields=["state", "decided_by", "decided_at", "comment"])
    gaps.name(service=review.service, review=review, title=title, severity=severity, actor=actor)
    ledger.append(actor=actor, subject=review, decision="pushed_back", comment=comment or title, at=now)
    _run(review, actor, now)
    events.record("transition.acceptance.pushed_back", review, actor=actor)
    return review


def _run(review: AcceptanceReview, actor: Actor, now: datetime) -> None:
    """A decided review is a run of the acceptance stream."""
    stream = (
        review.stream
        or DeliveryStream.objects.filter(
            plan__service=review.service, kind=DeliveryStream.Kind.ACCEPTANCE_TEST, state="active"
        ).first()
    )
    if stream is None:
        return
    if actor.user is None and not actor.is_system:
        raise InvalidInput.at("by", "Acceptance is decided by a person.")
    runs.record_run(
        stream_id=stream.pk, actor=Actor.system("acceptance"), now=now, summary=review.display,
        origin=f"acceptance:{review.pk}",
    )  # fmt: skip
