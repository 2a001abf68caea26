"""When a service is there: weekly hours by the wall clock of its zone, and days that are otherwise. Pure thinking.

A span is a pair of minutes of a day, [opens, closes), up to 24:00. What goes past midnight is two spans.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from itertools import groupby, pairwise
from zoneinfo import ZoneInfo

Span = tuple[int, int]
DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
WHOLE_DAY = (0, 24 * 60)
AHEAD = timedelta(days=400)
EXAMPLE = "Mon–Fri 08:00–18:00; Sat 10:00–14:00"
CLOCK = re.compile(r"(\d{1,2}):(\d{2})", re.ASCII)
DASH = re.compile(r"\s*[-–—]\s*")
LINE = re.compile(r"([^\d]+?)\s*:?\s+(\d.*)", re.ASCII | re.DOTALL)


class Unreadable(ValueError):
    """Text that says no hours; the message says what to write instead."""


@dataclass(frozen=True)
class Hours:
    """`week` by ISO weekday (Monday is 1); `exceptions` by day, without a span where it is closed."""

    zone: str
    week: Mapping[int, Sequence[Span]]
    exceptions: Mapping[date, Sequence[Span]] = field(default_factory=dict)

    @property
    def agreed(self) -> bool:
        return any(self.week.values()) or any(self.exceptions.values())

    def on(self, day: date) -> Sequence[Span]:
        found = self.exceptions.get(day)
        return self.week.get(day.isoweekday(), ()) if found is None else found

    def is_open(self, moment: datetime) -> bool:
        return any(start <= moment < end for start, end in self.between(moment, moment + timedelta(seconds=1)))

    def changes_at(self, moment: datetime) -> datetime | None:
        """When it closes, or opens again; None where it does neither within a year."""
        spans = self.between(moment, moment + AHEAD)
        first = next(spans, None)
        if first is None:
            return None
        start, end = first
        if start > moment:
            return start
        return end if end < moment + AHEAD else None

    def between(self, start: datetime, end: datetime) -> Iterator[tuple[datetime, datetime]]:
        """The times in which it is there, cut to [start, end), joined where they touch, in order."""
        current: tuple[datetime, datetime] | None = None
        for opens, closes in self._moments(start, end):
            if current is not None and opens <= current[1]:
                current = (current[0], max(current[1], closes))
                continue
            if current is not None:
                yield current
            current = (opens, closes)
        if current is not None:
            yield current

    def _moments(self, start: datetime, end: datetime) -> Iterator[tuple[datetime, datetime]]:
        zone = ZoneInfo(self.zone)
        day, last = start.astimezone(zone).date(), end.astimezone(zone).date()
        while day <= last:
            for opens, closes in self.on(day):
                pair = max(_moment(day, opens, zone), start), min(_moment(day, closes, zone), end)
                if pair[0] < pair[1]:
                    yield pair
            day += timedelta(days=1)


def _moment(day: date, minute: int, zone: ZoneInfo) -> datetime:
    """The wall clock of that day; 24:00 is the next day's beginning."""
    at = datetime.combine(day + timedelta(days=minute // WHOLE_DAY[1]), time(), zone)
    return at.replace(hour=minute % WHOLE_DAY[1] // 60, minute=minute % 60)


def always(zone: str) -> Hours:
    return Hours(zone, {day: [WHOLE_DAY] for day in range(1, 8)})


def clock(minute: int) -> str:
    return f"{minute // 60:02}:{minute % 60:02}"


def told(spans: Sequence[Span]) -> str:
    return ", ".join(f"{clock(opens)}–{clock(closes)}" for opens, closes in spans)


def sentence(week: Mapping[int, Sequence[Span]]) -> str:
    """`Mon–Fri 08:00–18:00; Sat 10:00–14:00`: what `week_in` reads again."""
    runs = groupby(range(1, 8), key=lambda day: tuple(week.get(day, ())))
    parts = [(list(days), spans) for spans, days in runs if spans]
    return "; ".join(f"{_days_told(days)} {told(spans)}" for days, spans in parts)


def _days_told(days: list[int]) -> str:
    first, last = DAYS[days[0] - 1], DAYS[days[-1] - 1]
    return first if len(days) == 1 else f"{first}–{last}"


def week_in(text: str) -> dict[int, list[Span]]:
    """The week that a text says. Raises Unreadable."""
    if text.strip() == "24/7":
        return {day: [WHOLE_DAY] for day in range(1, 8)}
    week: dict[int, list[Span]] = {}
    for part in filter(None, (each.strip() for each in re.split(r"[;\n]", text))):
        match = LINE.fullmatch(part)
        if match is None:
            raise Unreadable(f"{_cut(part)!r} is no day and hours. Write them as {EXAMPLE}.")
        spans = spans_in(match[2])
        for day in _days_in(match[1]):
            week[day] = ordered([*week.get(day, []), *spans])
    return week


def _days_in(text: str) -> Iterator[int]:
    for part in text.split(","):
        ends = [_day_in(each) for each in DASH.split(part.strip(), maxsplit=1)]
        first, last = ends[0], ends[-1]
        yield from range(first, last + 1) if first <= last else [*range(first, 8), *range(1, last + 1)]


def _day_in(text: str) -> int:
    found = [
        n for n, name in enumerate(DAYS, 1) if len(text) >= 2 and text.strip().lower().startswith(name[:2].lower())
    ]
    if not found:
        raise Unreadable(f"{_cut(text)!r} is no day. Days are {', '.join(DAYS)}.")
    return found[0]


def spans_in(text: str) -> list[Span]:
    """`08:00–12:00, 13:00–18:00`; nothing where nothing is said. Raises Unreadable."""
    return ordered([_span_in(part.strip()) for part in text.split(",") if part.strip()])


def _span_in(text: str) -> Span:
    ends = DASH.split(text)
    if len(ends) != 2:
        raise Unreadable(f"{_cut(text)!r} has no beginning and end. Write them as 08:00–18:00.")
    return int_span(minute_in(ends[0]), minute_in(ends[1]))


def minute_in(text: str) -> int:
    match = CLOCK.fullmatch(text.strip())
    minute = int(match[1]) * 60 + int(match[2]) if match and int(match[2]) < 60 else WHOLE_DAY[1] + 1
    if minute > WHOLE_DAY[1]:
        raise Unreadable(f"{_cut(text)!r} is no time of day. Write it as 08:00; the day ends at 24:00.")
    return minute


def int_span(opens: int, closes: int) -> Span:
    if closes <= opens:
        raise Unreadable(
            f"{clock(closes)} does not come after {clock(opens)}. What goes past midnight is two: until 24:00, and from"
            " 00:00 on the day after."
        )
    return opens, closes


def ordered(spans: Sequence[Span]) -> list[Span]:
    """In order of time. Raises Unreadable where two meet."""
    found = sorted(spans)
    for one, other in pairwise(found):
        if other[0] < one[1]:
            raise Unreadable(f"{told([one])} and {told([other])} overlap.")
    return found


def _cut(text: str) -> str:
    return text if len(text) <= 40 else f"{text[:40]}…"
