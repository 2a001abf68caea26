"""The operations offered on each record, for buttons and for the API's `actions`."""

from changes import models, rules
from changes.models import (
    Authorisation,
    Board,
    BoardMeeting,
    CalendarFeed,
    ChangeModel,
    ChangeProposal,
    ChangeRequest,
    ChangeTask,
    Policy,
    PreAuthorisation,
    RecurringChange,
    WindowExtension,
)
from itsm.kernel.actions import Action, declare

Request = ChangeRequest.Status
Proposal = ChangeProposal.Status
Task = ChangeTask.State


def _revoked(feed: CalendarFeed) -> str | None:
    return "It is revoked already." if feed.revoked_at else None


FEED_ACTIONS = (Action("revoke", "Revoke", rules.may_revoke_feed, unless=_revoked, danger=True),)


def _not_plannable(change: ChangeRequest) -> str | None:
    if change.status in ChangeRequest.PLANNABLE:
        return None
    return f"{change} is {change.get_status_display().lower()}; its plan can no longer be changed."


def _not_under_way(change: ChangeRequest) -> str | None:
    return None if change.status == Request.IMPLEMENTING else ChangeRequest.LIFECYCLE.refusal(change, Request.REVIEW)


def _not_running(change: ChangeRequest) -> str | None:
    if change.status == Request.IMPLEMENTING:
        return None
    return f"{change} is {change.get_status_display().lower()}; it is not being implemented."


def _no_more_time(change: ChangeRequest) -> str | None:
    return f"{change} is being backed out." if change.backing_out_at is not None else _not_running(change)


def _not_in_review(change: ChangeRequest) -> str | None:
    return None if change.status == Request.REVIEW else f"{change} is not in review."


def _nothing_owed(change: ChangeRequest) -> str | None:
    if change.status not in (Request.IMPLEMENTING, Request.REVIEW):
        return f"{change} is {change.get_status_display().lower()}; what it left out is said while it runs and after."
    return None if change.model.later_fields else f"{change.model} lets nothing be said afterwards."


def _not_waivable(change: ChangeRequest) -> str | None:
    waits = (*ChangeRequest.DECIDABLE, Request.SCHEDULED)
    return None if change.status in waits else "There is nothing to waive now."


def _no_lesson(change: ChangeRequest) -> str | None:
    """Only a change that has ended has a review, so that the others need not be asked for it."""
    review = getattr(change, "review", None) if change.status in (Request.REVIEW, Request.CLOSED) else None
    if review is None or not review.lessons:
        return f"The review of {change} says no lesson yet."
    if change.confidential:
        return f"{change} is confidential, and everybody could read the article."
    return "There is an article of it already." if review.article_id else None


def _never_planned(change: ChangeRequest) -> str | None:
    if change.type in ChangeModel.PLANNED:
        return None
    return f"{change} was found done; there is no plan to copy."


REQUEST_ACTIONS = (
    Action("submit", "Submit", rules.may_plan, to=Request.ASSESSMENT, primary=True),
    Action("start", "Start", rules.may_implement, to=Request.IMPLEMENTING, primary=True),
    Action("finish", "Finish", rules.may_implement, to=Request.REVIEW, unless=_not_under_way, primary=True),
    Action("extend", "Ask for more time", rules.may_implement, unless=_no_more_time),
    Action("answer", "Say how to go on", rules.may_implement, unless=_not_running),
    Action("begin-back-out", "Turn back", rules.may_implement, unless=_no_more_time, danger=True),
    Action("back-out", "Back out", rules.may_implement, to=Request.REVIEW, unless=_not_under_way, danger=True),
    Action("review", "Review", rules.may_review, unless=_not_in_review, primary=True),
    Action("fill-in", "Complete it", rules.may_plan, unless=_nothing_owed),
    Action("close", "Close", rules.may_review, to=Request.CLOSED),
    Action("draft-article", "Make the lesson an article", rules.may_learn, unless=_no_lesson),
    Action("schedule", "Move the window", rules.may_plan, unless=_not_plannable),
    Action("edit", "Edit the plan", rules.may_plan, unless=_not_plannable),
    Action("add-task", "Add a task", rules.may_plan, unless=_not_plannable),
    Action("give-view", "Say what you think", rules.may_give_view, unless=_not_plannable),
    Action("ask-owners", "Ask the owners", rules.may_plan, unless=_not_plannable),
    Action("waive", "Waive a check", rules.may_waive, unless=_not_waivable),
    Action("revise", "Revise", rules.may_plan, to=Request.DRAFT),
    Action("copy", "Copy", rules.may_draft, unless=_never_planned),
    Action("recur", "Let it recur", rules.may_draft, unless=_never_planned),
    Action("cancel", "Cancel", rules.may_plan, to=Request.CANCELLED, danger=True),
)


def _not_spawning(proposal: ChangeProposal) -> str | None:
    if proposal.status in (Proposal.AUTHORISED, Proposal.IN_DELIVERY):
        return None
    return f"{proposal} must be authorised before anything is delivered for it."


def _not_assessable(proposal: ChangeProposal) -> str | None:
    if proposal.status == Proposal.ASSESSMENT or ChangeProposal.LIFECYCLE.allows(proposal, Proposal.ASSESSMENT):
        return None
    return ChangeProposal.LIFECYCLE.refusal(proposal, Proposal.ASSESSMENT)


def _decided(proposal: ChangeProposal) -> str | None:
    open_states = (Proposal.DRAFT, Proposal.SUBMITTED, Proposal.ASSESSMENT, Proposal.DEFERRED)
    if proposal.status in open_states:
        return None
    return f"{proposal} is {proposal.get_status_display().lower()}; it can no longer be changed."


PROPOSAL_ACTIONS = (
    Action("submit", "Submit", rules.may_edit_proposal, to=Proposal.SUBMITTED, primary=True),
    Action("assess", "Assess", rules.may_assess_proposal, unless=_not_assessable),
    Action("authorise", "Authorise", rules.may_decide_proposal, to=Proposal.AUTHORISED, primary=True),
    Action("decline", "Decline", rules.may_decide_proposal, to=Proposal.DECLINED, danger=True),
    Action("defer", "Defer", rules.may_decide_proposal, to=Proposal.DEFERRED),
    Action("spawn", "Raise a request", rules.may_edit_proposal, unless=_not_spawning, primary=True),
    Action("realise", "It is there", rules.may_edit_proposal, to=Proposal.REALISED, primary=True),
    Action("close", "Close", rules.may_edit_proposal, to=Proposal.CLOSED),
    Action("edit", "Edit", rules.may_edit_proposal, unless=_decided),
    Action("withdraw", "Withdraw", rules.may_edit_proposal, to=Proposal.WITHDRAWN, danger=True),
)


def _change_ended(task: ChangeTask) -> str | None:
    if task.change.status not in ChangeRequest.ENDED:
        return None
    return f"{task.change} is {task.change.get_status_display().lower()}; nothing is left to do in it."


def _not_implementing(task: ChangeTask) -> str | None:
    if task.change.status == Request.IMPLEMENTING:
        return None
    return _change_ended(task) or f"{task.change} has not started yet; start the change first."


def _task_over(task: ChangeTask) -> str | None:
    if task.state in (Task.DONE, Task.SKIPPED, Task.FAILED):
        return f"“{task.title}” is {task.get_state_display().lower()}; there is nothing to hand over."
    return _change_ended(task)


def _task_not_plannable(task: ChangeTask) -> str | None:
    return _not_plannable(task.change)


TASK_ACTIONS = (
    Action("acknowledge", "Acknowledge", rules.may_work, to=Task.ACKNOWLEDGED, unless=_change_ended, primary=True),
    Action("start", "Start", rules.may_work, to=Task.IN_PROGRESS, unless=_not_implementing, primary=True),
    Action("finish", "Done", rules.may_work, to=Task.DONE, primary=True),
    Action("hand-over", "Hand over", rules.may_hand_over, unless=_task_over),
    Action("skip", "Skip", rules.may_hand_over, to=Task.SKIPPED, unless=_change_ended),
    Action("edit", "Edit", rules.may_plan_task, unless=_task_not_plannable),
    Action("remove", "Take out", rules.may_plan_task, unless=_task_not_plannable, danger=True),
)


def _extension_decided(extension: WindowExtension) -> str | None:
    if extension.state == WindowExtension.State.ASKED:
        return None
    return f"This was {extension.get_state_display().lower()} already."  # type: ignore[attr-defined]


EXTENSION_ACTIONS = (Action("decide", "Decide", rules.may_decide_extension, unless=_extension_decided, primary=True),)


def _already_decided(authorisation: Authorisation) -> str | None:
    if authorisation.state in Authorisation.OPEN:
        change = authorisation.change
        if change.status in ChangeRequest.DECIDABLE:
            return None
        return f"{change} is {change.get_status_display().lower()}; nothing is decided about it now."
    return f"This was {authorisation.get_state_display().lower()} already."


def _nothing_asked(authorisation: Authorisation) -> str | None:
    if authorisation.state == Authorisation.State.MORE_INFORMATION:
        return _already_decided(authorisation)
    return f"Nobody waits for an answer about {authorisation.change}."


AUTHORISATION_ACTIONS = (
    Action("decide", "Decide", rules.may_decide, unless=_already_decided, primary=True),
    Action("answer", "Answer", rules.may_answer, unless=_nothing_asked),
)


def _in_force(policy: Policy) -> str | None:
    return None if policy.state == Policy.State.DRAFT else f"{policy} is {policy.get_state_display().lower()}."


POLICY_ACTIONS = (
    Action("enforce", "Put in force", rules.may_enforce_policy, unless=_in_force, primary=True),
    Action("test-bench", "What would a change need?", rules.may_try_policy),
    Action("backtest", "Test it on the past", rules.may_edit_policy),
)


def _at_rest(board: Board) -> str | None:
    return None if board.active else f"{board.name} is no longer held."


BOARD_ACTIONS = (
    Action("call", "Call a meeting", rules.may_call_meeting, unless=_at_rest, primary=True),
    Action("edit", "Edit", rules.may_edit_board),
)


def _over(meeting: BoardMeeting) -> str | None:
    if meeting.state in BoardMeeting.LIVE:
        return None
    return f"{meeting} is {meeting.get_state_display().lower()}; nothing is decided there any more."


def _was_cancelled(meeting: BoardMeeting) -> str | None:
    return None if meeting.state != BoardMeeting.State.CANCELLED else f"{meeting} was cancelled."


MEETING_ACTIONS = (
    Action("add-item", "Add a change", rules.may_propose_item, unless=_over),
    Action("fix", "Fix the agenda", rules.may_run_meeting, to=BoardMeeting.State.FIXED),
    Action("minute", "Add to the minutes", rules.may_run_meeting, unless=_was_cancelled),
    Action("close", "Close the meeting", rules.may_run_meeting, to=BoardMeeting.State.CLOSED),
    Action("cancel", "Cancel the meeting", rules.may_run_meeting, to=BoardMeeting.State.CANCELLED, danger=True),
    Action("vote", "Vote", rules.may_vote, unless=_over),
    Action("decide", "Say what the board decides", rules.may_chair, unless=_over),
)
JOB_ACTIONS = (Action("edit", "Edit", rules.may_edit_job),)
FREEZE_ACTIONS = (Action("edit", "Edit", rules.may_edit_freeze),)


def _no_candidate(model: ChangeModel) -> str | None:
    if model.type not in (ChangeModel.Type.NORMAL, ChangeModel.Type.STANDARD):
        return "Only a normal change can become standard."
    if model.pre_authorised:
        return f"{model} is pre-authorised already."
    waits = model.pre_authorisations.filter(state__in=PreAuthorisation.STANDING).first()
    return f"{waits.number} waits already." if waits else None


def _at_rest_recurring(recurring: RecurringChange) -> str | None:
    return None if recurring.active else f"{recurring} rests. Make it active again first."


RECURRING_ACTIONS = (
    Action("make", "Make what is due", rules.may_edit_recurring, unless=_at_rest_recurring),
    Action("skip", "Skip one", rules.may_edit_recurring, unless=_at_rest_recurring),
    Action("edit", "Edit", rules.may_edit_recurring),
)
MODEL_ACTIONS = (
    Action("edit", "Edit", rules.may_edit_model),
    Action("propose-standard", "Propose as standard", rules.may_propose_standard, unless=_no_candidate),
)


def _not_approved(asked: PreAuthorisation) -> str | None:
    if asked.state == PreAuthorisation.State.APPROVED:
        return None
    return f"{asked} is {asked.get_state_display().lower()}."


PRE_AUTHORISATION_ACTIONS = (
    Action("approve", "Approve", rules.may_approve_standard, to=PreAuthorisation.State.APPROVED, primary=True),
    Action("decline", "Decline", rules.may_approve_standard, to=PreAuthorisation.State.DECLINED, danger=True),
    Action("withdraw", "Withdraw", rules.may_withdraw_standard, to=PreAuthorisation.State.WITHDRAWN),
    Action("review", "Review", rules.may_decide_standard, unless=_not_approved, primary=True),
    Action("revoke", "Revoke", rules.may_decide_standard, to=PreAuthorisation.State.REVOKED, danger=True),
)

declare(models.ChangeRequest, REQUEST_ACTIONS)
declare(models.ChangeProposal, PROPOSAL_ACTIONS)
declare(models.ChangeTask, TASK_ACTIONS)
declare(models.Authorisation, AUTHORISATION_ACTIONS)
declare(models.WindowExtension, EXTENSION_ACTIONS)
declare(models.Policy, POLICY_ACTIONS)
declare(models.Board, BOARD_ACTIONS)
declare(models.BoardMeeting, MEETING_ACTIONS)
declare(models.OperationalJob, JOB_ACTIONS)
declare(models.Freeze, FREEZE_ACTIONS)
declare(models.ChangeModel, MODEL_ACTIONS)
declare(models.RecurringChange, RECURRING_ACTIONS)
declare(models.PreAuthorisation, PRE_AUTHORISATION_ACTIONS)
