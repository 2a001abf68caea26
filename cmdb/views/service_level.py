"""What a service's page says of hours and targets, ready to be drawn."""

from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.utils import timezone

from cmdb import service_hours
from cmdb.forms.service_parts import LONG_DAYS
from cmdb.models import Service
from cmdb.queries.hours import exceptions_of, hours_of
from cmdb.queries.levels import Level
from cmdb.service_hours import Hours

AHEAD = timedelta(days=60)
MOST_TILES = 5


def hours_told(service: Service, now: datetime) -> dict[str, Any]:
    """Open or not, until when, the week with today marked, and the days ahead that are otherwise."""
    hours = hours_of(service)
    today = now.astimezone(ZoneInfo(hours.zone)).date()
    ahead = [day for day in exceptions_of(service, since=today, most=50) if day.day <= today + AHEAD]
    return {
        "agreed": hours.agreed,
        "zone": hours.zone,
        "verdict": verdict_of(hours, now),
        "week": [
            {"day": name, "spans": service_hours.told(hours.week.get(n, ())), "today": n == today.isoweekday()}
            for n, name in enumerate(LONG_DAYS, 1)
        ],
        "ahead": [
            {"day": each.day, "name": each.name, "spans": service_hours.told(each.minutes) or "closed"}
            for each in ahead
        ],
    }


def tiles_of(levels: list[Level]) -> list[dict[str, Any]]:
    """The promises of which something is measured, at a glance."""
    return [
        {"label": level.target.label, "figure": level.actual_told, "url": "#levels", "note": _promised(level)}
        for level in levels
        if level.actual is not None
    ][:MOST_TILES]


def _promised(level: Level) -> str:
    target = level.target
    return f"{level.verdict[1]}: {target.get_better_display()} {target.figure} over {target.get_window_display()}"


def verdict_of(hours: Hours, now: datetime) -> tuple[str, str]:
    """Kind and word: whether it is there now, and until when."""
    if not hours.agreed:
        return "unknown", "hours not agreed"
    change = hours.changes_at(now)
    is_open = hours.is_open(now)
    if change is None:
        return ("ok", "open, always") if is_open else ("none", "closed")
    return ("ok", f"open until {_moment(change, now)}") if is_open else ("none", f"closed until {_moment(change, now)}")


def _moment(at: datetime, now: datetime) -> str:
    """In the reader's zone; the day too where it is another."""
    local = timezone.localtime(at)
    if local.date() == timezone.localdate(now):
        return f"{local:%H:%M}"
    return f"{local:%a %H:%M}" if at - now < timedelta(days=6) else f"{local:%d %b %H:%M}"
