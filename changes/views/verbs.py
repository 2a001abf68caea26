"""What the pages of operations share: a bound form, one operation's page, an edit that sees who was there first."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse

from itsm.kernel.middleware import Request
from itsm.kernel.pages import form_page
from itsm.kernel.preconditions import expecting


def bound(request: Request, form: Callable[..., Any], **options: Any) -> Any:
    """The form with what was sent; `form(request.POST or None)` would take an empty POST for no POST."""
    return form(request.POST if request.method == "POST" else None, **options)


def in_queue(request: Request) -> str:
    """What an address needs so that a reader who works off the queue stays in it."""
    return "?queue=1" if "queue" in request.GET else ""


def verb_page(
    request: Request,
    record: Any,
    form: forms.BaseForm,
    operate: Callable[..., Any],
    *,
    title: str,
    submit_label: str,
    said: str = "",
    **context: Any,
) -> HttpResponse:
    """The page of one operation on a record: its form, then the record again, with what was done `said` on top."""
    context.setdefault("cancel_url", record.get_absolute_url() + in_queue(request))

    def perform(**data: Any) -> str:
        done = operate(**data)
        if said:
            messages.success(request, said)
        return str(done.get_absolute_url()) + in_queue(request)

    return form_page(
        request, form=form, perform=perform, title=title, submit_label=submit_label, record=record, **context
    )


def edit_page(
    request: Request, record: Any, form: forms.BaseForm, operate: Callable[..., Any], *, title: str, **context: Any
) -> HttpResponse:
    """The page that edits a record; refuses when somebody else wrote it meanwhile."""
    form.fields["seen_revision"] = forms.IntegerField(widget=forms.HiddenInput, initial=record.revision)

    def perform(*, seen_revision: int, **data: Any) -> Any:
        with expecting(record, frozenset({seen_revision})):
            return operate(**data)

    return verb_page(request, record, form, perform, title=title, submit_label="Save", **context)
