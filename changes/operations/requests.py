"""An RFC's way from a draft to its closure. What is planned is in `planning`; decisions are in `authorisations`."""

from datetime import datetime

from changes import rules
from changes.models import ChangeRequest, ChangeTask, Review
from changes.operations import asking
from changes.operations.keeping import keep_before, keep_prediction
from changes.operations.planning import draft, plan, schedule
from changes.queries import basics
from itsm.kernel import events
from itsm.kernel.actor import Actor
from itsm.kernel.errors import DomainError, IllegalMove, InvalidInput
from itsm.kernel.locks import Lock, hold
from itsm.kernel.operation import operation
from itsm.kernel.permissions import Rule, require

__all__ = [
    "back_out", "cancel", "close", "draft", "finish", "plan", "review", "revise", "schedule", "start", "submit",
]  # fmt: skip

Status = ChangeRequest.Status
Outcome = ChangeRequest.Outcome


class Incomplete(DomainError):
    code = "incomplete"


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
    change.submitted_at = now
    change.save(update_fields=["status", "submitted_at"])
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
    basics.refuse(change, basics.verdicts_of(change, now))
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
    ended = (ChangeTask.State.DONE, ChangeTask.State.SKIPPED, ChangeTask.State.FAILED)
    left = change.tasks.exclude(state__in=ended).order_by("order")
    if outcome in (Outcome.SUCCESSFUL, Outcome.WITH_ISSUES) and left.exists():
        titles = ", ".join(left.values_list("title", flat=True))
        raise TasksOpen(f"Still open: {titles}. Finish or skip them first.")
    return _end(change, outcome, actor, now)


@operation
def back_out(*, change_id: int, reason: str, actor: Actor, now: datetime) -> ChangeRequest:
    """Go back: the implementation ends as backed out."""
    change = ChangeRequest.objects.lock(change_id)
    require(rules.may_implement, actor, change)
    if not reason.strip():
        raise InvalidInput.at("reason", "Say why it is backed out.")
    return _end(change, Outcome.BACKED_OUT, actor, now, reason=reason)


def _end(change: ChangeRequest, outcome: str, actor: Actor, now: datetime, reason: str = "") -> ChangeRequest:
    if change.status != Status.IMPLEMENTING:
        raise IllegalMove(ChangeRequest.LIFECYCLE.refusal(change, Status.REVIEW))
    ChangeRequest.LIFECYCLE.move(change, to=Status.REVIEW)
    change.outcome, change.finished_at = outcome, now
    change.review_due_at = change.model.review_due(now)
    change.save(update_fields=["status", "outcome", "finished_at", "review_due_at"])
    events.record("changes.change_request.finished", change, actor=actor, outcome=outcome, reason=reason)
    return change


@operation
def review(
    *,
    change_id: int,
    objectives_met: bool,
    actor: Actor,
    now: datetime,
    causes: list[str] | tuple[str, ...] = (),
    lessons: str = "",
) -> Review:
    """Write the post-implementation review; writing it again corrects it until the change is closed."""
    change = ChangeRequest.objects.lock(change_id)
    require(rules.may_review, actor, change)
    if change.status != Status.REVIEW:
        raise IllegalMove(f"{change} is not in review; finish its implementation first.")
    if unknown := [cause for cause in causes if cause not in Review.Cause.values]:
        raise InvalidInput.at("causes", f"Unknown: {', '.join(unknown)}. Known: {', '.join(Review.Cause.values)}.")
    if actor.user is None:
        raise InvalidInput.at("by", "A review is written by a person.")
    written, _ = Review.objects.update_or_create(
        change=change,
        defaults={
            "objectives_met": objectives_met, "causes": list(causes), "lessons": lessons, "by": actor.user, "at": now,
        },
    )  # fmt: skip
    events.record("changes.change_request.reviewed", change, actor=actor, causes=list(causes))
    return written


@operation
def close(*, change_id: int, actor: Actor) -> ChangeRequest:
    """Close a reviewed change; a successful standard change needs no review."""
    change = ChangeRequest.objects.lock(change_id)
    require(rules.may_review, actor, change)
    ChangeRequest.LIFECYCLE.expect(change, to=Status.CLOSED)
    routine = change.model.pre_authorised and change.outcome == Outcome.SUCCESSFUL
    if not routine and not Review.objects.filter(change=change).exists():
        raise Incomplete(f"{change} has no review yet. Write it, then close the change.")
    return _move(change, Status.CLOSED, actor)


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
