"""The rhythm of a stream as periods of time.

Pure and total: the same cadence always gives the same days, whatever window of them is asked for, so
that a worker that was away computes what it would have computed in time. Days are calendar days in the
stream's own zone; a period runs from wall-clock midnight to wall-clock midnight, so that it keeps its
hours when clocks change.

* Neither `period_days` nor `period_months`: as required, no periods.
* Months are calendar months, counted from the one that holds the anchor.
* Whole weeks (7, 14, …) start on a Monday, counted from the one before the anchor.
* Working days only, less than a week: periods of that many working days, counted anew each Monday.
  Two days give Mo–Tu, We–Th, Fr. A holiday within a period lengthens it, elsewhere it stands apart.
* Everything else counts from the anchor.

Working days only makes weekends and days off at either end of a period stretches of their own, in
which nothing is expected. Stretches tile time: each begins where the one before ends.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from itertools import groupby
from zoneinfo import ZoneInfo

from itsm.kernel.workdays import DAY, WorkCalendar

WEEK = 7


@dataclass(frozen=True)
class Cadence:
    """What is promised since when; `anchor` is the day that periods are counted from, `active_from` without it."""

    active_from: date
    period_days: int | None = None
    working_days_only: bool = False
    time_zone: str = "UTC"
    calendar: WorkCalendar = field(default_factory=WorkCalendar)
    period_months: int | None = None
    anchor: date | None = None

    @property
    def counted_from(self) -> date:
        return self.anchor or self.active_from

    @property
    def by_working_days(self) -> bool:
        """Whether periods are so many working days, counted anew each week."""
        return self.working_days_only and bool(self.period_days) and (self.period_days or 0) < WEEK


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
    start = max(start, cadence.active_from)
    for block, following in _blocks(cadence, start, until):
        for first, after, expected in _within(cadence, block, following):
            first = max(first, start)
            # A zone that skipped a whole day (Samoa, 2011) leaves nothing of it.
            if first < min(after, until) and midnight(first, cadence.time_zone) < midnight(after, cadence.time_zone):
                yield Stretch(first, after, expected, cadence.time_zone)


def _blocks(cadence: Cadence, start: date, until: date) -> Iterator[tuple[date, date]]:
    """The periods as calendar days, or the weeks that are divided into periods; from the one that holds `start`."""
    if cadence.period_months:
        yield from _months(cadence.counted_from, cadence.period_months, start, until)
    elif cadence.period_days:
        days = WEEK if cadence.by_working_days else cadence.period_days
        block = _block_start(cadence.counted_from, days, start)
        while block < until:
            following = block + timedelta(days=days)
            yield block, following
            block = following


def _months(anchor: date, months: int, start: date, until: date) -> Iterator[tuple[date, date]]:
    zero = anchor.year * 12 + anchor.month - 1
    number = zero + (start.year * 12 + start.month - 1 - zero) // months * months
    while (first := _month(number)) < until:
        yield first, _month(number + months)
        number += months


def _month(number: int) -> date:
    """The first day of a month, counted from the year 0."""
    return date(number // 12, number % 12 + 1, 1)


def _block_start(anchor: date, days: int, day: date) -> date:
    """The first day of the block that holds the day; blocks of whole weeks are counted from a Monday."""
    if days % WEEK == 0:
        anchor -= timedelta(days=anchor.weekday())
    return anchor + timedelta(days=(day - anchor).days // days * days)


def _within(cadence: Cadence, block: date, following: date) -> Iterator[tuple[date, date, bool]]:
    """The periods of one block, with what lies between them."""
    if not cadence.working_days_only:
        yield block, following, True
        return
    days = [block + timedelta(days=i) for i in range((following - block).days)]
    working = [day for day in days if cadence.calendar.works(day)]
    length = cadence.period_days if cadence.by_working_days and cadence.period_days else max(len(working), 1)
    chunks = [working[i : i + length] for i in range(0, len(working), length)]
    within = {day: number for number, chunk in enumerate(chunks) for day in days if chunk[0] <= day <= chunk[-1]}
    for number, run in groupby(days, key=lambda day: within.get(day)):
        covered = list(run)
        yield covered[0], covered[-1] + DAY, number is not None
