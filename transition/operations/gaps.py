"""Gaps: named, closed, or their risk accepted by an authority until a date."""

from datetime import date, datetime

from cmdb.models import Service
from itsm.kernel import events, ledger
from itsm.kernel.actor import Actor
from itsm.kernel.errors import InvalidInput
from itsm.kernel.models import User
from itsm.kernel.operation import operation
from itsm.kernel.permissions import require
from itsm.kernel.step_up import require_recent
from transition.models import AcceptanceReview, Gap, RiskAcceptance
from transition.queries.gaps import expired
from transition.rules import operation as rules

State = Gap.State


@operation
def name(
    *,
    service: Service,
    title: str,
    severity: str,
    actor: Actor,
    review: AcceptanceReview | None = None,
    owner: User | None = None,
    due: date | None = None,
) -> Gap:
    require(rules.may_name_gap, actor, service)
    if severity not in Gap.Severity.values:
        raise InvalidInput.at("severity", f"Unknown severity. Known: {', '.join(Gap.Severity.values)}.")
    if not title.strip():
        raise InvalidInput.at("title", "Say what is missing.")
    gap = Gap.objects.create(
        service=service, review=review, title=title, severity=severity, owner=owner or service.owner, due=due,
        pushed_back_by=actor.user,
    )  # fmt: skip
    events.record("transition.gap.named", gap, actor=actor, severity=severity)
    return gap


@operation
def close(*, gap_id: int, actor: Actor, reason: str = "") -> Gap:
    gap = Gap.objects.lock(gap_id)
    require(rules.may_close_gap, actor, gap)
    Gap.LIFECYCLE.move(gap, to=State.CLOSED)
    gap.save(update_fields=["state"])
    events.record("transition.gap.closed", gap, actor=actor)
    return gap


@operation
def accept_risk(*, gap_id: int, until: datetime, reason: str, actor: Actor, now: datetime) -> Gap:
    """Take the risk upon oneself until a moment; after it the gap stands again."""
    gap = Gap.objects.lock(gap_id)
    require(rules.may_accept_risk, actor, gap)
    require_recent(actor, "Accepting a risk")
    if actor.user is None:
        raise InvalidInput.at("by", "A risk is accepted by a person.")
    if not reason.strip():
        raise InvalidInput.at("reason", "Say why the risk can be borne.")
    if until <= now:
        raise InvalidInput.at("until", "Choose a moment to come.")
    if gap.state != State.RISK_ACCEPTED:
        Gap.LIFECYCLE.move(gap, to=State.RISK_ACCEPTED)
    entry = ledger.append(
        actor=actor,
        subject=gap,
        decision="risk_accepted",
        comment=reason,
        on_behalf_of=rules.risk_taken_for(actor, gap),
        details={"until": until.isoformat()},
        at=now,
    )
    RiskAcceptance.objects.create(
        gap=gap, by=actor.user, until=until, reason=reason, at=now, ledger_sequence=entry.sequence
    )
    gap.save(update_fields=["state"])
    events.record("transition.gap.risk_accepted", gap, actor=actor)
    return gap


@operation
def reopen_expired(*, actor: Actor, now: datetime) -> list[Gap]:
    """Gaps whose risk nobody carries any longer are open again; until this runs they count as open already."""
    due = list(expired(now).select_for_update(of=("self",), skip_locked=True)[:500])
    for gap in due:
        Gap.LIFECYCLE.move(gap, to=State.OPEN)
        gap.save(update_fields=["state"])
    events.record_each("transition.gap.reopened", due, actor=actor)
    return due
