"""Webhook endpoints, for administrators: who is told of events, and what they were told."""

from collections.abc import Callable
from functools import partial
from typing import Any

import django_tables2 as tables
from django import forms
from django.core.exceptions import PermissionDenied
from django.db.models import Count, Q
from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from changes.forms import ConfirmForm
from changes.views.verbs import bound, edit_page, verb_page
from cmdb.models import Service
from itsm.kernel.middleware import Request
from itsm.kernel.models import WebhookDelivery, WebhookEndpoint
from itsm.kernel.pages import find, form_page, list_page, page_or_fragment, record_page
from itsm.kernel.permissions import allowed, refusal_of
from itsm.kernel.picking import PickField
from itsm.kernel.tables import RecordTable, VerdictColumn
from itsm.kernel.webhooks import operations, rules
from itsm.kernel.webhooks.actions import WEBHOOK_ACTIONS
from itsm.kernel.webhooks.filters import WebhookFilter

CRUMBS = [("Administration", "/administration/"), ("Webhooks", "/administration/webhooks/")]
KINDS = {"active": "ok", "disabled": "none"}
MESSAGE_KINDS = {"parked": "block", "failing": "warn", "waiting": "open", "done": "ok"}
SHOWN = 20


class WebhookTable(RecordTable):
    class Meta(RecordTable.Meta):
        model = WebhookEndpoint
        fields = ("name", "state", "url", "patterns", "owner", "parked")

    name = tables.Column(linkify=True)
    state = VerdictColumn(KINDS)
    url = tables.Column("Address", orderable=False)
    patterns = tables.Column("Events", orderable=False)
    owner = tables.Column(orderable=False)
    parked = tables.Column("Parked", orderable=False)

    def render_patterns(self, value: list[str]) -> str:
        return ", ".join(value)


class WebhookForm(forms.Form):
    name = forms.CharField(max_length=100, label="Who is told?", help_text="The other system's name.")
    url = forms.CharField(max_length=500, label="Address", help_text="https://… It is sent each event by POST.")
    patterns = forms.CharField(
        widget=forms.Textarea(attrs={"rows": 4}),
        label="Of which events?",
        help_text="One a line: changes.task.added, changes.* for all of an app, or * for all.",
        initial="changes.*",
    )
    format = forms.ChoiceField(
        choices=WebhookEndpoint.Format.choices, required=False, label="In whose words?",
        help_text="CDEvents has words for what the gate, changes and deployments decide; other events are not sent.",
    )  # fmt: skip
    service = PickField("service", required=False, label="Of one service only?", help_text="Empty: of all.")
    owner = PickField(
        "person", label="Who owns it?", help_text="Only what this person may see is sent; troubles are told to them."
    )

    @staticmethod
    def of(endpoint: WebhookEndpoint) -> dict[str, Any]:
        return {
            "name": endpoint.name,
            "url": endpoint.url,
            "patterns": "\n".join(endpoint.patterns),
            "format": endpoint.format,
            "service": endpoint.service_id,
            "owner": endpoint.owner,
        }

    def clean_patterns(self) -> list[str]:
        return self.cleaned_data["patterns"].split()

    def clean(self) -> dict[str, Any]:
        said = dict(self.cleaned_data)
        said["format"] = said.get("format") or WebhookEndpoint.Format.STANDARD
        if "service" in said:
            service = said.pop("service")
            said["service_id"] = service.pk if service else None
        return said


class DisableForm(forms.Form):
    reason = forms.CharField(max_length=300, label="Why?")


@require_GET
def list_(request: Request) -> HttpResponse:
    only_for_administrators(request)
    return list_page(
        request,
        queryset=WebhookEndpoint.objects.select_related("owner")
        .annotate(parked=Count("deliveries", filter=Q(deliveries__parked_at__isnull=False)))
        .order_by("name", "pk"),
        filterset=WebhookFilter,
        table=WebhookTable,
        title="Webhooks",
        crumbs=CRUMBS[:1],
        empty={
            "title": "No webhook.",
            "text": "A webhook tells another system what happens here, signed, within seconds.",
            "action_label": "New webhook",
            "action_url": reverse("webhook-create"),
        },
        actions=[
            {"label": "Messages", "url": reverse("webhook-deliveries")},
            {"label": "New webhook", "url": reverse("webhook-create"), "primary": True},
        ],
    )


@require_GET
def detail(request: Request, pk: int) -> HttpResponse:
    endpoint = _found(request, pk)
    health = endpoint.health
    return record_page(
        request,
        endpoint,
        "portal/webhook.html",
        page="webhook",
        title=endpoint.name,
        actions=WEBHOOK_ACTIONS,
        crumbs=CRUMBS,
        states=[],
        verdicts=_verdicts(endpoint),
        facts=[
            ("Address", endpoint.url),
            ("Events", ", ".join(endpoint.patterns)),
            ("Format", endpoint.get_format_display()),
            ("Service", _service_of(endpoint) or "all"),
            ("Owner", endpoint.owner),
            ("Disabled because", endpoint.reason),
            ("Secret changed", endpoint.rotated_at),
            ("The old one signs until", endpoint.previous_until if _both_sign(endpoint) else ""),
            ("Nothing sent until", health.paused_until if _ahead(health.paused_until) else ""),
        ],
        rows=[
            {"message": message, "kind": MESSAGE_KINDS[message.state]}
            for message in WebhookDelivery.objects.filter(endpoint=endpoint).defer("body").order_by("-pk")[:SHOWN]
        ],
    )


def _service_of(endpoint: WebhookEndpoint) -> Service | None:
    return Service.objects.get(pk=endpoint.service_id) if endpoint.service_id else None


def _verdicts(endpoint: WebhookEndpoint) -> list[tuple[str, str]]:
    found = [(KINDS[endpoint.state], endpoint.get_state_display().lower())]
    if endpoint.health.failing_since and endpoint.state == WebhookEndpoint.State.ACTIVE:
        found.append(("warn", f"failing since {timezone.localtime(endpoint.health.failing_since):%d %b %H:%M}"))
    return found


def _ahead(moment: Any) -> bool:
    return moment is not None and moment > timezone.now()


def _both_sign(endpoint: WebhookEndpoint) -> bool:
    return bool(endpoint.previous_secret) and _ahead(endpoint.previous_until)


@never_cache
@require_http_methods(["GET", "POST"])
def create(request: Request) -> HttpResponse:
    only_for_administrators(request)
    return _shown_once(
        request,
        operations.create,
        form=bound(request, WebhookForm, initial={"owner": request.actor.user}),
        title="New webhook",
        submit_label="Make it",
        cancel_url=reverse("webhooks"),
        crumbs=CRUMBS,
    )


@never_cache
@require_http_methods(["GET", "POST"])
def rotate(request: Request, pk: int) -> HttpResponse:
    endpoint = _found(request, pk)
    return _shown_once(
        request,
        partial(operations.rotate, endpoint_id=endpoint.pk, now=timezone.now()),
        form=bound(request, ConfirmForm),
        title=f"Rotate the secret of {endpoint.name}",
        submit_label="Make a new secret",
        intro="For a day messages are signed with both, so that the other side can change over in peace.",
        cancel_url=endpoint.get_absolute_url(),
        crumbs=[*CRUMBS, (endpoint.name, endpoint.get_absolute_url())],
    )


def _shown_once(request: Request, operate: Callable[..., tuple[WebhookEndpoint, str]], **context: Any) -> HttpResponse:
    """The form, and once it is done the secret, in this answer and nowhere else."""
    done: list[tuple[WebhookEndpoint, str]] = []

    def perform(**data: Any) -> str:
        done.append(operate(**data))
        return reverse("webhooks")

    answer = form_page(request, perform=perform, **context)
    if not done:
        return answer
    [(endpoint, secret)] = done
    shown = {"title": "The webhook's secret", "record": endpoint, "secret": secret, "crumbs": CRUMBS}
    return page_or_fragment(request, "portal/webhook_secret.html", "form", shown)


@require_http_methods(["GET", "POST"])
def edit(request: Request, pk: int) -> HttpResponse:
    endpoint = _found(request, pk)
    return edit_page(
        request,
        endpoint,
        bound(request, WebhookForm, initial=WebhookForm.of(endpoint)),
        partial(operations.update, endpoint_id=endpoint.pk),
        title=f"Edit {endpoint.name}",
        crumbs=[*CRUMBS, (endpoint.name, endpoint.get_absolute_url())],
    )


@require_http_methods(["GET", "POST"])
def ping(request: Request, pk: int) -> HttpResponse:
    def operate(**data: Any) -> WebhookEndpoint:
        return operations.ping(**data).endpoint

    return _verb(
        request,
        pk,
        operate,
        title="Send a test to",
        submit_label="Send it",
        intro="A message of the type ping, signed like any other.",
        said="The test is on its way; what came of it is shown below in a few seconds.",
    )


@require_http_methods(["GET", "POST"])
def enable(request: Request, pk: int) -> HttpResponse:
    return _verb(
        request, pk, operations.enable, title="Enable", submit_label="Enable it", intro="What waits is sent first."
    )


@require_http_methods(["GET", "POST"])
def disable(request: Request, pk: int) -> HttpResponse:
    return _verb(
        request,
        pk,
        operations.disable,
        form=DisableForm,
        title="Disable",
        submit_label="Disable it",
        intro="Nothing is sent any more. What waits stays; events of meanwhile are not sent later.",
        danger=True,
    )


def _verb(
    request: Request, pk: int, operate: Callable[..., Any], *, title: str, form: type = ConfirmForm, **context: Any
) -> HttpResponse:
    endpoint = _found(request, pk)
    return verb_page(
        request,
        endpoint,
        bound(request, form),
        partial(operate, endpoint_id=endpoint.pk),
        title=f"{title} {endpoint.name}",
        crumbs=[*CRUMBS, (endpoint.name, endpoint.get_absolute_url())],
        **context,
    )


def _found(request: Request, pk: int) -> WebhookEndpoint:
    only_for_administrators(request)
    found: WebhookEndpoint = find(WebhookEndpoint.objects.select_related("owner", "health"), str(pk), request.actor)
    return found


def only_for_administrators(request: Request) -> None:
    if not allowed(rules.may_manage, request.actor):
        raise PermissionDenied(refusal_of(rules.may_manage))
