"""Pass a transition point of the portfolio, or take one of its criteria upon oneself."""

from collections.abc import Sequence
from datetime import datetime

from cmdb import rules
from cmdb.models import ConfigurationItem, CriterionWaiver, PointPassed, Service
from cmdb.portfolio import points
from cmdb.portfolio.points import Point
from cmdb.queries.points import Examined, barring, examine
from itsm.kernel import events, ledger
from itsm.kernel.actor import Actor
from itsm.kernel.errors import DomainError, IllegalMove, InvalidInput
from itsm.kernel.models import User
from itsm.kernel.operation import operation
from itsm.kernel.permissions import require
from itsm.kernel.step_up import require_recent

Step = Service.SubState
STATUS_OF_CI = {
    Step.DEFINED: ConfigurationItem.Status.PLANNED,
    Step.CHARTERED: ConfigurationItem.Status.PLANNED,
    Step.DESIGNED: ConfigurationItem.Status.BUILDING,
    Step.BUILT: ConfigurationItem.Status.TESTING,
    Step.ACCEPTED: ConfigurationItem.Status.TESTING,
    Step.RETIRED: ConfigurationItem.Status.RETIRED,
}


class CriteriaUnmet(DomainError):
    code = "criteria_unmet"


class NothingToWaive(DomainError):
    code = "nothing_to_waive"


@operation
def pass_point(*, service_id: int, to: str, actor: Actor, now: datetime, reason: str = "") -> Service:
    """Take a service through the point that leads to this step; its CI follows. Raises CriteriaUnmet."""
    service = Service.objects.lock(service_id)
    require(rules.may_pass_some_point, actor, service)
    point = _point_to(service, to)
    require(point.rule, actor, service)
    if point.back and not reason.strip():
        raise InvalidInput.at("reason", "Say why: it is a step back, or off the way.")
    examined = examine(service, point, now)
    if unmet := barring(examined):
        raise _refusal(service, point, unmet, len(examined))
    from_step = service.sub_state
    Service.LIFECYCLE.move(service, to=to)
    put(service)
    service.save(update_fields=["sub_state", "status"])
    _remember(service, point, from_step, examined, actor=actor, now=now, reason=reason)
    waived = [each.criterion.code for each in examined if each.waiver]
    events.record("cmdb.service.moved", service, actor=actor, to=to, point=point.code, waived=waived)
    return service


def put(service: Service) -> None:
    """Let the place in the portfolio, and the CI, follow the step. The caller saves the service."""
    step = Step(service.sub_state)
    service.status = Service.STATUS_OF[step]
    status = STATUS_OF_CI.get(step, ConfigurationItem.Status.LIVE)
    ConfigurationItem.objects.filter(pk=service.ci_id).update(status=status)


@operation
def waive(*, service_id: int, point: str, criterion: str, reason: str, actor: Actor, now: datetime) -> CriterionWaiver:
    """Take an unmet criterion upon oneself, for what it finds now and for the next passage; in the ledger."""
    service = Service.objects.lock(service_id)
    require(rules.may_waive_criterion, actor, service)
    require_recent(actor, "Waiving a criterion")
    asked = points.BY_CODE.get(point)
    if asked is None or service.sub_state not in asked.starts:
        ahead = ", ".join(each.code for each in points.open_from(service.sub_state)) or "none"
        raise InvalidInput.at("point", f"{service} does not stand before the point {point!r}. Ahead of it: {ahead}.")
    if actor.user is None:
        raise InvalidInput.at("by", "Only a person can take a criterion upon themselves.")
    if not reason.strip():
        raise InvalidInput.at("reason", "Say why you take it upon yourself.")
    unmet = {each.criterion.code: each for each in barring(examine(service, asked, now))}
    if criterion not in unmet:
        raise NothingToWaive(f"{criterion!r} does not stand in the way at {asked.label!r}; there is nothing to waive.")
    waiver = _waive(service, asked, unmet[criterion], reason=reason, actor=actor, by=actor.user, now=now)
    events.record("cmdb.service.criterion_waived", service, actor=actor, point=point, criterion=criterion)
    return waiver


def _waive(
    service: Service, point: Point, unmet: Examined, *, reason: str, actor: Actor, by: User, now: datetime
) -> CriterionWaiver:
    entry = ledger.append(
        actor=actor,
        subject=service,
        decision="criterion_waived",
        comment=reason,
        on_behalf_of=rules.criterion_waived_for(actor, service),
        evidence=unmet.as_dict | {"evidence": list(unmet.finding.evidence)},
        details={"point": point.code, "criterion": unmet.criterion.code},
        at=now,
    )
    return CriterionWaiver.objects.create(
        service=service, point=point.code, criterion=unmet.criterion.code, fingerprint=unmet.finding.fingerprint,
        found=unmet.finding.message, reason=reason, by=by, at=now, ledger_sequence=entry.sequence,
    )  # fmt: skip


def _point_to(service: Service, to: str) -> Point:
    if to not in Step.values:
        raise InvalidInput.at("to", f"Unknown step {to!r}. Known: {', '.join(Step.values)}.")
    point = points.between(service.sub_state, to)
    if point is None:
        raise IllegalMove(Service.LIFECYCLE.refusal(service, to))
    return point


def _refusal(service: Service, point: Point, unmet: Sequence[Examined], asked: int) -> CriteriaUnmet:
    return CriteriaUnmet(
        f"{service} does not pass {point.label!r} yet: {len(unmet)} of {asked} criteria not met.",
        checks=[each.as_check for each in unmet],
    )


def _remember(
    service: Service,
    point: Point,
    from_step: str,
    examined: Sequence[Examined],
    *,
    actor: Actor,
    now: datetime,
    reason: str,
) -> None:
    """The passage with what was found; where a person decided it, also in the ledger."""
    found = [each.as_dict for each in examined]
    entry = None
    if actor.user is not None:
        entry = ledger.append(
            actor=actor, subject=service, decision="point_passed", comment=reason, evidence=found,
            details={"point": point.code, "from": from_step, "to": service.sub_state}, at=now,
        )  # fmt: skip
    PointPassed.objects.create(
        service=service, point=point.code, from_step=from_step, to_step=service.sub_state, at=now, actor=actor.label,
        by=actor.user, reason=reason, findings=found, ledger_sequence=entry.sequence if entry else None,
    )  # fmt: skip
