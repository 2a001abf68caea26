"""Pages of recurring changes, and of copying a request."""

from datetime import datetime
from functools import partial
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from changes import fields, rules
from changes.actions import RECURRING_ACTIONS
from changes.filters import RecurringChangeFilter
from changes.forms import ConfirmForm
from changes.models import ChangeModel, ChangeRequest, RecurringChange
from changes.operations import copying, recurring
from changes.queries import recurring as ask
from changes.queries import requests as ask_requests
from changes.tables import RecurringChangeTable
from changes.views.verbs import bound, edit_page, verb_page
from itsm.kernel.forms import CheckedByItsOperation
from itsm.kernel.middleware import Request
from itsm.kernel.pages import find, form_page, list_page, record_page
from itsm.kernel.permissions import allowed
from itsm.kernel.picking import PickField, PickManyField
from itsm.kernel.recurrence import in_words
from itsm.kernel.templatetags import _time

CRUMBS = [("Recurring changes", "/changes/recurring/")]
CHOICES = 50  # to skip one of
TIMING = ["first_start", "recurrence", "time_zone", "duration_minutes", "ahead_days", "active"]


class RecurringForm(CheckedByItsOperation, forms.ModelForm):
    """How often and with what; from which request or model it is made stays as it was set up."""

    owner = PickField("person", required=False, label="Who looks after it?", help_text="Each request is theirs.")
    services = PickManyField("service", required=False)
    cis = PickManyField("ci", required=False, label="CIs that it touches")
    first_start = fields.Moment(label="First start", help_text="On your own clock.")

    class Meta:
        model = RecurringChange
        fields = ["title", "reason", "services", "cis", "owner", *TIMING]
        help_texts = {
            "recurrence": "Such as FREQ=WEEKLY;BYDAY=SU or FREQ=MONTHLY;BYDAY=2SU.",
            "ahead_days": "So many days before it begins each request is made, as a draft.",
            "active": "Take the tick away when it is no longer needed.",
        }
        widgets = {"reason": forms.Textarea(attrs={"rows": 2})}

    def __init__(self, *args: Any, copied: bool = False, **kwargs: Any):
        super().__init__(*args, **kwargs)
        if copied:  # all of this is the request's
            for name in ("reason", "services", "cis"):
                del self.fields[name]

    def clean_owner(self) -> Any:
        return self.cleaned_data["owner"] or self.instance.owner


class NewRecurringForm(RecurringForm):
    model = forms.ModelChoiceField(ChangeModel.objects.planned(), label="Change model")
    field_order = ("title", "model")


class SkipForm(forms.Form):
    """One of those that come next, named by its beginning."""

    starts_at = forms.ChoiceField(label="Which one?")
    reason = fields.Text(rows=2, label="Why?")

    def __init__(self, *args: Any, coming: list[datetime], **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["starts_at"].choices = [(at.isoformat(), _time.moment(at)) for at in coming]  # type: ignore[attr-defined]

    def clean_starts_at(self) -> datetime:
        return datetime.fromisoformat(self.cleaned_data["starts_at"])


class TakeBackForm(SkipForm):
    reason = None  # type: ignore[assignment]


class CopyForm(forms.Form):
    title = forms.CharField(max_length=200, label="Title of the copy")


@require_GET
def list_(request: Request) -> HttpResponse:
    create = {"label": "New recurring change", "url": reverse("changes:recurring-create"), "primary": True}
    return list_page(
        request,
        queryset=ask.listed().order_by("title", "pk"),
        filterset=RecurringChangeFilter,
        table=RecurringChangeTable,
        title="Recurring changes",
        empty={
            "title": "Nothing recurs yet.",
            "text": "What is done again and again is set up once; each request is then made in time.",
        },
        actions=[create] if allowed(rules.may_draft, request.actor) else [],
    )


@require_GET
def detail(request: Request, number: str) -> HttpResponse:
    record = find(ask.listed().order_by("pk"), number, request.actor)
    template = None
    if record.template_id:
        template = ChangeRequest.objects.filter(pk=record.template_id).visible_to(request.actor).first()
    return record_page(
        request,
        record,
        "changes/recurring/detail.html",
        page="changes.recurring",
        title=record.title,
        actions=RECURRING_ACTIONS,
        crumbs=CRUMBS,
        verdicts=[("ok", "Active") if record.active else ("none", "At rest")],
        facts=[
            ("Made from", template.display, template.get_absolute_url()) if template
            else ("Made from", f"the model {record.model}", record.model.get_absolute_url()),
            ("Rhythm", in_words(record.recurrence)),
            ("First", f"{_time.moment(record.first_start)}{_there(record, record.first_start)}"),
            ("Clock", record.time_zone),
            ("Window", _time.minutes(record.duration_minutes)),
            ("Made ahead", f"{record.ahead_days} days"),
            ("Owner", record.owner),
        ],
        made=ask.made_for(record, request.actor),
        coming=[(at, at.isoformat(), _there(record, at)) for at in ask.coming(record, timezone.now())],
        skipped=[(one, one.starts_at.isoformat()) for one in ask.skipped(record, timezone.now())],
        may_skip=allowed(rules.may_edit_recurring, request.actor, record),
    )  # fmt: skip


def _there(record: RecurringChange, at: datetime) -> str:
    """The time on the clock that it follows, where the reader's shows another."""
    there = at.astimezone(ZoneInfo(record.time_zone))
    return "" if there.utcoffset() == timezone.localtime(at).utcoffset() else f" ({there:%a %H:%M} there)"


@require_http_methods(["GET", "POST"])
def create(request: Request) -> HttpResponse:
    return form_page(
        request,
        form=bound(request, NewRecurringForm, initial=_usual(request)),
        perform=partial(recurring.create, now=timezone.now()),
        rule=rules.may_draft,
        title="New recurring change",
        submit_label="Set it up",
        cancel_url=reverse("changes:recurring-list"),
        crumbs=CRUMBS,
    )


def _usual(request: Request) -> dict[str, Any]:
    return {"owner": request.actor.user, "time_zone": timezone.get_default_timezone_name()}


@require_http_methods(["GET", "POST"])
def edit(request: Request, number: str) -> HttpResponse:
    record = find(ask.listed().order_by("pk"), number, request.actor)
    return edit_page(
        request,
        record,
        bound(request, RecurringForm, instance=record, copied=record.template_id is not None),
        partial(recurring.update, recurring_id=record.pk, now=timezone.now()),
        title=f"Edit {record.title}",
        intro="Requests that were made already stay as they are.",
    )


@require_http_methods(["GET", "POST"])
def make(request: Request, number: str) -> HttpResponse:
    record = find(ask.listed().order_by("pk"), number, request.actor)
    return verb_page(
        request,
        record,
        bound(request, ConfirmForm),
        partial(recurring.make_now, recurring_id=record.pk, now=timezone.now()),
        title=f"Make what is due of {record.title}",
        intro=f"Each request that begins within {record.ahead_days} days, if it is not there yet.",
        submit_label="Make them",
    )


@require_http_methods(["GET", "POST"])
def skip(request: Request, number: str) -> HttpResponse:
    """Leave one out: each of the next is offered, the one in the address first."""
    record = find(ask.listed().order_by("pk"), number, request.actor)
    now = timezone.now()
    chosen = {"starts_at": request.GET.get("starts_at")}
    return verb_page(
        request,
        record,
        bound(request, SkipForm, coming=ask.coming(record, now, CHOICES), initial=chosen),
        partial(recurring.skip, recurring_id=record.pk, now=now),
        title=f"Skip one of {record.title}",
        intro="No request is made for this one; the others come as before.",
        submit_label="Skip it",
    )


@require_http_methods(["GET", "POST"])
def take_back(request: Request, number: str) -> HttpResponse:
    record = find(ask.listed().order_by("pk"), number, request.actor)
    now = timezone.now()
    coming = [one.starts_at for one in ask.skipped(record, now)]
    chosen = {"starts_at": request.GET.get("starts_at")}
    return verb_page(
        request,
        record,
        bound(request, TakeBackForm, coming=coming, initial=chosen),
        partial(recurring.take_back, recurring_id=record.pk, now=now),
        rule=rules.may_edit_recurring,
        title=f"Let a skipped one of {record.title} come",
        intro="Its request is made in time, as if it had never been skipped.",
        submit_label="Let it come",
    )


@require_http_methods(["GET", "POST"])
def copy(request: Request, number: str) -> HttpResponse:
    change = find(ask_requests.listed(), number, request.actor)
    return verb_page(
        request,
        change,
        bound(request, CopyForm, initial={"title": change.title}),
        partial(copying.copy, change_id=change.pk, now=timezone.now()),
        title=f"Copy {change.title}",
        intro="Plan, tasks, and what is still there are kept. Window, authorisations, acknowledgements, retired CIs "
        "and people who left are cleared; the copy says which.",
        submit_label="Copy it",
        said="It is copied. What was cleared stands on the page.",
    )


@require_http_methods(["GET", "POST"])
def recur(request: Request, number: str) -> HttpResponse:
    """Let this request come again and again."""
    change = find(ask_requests.listed(), number, request.actor)
    first = {"first_start": change.starts_at, "duration_minutes": change.model.window_minutes, "title": change.title}
    return verb_page(
        request,
        change,
        bound(request, RecurringForm, copied=True, initial=_usual(request) | first),
        partial(recurring.create, template=change, now=timezone.now()),
        title=f"Let {change.title} recur",
        intro=f"Each is a copy of {change.number} as it is then; what is no longer true is cleared.",
        submit_label="Set it up",
    )
