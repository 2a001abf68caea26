"""Sunrise and sunset meetings: agreed, their packs written by a worker, minuted, acted on."""

import logging
from datetime import datetime, time, timedelta
from hashlib import sha256
from zoneinfo import ZoneInfo, available_timezones

from cmdb.models import Service
from itsm.kernel import events
from itsm.kernel.actor import Actor
from itsm.kernel.errors import InvalidInput
from itsm.kernel.locks import Lock, hold
from itsm.kernel.operation import operation
from itsm.kernel.permissions import require
from transition.models import DeliveryStream, Improvement, Meeting, MeetingSeries
from transition.operations import improvements, runs
from transition.queries.packs import pack_of
from transition.queries.proposals import proposals_of
from transition.rules import operation as rules

log = logging.getLogger(__name__)
STILL_USEFUL = timedelta(hours=12)


@operation
def agree(
    *, service: Service, kind: str, at: time, actor: Actor, time_zone: str = "UTC", pack_minutes_before: int = 30
) -> MeetingSeries:
    """A daily meeting at this wall-clock time."""
    require(rules.may_agree_meetings, actor, service)
    if kind not in MeetingSeries.Kind.values:
        raise InvalidInput.at("kind", f"Unknown kind. Known: {', '.join(MeetingSeries.Kind.values)}.")
    if time_zone not in available_timezones():
        raise InvalidInput.at("time_zone", f"There is no time zone {time_zone!r}. Say it as Europe/Berlin.")
    series, _ = MeetingSeries.objects.update_or_create(
        service=service,
        kind=kind,
        defaults={"at": at, "time_zone": time_zone, "pack_minutes_before": pack_minutes_before, "active": True},
    )
    events.record("transition.meeting_series.agreed", series, actor=actor)
    return series


@operation
def end(*, series_id: int, actor: Actor) -> MeetingSeries:
    """It is no longer held; what was minuted stays."""
    series = MeetingSeries.objects.select_related("service").lock(series_id)
    require(rules.may_agree_meetings, actor, series.service)
    series.active = False
    series.save(update_fields=["active"])
    events.record("transition.meeting_series.ended", series, actor=actor)
    return series


def write_due(*, actor: Actor, now: datetime) -> list[Meeting]:
    """Write the packs of the meetings that are near, each once; what was missed for half a day is left.

    Each is a transaction of its own: one service's trouble keeps no other from its pack.
    """
    written = []
    for series in MeetingSeries.objects.filter(active=True).order_by("pk"):
        starts_at = _today(series, now)
        if starts_at - timedelta(minutes=series.pack_minutes_before) <= now < starts_at + STILL_USEFUL:
            try:
                meeting = write_pack(series_id=series.pk, starts_at=starts_at, actor=actor, now=now)
            except Exception:
                log.exception("The pack of series %s could not be written; the next beat tries again.", series.pk)
            else:
                written += [meeting] if meeting else []
    return written


def _today(series: MeetingSeries, now: datetime) -> datetime:
    zone = ZoneInfo(series.time_zone)
    return datetime.combine(now.astimezone(zone).date(), series.at, zone)


@operation
def write_pack(*, series_id: int, starts_at: datetime, actor: Actor, now: datetime) -> Meeting | None:
    """The meeting with its pack; None when it was written already, by whomever."""
    hold(Lock.PERIODS)  # before any row: the pack is a run of the ELS & CSI stream
    meeting, _ = Meeting.objects.get_or_create(series_id=series_id, starts_at=starts_at)
    meeting = Meeting.objects.select_related("series__service").lock(meeting.pk)
    if meeting.pack_at is not None:
        return None
    service = meeting.series.service
    before = Meeting.objects.filter(series__service=service, pack_at__isnull=False)
    since = before.order_by("-pack_at").values_list("pack_at", flat=True).first() or now - timedelta(days=1)
    _propose(meeting, since, now, actor)
    meeting.pack, meeting.pack_at = pack_of(service, since, now), now
    meeting.save(update_fields=["pack", "pack_at"])
    _run(meeting, now, actor)
    events.record("transition.meeting.pack_written", meeting, actor=actor)
    return meeting


def _propose(meeting: Meeting, since: datetime, now: datetime, actor: Actor) -> None:
    service = meeting.series.service
    for proposal in proposals_of(service, since, now):
        improvements.log(
            title=proposal.title, text=proposal.text, service=service, meeting=meeting, origin=proposal.origin,
            measure=proposal.measure, baseline=proposal.baseline, target=proposal.target, incident=proposal.incident,
            owner=service.owner, actor=actor,
        )  # fmt: skip


def _run(meeting: Meeting, now: datetime, actor: Actor) -> None:
    service, kind = meeting.series.service, meeting.series.get_kind_display()
    stream = DeliveryStream.objects.filter(
        plan__service=service, kind=DeliveryStream.Kind.EARLY_LIFE, state=DeliveryStream.State.ACTIVE
    ).first()
    if stream is not None:
        runs.record_run(
            stream_id=stream.pk, actor=actor, now=now, summary=f"Pack of the {kind.lower()}",
            origin=f"meeting:{meeting.pk}",
        )  # fmt: skip


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
    """Make a line of the pack an improvement; the same line makes one."""
    meeting = Meeting.objects.select_related("series__service").get(pk=meeting_id)
    require(rules.may_minute, actor, meeting)
    line = sha256(title.strip().encode()).hexdigest()[:16]
    return improvements.log(
        title=title, text=text, service=meeting.series.service, meeting=meeting, owner=actor.user,
        origin=f"meeting:{meeting.pk}:{line}", actor=actor,
    )  # fmt: skip
