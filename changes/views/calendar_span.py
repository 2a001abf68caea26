"""Which days a calendar shows: of a month, two weeks, a week or a day."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.http import QueryDict
from django.utils import timezone
from django.utils.dateparse import parse_date

from changes.models.calendar import YEARS

VIEWS = {"month": "Month", "timeline": "Timeline", "week": "Week", "day": "Day"}
WEEKS = {"timeline": 2, "week": 1}


@dataclass(frozen=True)
class Span:
    """The days shown, and the addresses around them."""

    view: str
    day: date
    first: date
    days: int

    @classmethod
    def of(cls, query: QueryDict) -> "Span":
        month = day_in(f"{query.get('month', '')}-01")
        view = query.get("view", "month")
        view = "month" if month or view not in VIEWS else view
        day = month or day_in(query.get("date", "")) or timezone.localdate()
        if view == "day":
            return cls(view, day, day, 1)
        monday = day - timedelta(days=day.weekday())
        if view in WEEKS:
            return cls(view, day, monday, 7 * WEEKS[view])
        first = day.replace(day=1)
        first -= timedelta(days=first.weekday())
        last = _next_month(day)
        return cls(view, day, first, -(-(last - first).days // 7) * 7)

    @property
    def start(self) -> datetime:
        return midnight(self.first)

    @property
    def end(self) -> datetime:
        return midnight(self.first + timedelta(days=self.days))

    @property
    def title(self) -> str:
        if self.view == "month":
            return f"{self.day:%B %Y}"
        if self.view == "day":
            return f"{self.day:%A} {self.day.day} {self.day:%B %Y}"
        last = self.first + timedelta(days=self.days - 1)
        return f"{self.first.day} {self.first:%b} – {last.day} {last:%b %Y}"

    def moved(self, steps: int) -> date:
        if self.view == "month":
            first = self.day.replace(day=1)
            return _next_month(first) if steps > 0 else (first - timedelta(days=1)).replace(day=1)
        return self.day + timedelta(days=steps * self.days)


def day_in(said: str) -> date | None:
    try:
        found = parse_date(said)
    except ValueError:
        return None
    return found if found and found.year in YEARS else None


def _next_month(day: date) -> date:
    return (day.replace(day=28) + timedelta(days=4)).replace(day=1)


def midnight(day: date, clock: time | None = None) -> datetime:
    """The moment at which the reader's day begins, or its wall clock shows this."""
    return timezone.make_aware(datetime.combine(day, clock or time.min))
