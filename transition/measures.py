"""What is measured of rhythm and operation."""

from django.db.models import Count, Q

from itsm.kernel.measures import Reading, Scope, measure, share
from transition.models import Incident, Need, StreamPeriod
from transition.queries import needs, streams
from transition.queries.dora import Span
from transition.queries.record_lag import record_lag


@measure(
    "cadence_kept", "Cadence kept",
    "Periods of the streams that ended in the time and were met, of all that were judged: met, missed or in excess.",
    unit="share", family="ITIL", of=("service", "team", "stream"),
)  # fmt: skip
def cadence_kept(scope: Scope) -> Reading:
    periods = StreamPeriod.objects.all()
    if scope.stream is not None:
        periods = periods.filter(stream=scope.stream)
    if scope.service is not None:
        periods = periods.filter(stream__plan__service=scope.service)
    if scope.team is not None:
        periods = periods.filter(stream__plan__service__support_team=scope.team)
    counts = streams.kept(periods, scope.since, scope.until)
    return Reading(share(counts["met"], sum(counts.values())), dict(counts))


@measure(
    "incidents_caused_by_change", "Incidents caused by a change",
    "Incidents opened in the time whose cause is confirmed to be a change, of all that were opened in it. "
    "An incident whose cause is undecided counts as not caused.",
    unit="share", family="ITIL",
)  # fmt: skip
def incidents_caused_by_change(scope: Scope) -> Reading:
    incidents = Incident.objects.visible_to(scope.actor).filter(opened_at__gte=scope.since, opened_at__lt=scope.until)
    if scope.service is not None:
        incidents = incidents.filter(service=scope.service)
    if scope.team is not None:
        incidents = incidents.filter(service__support_team=scope.team)
    counts = incidents.aggregate(
        all=Count("pk"),
        caused_by_change=Count("pk", filter=Q(cause=Incident.Cause.CHANGE)),
        undecided=Count("pk", filter=Q(cause=Incident.Cause.UNDECIDED)),
    )
    return Reading(share(counts["caused_by_change"], counts["all"]), counts)


@measure(
    "record_lag", "From deployment to record",
    "The median time from the end of a successful deployment to production until the record of its service says that "
    "version. Counted are deployments that ended in the time; left out are those whose version the record never said.",
    unit="seconds", family="ITIL",
)  # fmt: skip
def lag_of_the_record(scope: Scope) -> Reading:
    span = Span(scope.since, scope.until, service=scope.service, team=scope.team)
    deployments, recorded, median = record_lag(span)
    return Reading(median, {"deployments": deployments, "recorded": recorded})


@measure(
    "transition_debt", "Transition debt",
    "What one stream had delivered and the next had not followed up on at the end of the time: open needs, such as "
    "articles and acceptances of what is live.",
    unit="count", family="ITIL", of=("service", "team", "stream"),
)  # fmt: skip
def transition_debt(scope: Scope) -> Reading:
    found = Need.objects.all()
    if scope.stream is not None:
        found = found.filter(stream=scope.stream)
    if scope.service is not None:
        found = found.filter(stream__plan__service=scope.service)
    if scope.team is not None:
        found = found.filter(stream__plan__service__support_team=scope.team)
    standing, before = needs.counted(found, scope.until), needs.counted(found, scope.since)
    return Reading(float(standing), {"open": standing, "open_at_the_beginning": before})
