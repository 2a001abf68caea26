"""A plan's packages and streams on one axis of time: when each package is due, how each stream keeps its rhythm."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from django.utils import timezone

from itsm.kernel.workdays import DAY
from transition.models import DeliveryStream, ReleasePackage
from transition.queries import adherence

BACK, AHEAD = timedelta(weeks=12), timedelta(weeks=12)
LONGEST = timedelta(days=400)
WEEK = timedelta(days=7)


@dataclass(frozen=True)
class Bar:
    """From one day until before another, in per cent of the axis."""

    x: str
    width: str
    kind: str
    title: str


@dataclass(frozen=True)
class Row:
    label: str
    url: str
    note: str
    bars: list[Bar]
    marks: list[str] = field(default_factory=list)

    @property
    def said(self) -> str:
        return "; ".join(bar.title for bar in self.bars) or "nothing in this time"


@dataclass(frozen=True)
class Timeline:
    axis: "Axis"
    today: str
    packages: list[Row]
    streams: list[Row]


@dataclass(frozen=True)
class Axis:
    first: date
    after: date

    def at(self, day: date) -> str:
        return f"{self._share(day):.2f}"

    def bar(self, first: date, after: date, kind: str, title: str) -> Bar | None:
        left, right = self._share(max(first, self.first)), self._share(min(after, self.after))
        return Bar(f"{left:.2f}", f"{max(right - left, 0.4):.2f}", kind, title) if right > left else None

    def _share(self, day: date) -> float:
        return (day - self.first).days / (self.after - self.first).days * 100

    @property
    def months(self) -> list[tuple[str, str]]:
        """Where each month begins, and its name."""
        found, month = [], self.first.replace(day=1)
        while month < self.after:
            if month >= self.first:
                found.append((self.at(month), f"{month:%b}"))
            month = (month + timedelta(days=32)).replace(day=1)
        return found


def timeline_of(packages: Sequence[Any], streams: Sequence[DeliveryStream], now: datetime) -> Timeline:
    """Around today, and as far as the packages that are under way; one query."""
    today = timezone.localdate(now)
    axis = _axis(packages, today)
    weeks = max((today - axis.first).days // 7 + 1, 1)
    kept = adherence.kept("stream", [stream.pk for stream in streams], now, weeks=weeks) if streams else {}
    return Timeline(
        axis=axis,
        today=axis.at(today),
        packages=[_package(package, axis) for package in packages],
        streams=[_stream(stream, kept[stream.pk], axis, today) for stream in streams],
    )


def _axis(packages: Sequence[Any], today: date) -> Axis:
    under_way = [p for p in packages if p.state not in ("closed", "cancelled")]
    first = min([today - BACK, *(_begins(p) for p in under_way)])
    last = max([today + AHEAD, *(p.els_until for p in under_way)])
    return Axis(max(first, today - LONGEST), min(last, today + LONGEST) + DAY)


def _begins(package: Any) -> date:
    """The day on which the first of its items is due."""
    return package.target_date + timedelta(days=min(package.first_offset or 0, 0))  # type: ignore[no-any-return]


def _package(package: ReleasePackage, axis: Axis) -> Row:
    target = package.target_date
    bars = [
        axis.bar(_begins(package), target + DAY, "mine", f"work until {_day(target)}"),
        axis.bar(target + DAY, package.els_until + DAY, "soft", f"early life support until {_day(package.els_until)}"),
    ]
    marks = [axis.at(target)] if axis.first <= target < axis.after else []
    note = f"{package.get_state_display()}, T {_day(target)}"
    label = f"{package.ordinal} {package.name}"
    return Row(label, package.get_absolute_url(), note, [bar for bar in bars if bar], marks)


def _stream(stream: DeliveryStream, weeks: list[adherence.Kept], axis: Axis, today: date) -> Row:
    now = today + DAY  # the running week is judged as far as it has come
    bars = [axis.bar(w.monday, min(w.monday + WEEK, now), _kind(w), _week(w)) for w in weeks if w.judged]
    if stream.state == DeliveryStream.State.ACTIVE:
        after = now if weeks and weeks[-1].judged else today
        bars.append(axis.bar(max(after, stream.active_from), axis.after, "ahead", f"promised: {stream.rhythm}"))
    return Row(stream.display, stream.get_absolute_url(), stream.rhythm, [bar for bar in bars if bar])


def _kind(week: adherence.Kept) -> str:
    return "missed" if week.missed else "excess" if week.excess else "met"


def _week(week: adherence.Kept) -> str:
    said = [f"{week.met} met"]
    said += [f"{count} {word}" for count, word in ((week.missed, "missed"), (week.excess, "excess")) if count]
    return f"week of {_day(week.monday)}: {', '.join(said)}"


def _day(day: date) -> str:
    return f"{day.day} {day:%b}"
