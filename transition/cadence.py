"""The rhythm of a stream as periods of time.

Pure and total: the same cadence always gives the same days, whatever window of them is asked for, so
that a worker that was away computes what it would have computed in time. Days are calendar days in the
stream's own zone; a period runs from wall-clock midnight to wall-clock midnight, so that it keeps its
hours when clocks change.

* No `period_days`: as required, no periods.
* Whole weeks (7, 14, …) start on a Monday.
* Working days only, less than a week: periods of that many working days, counted anew each Monday.
  Two days give Mo–Tu, We–Th, Fr. A holiday within a period lengthens it, elsewhere it stands apart.
* Everything else counts from `active_from`.

Working days only makes weekends and public holidays at either end of a period stretches of their own, in
which nothing is expected. Stretches tile time: each begins where the one before ends.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from itertools import groupby
from zoneinfo import ZoneInfo

import holidays

WEEK = 7
DAY = timedelta(days=1)


@dataclass(frozen=True)
class Cadence:
    active_from: date
    period_days: int | None
    working_days_only: bool = False
    time_zone: str = "UTC"
    country: str = ""


@dataclass(frozen=True)
class Stretch:
    """[first, after): calendar days of one period, or (not expected) of a weekend or holiday."""

    first: date
    after: date
    expected: bool
    time_zone: str = "UTC"

    @property
    def start(self) -> datetime:
        return midnight(self.first, self.time_zone)

    @property
    def end(self) -> datetime:
        return midnight(self.after, self.time_zone)


def midnight(day: date, time_zone: str) -> datetime:
    """The instant at which the day begins there, in UTC. Where clocks skip midnight, the first instant after it."""
    return datetime.combine(day, time.min, ZoneInfo(time_zone)).astimezone(UTC)


def day_of(at: datetime, time_zone: str) -> date:
    return at.astimezone(ZoneInfo(time_zone)).date()


def tile(cadence: Cadence, start: date, until: date) -> Iterator[Stretch]:
    """The stretches that cover [start, until), the first cut at `start`, the last one whole.

    Nothing comes before `active_from`.
    """
    if not cadence.period_days:
        return
    start = max(start, cadence.active_from)
    block = _block_start(cadence, start)
    while block < until:
        following = block + timedelta(days=_block_days(cadence.period_days, cadence.working_days_only))
        for first, after, expected in _within(cadence, block, following):
            first = max(first, start)
            # A zone that skipped a whole day (Samoa, 2011) leaves nothing of it.
            if first < min(after, until) and midnight(first, cadence.time_zone) < midnight(after, cadence.time_zone):
                yield Stretch(first, after, expected, cadence.time_zone)
        block = following


def is_working_day(day: date, country: str = "") -> bool:
    return day.weekday() < 5 and day not in _holidays(country)


def add_working_days(day: date, days: int, country: str = "") -> date:
    """The working day that lies this many working days after the day."""
    while days > 0:
        day += DAY
        if is_working_day(day, country):
            days -= 1
    return day


def countries() -> list[str]:
    """The countries whose public holidays are known, as ISO codes."""
    return sorted(code for code in holidays.list_supported_countries() if len(code) == 2)


@cache
def _holidays(country: str) -> "holidays.HolidayBase | frozenset[date]":
    return holidays.country_holidays(country) if country else frozenset()


def _block_days(period_days: int, working_days_only: bool) -> int:
    return WEEK if working_days_only and period_days < WEEK else period_days


def _block_start(cadence: Cadence, day: date) -> date:
    """The first day of the block that holds the day; blocks of whole weeks are counted from a Monday."""
    days = _block_days(cadence.period_days or 1, cadence.working_days_only)
    anchor = cadence.active_from
    if days % WEEK == 0:
        anchor -= timedelta(days=anchor.weekday())
    return anchor + timedelta(days=(day - anchor).days // days * days)


def _within(cadence: Cadence, block: date, following: date) -> Iterator[tuple[date, date, bool]]:
    """The periods of one block, with what lies between them."""
    if not cadence.working_days_only:
        yield block, following, True
        return
    days = [block + timedelta(days=i) for i in range((following - block).days)]
    working = [day for day in days if is_working_day(day, cadence.country)]
    length = cadence.period_days or 1
    chunks = [working[i : i + length] for i in range(0, len(working), length)]
    within = {day: number for number, chunk in enumerate(chunks) for day in days if chunk[0] <= day <= chunk[-1]}
    for number, run in groupby(days, key=lambda day: within.get(day)):
        covered = list(run)
        yield covered[0], covered[-1] + DAY, number is not None
