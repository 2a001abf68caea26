"""Messages to webhook endpoints, for administrators: what was sent, what was answered, and sending it again."""

import json

import django_tables2 as tables
from django.forms import Form
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from itsm.kernel.middleware import Request
from itsm.kernel.models import WebhookDelivery
from itsm.kernel.pages import form_page, list_page
from itsm.kernel.tables import RecordTable, VerdictColumn
from itsm.kernel.webhooks import operations
from itsm.kernel.webhooks.filters import WebhookDeliveryFilter
from itsm.portal.views.webhooks import CRUMBS, MESSAGE_KINDS, only_for_administrators


class WebhookDeliveryTable(RecordTable):
    class Meta(RecordTable.Meta):
        model = WebhookDelivery
        fields = ("pk", "state", "name", "subject", "endpoint", "attempts", "problem", "created_at")

    pk = tables.Column("Message", order_by="id", linkify=("webhook-delivery", {"pk": tables.A("pk")}))
    state = VerdictColumn(MESSAGE_KINDS, accessor="state", orderable=False)
    name = tables.Column("Event", orderable=False)
    subject = tables.Column("About", orderable=False)
    endpoint = tables.Column("To", linkify=True, orderable=False)
    problem = tables.Column(orderable=False)
    created_at = tables.Column("Written", orderable=False)


@require_GET
def list_(request: Request) -> HttpResponse:
    only_for_administrators(request)
    return list_page(
        request,
        queryset=WebhookDelivery.objects.select_related("endpoint").defer("body").order_by("-pk"),
        filterset=WebhookDeliveryFilter,
        table=WebhookDeliveryTable,
        title="Messages to webhooks",
        empty={"title": "No message.", "text": "What is sent to webhooks stands here for 30 days."},
        crumbs=CRUMBS,
    )


@require_http_methods(["GET", "POST"])
def delivery(request: Request, pk: int) -> HttpResponse:
    only_for_administrators(request)
    found = get_object_or_404(WebhookDelivery.objects.select_related("endpoint", "event"), pk=pk)
    page = reverse("webhook-delivery", args=[found.pk])

    def perform(**_: object) -> str:
        operations.send_again(delivery_id=found.pk, actor=request.actor)
        return page

    return form_page(
        request,
        form=Form(request.POST if request.method == "POST" else None),
        perform=perform,
        title=f"Message {found.pk}",
        submit_label="Send again",
        cancel_url="",
        template="portal/webhook_delivery.html",
        intro="The same message with the same id goes out now, with all its attempts.",
        delivery=found,
        kind=MESSAGE_KINDS[found.state],
        body=json.dumps(json.loads(found.body), indent=2, ensure_ascii=False),
        attempts=found.in_order(),
        facts=[
            ("To", found.endpoint, found.endpoint.get_absolute_url()),
            ("Event", found.name),
            ("About", found.subject),
            ("Id", found.message_id),
            ("Attempts", found.attempts),
            ("Next attempt", found.due_at if found.state in ("waiting", "failing") else ""),
        ],
        crumbs=[*CRUMBS, ("Messages", reverse("webhook-deliveries"))],
    )
