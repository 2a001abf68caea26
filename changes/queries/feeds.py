"""What a calendar feed tells: changes, freezes, runs of jobs and meetings, as its owner may see them now."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from django.db.models import Q, QuerySet

from changes.models import BoardMeeting, CalendarFeed, ChangeRequest, Freeze, OperationalJob
from changes.models.feed import digest_of
from changes.queries.calendar import SHOWN
from changes.queries.jobs import runs_of
from itsm.kernel.actor import Actor

# What was cancelled stays for a while, so that calendars take it away.
BACK, AHEAD, JOBS_AHEAD = timedelta(days=45), timedelta(days=366), timedelta(days=60)
MOST = 2000
Status = ChangeRequest.Status


@dataclass(frozen=True)
class Item:
    """One entry: `of` is the record, `part` tells its entries apart where it has several."""

    of: Any
    start: datetime
    end: datetime
    summary: str
    part: str = ""
    cancelled: bool = False
    firm: bool = True


def find(key: str) -> CalendarFeed | None:
    """The feed with this key; none when it is unknown or revoked, or its owner may not sign in."""
    feeds = CalendarFeed.objects.select_related("user", "service", "team")
    return feeds.filter(digest=digest_of(key), revoked_at__isnull=True, user__is_active=True).first()


def listed() -> QuerySet[CalendarFeed]:
    return CalendarFeed.objects.select_related("user", "service", "team").order_by("revoked_at", "-pk")


def items_of(feed: CalendarFeed, now: datetime) -> list[Item]:
    """From 45 days back to a year ahead, runs of jobs for 60 days; five queries at most."""
    found = [*_changes(feed, now), *_freezes(feed, now), *_jobs(feed, now), *_meetings(feed, now)]
    return sorted(found, key=lambda item: (item.start, item.end, item.summary))


def _changes(feed: CalendarFeed, now: datetime) -> list[Item]:
    window = DateTimeTZRange(now - BACK, now + AHEAD, "[)")
    changes = ChangeRequest.objects.visible_to(Actor.person(feed.user)).filter(
        window__overlap=window, status__in=(*SHOWN, Status.CANCELLED)
    )
    found = changes.filter(_about(feed)).distinct().order_by("window", "pk")[:MOST]
    return [
        Item(change, change.window.lower, change.window.upper, _summary(change),
             cancelled=change.status == Status.CANCELLED, firm=change.status not in ChangeRequest.DECIDABLE)
        for change in found
    ]  # fmt: skip


def _about(feed: CalendarFeed) -> Q:
    if feed.service_id is not None:
        return Q(services=feed.service_id)
    if feed.team_id is not None:
        return Q(services__support_team=feed.team_id) | Q(tasks__assignee__teams=feed.team_id)
    return Q(requested_by=feed.user_id) | Q(tasks__assignee=feed.user_id)


def _summary(change: ChangeRequest) -> str:
    """Of confidential work no more than its number: the address may lie in a program of somebody else's."""
    return change.number if change.confidential else f"{change.number} {change.title}"


def _freezes(feed: CalendarFeed, now: datetime) -> list[Item]:
    barring = Freeze.objects.filter(window__overlap=DateTimeTZRange(now - BACK, now + AHEAD, "[)"))
    if feed.service_id is not None:
        barring = barring.filter(Q(everywhere=True) | Q(services=feed.service_id)).distinct()
    elif feed.team_id is not None:
        barring = barring.filter(Q(everywhere=True) | Q(services__support_team=feed.team_id)).distinct()
    else:
        barring = barring.filter(everywhere=True)
    return [Item(each, each.window.lower, each.window.upper, f"Freeze: {each.name}") for each in barring[:MOST]]


def _jobs(feed: CalendarFeed, now: datetime) -> list[Item]:
    jobs = OperationalJob.objects.filter(active=True)
    if feed.service is not None:
        jobs = jobs.filter(cis=feed.service.ci_id)
    elif feed.team_id is not None:
        jobs = jobs.filter(cis__support_team=feed.team_id)
    else:
        jobs = jobs.filter(owner=feed.user_id)
    runs = ((job, run) for job in jobs.distinct() for run in runs_of(job, now - timedelta(days=7), now + JOBS_AHEAD))
    found = [Item(job, *run, job.name, part=f"{run[0].timestamp():.0f}") for job, run in runs]
    return found[:MOST]


def _meetings(feed: CalendarFeed, now: datetime) -> list[Item]:
    """Those of boards on which the owner sits, in one's own calendar; of a service, those of its boards."""
    if feed.team_id is not None:
        return []
    mine = Q(board__services=feed.service_id) if feed.service_id else Q(board__seats__user=feed.user_id)
    held = BoardMeeting.objects.filter(mine, starts_at__gt=now - BACK, starts_at__lt=now + AHEAD)
    return [
        Item(meeting, meeting.starts_at, meeting.starts_at + timedelta(minutes=meeting.duration_minutes),
             meeting.board.name, cancelled=meeting.state == BoardMeeting.State.CANCELLED)
        for meeting in held.select_related("board").distinct().order_by("starts_at")[:MOST]
    ]  # fmt: skip
