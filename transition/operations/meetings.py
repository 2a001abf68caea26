"""Sunrise and sunset meetings: agreed, their packs written by a worker, minuted, acted on."""

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from cmdb.models import Service
from itsm.kernel import events
from itsm.kernel.actor import Actor
from itsm.kernel.errors import InvalidInput
from itsm.kernel.operation import operation
from itsm.kernel.permissions import require
from transition.models import DeliveryStream, Improvement, Meeting, MeetingSeries
from transition.operations import improvements, runs
from transition.queries.packs import pack_of, proposals_of
from transition.rules import operation as rules

STILL_USEFUL = timedelta(hours=12)


@operation
def agree(
    *, service: Service, kind: str, at: time, actor: Actor, time_zone: str = "UTC", pack_minutes_before: int = 30
) -> MeetingSeries:
    """A daily meeting at this wall-clock time."""
    require(rules.may_agree_meetings, actor, service)
    if kind not in MeetingSeries.Kind.values:
        raise InvalidInput.at("kind", f"Unknown kind. Known: {', '.join(MeetingSeries.Kind.values)}.")
    series, _ = MeetingSeries.objects.update_or_create(
        service=service,
        kind=kind,
        defaults={"at": at, "time_zone": time_zone, "pack_minutes_before": pack_minutes_before, "active": True},
    )
    return series


@operation
def write_due(*, actor: Actor, now: datetime) -> list[Meeting]:
    """Write the packs of the meetings that are near, each once; what was missed for half a day is left."""
    written = []
    for series in MeetingSeries.objects.filter(active=True).select_related("service").order_by("pk"):
        starts_at = _today(series, now)
        if starts_at - timedelta(minutes=series.pack_minutes_before) <= now < starts_at + STILL_USEFUL:
            meeting, _ = Meeting.objects.get_or_create(series=series, starts_at=starts_at)
            meeting = (
                Meeting.objects.select_for_update(of=("self",)).select_related("series__service").get(pk=meeting.pk)
            )
            if meeting.pack_at is None:
                written.append(_write(meeting, actor, now))
    return written


def _today(series: MeetingSeries, now: datetime) -> datetime:
    zone = ZoneInfo(series.time_zone)
    return datetime.combine(now.astimezone(zone).date(), series.at, zone)


def _write(meeting: Meeting, actor: Actor, now: datetime) -> Meeting:
    before = Meeting.objects.filter(series__service=meeting.series.service, pack_at__isnull=False)
    since = before.order_by("-pack_at").values_list("pack_at", flat=True).first() or now - timedelta(days=1)
    meeting.pack, meeting.pack_at = pack_of(meeting.series.service, since, now), now
    meeting.save(update_fields=["pack", "pack_at"])
    for proposal in proposals_of(meeting.series.service, since, now):
        improvements.log(
            title=proposal.title, text=proposal.text, service=meeting.series.service, meeting=meeting,
            origin=proposal.origin, measure=proposal.measure, baseline=proposal.baseline, target=proposal.target,
            incident=proposal.incident, actor=actor,
        )  # fmt: skip
    stream = DeliveryStream.objects.filter(
        plan__service=meeting.series.service, kind=DeliveryStream.Kind.EARLY_LIFE, state="active"
    ).first()
    if stream is not None:
        runs.record_run(
            stream_id=stream.pk, actor=actor, now=now,
            summary=f"Pack of the {meeting.series.get_kind_display().lower()}",
            origin=f"meeting:{meeting.pk}",
        )  # fmt: skip
    events.record("transition.meeting.pack_written", meeting, actor=actor)
    return meeting


@operation
def minute(*, meeting_id: int, minutes: str, actor: Actor) -> Meeting:
    meeting = Meeting.objects.lock(meeting_id)
    require(rules.may_minute, actor, meeting)
    meeting.minutes = minutes
    meeting.save(update_fields=["minutes"])
    events.record("transition.meeting.minuted", meeting, actor=actor)
    return meeting


@operation
def act(*, meeting_id: int, title: str, actor: Actor, text: str = "") -> Improvement:
    """Make a line of the pack an improvement."""
    meeting = Meeting.objects.select_related("series__service").get(pk=meeting_id)
    require(rules.may_minute, actor, meeting)
    if not title.strip():
        raise InvalidInput.at("title", "Say what is to be improved.")
    return improvements.log(
        title=title, text=text, service=meeting.series.service, meeting=meeting, owner=actor.user, actor=actor
    )
