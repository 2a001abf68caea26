"""An RFC's way from a draft to its closure. What is planned is in `planning`; decisions are in `authorisations`."""

from datetime import datetime

from changes import rules
from changes.models import ChangeRequest, ChangeTask
from changes.operations import afterwards, asking, pre_authorisations
from changes.operations import basics as kept
from changes.operations.keeping import keep_before, keep_prediction
from changes.operations.planning import draft, plan, schedule
from changes.operations.reviews import close, draft_article, review
from changes.operations.running import OnItsWayBack
from changes.queries import basics, completeness, risk
from changes.queries.completeness import Incomplete
from changes.reviewing import DUE, fall_due
from itsm.kernel import events
from itsm.kernel.actor import Actor
from itsm.kernel.errors import DomainError, IllegalMove, InvalidInput
from itsm.kernel.locks import Lock, hold
from itsm.kernel.operation import operation
from itsm.kernel.permissions import Rule, require

__all__ = [
    "back_out", "cancel", "close", "draft", "draft_article", "finish", "plan", "review", "revise", "schedule", "start",
    "submit",
]  # fmt: skip

Status = ChangeRequest.Status
Outcome = ChangeRequest.Outcome
ENDED = (ChangeTask.State.DONE, ChangeTask.State.SKIPPED, ChangeTask.State.FAILED)


class NotAcknowledged(DomainError):
    code = "not_acknowledged"


class OutsideWindow(DomainError):
    code = "outside_window"


class TasksOpen(DomainError):
    code = "tasks_open"


@operation
def submit(*, change_id: int, actor: Actor, now: datetime) -> ChangeRequest:
    """Send a draft for assessment and ask for the authorisations that the policy in force wants."""
    hold(Lock.CALENDAR)
    change = ChangeRequest.objects.lock(change_id)
    require(rules.may_plan, actor, change)
    ChangeRequest.LIFECYCLE.move(change, to=Status.ASSESSMENT)
    if change.window is None:
        raise Incomplete(f"{change} has no window yet. Say when it is to happen, then submit it.")
    completeness.refuse(change)
    change.submitted_at = now
    risk.assess(change, now)
    change.save(update_fields=["status", "submitted_at", *risk.KEPT])
    asking.ask(change=change, actor=actor, now=now)
    events.record("changes.change_request.submitted", change, actor=actor)
    return change


@operation
def start(*, change_id: int, actor: Actor, now: datetime) -> ChangeRequest:
    """Begin the implementation: window open, every task acknowledged, no basics blocking unwaived."""
    hold(Lock.CALENDAR)
    change = ChangeRequest.objects.lock(change_id)
    require(rules.may_implement, actor, change)
    ChangeRequest.LIFECYCLE.move(change, to=Status.IMPLEMENTING)
    if change.window is None or not change.window.lower <= now < change.window.upper:
        raise OutsideWindow(f"The window of {change} is not open now. Move the window, or wait for it.")
    waiting = change.tasks.filter(state=ChangeTask.State.PLANNED).select_related("assignee").order_by("order")
    if names := [f"{task.title} ({task.assignee or 'nobody'})" for task in waiting]:
        raise NotAcknowledged(f"Not acknowledged yet: {', '.join(names)}.")
    said = basics.verdicts_of(change, now)
    basics.refuse(change, said)
    kept.keep({change.pk: said}, now)
    change.started_at = now
    change.save(update_fields=["status", "started_at"])
    keep_before(change=change, actor=actor, now=now)
    keep_prediction(change=change, now=now)
    events.record("changes.change_request.started", change, actor=actor)
    return change


@operation
def finish(*, change_id: int, outcome: str, actor: Actor, now: datetime) -> ChangeRequest:
    """End the implementation with its outcome; the review follows."""
    change = ChangeRequest.objects.lock(change_id)
    require(rules.may_implement, actor, change)
    if outcome not in Outcome.values:
        raise InvalidInput.at("outcome", f"Unknown outcome. Known: {', '.join(Outcome.values)}.")
    ChangeRequest.LIFECYCLE.expect(change, to=Status.REVIEW)
    if outcome in (Outcome.SUCCESSFUL, Outcome.WITH_ISSUES):
        if change.backing_out_at is not None:
            raise OnItsWayBack(f"{change} is being backed out; it can only end as backed out or failed.")
        _expect_done(change, ChangeTask.Phase.IMPLEMENT)
    if outcome == Outcome.BACKED_OUT:
        _expect_done(change, ChangeTask.Phase.BACK_OUT)
    return _end(change, outcome, actor, now)


@operation
def back_out(*, change_id: int, reason: str, actor: Actor, now: datetime) -> ChangeRequest:
    """It was taken back: the implementation ends as backed out, once the tasks of the way back are done."""
    change = ChangeRequest.objects.lock(change_id)
    require(rules.may_implement, actor, change)
    if not reason.strip():
        raise InvalidInput.at("reason", "Say why it is backed out.")
    if change.status == Status.IMPLEMENTING:
        _expect_done(change, ChangeTask.Phase.BACK_OUT)
    return _end(change, Outcome.BACKED_OUT, actor, now, reason=reason)


def _expect_done(change: ChangeRequest, phase: str) -> None:
    left = change.tasks.filter(phase=phase).exclude(state__in=ENDED).order_by("order")
    if titles := list(left.values_list("title", flat=True)):
        fix = "Finish or skip them first."
        if phase == ChangeTask.Phase.BACK_OUT and change.backing_out_at is None:
            fix = "They are its way back: begin the back-out, then do them."
        raise TasksOpen(f"Still open: {', '.join(titles)}. {fix}")


def _end(change: ChangeRequest, outcome: str, actor: Actor, now: datetime, reason: str = "") -> ChangeRequest:
    if change.status != Status.IMPLEMENTING:
        raise IllegalMove(ChangeRequest.LIFECYCLE.refusal(change, Status.REVIEW))
    ChangeRequest.LIFECYCLE.move(change, to=Status.REVIEW)
    change.outcome, change.finished_at = outcome, now
    change.backed_out_cleanly = _was_clean(change, now) if outcome == Outcome.BACKED_OUT else None
    fall_due(change, now)
    afterwards.fall_due(change, now)
    change.save(update_fields=["status", "outcome", "finished_at", "backed_out_cleanly", "later_due_at", *DUE])
    events.record("changes.change_request.finished", change, actor=actor, outcome=outcome, reason=reason)
    pre_authorisations.take_note(change=change, now=now)
    return change


def _was_clean(change: ChangeRequest, now: datetime) -> bool:
    """Everything is as it was, in good time: nobody was surprised by the way back."""
    failed = change.tasks.filter(phase=ChangeTask.Phase.BACK_OUT, state=ChangeTask.State.FAILED)
    return change.window is not None and now <= change.window.upper and not failed.exists()


@operation
def cancel(*, change_id: int, reason: str, actor: Actor) -> ChangeRequest:
    if not reason.strip():
        raise InvalidInput.at("reason", "Say why it is cancelled.")
    change = _move(_own(change_id, rules.may_plan, actor), Status.CANCELLED, actor)
    asking.fall_all(change=change, actor=actor, why=f"The change was cancelled: {reason}")
    return change


@operation
def revise(*, change_id: int, actor: Actor) -> ChangeRequest:
    """Take a rejected change back to its draft; what was decided stays in the ledger and falls."""
    change = _move(_own(change_id, rules.may_plan, actor), Status.DRAFT, actor)
    asking.fall_all(change=change, actor=actor, why="The change was taken back to be revised.")
    return change


def _own(change_id: int, rule: Rule, actor: Actor) -> ChangeRequest:
    change: ChangeRequest = ChangeRequest.objects.lock(change_id)
    require(rule, actor, change)
    return change


def _move(change: ChangeRequest, to: str, actor: Actor) -> ChangeRequest:
    ChangeRequest.LIFECYCLE.move(change, to=to)
    change.save(update_fields=["status"])
    events.record(f"changes.change_request.{to}", change, actor=actor)
    return change
