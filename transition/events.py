"""What happens in transition and daily delivery; docs/events.md is made from this."""

from itsm.kernel.events import declare
from itsm.kernel.subjects import in_services

FIELDS = "Names of the fields that changed."

declare("transition.plan.created", "A transition plan was begun.")
declare("transition.plan.updated", "A transition plan was changed.", fields=FIELDS)

declare("transition.requirement.added", "A requirement was added to a plan.")
declare("transition.requirement.updated", "A requirement was changed.", fields=FIELDS)
declare("transition.requirement.built", "All code of a requirement is done.")
declare("transition.requirement.deployed", "A requirement went live.")
declare("transition.requirement.taken_back", "A requirement is no longer live, as its deployment was taken back.")
declare("transition.requirement.withdrawn", "A requirement was withdrawn.")

declare("transition.package.planned", "A release package was planned.")
declare(
    "transition.package.retargeted", "A release package got another date.",
    was="The date before.", to="The date now.",
)  # fmt: skip
declare("transition.package.moved", "A release package moved on.", to="Its state now.")
declare(
    "transition.package.sliced", "A release package was cut into smaller ones.",
    into="Their numbers.", reason="Why, in words.",
)  # fmt: skip
declare(
    "transition.package.replanned", "What a release package had left to do went over into streams.",
    into="Their numbers.", reason="Why, in words.",
)  # fmt: skip
declare(
    "transition.package.replanning_undone", "Items that had gone elsewhere are back in their package.",
    way="Whether they had gone into smaller packages (slices) or into streams.",
)  # fmt: skip

declare("transition.stream.created", "A stream of daily delivery was set up.")
declare("transition.stream.updated", "A stream was changed.", fields=FIELDS)
declare("transition.stream.active", "A stream promises its rhythm (again).")
declare("transition.stream.paused", "A stream paused.", reason="Why, in words.")
declare(
    "transition.stream.rhythm_changed",
    "A stream promises another rhythm from its next period on.",
    rhythm="The new rhythm, in words.",
    reason="Why, in words.",
)
declare("transition.stream.ended", "A stream ended.", reason="Why, in words.")
declare("transition.period.met", "A stream delivered what a period promised.")
declare("transition.period.missed", "A stream delivered less than a period promised.")
declare("transition.period.excess", "A stream delivered more than a period foresees.")
declare(
    "transition.rhythm.broken",
    "Of streams that somebody owns, periods were missed or exceeded; once for each turn of the clockwork.",
    missed="How many were missed.",
    excess="How many had more runs than foreseen.",
    periods="The newest of them.",
)
declare("transition.run.recorded", "A run of a stream was recorded.", outcome="How it went.")
declare("transition.run.taken_back", "What a run delivered was taken back.", reason="Why, in words.")
declare("transition.absence.said", "Somebody will not be there on some days.")
declare("transition.absence.withdrawn", "Somebody will be there after all.")
declare("transition.shift.assigned", "Somebody stands for a role of a stream on some days.", role="The role.")
declare("transition.shift.dropped", "Somebody no longer stands for a role of a stream.", role="The role.")
declare(
    "transition.cover.lacking", "Nobody covers roles of somebody's streams in the next two weeks; once for each day.",
    days="How many role-days.", streams="Of which streams.",
)  # fmt: skip
NEEDED = "What one stream delivered "
declare("transition.need.arisen", NEEDED + "has to be followed up by the next.")
declare("transition.need.met", NEEDED + "was followed up by the next.")
declare("transition.need.void", NEEDED + "needs no following up any more.")
declare(
    "transition.needs.overdue", "Needs of streams or services that somebody owns are past their day; once each.",
    late="How many.", needs="The newest of them.",
)  # fmt: skip
declare("transition.item.added", "A piece of work was added to a package or stream.")
declare("transition.item.in_work", "A piece of work was begun.")
declare("transition.item.done", "A piece of work was done.")
declare("transition.item.dropped", "A piece of work was dropped.")

declare(
    "transition.deployment.requested", "A pipeline asked to deploy.",
    decision="The answer.", mode="Whether it waits for the answer (ask) or only tells (receipt).",
)  # fmt: skip
declare("transition.deployment.decided", "A deployment that waited was decided.", decision="The answer.")
declare("transition.deployment.started", "A deployment began.")
declare(
    "transition.deployment.finished", "A deployment ended, or was rolled back later.",
    outcome="How it went.", reason="Why it was rolled back.",
)  # fmt: skip
declare("transition.deployment.unmatched", "A deployment was seen that nobody had asked for.", origin="What saw it.")
declare("transition.devolution.granted", "A pipeline may decide alone, while its record holds.")
declare("transition.devolution.revoked", "A pipeline may no longer decide alone.", why="What does not hold.")
declare("transition.deployment.lapsed", "The permission to deploy ran out before it was used.")

declare("transition.pipeline_source.created", "A tool that sends events was registered.")
declare(
    "transition.pipeline_source.updated",
    "A tool that sends events, or what its names mean, was changed.",
    fields=FIELDS,
)
declare("transition.pipeline_source.rotated", "A tool that sends events got another secret.")
declare("transition.pipeline_source.disabled", "A tool's events are refused.")
declare("transition.pipeline_source.enabled", "A tool's events are taken again.")

declare("transition.acceptance.criterion_defined", "A criterion of acceptance was defined.")
declare("transition.acceptance.opened", "An acceptance review was opened.")
declare(
    "transition.acceptance.answered", "A criterion of a review was answered.",
    criterion="Its code.", result="The answer.",
)  # fmt: skip
declare("transition.acceptance.accepted", "Operation accepted a service or release.")
declare("transition.acceptance.pushed_back", "Operation did not accept a service or release.")

declare("transition.gap.named", "A gap was named.", severity="How grave it is.")
declare("transition.gap.closed", "A gap was closed.")
declare("transition.gap.risk_accepted", "The risk of a gap was accepted for a time.")
declare("transition.gap.reopened", "The acceptance of a gap's risk ran out.")

declare("transition.incident.reported", "An incident was reported.")
declare(
    "transition.incident.cause_confirmed", "A change was confirmed as an incident's cause.", change="The change's id."
)
declare(
    "transition.incident.cause_dismissed", "No change, or not this one, caused an incident.",
    change="The change's id, or null for all that were suspected.",
)  # fmt: skip
declare("transition.incident.linked", "Another tool's ticket of an incident became known.")
declare("transition.incident.resolved", "An incident was resolved.")

declare("transition.meeting_series.agreed", "A regular meeting was agreed.")
declare("transition.meeting_series.ended", "A regular meeting ended.")
declare("transition.meeting.pack_written", "The facts for a meeting were written together.")
declare("transition.meeting.minuted", "What a meeting decided was written down.")

declare("transition.improvement.logged", "An improvement was proposed.")
declare("transition.improvement.updated", "An improvement was changed.", fields=FIELDS)
declare("transition.improvement.approved", "An improvement was approved.")
declare("transition.improvement.doing", "The work on an improvement began.")
declare("transition.improvement.checking", "An improvement was made; its measure is taken again later.")
declare(
    "transition.improvement.checked", "An improvement was measured again.",
    worked="Whether it reached its target.", actual="The figure.",
)  # fmt: skip
declare("transition.improvement.dropped", "An improvement was dropped.")

declare("transition.target.set", "A service level was promised.", target_percent="The promise.")
declare("transition.target.measured", "A service level was measured.", attained_percent="What was attained.")

# How what happened here leads to services: an endpoint may ask for those of one service.
in_services("transition.transitionplan", "service")
in_services("transition.requirement", "plan__service")
in_services("transition.releasepackage", "plan__service")
in_services("transition.nonfunctionaltarget", "package__plan__service")
in_services("transition.deliveryitem", "package__plan__service", "stream__plan__service")
in_services("transition.deliverystream", "plan__service")
in_services("transition.streamperiod", "stream__plan__service")
in_services("transition.shift", "stream__plan__service")
in_services("transition.need", "stream__plan__service")
in_services("transition.streamrun", "stream__plan__service")
in_services("transition.acceptancereview", "service")
in_services("transition.gap", "service")
in_services("transition.deployment", "service")
in_services("transition.devolution", "stream__plan__service")
in_services("transition.incident", "service")
in_services("transition.meetingseries", "service")
in_services("transition.meeting", "series__service")
in_services("transition.improvement", "service")
