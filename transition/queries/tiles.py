"""The figures of the service dashboard, each with the address of the list that it counts."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.utils import timezone

from cmdb.models import Service
from itsm.kernel.actor import Actor
from transition.models import MeetingSeries
from transition.queries.debt import Debt
from transition.queries.gate import PRODUCTION
from transition.queries.links import list_url
from transition.queries.service_facts import DAYS, Counts, Facts, facts_of, monday, since_days


@dataclass(frozen=True)
class Tile:
    """A figure as it is said, what it is made of, and the numbers themselves for clients."""

    name: str
    label: str
    figure: str
    note: str
    url: str
    value: float | int | str | None = None
    parts: dict[str, int] | None = None


def tiles_of(service: Service, debt: Debt, *, actor: Actor, now: datetime, facts: Facts | None = None) -> list[Tile]:
    """In one query, or in none where the facts are known."""
    facts = facts or facts_of(service, actor=actor, now=now)
    return [
        _debt(service, debt),
        *_deployments(service, facts.deployments, now),
        _incidents(service, facts.incidents),
        _cadence(service, facts.periods, now),
        _meeting(service, facts, now),
    ]


def _debt(service: Service, debt: Debt) -> Tile:
    url = list_url("requirement-list", service=service.slug, debt="true")
    return Tile("transition_debt", "Transition debt", str(debt.count), debt.sentence, url, debt.count,
                {"owed": debt.count, "oldest_late_days": debt.late_days})  # fmt: skip


def _deployments(service: Service, counts: Counts, now: datetime) -> list[Tile]:
    since = _stamp(since_days(now))
    rate = counts["bad"] / counts["all"] if counts["all"] else None
    live = {"service": service.slug, "environment": PRODUCTION, "state__in": "succeeded,failed,rolled_back"}
    failed = list_url("deployment-list", **live, went_wrong="true", finished_at__gte=since)
    week = list_url("deployment-list", **live, finished_at__gte=_stamp(monday(now)))
    return [
        Tile("change_failure_rate", f"Change failure rate, {DAYS} d", _percent(rate),
             f"{counts['bad']} of {counts['all']} to production", failed, rate,
             {"failed": counts["bad"], "deployments": counts["all"]}),
        Tile("deployments_this_week", "Deployments this week", str(counts["week"]),
             f"to production, {counts['week_bad'] or 'none'} failed", week, counts["week"],
             {"deployments": counts["week"], "failed": counts["week_bad"]}),
    ]  # fmt: skip


def _incidents(service: Service, counts: Counts) -> Tile:
    url = list_url("incident-list", service=service.slug, state="open", heightened="true")
    return Tile("early_life_incidents", "Early-life incidents", str(counts["all"]),
                f"{counts['caused'] or 'none'} caused by a change", url, counts["all"],
                {"open": counts["all"], "caused_by_change": counts["caused"]})  # fmt: skip


def _cadence(service: Service, counts: Counts, now: datetime) -> Tile:
    judged = sum(counts.values())
    share = counts["met"] / judged if judged else None
    url = list_url(
        "period-list", service=service.slug, state__in="met,missed,excess", ended_after=_stamp(since_days(now))
    )
    note = f"{counts['missed']} missed, {counts['excess']} excess" if judged else "no period has ended yet"
    return Tile("cadence_kept", f"Cadence kept, {DAYS} d", _percent(share), note, url, share, counts)


def _meeting(service: Service, facts: Facts, now: datetime) -> Tile:
    """The next sunrise or sunset, by the wall clocks of their series."""
    following = [(_next(series, now), series) for series in facts.series]
    url = list_url("meeting-list", service=service.slug)
    if not following:
        return Tile("next_meeting", "Next meeting", "–", "no sunrise or sunset is agreed", url)
    at, series = min(following, key=lambda pair: pair[0])
    meeting = facts.meetings.get((series.pk, at))
    pack = at - timedelta(minutes=series.pack_minutes_before)
    ready = meeting is not None and meeting.pack_at is not None
    local, day = timezone.localtime(at), timezone.localdate(at)
    figure = f"{local:%H:%M}" if day == timezone.localdate(now) else f"{local:%a %H:%M}"
    note = "pack is ready" if ready else f"pack ready at {timezone.localtime(pack):%H:%M}"
    return Tile("next_meeting", f"{series.get_kind_display()} meeting", figure, note,
                meeting.get_absolute_url() if meeting and ready else url, at.isoformat())  # fmt: skip


def _next(series: MeetingSeries, now: datetime) -> datetime:
    zone = ZoneInfo(series.time_zone)
    today = now.astimezone(zone).date()
    at = datetime.combine(today, series.at, zone)
    return at if at >= now else datetime.combine(today + timedelta(days=1), series.at, zone)


def _stamp(moment: datetime) -> str:
    """To the minute and in UTC, so that an address is short and says the same everywhere."""
    return moment.astimezone(ZoneInfo("UTC")).strftime("%Y-%m-%dT%H:%MZ")


def _percent(share: float | None) -> str:
    return "–" if share is None else f"{round(share * 100, 1):g} %"
