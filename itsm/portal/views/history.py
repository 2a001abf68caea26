"""The whole story of one record: what changed, as it was at a moment, and as a file."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django import forms
from django.http import Http404
from django.http.response import HttpResponseBase
from django.template.response import TemplateResponse
from django.utils import timezone
from django.views.decorators.http import require_GET

from itsm.kernel import export, history, subjects
from itsm.kernel.middleware import Request

A_PAGE = 50


class AtForm(forms.Form):
    at = forms.DateTimeField(
        required=False,
        label="As it was on",
        widget=forms.DateTimeInput(
            attrs={"type": "datetime-local", "step": "1", "class": "form-control"}, format="%Y-%m-%dT%H:%M:%S"
        ),
    )


@require_GET
def show(request: Request, number: str) -> HttpResponseBase:
    record = subjects.called(number, request.actor)
    if record is None or not hasattr(record, "pgh_event_model"):
        raise Http404
    if request.GET.get("format") == "csv":
        return export.answer(_rows(record), f"history-{record.number}")
    form = AtForm(request.GET if "at" in request.GET else None)
    at = form.cleaned_data["at"] if form.is_bound and form.is_valid() else None
    page, count = _page(request), history.length_of(record)
    context = {
        "title": "History",
        "number": record.number,
        "record": record,
        "form": form,
        "entries": history.story_of(record, A_PAGE, (page - 1) * A_PAGE),
        "count": count,
        "older": page + 1 if page * A_PAGE < count else None,
        "newer": page - 1 if page > 1 else None,
        "at": at,
        "then": _compared(record, at) if at else None,
        "links": _links(record, at) if at else None,
        "crumbs": [(record.number, record.get_absolute_url())],
    }
    return TemplateResponse(request, "portal/history.html", context)


def _page(request: Request) -> int:
    said = request.GET.get("page", "1")
    return max(int(said[:6]), 1) if said.isascii() and said.isdecimal() else 1


def _compared(record: Any, at: datetime) -> list[dict[str, Any]] | None:
    """Each field as it was, beside what it is now where that differs; None where there was nothing yet."""
    then, now = history.as_of(record, at), history.as_of(record, timezone.now())
    if then is None or now is None:
        return None
    past, present = dict(history.readable(record, then)), dict(history.readable(record, now))
    return [
        {
            "label": label,
            "then": past.get(label),
            "now": present.get(label),
            "differs": present.get(label) != past.get(label),
        }
        for label in past | present
    ]


def _links(record: Any, at: datetime) -> list[dict[str, Any]]:
    """How it was linked then and how it is now, each link once."""
    then, now = history.links_of(record, at), set(history.links_of(record, timezone.now()))
    gone = [{"text": text, "then": True, "now": text in now} for text in then]
    return gone + [{"text": text, "then": False, "now": True} for text in sorted(now - set(then))]


def _rows(record: Any) -> Iterator[list[Any]]:
    yield ["at", "who", "through", "reason", "because of", "what", "field", "before", "after"]
    for start in range(0, export.MOST, 500):
        story = history.story_of(record, 500, start)
        for entry in story:
            said = [entry["at"], entry["who"], entry["through"], entry["reason"]]
            said += [entry["because"]["number"] if entry["because"] else "", entry["label"]]
            for change in entry["changes"] or [("", "", "")]:
                yield [*said, *change]
        if len(story) < 500:
            return
