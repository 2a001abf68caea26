"""The improvement register: logged, approved, done, and measured again."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from cmdb.models import Service
from itsm.kernel import events
from itsm.kernel.actor import Actor
from itsm.kernel.errors import DomainError, InvalidInput
from itsm.kernel.operation import operation
from itsm.kernel.permissions import Rule, require
from transition.models import Improvement
from transition.queries.measures import measured
from transition.rules import operation as rules

State = Improvement.State


EDITABLE = frozenset(
    {"title", "text", "service", "level", "owner", "measure", "baseline", "target", "check_on", "follow_up"}
)


class CannotMeasure(DomainError):
    code = "cannot_measure"


class NoCheckDate(DomainError):
    code = "no_check_date"


class Finished(DomainError):
    code = "improvement_finished"


@operation
def log(*, title: str, actor: Actor, service: Service | None = None, origin: str = "", **details: Any) -> Improvement:
    """Enter it into the register; the same origin is entered once."""
    require(rules.may_log, actor, None)
    if origin and (known := Improvement.objects.filter(origin=origin).first()):
        return known
    _check_details({"title": title} | details)
    improvement = Improvement.objects.create(title=title[:200], service=service, origin=origin, **details)
    events.record("transition.improvement.logged", improvement, actor=actor)
    return improvement


@operation
def update(*, improvement_id: int, actor: Actor, **changes: Any) -> Improvement:
    """Change what is named, until it is known whether it worked."""
    improvement = Improvement.objects.lock(improvement_id)
    require(rules.may_steer_improvement, actor, improvement)
    if improvement.state in (State.WORKED, State.DROPPED):
        raise Finished(f"{improvement} is {improvement.get_state_display().lower()}; log a new one.")
    if unknown := sorted(set(changes) - EDITABLE):
        raise InvalidInput.at(unknown[0], "This cannot be changed here.")
    _check_details(changes)
    for field, value in changes.items():
        setattr(improvement, field, value)
    improvement.save(update_fields=sorted(changes))
    events.record("transition.improvement.updated", improvement, actor=actor, fields=sorted(changes))
    return improvement


def _check_details(details: dict[str, Any]) -> None:
    if not str(details.get("title", "-")).strip():
        raise InvalidInput.at("title", "Say what is to be better.")
    if details.get("level", "operational") not in Improvement.Level.values:
        raise InvalidInput.at("level", f"Unknown level. Known: {', '.join(Improvement.Level.values)}.")


@operation
def approve(*, improvement_id: int, actor: Actor) -> Improvement:
    return _move(improvement_id, State.APPROVED, actor)


@operation
def start(*, improvement_id: int, actor: Actor) -> Improvement:
    return _move(improvement_id, State.DOING, actor)


@operation
def finish(*, improvement_id: int, actor: Actor, check_on: date | None = None) -> Improvement:
    """It is done; whether it worked is measured on its check date, without which nobody would ever know."""
    improvement = Improvement.objects.lock(improvement_id)
    require(rules.may_steer_improvement, actor, improvement)
    Improvement.LIFECYCLE.expect(improvement, to=State.CHECKING)
    if check_on is None and improvement.check_on is None:
        raise NoCheckDate(f"Say when {improvement} shall be measured again (check_on).")
    return _move(improvement_id, State.CHECKING, actor, check_on=check_on or improvement.check_on)


@operation
def drop(*, improvement_id: int, actor: Actor, reason: str = "") -> Improvement:
    return _move(improvement_id, State.DROPPED, actor)


@operation
def check(*, improvement_id: int, actor: Actor, now: datetime, actual: Decimal | None = None) -> Improvement:
    """Measure again: it worked when the figure has reached its target.

    A target above the baseline is to be exceeded, any other to be undercut.
    """
    improvement = Improvement.objects.lock(improvement_id)
    require(rules.may_steer_improvement, actor, improvement)
    figure = actual if actual is not None else measured(improvement.measure, now)
    if figure is None:
        raise CannotMeasure("The program does not take this measure. Say what you measured (actual).")
    if improvement.target is None:
        raise CannotMeasure(f"{improvement} has no target yet, so nothing can be said. Set its target first.")
    falling = improvement.baseline is None or improvement.target <= improvement.baseline
    worked = figure <= improvement.target if falling else figure >= improvement.target
    Improvement.LIFECYCLE.move(improvement, to=State.WORKED if worked else State.DID_NOT_WORK)
    improvement.actual = figure
    improvement.save(update_fields=["state", "actual"])
    events.record("transition.improvement.checked", improvement, actor=actor, worked=worked, actual=str(figure))
    return improvement


def _move(
    improvement_id: int, to: str, actor: Actor, rule: Rule = rules.may_steer_improvement, **details: Any
) -> Improvement:
    improvement: Improvement = Improvement.objects.lock(improvement_id)
    require(rule, actor, improvement)
    Improvement.LIFECYCLE.move(improvement, to=to)
    for field, value in details.items():
        setattr(improvement, field, value)
    improvement.save(update_fields=["state", *details])
    events.record(f"transition.improvement.{to}", improvement, actor=actor)
    return improvement
