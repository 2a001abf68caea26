"""The tasks of a change: planned, acknowledged by their people, done."""

from datetime import datetime
from typing import Any

from django.db.models import Max

from changes import rules
from changes.models import Authorisation, ChangeRequest, ChangeTask, Decision
from changes.operations import asking, running
from itsm.kernel import events
from itsm.kernel.actor import Actor
from itsm.kernel.errors import DomainError, IllegalMove, InvalidInput
from itsm.kernel.models import User
from itsm.kernel.operation import operation
from itsm.kernel.permissions import Rule, require

State = ChangeTask.State
EDITABLE = frozenset(
    {"title", "instructions", "assignee", "offset_minutes", "duration_minutes", "predecessor", "ci", "order", "phase"}
)


class NotImplementing(DomainError):
    code = "not_implementing"


class ChangeEnded(DomainError):
    code = "change_ended"


class DecidedOnIt(DomainError):
    code = "decided_on_it"


class NotTurnedBack(DomainError):
    code = "not_backing_out"


class PredecessorOpen(DomainError):
    code = "predecessor_open"


@operation
def add(*, change_id: int, title: str, actor: Actor, **details: Any) -> ChangeTask:
    """Add a task at the end of the plan, unless its `order` says where."""
    change = _plannable(change_id, actor)
    _check_known(details)
    last = change.tasks.aggregate(last=Max("order"))["last"] or 0
    details.setdefault("order", last + 1)
    task = ChangeTask(change=change, title=title, **details)
    _check(task)
    task.save(force_insert=True)
    asking.keep_true(change=change, actor=actor, why=f"A task was added: “{task.title}”.")
    events.record("changes.task.added", task, actor=actor)
    return task


@operation
def update(*, task_id: int, actor: Actor, **changes: Any) -> ChangeTask:
    """Change the plan of a task; a new assignee has to acknowledge it anew."""
    change = _plannable(ChangeTask.objects.only("change_id").get(pk=task_id).change_id, actor)
    task = ChangeTask.objects.lock(task_id)
    task.change = change
    _check_known(changes)
    before = task.assignee_id
    for field, value in changes.items():
        setattr(task, field, value)
    _check(task, assigned_anew=task.assignee_id != before)
    if task.assignee_id != before and task.state == State.ACKNOWLEDGED:
        ChangeTask.LIFECYCLE.move(task, to=State.PLANNED)
        task.acknowledged_at = None
    task.save(update_fields=[*sorted(changes), "state", "acknowledged_at"])
    asking.keep_true(change=change, actor=actor, why=f"The task “{task.title}” was changed.")
    events.record("changes.task.updated", task, actor=actor, fields=sorted(changes))
    return task


@operation
def remove(*, task_id: int, actor: Actor) -> ChangeRequest:
    """Take a task out of the plan, as if it had never been meant; what was authorised with it falls."""
    change = _plannable(ChangeTask.objects.only("change_id").get(pk=task_id).change_id, actor)
    task = ChangeTask.objects.lock(task_id)
    if task.state not in (State.PLANNED, State.ACKNOWLEDGED):
        raise IllegalMove(f"“{task.title}” is {task.get_state_display().lower()}; it stays in the plan.")
    task.delete()
    asking.keep_true(change=change, actor=actor, why=f"The task “{task.title}” was taken out.")
    events.record("changes.task.removed", change, actor=actor, title=task.title)
    return change


@operation
def acknowledge(*, task_id: int, actor: Actor, now: datetime) -> ChangeTask:
    """The assignee says: I know what to do, and I will do it."""
    return _move(task_id, State.ACKNOWLEDGED, rules.may_work, actor, acknowledged_at=now)


@operation
def start(*, task_id: int, actor: Actor, now: datetime) -> ChangeTask:
    task = ChangeTask.objects.select_related("change", "predecessor").get(pk=task_id)
    require(rules.may_work, actor, task)
    _check_implementing(task)
    ChangeTask.LIFECYCLE.expect(task, to=State.IN_PROGRESS)
    _check_phase(task)
    if task.phase == ChangeTask.Phase.IMPLEMENT:
        running.refuse_while_asked(task.change, now)
    before = task.predecessor
    if before is not None and before.state not in (State.DONE, State.SKIPPED):
        raise PredecessorOpen(f"“{before.title}” must be done first.")
    return _move(task_id, State.IN_PROGRESS, rules.may_work, actor, started_at=now)


@operation
def finish(*, task_id: int, actor: Actor, now: datetime, note: str = "") -> ChangeTask:
    return _move(task_id, State.DONE, rules.may_work, actor, finished_at=now, note=note)


@operation
def fail(*, task_id: int, reason: str, actor: Actor, now: datetime) -> ChangeTask:
    _need(reason)
    return _move(task_id, State.FAILED, rules.may_work, actor, finished_at=now, note=reason)


@operation
def skip(*, task_id: int, reason: str, actor: Actor) -> ChangeTask:
    _need(reason)
    return _move(task_id, State.SKIPPED, rules.may_hand_over, actor, note=reason)


@operation
def hand_over(*, task_id: int, to: User, actor: Actor, note: str = "", reason: str = "") -> ChangeTask:
    """Give the task to somebody else, who has to acknowledge it anew."""
    task = ChangeTask.objects.lock(task_id)
    require(rules.may_hand_over, actor, task)
    if to.pk == task.assignee_id:
        raise InvalidInput.at("to", f"{to} has this task already.")
    _check_alive(task)
    _check_assignee(task.change, to, field="to")
    if task.state in (State.DONE, State.SKIPPED, State.FAILED):
        raise IllegalMove(f"“{task.title}” is {task.get_state_display().lower()}; there is nothing to hand over.")
    before = task.assignee
    if task.state != State.PLANNED:
        ChangeTask.LIFECYCLE.move(task, to=State.PLANNED)
    task.assignee, task.acknowledged_at = to, None
    task.note = note or reason or task.note
    task.save(update_fields=["assignee", "state", "acknowledged_at", "note"])
    events.record("changes.task.handed_over", task, actor=actor, to=to.pk, before=before.pk if before else None)
    return task


def _move(task_id: int, to: str, rule: Rule, actor: Actor, **details: Any) -> ChangeTask:
    task: ChangeTask = ChangeTask.objects.lock(task_id)
    require(rule, actor, task)
    _check_alive(task)
    ChangeTask.LIFECYCLE.move(task, to=to)
    for field, value in details.items():
        setattr(task, field, value)
    task.save(update_fields=["state", *details])
    events.record(f"changes.task.{to}", task, actor=actor)
    return task


def _plannable(change_id: int, actor: Actor) -> ChangeRequest:
    change: ChangeRequest = ChangeRequest.objects.lock(change_id)
    require(rules.may_plan, actor, change)
    if change.status not in ChangeRequest.PLANNABLE:
        raise IllegalMove(f"{change} is {change.get_status_display().lower()}; its tasks can no longer be changed.")
    return change


def _check_known(details: dict[str, Any]) -> None:
    for field in details:
        if field not in EDITABLE:
            raise InvalidInput.at(field, "This cannot be planned here.")


def _check(task: ChangeTask, *, assigned_anew: bool = True) -> None:
    """What would make the plan senseless, before the database refuses it in its own words."""
    others = task.change.tasks.exclude(pk=task.pk)
    if others.filter(order=task.order).exists():
        raise InvalidInput.at("order", "There is a task at this place already.")
    if task.predecessor_id is not None and not others.filter(pk=task.predecessor_id).exists():
        raise InvalidInput.at("predecessor", "Only another task of the same change can come before it.")
    if task.phase not in ChangeTask.Phase.values:
        raise InvalidInput.at("phase", f"Unknown phase. Known: {', '.join(ChangeTask.Phase.values)}.")
    if task.predecessor is not None and task.predecessor.phase != task.phase:
        raise InvalidInput.at("predecessor", "It belongs to the other way: forward or back.")
    if _in_a_circle(task):
        raise InvalidInput.at("predecessor", "The order would go in a circle.")
    if assigned_anew and task.assignee is not None:
        _check_assignee(task.change, task.assignee)


def _check_assignee(change: ChangeRequest, person: User, field: str = "assignee") -> None:
    """Somebody who can work, and who has not authorised the change: who decides does not carry out."""
    if person.is_machine or not person.is_active:
        raise InvalidInput.at(field, f"{person} cannot take a task.")
    authorised = Decision.objects.filter(authorisation__change=change, by=person, verdict=Decision.Verdict.AUTHORISED)
    if authorised.exclude(authorisation__state=Authorisation.State.FALLEN).exists():
        raise DecidedOnIt(f"{person} has authorised {change} and so cannot carry it out. Name somebody else.")


def _check_alive(task: ChangeTask) -> None:
    change = task.change
    if change.status in ChangeRequest.ENDED:
        raise ChangeEnded(f"{change} is {change.get_status_display().lower()}; nothing is left to do in it.")


def _check_implementing(task: ChangeTask) -> None:
    if task.change.status != ChangeRequest.Status.IMPLEMENTING:
        raise NotImplementing(f"{task.change} is not being implemented yet; start the change first.")


def _check_phase(task: ChangeTask) -> None:
    """What is planned is done until somebody turns back, the way back from then on."""
    turned = task.change.backing_out_at is not None
    if turned and task.phase == ChangeTask.Phase.IMPLEMENT:
        raise running.OnItsWayBack(f"{task.change} is being backed out; only the tasks of its way back are begun.")
    if not turned and task.phase == ChangeTask.Phase.BACK_OUT:
        raise NotTurnedBack(f"“{task.title}” belongs to the way back; begin the back-out of {task.change} first.")


def _in_a_circle(task: ChangeTask) -> bool:
    before: dict[int, int | None] = dict(task.change.tasks.values_list("pk", "predecessor_id"))
    before[task.pk] = task.predecessor_id
    seen, at = {task.pk}, task.predecessor_id
    while at is not None:
        if at in seen:
            return True
        seen.add(at)
        at = before.get(at)
    return False


def _need(reason: str) -> None:
    if not reason.strip():
        raise InvalidInput.at("reason", "Say why.")
