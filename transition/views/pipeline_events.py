"""Pages of pipeline events: what came in, what became of it, and trying again what was given up."""

import json
from functools import partial
from typing import Any

from django.http import HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from itsm.kernel import subjects
from itsm.kernel.middleware import Request
from itsm.kernel.pages import find, list_page, record_page
from itsm.kernel.permissions import allowed
from transition.actions.pipeline import EVENT_ACTIONS
from transition.filters.pipeline import PipelineEventFilter
from transition.models import PipelineEvent
from transition.operations import pipeline_events
from transition.queries.pipeline import listed, standing
from transition.rules import pipeline as rules
from transition.tables.pipeline import EVENT_KINDS, PipelineEventTable
from transition.views.verbs import verb

LONGEST_SHOWN = 60_000


@require_GET
def list_(request: Request) -> HttpResponse:
    here = reverse("transition:pipeline-event-list")
    sources = {"label": "Sources", "url": reverse("transition:pipeline-source-list")}
    return list_page(
        request,
        queryset=listed(),
        filterset=PipelineEventFilter,
        table=PipelineEventTable,
        title="Pipeline events",
        crumbs=[("Transition", None)],
        template="transition/pipeline_event/list.html",
        standing={state: count for state, (count, _) in standing().items()},
        here=here,
        actions=[sources] if allowed(rules.may_manage_sources, request.actor) else [],
        empty={
            "title": "No event fits.",
            "text": "Pipelines send CloudEvents to /api/transition/events/; GitHub and GitLab send webhooks.",
        },
    )


@require_GET
def detail(request: Request, number: str) -> HttpResponse:
    event: PipelineEvent = find(listed().defer(None), number, request.actor)
    return record_page(
        request,
        event,
        "transition/pipeline_event/detail.html",
        page="transition.pipeline-event",
        title=event.short_type,
        actions=EVENT_ACTIONS,
        crumbs=[("Pipeline events", reverse("transition:pipeline-event-list"))],
        verdicts=[(EVENT_KINDS[event.state], event.get_state_display())],
        facts=_facts(event),
        effects=[_linked(effect, request) for effect in event.effects],
        **_raw(event),
    )


def _facts(event: PipelineEvent) -> list[tuple[str, Any, str | None]]:
    service = event.service
    return [
        ("About", event.subject, None),
        ("Service", service.name if service else None, service.get_absolute_url() if service else None),
        ("From", event.source, None),
        ("Its id", event.event_id, None),
        ("Type", event.type, None),
        ("Happened", event.occurred_at, None),
        ("Received", event.received_at, None),
        ("Through", event.origin or event.received_by, None),
        ("Attempts", event.attempts or None, None),
        ("Next attempt", event.due_at if event.attempts and event.state == event.State.WAITING else None, None),
    ]


def _linked(effect: dict[str, Any], request: Request) -> dict[str, Any]:
    """The record that came of it, for whoever may see that."""
    record = subjects.called(effect.get("number", ""), request.actor)
    return {"text": effect["text"], "number": str(record or ""), "url": record.get_absolute_url() if record else ""}


def _raw(event: PipelineEvent) -> dict[str, Any]:
    raw = json.dumps(event.payload, indent=2, ensure_ascii=False, sort_keys=False)
    return {"raw": raw[:LONGEST_SHOWN], "cut": max(0, len(raw) - LONGEST_SHOWN)}


@require_http_methods(["GET", "POST"])
def retry(request: Request, number: str) -> HttpResponse:
    event = find(listed(), number, request.actor)
    return verb(
        request, event, partial(pipeline_events.retry, event_id=event.pk), title=f"Try {event.display} again",
        submit_label="Try again", rule=rules.may_retry, intro=event.problem,
    )  # fmt: skip
