"""When something recurs: its RRULE read on the wall clock of its zone, so that 22:30 stays 22:30 all year."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from dateutil.rrule import DAILY, HOURLY, MONTHLY, WEEKLY, YEARLY, rrule, rrulestr

MOST = 10_000  # an hourly job over the longest calendar
FARTHEST = timedelta(days=3660)
LAST_YEARS = datetime(9980, 1, 1)  # noqa: DTZ001 wall clock
UNITS = {HOURLY: "hour", DAILY: "day", WEEKLY: "week", MONTHLY: "month", YEARLY: "year"}
ORDINALS = {1: "first", 2: "second", 3: "third", 4: "fourth", 5: "fifth", -1: "last", -2: "last but one"}
SAYABLE = {"byweekday", "bymonthday", "bymonth"}
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


def in_words(rule: str) -> str:
    """The rule as a person says it; one that has no short words stays as it is written. Empty: once."""
    if not rule:
        return "once"
    try:
        found = read(rule, datetime(2026, 1, 1))  # noqa: DTZ001 wall clock
    except ValueError:
        return rule
    given = {name: value for name, value in found._original_rule.items() if value}
    if not _is_sayable(given):
        return rule
    unit, many = UNITS[found._freq], found._interval
    said = [f"every {unit}" if many == 1 else f"every {many} {unit}s", *_days(given)]
    if found._count:
        said.append(f"{found._count} times")
    if found._until:
        said.append(f"until {found._until.day} {found._until:%B %Y}")
    return " ".join(said)


def _is_sayable(given: dict[str, Any]) -> bool:
    counted = [day.n or 1 for day in given.get("byweekday", ())]
    from_the_end = [day for day in given.get("bymonthday", ()) if day < 0]
    return not given.keys() - SAYABLE and {*counted, *from_the_end} <= ORDINALS.keys()


def _days(given: dict[str, Any]) -> Iterator[str]:
    if weekdays := given.get("byweekday"):
        yield f"on {_listed([_weekday(day) for day in weekdays])}"
    if days := given.get("bymonthday"):
        yield f"on {_listed([f'day {day}' if day > 0 else f'the {ORDINALS[day]} day' for day in days])}"
    if months := given.get("bymonth"):
        yield f"in {_listed([f'{datetime(2026, month, 1):%B}' for month in months])}"  # noqa: DTZ001


def _weekday(day: Any) -> str:
    name = f"{datetime(2026, 1, 5) + timedelta(days=day.weekday):%A}"  # noqa: DTZ001 a Monday
    return f"the {ORDINALS[day.n]} {name}" if day.n else name


def _listed(words: list[str]) -> str:
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}"
