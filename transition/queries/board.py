"""The streams board: a lane for each stream, periods as cells over days, runs as dots, roles that nobody covers."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta

from itsm.kernel import organisation
from itsm.kernel.models import Organisation
from itsm.kernel.roles import short
from itsm.kernel.workdays import DAY
from transition import cadence
from transition.cadence import day_of, midnight
from transition.models import DeliveryStream, StreamPeriod, StreamRun
from transition.queries import cover

BACK, AHEAD = 14, 7
# How the board says a period's state: its class, and the word that is written in the cell.
SAID = {
    "met": ("met", ""),
    "missed": ("missed", "missed"),
    "excess": ("excess", ""),
    "open": ("openp", "open"),
    "not_expected": ("off", ""),
    "ahead": ("ahead", ""),
    "as_required": ("off", ""),
    "delivered": ("met", ""),
    "inactive": ("off", ""),
}
SIGN = "✕"
IN_WORDS = {
    "met": "met",
    "missed": "missed",
    "excess": "more runs than expected",
    "open": "open",
    "not_expected": "not expected",
    "ahead": "ahead",
    "as_required": "as required",
    "delivered": "delivered",
    "inactive": "not active",
}


@dataclass(frozen=True)
class Cell:
    """A stretch of days in a lane, cut to the board: its state, its runs, and roles that nobody holds then."""

    first: date
    after: date
    state: str
    runs: list[StreamRun] = field(default_factory=list)
    period: StreamPeriod | None = None
    uncovered: list[str] = field(default_factory=list)

    @property
    def days(self) -> int:
        return (self.after - self.first).days

    @property
    def url(self) -> str:
        """The period behind the cell; where none is, the first run."""
        if self.period:
            return self.period.get_absolute_url()
        return self.runs[0].get_absolute_url() if self.runs else ""

    @property
    def css(self) -> str:
        return f"{SAID[self.state][0]} gap" if self.uncovered else SAID[self.state][0]

    @property
    def word(self) -> str:
        """What stands in it where no run does; a single day has room for a sign."""
        return SIGN if self.state == "missed" and self.days == 1 else SAID[self.state][1]

    @property
    def title(self) -> str:
        """Everything that the cell shows, as a sentence; of a period the whole, though the board may cut it."""
        first = self.period.first_day if self.period else self.first
        last = (self.period.after_day if self.period else self.after) - DAY
        days = f"{first:%a} {first.day} {first:%b}"
        days += "" if last == first else f" – {last:%a} {last.day} {last:%b}"
        parts = [f"{days}: {IN_WORDS[self.state]}"]
        if self.runs or self.state in ("met", "missed", "excess", "open"):
            parts.append(f"{len(self.runs)} run{'' if len(self.runs) == 1 else 's'}{self._expected()}")
        if self.uncovered:
            parts.append(f"no one in {', '.join(short(role) for role in self.uncovered)}")
        return ", ".join(parts)

    def _expected(self) -> str:
        if self.state == "excess" and self.period:
            return f", at most {self.period.expected_max} expected"
        return f" of {self.period.expected_min} expected" if self.state == "missed" and self.period else ""


@dataclass(frozen=True)
class Lane:
    stream: DeliveryStream
    cells: list[Cell]

    @property
    def roles(self) -> str:
        return ", ".join(short(role) for role in self.stream.roles)


@dataclass(frozen=True)
class Board:
    first: date
    after: date
    today: date
    lanes: list[Lane]

    @property
    def days(self) -> list[date]:
        return [self.first + timedelta(days=i) for i in range((self.after - self.first).days)]

    @property
    def last(self) -> date:
        return self.after - DAY


def board_of(
    streams: Sequence[DeliveryStream],
    *,
    first: date,
    after: date,
    now: datetime,
    today: date,
    said: Organisation | None = None,
    gaps: cover.Gaps | None = None,
) -> Board:
    """The lanes of these streams over [first, after), in three queries; `said` spares a fourth, `gaps` the third."""
    periods = _periods_by_stream(streams, first, after)
    begin, end = _whole(periods, first, after)
    runs = _runs_by_stream(streams, begin, end)
    said = said or organisation.current()
    gaps = gaps or cover.gaps(streams, today, after, said)
    lanes = []
    for stream in streams:
        if stream.has_periods:
            cells = [
                _filled(cell, stream, runs[stream.pk], gaps)
                for cell in _cells(stream, periods[stream.pk], first, after, now, said)
            ]
        else:
            cells = _as_required(stream, runs[stream.pk], first, after)
        lanes.append(Lane(stream, cells))
    return Board(first, after, today, lanes)


def default_days(today: date) -> tuple[date, date]:
    """The last 14 and the next 7 days."""
    return today - timedelta(days=BACK), today + timedelta(days=AHEAD)


def _filled(cell: Cell, stream: DeliveryStream, runs: Iterable[StreamRun], gaps: cover.Gaps) -> Cell:
    """The cell with its uncovered roles and its runs: of a period all of them, though the board may cut it."""
    begin, end = (cell.period.first_day, cell.period.after_day) if cell.period else (cell.first, cell.after)
    within = [run for run in runs if begin <= day_of(run.at, stream.time_zone) < end]
    expected = cell.state in ("open", "ahead")
    uncovered = gaps.between(stream.pk, stream.roles, cell.first, cell.after) if expected else []
    return replace(cell, runs=within, uncovered=uncovered)


def _cells(
    stream: DeliveryStream, periods: list[StreamPeriod], first: date, after: date, now: datetime, said: Organisation
) -> list[Cell]:
    """Tiles the days of the board: periods as recorded, those ahead as the cadence says, blanks between."""
    recorded = [Cell(p.first_day, p.after_day, str(p.state), period=p) for p in periods]
    begin = max(recorded[-1].after if recorded else day_of(now, stream.time_zone), stream.resumed_on or first)
    rhythm = stream.cadence(organisation.calendar(said, stream.country))
    ahead = cadence.tile(rhythm, begin, after) if stream.state == DeliveryStream.State.ACTIVE else ()
    cells = recorded + [Cell(s.first, s.after, "ahead" if s.expected else "not_expected") for s in ahead]
    return _cut(cells, first, after)


def _as_required(stream: DeliveryStream, runs: list[StreamRun], first: date, after: date) -> list[Cell]:
    """Nothing is promised: a cell for each day that has runs, blanks between."""
    by_day: dict[date, list[StreamRun]] = defaultdict(list)
    for run in runs:
        by_day[day_of(run.at, stream.time_zone)].append(run)
    cells = [Cell(day, day + DAY, "delivered", of_day) for day, of_day in sorted(by_day.items())]
    return _cut(cells, first, after, "as_required")


def _cut(cells: list[Cell], first: date, after: date, blank: str = "inactive") -> list[Cell]:
    """Cut to [first, after), with blanks where no period is."""
    found, reached = [], first
    for cell in cells:
        start, end = max(cell.first, reached), min(cell.after, after)
        if start >= end:
            continue
        if start > reached:
            found.append(Cell(reached, start, blank))
        found.append(replace(cell, first=start, after=end))
        reached = end
    return [*found, Cell(reached, after, blank)] if reached < after else found


def _periods_by_stream(streams: Sequence[DeliveryStream], first: date, after: date) -> dict[int, list[StreamPeriod]]:
    window = (midnight(first, "UTC") - DAY, midnight(after, "UTC") + DAY)
    found: dict[int, list[StreamPeriod]] = defaultdict(list)
    by_id = {stream.pk: stream for stream in streams}
    for period in StreamPeriod.objects.filter(stream__in=by_id, span__overlap=window).order_by("span"):
        period.stream = by_id[period.stream_id]
        found[period.stream_id].append(period)
    return found


def _whole(periods: dict[int, list[StreamPeriod]], first: date, after: date) -> tuple[date, date]:
    """The days of the board and of the periods that it cuts."""
    begins, ends = [p[0].first_day for p in periods.values()], [p[-1].after_day for p in periods.values()]
    return min([first, *begins]), max([after, *ends])


def _runs_by_stream(streams: Sequence[DeliveryStream], first: date, after: date) -> dict[int, list[StreamRun]]:
    found: dict[int, list[StreamRun]] = defaultdict(list)
    window = (midnight(first, "UTC") - DAY, midnight(after, "UTC") + DAY)
    for run in StreamRun.objects.filter(stream__in=streams, at__range=window).order_by("at", "pk"):
        found[run.stream_id].append(run)
    return found
