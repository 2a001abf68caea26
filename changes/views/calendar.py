"""The calendar: changes, jobs and freezes as layers over a month, a week or a day."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from django.http import HttpResponse, QueryDict
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.views.decorators.http import require_GET

from changes.models import ChangeRequest, OperationalJob
from changes.queries import calendar as ask
from changes.queries.calendar import BUSY, Entry
from changes.tables import OUTCOME_KINDS, REQUEST_KINDS
from itsm.kernel.middleware import Request
from itsm.kernel.templatetags import _time

LAYERS = {"change": "Changes", "job": "Jobs", "freeze": "Freezes"}
VIEWS = {"month": "Month", "week": "Week", "day": "Day"}
IN_A_CELL = 5


@dataclass(frozen=True)
class Span:
    """The days shown, and the addresses around them."""

    view: str
    day: date
    first: date
    days: int

    @classmethod
    def of(cls, query: QueryDict) -> "Span":
        month = _date(f"{query.get('month', '')}-01")
        view = query.get("view", "month")
        view = "month" if month or view not in VIEWS else view
        day = month or _date(query.get("date", "")) or timezone.localdate()
        if view == "day":
            return cls(view, day, day, 1)
        monday = day - timedelta(days=day.weekday())
        if view == "week":
            return cls(view, day, monday, 7)
        first = day.replace(day=1)
        first -= timedelta(days=first.weekday())
        last = _next_month(day)
        return cls(view, day, first, -(-(last - first).days // 7) * 7)

    @property
    def start(self) -> datetime:
        return _midnight(self.first)

    @property
    def end(self) -> datetime:
        return _midnight(self.first + timedelta(days=self.days))

    @property
    def title(self) -> str:
        if self.view == "month":
            return f"{self.day:%B %Y}"
        if self.view == "day":
            return f"{self.day:%A} {self.day.day} {self.day:%B %Y}"
        last = self.first + timedelta(days=6)
        return f"{self.first.day} {self.first:%b} – {last.day} {last:%b %Y}"

    def moved(self, steps: int) -> date:
        if self.view == "month":
            first = self.day.replace(day=1)
            return _next_month(first) if steps > 0 else (first - timedelta(days=1)).replace(day=1)
        return self.day + timedelta(days=steps * self.days)


def _date(said: str) -> date | None:
    try:
        found = parse_date(said)
    except ValueError:
        return None
    return found if found and 1970 <= found.year <= 9000 else None


def _next_month(day: date) -> date:
    return (day.replace(day=28) + timedelta(days=4)).replace(day=1)


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))


@require_GET
def show(request: Request) -> HttpResponse:
    span = Span.of(request.GET)
    layers = [layer for layer in request.GET.getlist("layer") if layer in LAYERS] or list(LAYERS)
    found = ask.entries(span.start, span.end, actor=request.actor, layers=layers)
    hits = ask.colliding(found)
    template = "changes/calendar/show.html"
    return TemplateResponse(
        request,
        template,
        {
            "title": "Calendar",
            "span": span,
            "views": [(view, label, _address(request, view=view), view == span.view) for view, label in VIEWS.items()],
            "layers": [(layer, label, layer in layers) for layer, label in LAYERS.items()],
            "before": _address(request, date=span.moved(-1)),
            "after": _address(request, date=span.moved(1)),
            "today": _address(request, date=timezone.localdate()),
            "counts": [(layer, sum(entry.layer == layer for entry in found)) for layer in layers],
            "hits": len(hits),
            "weeks": _weeks(span, found, hits, request) if span.view == "month" else [],
            "agenda": _agenda(span, found, hits) if span.view != "month" else [],
            "track": _track(_drawn(entry, hits) for entry in found) if span.view == "day" else [],
        },
    )


def _drawn(entry: Entry, hits: set[int]) -> dict[str, Any]:
    kind, word = _sign(entry)
    return {
        "layer": entry.layer,
        "title": entry.title,
        "url": entry.url,
        "start": entry.start,
        "end": entry.end,
        "kind": kind,
        "word": word,
        "hit": entry.layer == "change" and entry.id in hits,
    }


def _sign(entry: Entry) -> tuple[str, str]:
    """The verdict kind and word of its state."""
    if entry.layer == BUSY:
        return "none", "Busy"
    if entry.layer == "freeze":
        return "warn", "Freeze"
    if entry.layer == "job":
        return "none", str(OperationalJob.Kind(entry.state).label)
    if entry.outcome:
        return OUTCOME_KINDS[entry.outcome], str(ChangeRequest.Outcome(entry.outcome).label)
    return REQUEST_KINDS[entry.state], str(ChangeRequest.Status(entry.state).label)


def _address(request: Request, **changed: Any) -> str:
    query = request.GET.copy()
    query.pop("month", None)
    for name, value in changed.items():
        query[name] = str(value)
    return f"?{query.urlencode()}"


def _days(span: Span, entries: list[Entry]) -> dict[date, list[Entry]]:
    """Each day with what happens on it; what lasts longer stands on each of its days."""
    days: list[tuple[date, list[Entry]]] = [(span.first + timedelta(days=n), []) for n in range(span.days)]
    midnights = [_midnight(day) for day, _ in days]
    for entry in entries:
        first = bisect_right(midnights, entry.start) - 1
        end = bisect_left(midnights, entry.end)
        for _, found in days[max(first, 0) : max(end, first + 1)]:
            found.append(entry)
    return dict(days)


def _on(day: date, entries: list[Entry], hits: set[int]) -> list[dict[str, Any]]:
    """As drawn on that day: the clock stands where it begins. A month may hold thousands; draw only what is shown."""
    begins = [timezone.localtime(entry.start).date() == day for entry in entries]
    return [
        _drawn(entry, hits) | {"at": _time.clock(entry.start) if begun else ""}
        for entry, begun in zip(entries, begins, strict=True)
    ]


def _weeks(span: Span, entries: list[Entry], hits: set[int], request: Request) -> list[list[dict[str, Any]]]:
    today = timezone.localdate()
    cells = [
        {
            "day": day,
            "other": day.month != span.day.month,
            "today": day == today,
            "entries": _on(day, found[:IN_A_CELL], hits),
            "more": max(len(found) - IN_A_CELL, 0),
            "url": _address(request, view="day", date=day),
        }
        for day, found in _days(span, entries).items()
    ]
    return [cells[n : n + 7] for n in range(0, len(cells), 7)]


def _agenda(span: Span, entries: list[Entry], hits: set[int]) -> list[dict[str, Any]]:
    today = timezone.localdate()
    days = _days(span, entries).items()
    return [{"day": day, "today": day == today, "entries": _on(day, found, hits)} for day, found in days]


def _track(entries: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    kinds = {"change": "mine", "job": "soft", "freeze": "soft"}
    return [
        {
            "label": entry["title"],
            "url": entry["url"],
            "bars": [
                {
                    "start": entry["start"],
                    "end": entry["end"],
                    "kind": "hit" if entry["hit"] else kinds[entry["layer"]],
                    "title": entry["title"],
                }
            ],
        }
        for entry in entries
    ]
