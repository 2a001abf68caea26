"""What is measured of changes."""

from django.db.models import Avg, Count, F, Q

from changes.models import ChangeModel, ChangeRequest
from changes.queries.ended import LEFT_OUT, WENT_WELL, ended_in
from itsm.kernel.measures import Reading, Scope, measure, share

Outcome = ChangeRequest.Outcome


@measure(
    "change_success_rate", "Change success rate",
    "Changes that ended in the time and were successful, also with issues, of all that ended in it. "
    "A clean back-out counts as its model says: as one of them, as not successful, or not at all. "
    "Standard changes of pipelines count like any other.",
    unit="share", family="ITIL",
)  # fmt: skip
def change_success_rate(scope: Scope) -> Reading:
    counted = ended_in(scope).exclude(LEFT_OUT)
    counts = counted.aggregate(all=Count("pk"), successful=Count("pk", filter=WENT_WELL))
    return Reading(share(counts["successful"], counts["all"]), counts)


@measure(
    "change_back_out_rate", "Changes backed out",
    "Changes that ended in the time by being backed out, of all that ended in it.",
    unit="share", family="ITIL",
)  # fmt: skip
def change_back_out_rate(scope: Scope) -> Reading:
    counts = ended_in(scope).aggregate(all=Count("pk"), backed_out=Count("pk", filter=Q(outcome=Outcome.BACKED_OUT)))
    return Reading(share(counts["backed_out"], counts["all"]), counts)


@measure(
    "emergency_change_rate", "Emergency changes",
    "Emergency changes that ended in the time, of all changes that ended in it.",
    unit="share", family="ITIL",
)  # fmt: skip
def emergency_change_rate(scope: Scope) -> Reading:
    emergency = Q(type=ChangeModel.Type.EMERGENCY)
    counts = ended_in(scope).aggregate(all=Count("pk"), emergency=Count("pk", filter=emergency))
    return Reading(share(counts["emergency"], counts["all"]), counts)


@measure(
    "change_lead_time", "Time from request to end of a change",
    "The mean time from a change's submission to its end, over normal and emergency changes that ended in the time.",
    unit="seconds", family="ITIL",
)  # fmt: skip
def change_lead_time(scope: Scope) -> Reading:
    asked = ended_in(scope).exclude(type=ChangeModel.Type.STANDARD).filter(submitted_at__isnull=False)
    found = asked.aggregate(changes=Count("pk"), mean=Avg(F("finished_at") - F("submitted_at")))
    mean = found["mean"].total_seconds() if found["mean"] is not None else None
    return Reading(mean, {"changes": found["changes"]})
