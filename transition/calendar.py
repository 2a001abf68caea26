"""What delivery adds to the calendar: the runs of streams, and the daily meetings of services."""

from datetime import timedelta

from changes.queries.calendar import MOST, Asked, Entry, layer
from transition.models import Meeting, StreamRun

A_MEETING = timedelta(minutes=30)


@layer("meeting", "Meetings")
def _meetings(asked: Asked) -> list[Entry]:
    if asked.ci is not None:
        return []
    held = Meeting.objects.filter(starts_at__lt=asked.end, starts_at__gt=asked.start - A_MEETING)
    if asked.service is not None:
        held = held.filter(series__service=asked.service)
    return [
        Entry(meeting.starts_at, meeting.starts_at + A_MEETING, "meeting", meeting.pk, str(meeting.series),
              meeting.series.get_kind_display(), of="transition.meeting")
        for meeting in held.select_related("series__service").order_by("starts_at")[:MOST]
    ]  # fmt: skip


@layer("run", "Runs")
def _runs(asked: Asked) -> list[Entry]:
    """Each at the moment at which it was; it has no length."""
    if asked.ci is not None:
        return []
    runs = StreamRun.objects.filter(at__gte=asked.start, at__lt=asked.end)
    if asked.service is not None:
        runs = runs.filter(stream__plan__service=asked.service)
    rows = runs.select_related("stream__plan__service").order_by("at", "pk")[:MOST]
    return [
        Entry(run.at, run.at, "run", run.pk, f"{run.stream.name}, {run.stream.plan.service}",
              run.get_outcome_display(), of="transition.streamrun")
        for run in rows
    ]  # fmt: skip
