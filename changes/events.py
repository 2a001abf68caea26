"""What happens to changes; docs/events.md is made from this."""

from itsm.kernel.events import declare
from itsm.kernel.subjects import in_services

FIELDS = "Names of the fields that changed."
OUTCOME = "How it went: successful, with_issues or backed_out."

declare("changes.calendar_feed.made", "Somebody made a secret address under which another program reads a calendar.")
declare("changes.calendar_feed.revoked", "A calendar's address was revoked.")
declare("changes.change_request.drafted", "A request for change was raised.")
declare("changes.change_request.planned", "The plan of a change was changed.", fields=FIELDS)
declare(
    "changes.change_request.window_moved", "A change got another window.",
    start="Its first instant, in ISO 8601.", end="The instant at which it is over.",
)  # fmt: skip
declare("changes.change_request.submitted", "A change was sent for assessment.")
declare(
    "changes.change_request.reassessed", "A change must be decided anew, as its plan is no longer the one decided on."
)
declare("changes.change_request.waived", "A failed check of a change was waived.", check="The check's code.")
declare(
    "changes.change_request.collided", "Something new is in the way of a change that did not move itself.",
    with_what="What, by number.", what="The same in words.",
)  # fmt: skip
declare("changes.change_request.building", "A change was authorised to be built.")
declare("changes.change_request.scheduled", "A change was authorised to be implemented.")
declare("changes.change_request.rejected", "A change was rejected.")
declare("changes.change_request.draft", "A rejected change was taken back to be revised.")
declare("changes.change_request.cancelled", "A change was cancelled.")
declare(
    "changes.change_request.authorised_by_pipeline", "Evidence made a standard change that needs no other decision."
)
declare("changes.change_request.started", "The work on a change began.")
declare("changes.change_request.turned_back", "A change is on its way back.", reason="Why, in words.")
declare(
    "changes.extension.asked", "More time was asked for while a change is implemented.",
    until="Until when, in ISO 8601.",
)  # fmt: skip
declare("changes.extension.granted", "The window of a change was extended.")
declare("changes.extension.refused", "More time for a change was refused.")
declare(
    "changes.question.asked", "The window of a change is over or a freeze began, and somebody must say how to go on."
)
declare(
    "changes.question.answered", "Somebody said how a change goes on.", answer="What was said: go_on, hold or back_out."
)
declare(
    "changes.change_request.finished", "The work on a change ended.",
    outcome=OUTCOME, reason="Why it was backed out.",
)  # fmt: skip
declare(
    "changes.change_request.found_unauthorised", "Something was found done that nobody had authorised.",
    origin="What it was found by, such as deployment:12 or audit:3/77; empty when a person wrote it down.",
)  # fmt: skip
declare(
    "changes.change_request.filled_in", "What an emergency change had left unsaid was said.",
    fields="What, by the names of its fields.",
)  # fmt: skip
declare("changes.change_request.words_overdue", "What an emergency change left unsaid is overdue; told once.")
declare("changes.change_request.review_overdue", "The review of a change is overdue; said once.")
declare(
    "changes.change_request.reviewed", "A finished change was reviewed.",
    causes="Codes of what went wrong.", outcome="How it ended, as the review found; empty where there is none.",
)  # fmt: skip
declare(
    "changes.change_request.lesson_kept", "The lesson of a change became the draft of an article.",
    article="Id of the article.",
)  # fmt: skip
declare("changes.change_request.closed", "A change was closed.")

declare("changes.consultation.asked", "The owner of a service that a change may hit was asked for their view.")
declare(
    "changes.consultation.said", "The owner of a service said what they think of a change.",
    view="What was said: no_objection or objection.",
)  # fmt: skip
declare(
    "changes.authorisation.decided", "Somebody decided about a change.",
    decision="What was said: authorised, rejected or more_information.",
)  # fmt: skip
declare("changes.authorisation.answered", "What a decider had asked was answered, and waits for their decision.")
declare("changes.authorisation.overdue", "Nobody decided in the time that the policy gives; said once.")
declare(
    "changes.authorisation.fell", "An authorisation no longer holds.",
    why="Why, in words.", was="The state in which it was.",
)  # fmt: skip

declare("changes.task.added", "A task was added to a change.")
declare("changes.task.updated", "A task of a change was changed.", fields=FIELDS)
declare("changes.task.removed", "A task was taken out of the plan of a change.", title="What it was called.")
declare("changes.task.asked", "Somebody was asked to acknowledge a task.")
declare("changes.task.acknowledged", "Somebody said that they will do a task.")
declare("changes.task.in_progress", "A task was begun.")
declare("changes.task.done", "A task was done.")
declare("changes.task.failed", "A task failed.")
declare("changes.task.skipped", "A task was skipped.")
declare(
    "changes.task.handed_over", "A task went to somebody else.",
    to="Id of the user who has it now.", before="Id of the user who had it, or null.",
)  # fmt: skip

declare("changes.proposal.drafted", "A change proposal was begun.")
declare("changes.proposal.updated", "A change proposal was changed.", fields=FIELDS)
declare("changes.proposal.submitted", "A change proposal was handed in.")
declare("changes.proposal.assessed", "A change proposal was assessed.")
declare("changes.proposal.authorised", "A change proposal was authorised.")
declare("changes.proposal.declined", "A change proposal was declined.")
declare("changes.proposal.deferred", "A change proposal was put off.")
declare("changes.proposal.withdrawn", "A change proposal was withdrawn.")
declare(
    "changes.proposal.spawned", "A change proposal led to something.",
    kind="What it led to.", spawned="Its id in the API: what it says is told to those who may see it.",
)  # fmt: skip
declare("changes.proposal.realised", "What a change proposal wanted is there.")
declare("changes.proposal.check_due", "It is time to look what a change proposal brought; said once.")
declare("changes.proposal.closed", "A change proposal was closed against the benefit that was reached.")

declare("changes.model.created", "A change model was added.")
declare("changes.model.updated", "A change model was changed.", fields=FIELDS)
declare(
    "changes.change_request.copied", "A request for change was copied from another.",
    source="The number of the one it was copied from.", cleared="What was no longer true, in words.",
)  # fmt: skip
declare("changes.recurring.created", "A recurring change was set up.")
declare("changes.recurring.updated", "A recurring change was changed.", fields=FIELDS)
declare(
    "changes.recurring.skipped", "One coming of a recurring change is left out.", starts_at="When it would begin.",
    reason="Why it is left out.",
)  # fmt: skip
declare("changes.recurring.taken_back", "One that was left out comes after all.", starts_at="When it begins.")
declare("changes.pre_authorisation.proposed", "Somebody proposed that changes of a model need nobody's word any more.")
declare("changes.pre_authorisation.approved", "A change model became standard: its changes are pre-authorised.")
declare("changes.pre_authorisation.declined", "A change model does not become standard.")
declare("changes.pre_authorisation.withdrawn", "The proposal that a change model becomes standard was taken back.")
declare("changes.pre_authorisation.reviewed", "A standard change was reviewed, and stays so for another year.")
declare("changes.pre_authorisation.review_due", "The yearly review of a standard change is due; said once.")
declare(
    "changes.pre_authorisation.revoked", "A change model is no longer standard: its changes are asked about again.",
    why="Why, in words.",
)  # fmt: skip
declare("changes.policy.drafted", "A version of an authorisation policy was written.")
declare("changes.policy.enforced", "A version of an authorisation policy was put in force.")
declare("changes.board.established", "A board was set up.")
declare("changes.board.updated", "A board was changed.", fields=FIELDS)
declare("changes.meeting.called", "A meeting of a board was called, beside its rhythm.")
declare("changes.meeting.agenda_fixed", "The agenda of a board's meeting was fixed; what comes now is late.")
declare("changes.meeting.ordered", "The order of an agenda was changed.")
declare("changes.meeting.minuted", "Something was written into the minutes of a board's meeting.")
declare("changes.meeting.closed", "A board's meeting was closed.")
declare("changes.meeting.cancelled", "A board's meeting is not held.", reason="Why, in words.")
declare(
    "changes.agenda_item.added", "A change was put on an agenda by hand.",
    late="Whether the agenda was fixed already.",
)  # fmt: skip
declare("changes.agenda_item.withdrawn", "A change was taken off an agenda.", reason="Why, in words.")
declare("changes.agenda_item.opened", "A board took up a change.")
declare("changes.agenda_item.noted", "Something was noted about a change on an agenda.")
declare("changes.agenda_item.voted", "A member of a board voted about a change.")
declare("changes.agenda_item.deferred", "A board put a change off.")
declare("changes.freeze.created", "A freeze was declared.")
declare("changes.freeze.updated", "A freeze was changed.", fields=FIELDS)
declare("changes.job.created", "An operational job was added to the calendar.")
declare("changes.job.updated", "An operational job was changed.", fields=FIELDS)
declare(
    "changes.history.imported", "Changes of another system were taken in.",
    source="The name of that system.", changes="How many were new.",
)  # fmt: skip

# How what happened here leads to services: an endpoint may ask for those of one service.
in_services("changes.changeproposal", "services")
in_services("changes.changerequest", "services")
in_services("changes.discovery", "change__services")
in_services("changes.authorisation", "change__services")
in_services("changes.changetask", "change__services")
in_services("changes.windowextension", "change__services")
in_services("changes.runquestion", "change__services")
in_services("changes.freeze", "services")
in_services("changes.board", "services")
in_services("changes.agendaitem", "change__services")
