"""Pages of the tools that send events, for administrators."""

from collections.abc import Callable
from functools import partial
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from itsm.kernel.middleware import Request
from itsm.kernel.pages import find, form_page, list_page, page_or_fragment, record_page
from itsm.kernel.permissions import allowed, refusal_of
from transition.actions.pipeline import SOURCE_ACTIONS
from transition.filters.pipeline import PipelineSourceFilter
from transition.forms.delivery import ConfirmForm
from transition.forms.pipeline import NewSourceForm, SourceForm
from transition.models import PipelineEvent, PipelineSource
from transition.operations import pipeline_sources
from transition.queries.pipeline import sources
from transition.rules import pipeline as rules
from transition.tables.pipeline import EVENT_KINDS, SOURCE_KINDS, PipelineSourceTable
from transition.views.verbs import posted, verb

SHOWN = 20


def _crumbs(*more: tuple[str, str]) -> list[tuple[str, str]]:
    events, here = reverse("transition:pipeline-event-list"), reverse("transition:pipeline-source-list")
    return [("Pipeline events", events), ("Sources", here), *more]


def _only_for_administrators(request: Request) -> None:
    if not allowed(rules.may_manage_sources, request.actor):
        raise PermissionDenied(refusal_of(rules.may_manage_sources))


def _found(request: Request, number: str) -> PipelineSource:
    _only_for_administrators(request)
    found: PipelineSource = find(sources(), number, request.actor)
    return found


@require_GET
def list_(request: Request) -> HttpResponse:
    _only_for_administrators(request)
    new = reverse("transition:pipeline-source-create")
    return list_page(
        request,
        queryset=sources(),
        filterset=PipelineSourceFilter,
        table=PipelineSourceTable,
        title="Sources of pipeline events",
        crumbs=_crumbs()[:1],
        actions=[{"label": "New source", "url": new, "primary": True}],
        empty={
            "title": "No source.",
            "text": "A source says whose webhooks are believed, and which of our services its repositories are.",
            "action_label": "New source",
            "action_url": new,
        },
    )


@require_GET
def detail(request: Request, number: str) -> HttpResponse:
    source = _found(request, number)
    hooks = {"github": "/api/transition/events/github/", "gitlab": "/api/transition/events/gitlab/"}
    path = hooks.get(source.kind, "/api/transition/events/")
    recent = PipelineEvent.objects.filter(origin=source).defer("payload").order_by("-pk")[:SHOWN]
    return record_page(
        request,
        source,
        "transition/pipeline_source/detail.html",
        page="transition.pipeline-source",
        title=source.name,
        actions=SOURCE_ACTIONS,
        crumbs=_crumbs(),
        states=[],
        verdicts=[(SOURCE_KINDS[source.state], source.get_state_display())],
        facts=[
            ("Tool", source.get_kind_display()),
            ("Address for it", request.build_absolute_uri(path)),
            ("Secret changed", source.rotated_at),
        ],
        names=list(source.names.all()),
        environments=list(source.environments.items()),
        recent=[(event, EVENT_KINDS[event.state]) for event in recent],
    )


@never_cache
@require_http_methods(["GET", "POST"])
def create(request: Request) -> HttpResponse:
    return _shown_once(
        request, pipeline_sources.create, form=NewSourceForm(posted(request)), title="New source",
        submit_label="Make it", cancel_url=reverse("transition:pipeline-source-list"), crumbs=_crumbs(),
        rule=rules.may_manage_sources,
    )  # fmt: skip


@never_cache
@require_http_methods(["GET", "POST"])
def rotate(request: Request, number: str) -> HttpResponse:
    source = _found(request, number)
    return _shown_once(
        request,
        partial(pipeline_sources.rotate, source_id=source.pk, now=timezone.now()),
        form=ConfirmForm(posted(request)),
        title=f"A new secret for {source.name}",
        submit_label="Make a new secret",
        intro="The present one is good for nothing from that moment; enter the new one there at once.",
        cancel_url=source.get_absolute_url(),
        crumbs=_crumbs((source.name, source.get_absolute_url())),
        rule=rules.may_manage_sources,
    )


def _shown_once(request: Request, operate: Callable[..., tuple[PipelineSource, str]], **context: Any) -> HttpResponse:
    """The form, and once it is done the secret, in this answer and nowhere else."""
    done: list[tuple[PipelineSource, str]] = []

    def perform(**data: Any) -> str:
        done.append(operate(**data))
        return done[0][0].get_absolute_url()

    answer = form_page(request, perform=perform, **context)
    if not done or not done[0][1]:
        return answer
    shown = {"title": "The source's secret", "record": done[0][0], "secret": done[0][1], "crumbs": _crumbs()}
    return page_or_fragment(request, "transition/pipeline_source/secret.html", "form", shown)


@require_http_methods(["GET", "POST"])
def edit(request: Request, number: str) -> HttpResponse:
    source = _found(request, number)
    data = posted(request)
    form = SourceForm(data) if data is not None else SourceForm(initial=SourceForm.of(source))
    operate = partial(pipeline_sources.update, source_id=source.pk)
    return verb(request, source, operate, title=f"Edit {source.name}", submit_label="Save", form=form)


@require_http_methods(["GET", "POST"])
def disable(request: Request, number: str) -> HttpResponse:
    source = _found(request, number)
    operate = partial(pipeline_sources.disable, source_id=source.pk)
    return verb(
        request, source, operate, title=f"Disable {source.name}", submit_label="Disable it", danger=True,
        intro="Its webhooks are refused from then on; what came in before is worked off.",
    )  # fmt: skip


@require_http_methods(["GET", "POST"])
def enable(request: Request, number: str) -> HttpResponse:
    source = _found(request, number)
    operate = partial(pipeline_sources.enable, source_id=source.pk)
    return verb(request, source, operate, title=f"Enable {source.name}", submit_label="Enable it")
