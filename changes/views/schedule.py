"""Setting and moving a change's window, and the next window in which nothing is in the way."""

from datetime import datetime, timedelta
from functools import partial
from typing import Any

from django.http import HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from changes.forms import WindowForm
from changes.models import ChangeRequest
from changes.operations import requests
from changes.queries import requests as ask
from changes.queries.slots import next_free_slots
from changes.views.verbs import bound, in_queue, verb_page
from itsm.kernel.middleware import Request
from itsm.kernel.pages import find
from itsm.kernel.templatetags import _time

SOON = timedelta(days=6)


def _slots(change: ChangeRequest, now: datetime, count: int) -> list[dict[str, Any]]:
    """The next windows as long as the present one (or as the model's usual one) with nothing in the way."""
    usual = timedelta(minutes=change.model.window_minutes)
    length = change.window.upper - change.window.lower if change.window else usual
    found = next_free_slots(change, length, max(now, change.starts_at or now), count)
    return [{"start": start, "end": end, "label": _label(start, now)} for start, end in found]


def _label(start: datetime, now: datetime) -> str:
    local = timezone.localtime(start)
    return f"{local:%a} {_time.clock(start)}" if start - now < SOON else _time.moment(start)


@require_http_methods(["GET", "POST"])
def move(request: Request, number: str) -> HttpResponse:
    change: ChangeRequest = find(ask.listed(), number, request.actor)
    falls = " Given authorisations fall, because they are for the window as it was." if change.submitted_at else ""
    return verb_page(
        request,
        change,
        bound(request, WindowForm, initial={"start": change.starts_at, "end": change.ends_at}),
        partial(requests.schedule, change_id=change.pk),
        title=f"Set the window of {change.title}",
        intro=f"Tasks move with the window.{falls}",
        submit_label="Set the window",
        said="The window is set.",
        template="changes/request/schedule.html",
        slots=[] if request.method == "POST" else _slots(change, timezone.now(), 5),
    )


@require_GET
def slot(request: Request, number: str) -> HttpResponse:
    """The button that moves the change to its next free slot; fetched after the page, because it looks far ahead."""
    change: ChangeRequest = find(ask.listed(), number, request.actor)
    url = reverse("changes:request-schedule", args=[change.number]) + in_queue(request)
    context = {"slot": next(iter(_slots(change, timezone.now(), 1)), None), "url": url}
    return TemplateResponse(request, "changes/request/slot.html", context)
