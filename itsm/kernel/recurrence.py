"""When something recurs: its RRULE read on the wall clock of its zone, so that 22:30 stays 22:30 all year."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from dateutil.rrule import DAILY, HOURLY, WEEKLY, rrule, rrulestr

MOST = 10_000  # an hourly job over the longest calendar
FARTHEST = timedelta(days=3660)
LAST_YEARS = datetime(9980, 1, 1)  # noqa: DTZ001 wall clock
STEPS = {HOURLY: timedelta(hours=1), DAILY: timedelta(days=1), WEEKLY: timedelta(weeks=1)}


def read(rule: str, wall: datetime) -> Any:
    """The rule from this wall-clock time on. Raises ValueError for what is no rule, is too dense, or never comes."""
    try:
        found: Any = rrulestr(rule, dtstart=wall)
        if not isinstance(found, rrule):
            raise ValueError("one RRULE only")
        if found._freq > HOURLY:  # type: ignore[attr-defined]
            raise ValueError("hourly at most")
        if found._interval < 1:  # type: ignore[attr-defined]
            raise ValueError("the interval is 1 at least")
        # Looked for near the end of all dates, where a search that finds nothing is over soon.
        is_ever = next(iter(found.replace(dtstart=LAST_YEARS, until=None, count=None)), None) is not None
    except (TypeError, AttributeError, LookupError, ArithmeticError) as error:
        raise ValueError("it cannot be reckoned") from error
    if not is_ever:
        raise ValueError("it never comes")
    return found


def _nearer(rule: Any, wall: datetime, since: datetime) -> rrule:
    """The same rule begun as late as `since` allows, so that a job of ten years does not count ten years of days."""
    step = STEPS.get(rule._freq)
    if step is None or rule._count is not None or since <= wall:
        return rule
    whole = step * rule._interval
    begun: rrule = rule.replace(dtstart=wall + whole * max((since - wall) // whole - 1, 0))
    return begun


def occurrences(
    *, first: datetime, rule: str, zone: str, lasts: timedelta, start: datetime, end: datetime
) -> Iterator[tuple[datetime, datetime]]:
    """The runs [from, to) that overlap [start, end), in order; a job without a rule runs once."""
    if not rule:
        if first < end and first + lasts > start:
            yield first, first + lasts
        return
    here = ZoneInfo(zone)
    wall = first.astimezone(here).replace(tzinfo=None)
    since, until = start.astimezone(here).replace(tzinfo=None) - lasts, end.astimezone(here).replace(tzinfo=None)
    hour = timedelta(hours=1)  # the wall clock may jump by one between the two ends
    for count, moment in enumerate(_nearer(read(rule, wall), wall, since - hour).xafter(since - hour, inc=True)):
        if moment > until + hour or count >= MOST:
            return
        begins = moment.replace(tzinfo=here).astimezone(UTC)  # in one zone, Python would reckon by the wall clock
        ends = begins + lasts
        if begins < end and ends > start:
            yield begins, ends


def next_after(*, first: datetime, rule: str, zone: str, after: datetime) -> datetime | None:
    """When it comes next after this moment; None when it does not, within ten years."""
    coming = occurrences(first=first, rule=rule, zone=zone, lasts=timedelta(), start=after, end=after + FARTHEST)
    return next((begins for begins, _ in coming), None)
