"""The calendar: changes, jobs and freezes as layers over a month, a week or a day."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

from django.http import HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET

from changes.models import ChangeRequest, OperationalJob
from changes.queries import calendar as ask
from changes.queries import timeline
from changes.queries.calendar import BUSY, Entry
from changes.tables import OUTCOME_KINDS, REQUEST_KINDS
from changes.views.calendar_span import VIEWS, Span, midnight
from cmdb.models import Service
from itsm.kernel.middleware import Request
from itsm.kernel.templatetags import _time

IN_A_CELL = 5
IN_A_WEEK, IN_A_DAY = 50, 300  # rows of one day; nobody reads more, and a browser stops over thousands
TRACKS = 60
CHOICES = 200
ROWS_BY = {"service": "Services", "ci": "CIs"}


@require_GET
def show(request: Request) -> HttpResponse:
    span, service = Span.of(request.GET), _service(request)
    layers = [name for name in request.GET.getlist("layer") if name in ask.labels] or list(ask.USUAL)
    found = ask.entries(span.start, span.end, actor=request.actor, layers=layers, service=service)
    hits = ask.colliding(found)
    context = {
        "title": "Calendar",
        "span": span,
        "service": service,
        "services": Service.objects.visible_to(request.actor).order_by("name")[:CHOICES],
        "views": [(view, label, _address(request, view=view), view == span.view) for view, label in VIEWS.items()],
        "layers": [(name, label, name in layers) for name, label in ask.labels.items()],
        "before": _address(request, date=span.moved(-1)),
        "after": _address(request, date=span.moved(1)),
        "today": _address(request, date=timezone.localdate()),
        "counts": [(name, sum(entry.layer == name for entry in found)) for name in layers],
        "hits": len(hits),
        "movable": any(map(_moves, found)),
    }
    return TemplateResponse(request, "changes/calendar/show.html", context | _shown(span, found, hits, request))


def _service(request: Request) -> Service | None:
    """The one that is asked for; what is no service is all of them."""
    said = request.GET.get("service", "").replace("\x00", "")
    return Service.objects.visible_to(request.actor).by_ref(said).first() if said else None


def _shown(span: Span, found: list[Entry], hits: set[int], request: Request) -> dict[str, Any]:
    """What the view draws: cells of a month, rows of a timeline, or days in order."""
    if span.view == "month":
        return {"weeks": _weeks(span, found, hits, request)}
    if span.view == "timeline":
        return _timeline(span, found, hits, request)
    days = _agenda(span, found, hits, request)
    if span.view != "day":
        return {"agenda": days}
    return {"agenda": days, "track": _track(_drawn(entry, hits) for entry in _first(found, hits, TRACKS))}


def _timeline(span: Span, found: list[Entry], hits: set[int], request: Request) -> dict[str, Any]:
    by = request.GET.get("by") if request.GET.get("by") in ROWS_BY else "service"
    rows = timeline.by_ci(found) if by == "ci" else timeline.by_service(found)
    return {
        "lines": [_line(row, hits) for row in rows],
        "outages": timeline.outages(rows, span.start, span.end),
        "by": [(name, label, _address(request, by=name), name == by) for name, label in ROWS_BY.items()],
        "most": timeline.ROWS,
    }


def _line(row: timeline.Row, hits: set[int]) -> dict[str, Any]:
    drawn = [_drawn(entry, hits) for entry in row.entries]
    bars = [bar | {"url": entry["url"], "move": entry["move"]} for entry in drawn for bar in _bars(entry)]
    return {"label": str(row.record), "url": row.record.get_absolute_url(), "bars": bars}


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
        "move": _way_to_move(entry),
    }


def _way_to_move(entry: Entry) -> str:
    return reverse("changes:request-schedule", args=[entry.number]) if _moves(entry) else ""


def _moves(entry: Entry) -> bool:
    """A change that may still be planned, and by this reader."""
    return entry.may_move and entry.state in ChangeRequest.PLANNABLE


def _sign(entry: Entry) -> tuple[str, str]:
    """The verdict kind and word of its state."""
    if entry.layer == BUSY:
        return "none", "Busy"
    if entry.layer == "freeze":
        return "warn", "Freeze"
    if entry.layer == "job":
        return "none", str(OperationalJob.Kind(entry.state).label)
    if entry.layer != "change":
        return "none", entry.state
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
    midnights = [midnight(day) for day, _ in days]
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


def _agenda(span: Span, entries: list[Entry], hits: set[int], request: Request) -> list[dict[str, Any]]:
    """Of a day with very many the ones that collide, and the first of the others; it says how many more there are."""
    today, most = timezone.localdate(), IN_A_DAY if span.view == "day" else IN_A_WEEK
    return [
        {
            "day": day,
            "today": day == today,
            "entries": _on(day, _first(found, hits, most), hits),
            "more": max(len(found) - most, 0),
            "url": _address(request, view="day", date=day) if span.view != "day" else "",
        }
        for day, found in _days(span, entries).items()
    ]


def _first(entries: list[Entry], hits: set[int], most: int) -> list[Entry]:
    """In order of time; where there are too many, those that collide before all others."""
    if len(entries) <= most:
        return entries
    return sorted(sorted(entries, key=lambda one: not (one.layer == "change" and one.id in hits))[:most])


def _track(entries: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    return [{"label": entry["title"], "url": entry["url"], "bars": _bars(entry)} for entry in entries]


def _bars(entry: dict[str, Any]) -> list[dict[str, Any]]:
    kind = "hit" if entry["hit"] else "mine" if entry["layer"] == "change" else "soft"
    return [{"start": entry["start"], "end": entry["end"], "kind": kind, "title": entry["title"]}]
