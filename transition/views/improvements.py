"""Pages of the improvement register."""

from functools import partial
from typing import Any

from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from itsm.kernel.middleware import Request
from itsm.kernel.pages import find, form_page, list_page, record_page
from transition.actions.operation import IMPROVEMENT_ACTIONS
from transition.filters.operation import ImprovementFilter
from transition.forms.operation import CheckForm, DoneForm, DropForm, ImprovementEditForm, ImprovementForm
from transition.models import Improvement
from transition.operations import improvements
from transition.queries.measures import in_words, measured
from transition.queries.meetings import improvements as listed
from transition.rules.operation import may_log
from transition.tables.operation import IMPROVEMENT_KINDS, ImprovementTable
from transition.views.verbs import posted, verb

CRUMBS = [("Improvements", "/transition/improvements/")]


@require_GET
def list_(request: Request) -> HttpResponse:
    return list_page(
        request,
        queryset=listed(),
        filterset=ImprovementFilter,
        table=ImprovementTable,
        title="Improvements",
        empty={"title": "No improvement fits.", "text": "What goes wrong twice belongs here, with a measure."},
        actions=[{"label": "Log an improvement", "url": reverse("transition:improvement-create"), "primary": True}],
    )


@require_GET
def detail(request: Request, number: str) -> HttpResponse:
    improvement = find(listed(), number, request.actor)
    return record_page(
        request,
        improvement,
        "transition/improvement/detail.html",
        page="transition.improvement",
        title=improvement.title,
        actions=IMPROVEMENT_ACTIONS,
        crumbs=CRUMBS,
        verdicts=[(IMPROVEMENT_KINDS[improvement.state], improvement.get_state_display())],
        facts=_facts(improvement),
        measure=in_words(improvement.measure),
        now_figure=measured(improvement.measure, timezone.now()),
    )


def _facts(improvement: Improvement) -> list[tuple[str, Any, str | None]]:
    service, incident, meeting = improvement.service, improvement.incident, improvement.meeting
    return [
        ("Level", improvement.get_level_display(), None),
        ("Service", service, service.get_absolute_url() if service else None),
        ("Owner", improvement.owner or "nobody yet", None),
        ("From", incident.number if incident else None, incident.get_absolute_url() if incident else None),
        ("Meeting", meeting.number if meeting else None, meeting.get_absolute_url() if meeting else None),
        ("Check on", f"{improvement.check_on:%-d %b %Y}" if improvement.check_on else None, None),
    ]


@require_http_methods(["GET", "POST"])
def create(request: Request) -> HttpResponse:
    """`?incident=` or `?service=` (ids) say what it follows from."""
    named = {field: request.GET[field] for field in ("incident", "service", "title", "measure") if field in request.GET}
    return form_page(
        request,
        form=ImprovementForm(posted(request), initial={"owner": request.actor.user_id, **named}),
        perform=improvements.log,
        rule=may_log,
        title="Log an improvement",
        submit_label="Log it",
        cancel_url=reverse("transition:improvement-list"),
        crumbs=CRUMBS,
    )


@require_http_methods(["GET", "POST"])
def edit(request: Request, number: str) -> HttpResponse:
    improvement = find(listed(), number, request.actor)
    shown = find(listed(), number, request.actor)  # the form writes into its own copy
    form = ImprovementEditForm(posted(request), instance=shown)
    operate = partial(improvements.update, improvement_id=improvement.pk)
    return verb(request, improvement, operate, title=f"Edit {improvement.display}", submit_label="Save", form=form)


def _verb(request: Request, number: str, operate: Any, title: str, form: Any = None, **arguments: Any) -> HttpResponse:
    improvement = find(listed(), number, request.actor)
    perform = partial(operate, improvement_id=improvement.pk, **arguments)
    bound = form(posted(request)) if form else None
    return verb(request, improvement, perform, title=f"{title}: {improvement.title}", submit_label=title, form=bound)


@require_http_methods(["GET", "POST"])
def approve(request: Request, number: str) -> HttpResponse:
    return _verb(request, number, improvements.approve, "Approve")


@require_http_methods(["GET", "POST"])
def start(request: Request, number: str) -> HttpResponse:
    return _verb(request, number, improvements.start, "Start")


@require_http_methods(["GET", "POST"])
def finish(request: Request, number: str) -> HttpResponse:
    return _verb(request, number, improvements.finish, "Done", DoneForm)


@require_http_methods(["GET", "POST"])
def check(request: Request, number: str) -> HttpResponse:
    return _verb(request, number, improvements.check, "Measure again", CheckForm, now=timezone.now())


@require_http_methods(["GET", "POST"])
def drop(request: Request, number: str) -> HttpResponse:
    return _verb(request, number, improvements.drop, "Drop", DropForm)
