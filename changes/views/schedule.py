"""Setting and moving a change's window: what would be in the way, before it is saved, and the next free windows."""

import re
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from django.http import HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from changes.basics.verdicts import counted
from changes.forms import WindowForm
from changes.models import ChangeRequest
from changes.operations import requests
from changes.queries import requests as ask
from changes.queries.collisions import collisions_in
from changes.queries.nearby import Scope
from changes.queries.slots import next_free_slots
from changes.views.calendar_span import day_in, midnight
from changes.views.verbs import bound, in_queue, verb_page
from changes.views.window import label_of
from itsm.kernel.middleware import Request
from itsm.kernel.pages import find
from itsm.kernel.templatetags import _time

SOON = timedelta(days=6)
SHOWN = 12
# What a window is compared with, one and many.
LOOKED_AT = {
    "cis": ("CI that it touches", "CIs that it touches"), "related": ("CI near them", "CIs near them"),
    "changes": ("other change",), "jobs": ("job",), "freezes": ("freeze",), "people": ("person", "people"),
}  # fmt: skip
SHIFT = re.compile(r"-?[0-9]{1,6}")
Span = tuple[datetime, datetime]


def _slots(change: ChangeRequest, now: datetime, count: int) -> list[dict[str, Any]]:
    """The next windows as long as the present one (or as the model's usual one) with nothing in the way."""
    found = next_free_slots(change, _length(change), max(now, change.starts_at or now), count)
    return [{"start": start, "end": end, "label": _label(start, now)} for start, end in found]


def _length(change: ChangeRequest) -> timedelta:
    usual = timedelta(minutes=change.model.window_minutes)
    return change.window.upper - change.window.lower if change.window else usual


def _label(start: datetime, now: datetime) -> str:
    local = timezone.localtime(start)
    return f"{local:%a} {_time.clock(start)}" if start - now < SOON else _time.moment(start)


def _proposed(request: Request, change: ChangeRequest) -> Span | None:
    """The window that the address asks about: its two ends, or the day to which the present one would move."""
    asked = WindowForm(request.GET)
    if asked.is_valid() and asked.cleaned_data["start"] < asked.cleaned_data["end"]:
        return asked.cleaned_data["start"], asked.cleaned_data["end"]
    if change.starts_at and (shifted := _shifted(timezone.localtime(change.starts_at), request.GET.get("shift", ""))):
        return shifted, shifted + _length(change)
    day = day_in(request.GET.get("day", ""))
    if day is None:
        return None
    clock = timezone.localtime(change.starts_at).time() if change.starts_at else None
    start = midnight(day, clock)
    return start, start + _length(change)


def _shifted(start: datetime, minutes: str) -> datetime | None:
    """So many minutes later (or earlier) by the clock on the wall, so that 22:00 stays 22:00 over a change of time."""
    if not SHIFT.fullmatch(minutes):
        return None
    try:
        return timezone.make_aware(start.replace(tzinfo=None) + timedelta(minutes=int(minutes)))
    except OverflowError:  # beyond the years that a date knows
        return None


def _in_the_way(change: ChangeRequest, window: Span | None) -> dict[str, Any]:
    """What the change would meet in this window, the most serious first."""
    if window is None or window[1] - window[0] > timedelta(days=366):
        return {}
    report = collisions_in(Scope.of(change), *window)
    rows = [
        {
            "kind": one.severity, "word": one.why, "title": label_of(one), "url": one.what.get_absolute_url(),
            "text": f"{_time.moment(one.start)} to {_time.moment(one.end)}. {' → '.join(one.path)}",
        }
        for one in report.found[:SHOWN]
    ]  # fmt: skip
    return {
        "window": window, "rows": rows, "count": len(report.found), "blocking": len(report.blocking),
        "looked": ", ".join(counted(count, *LOOKED_AT[name]) for name, count in report.examined.items() if count),
    }  # fmt: skip


@require_http_methods(["GET", "POST"])
def move(request: Request, number: str) -> HttpResponse:
    change: ChangeRequest = find(ask.listed(), number, request.actor)
    asked = _proposed(request, change) if request.method == "GET" else None
    window = asked or ((change.window.lower, change.window.upper) if change.window else None)
    if getattr(request.htmx, "target", None) == "in-the-way":
        return TemplateResponse(request, "changes/request/in_the_way.html", {"in_the_way": _in_the_way(change, asked)})
    context = {"in_the_way": _in_the_way(change, window)}
    falls = " Given authorisations fall, because they are for the window as it was." if change.submitted_at else ""
    return verb_page(
        request,
        change,
        bound(request, WindowForm, initial={"start": window[0], "end": window[1]} if window else {}),
        partial(requests.schedule, change_id=change.pk),
        title=f"Set the window of {change.title}",
        intro=f"Tasks move with the window.{falls}",
        submit_label="Set the window",
        said="The window is set.",
        template="changes/request/schedule.html",
        slots=[] if request.method == "POST" else _slots(change, timezone.now(), 5),
        **context,
    )


@require_GET
def slot(request: Request, number: str) -> HttpResponse:
    """The button that moves the change to its next free slot; fetched after the page, because it looks far ahead."""
    change: ChangeRequest = find(ask.listed(), number, request.actor)
    url = reverse("changes:request-schedule", args=[change.number]) + in_queue(request)
    context = {"slot": next(iter(_slots(change, timezone.now(), 1)), None), "url": url}
    return TemplateResponse(request, "changes/request/slot.html", context)
