"""Deliveries of events, for administrators: what failed, why, and sending it again."""

import django_tables2 as tables
from django.core.exceptions import PermissionDenied
from django.forms import Form
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from itsm.kernel import events, outbox
from itsm.kernel.middleware import Request
from itsm.kernel.models import EventDelivery
from itsm.kernel.outbox_filter import DeliveryFilter
from itsm.kernel.pages import form_page, list_page
from itsm.kernel.permissions import allowed, refusal_of
from itsm.kernel.tables import RecordTable, VerdictColumn

KINDS = {"parked": "block", "failing": "warn", "waiting": "open", "done": "ok"}


class DeliveryTable(RecordTable):
    class Meta(RecordTable.Meta):
        model = EventDelivery
        fields = ("pk", "state", "event", "problem", "subscriber", "attempts", "due_at")

    pk = tables.Column("Delivery", order_by="id", linkify=("delivery", {"pk": tables.A("pk")}))
    event = tables.Column(orderable=False)
    subscriber = tables.Column(orderable=False)
    state = VerdictColumn(KINDS, accessor="state", orderable=False)
    due_at = tables.Column("Next attempt")
    problem = tables.Column(orderable=False)

    def render_due_at(self, value: object, record: EventDelivery) -> object:
        return value if record.state in ("waiting", "failing") else self.default

    def render_problem(self, value: str) -> str:
        return value if len(value) < 120 else f"{value[:120]}…"


@require_GET
def list_(request: Request) -> HttpResponse:
    _only_for_administrators(request)
    return list_page(
        request,
        queryset=EventDelivery.objects.select_related("event").order_by("-pk"),
        filterset=DeliveryFilter,
        table=DeliveryTable,
        title="Deliveries of events",
        empty={"title": "No delivery fits.", "text": "Here is what each subscriber has had of an event."},
        template="portal/deliveries.html",
        lag=events.lag(),
    )


@require_http_methods(["GET", "POST"])
def delivery(request: Request, pk: int) -> HttpResponse:
    _only_for_administrators(request)
    found = get_object_or_404(EventDelivery.objects.select_related("event"), pk=pk)
    list_url = reverse("deliveries")

    def perform(**_: object) -> str:
        outbox.send_again(delivery_id=found.pk, actor=request.actor)
        return list_url

    return form_page(
        request,
        form=Form(request.POST if request.method == "POST" else None),
        perform=perform,
        title=f"Delivery {found.pk}",
        submit_label="Send again",
        cancel_url=list_url,
        template="portal/delivery.html",
        intro="Mend the cause first. Then it is tried anew, up to ten times.",
        delivery=found,
        kind=KINDS[found.state],
        facts=[
            ("Event", found.event),
            ("Happened", found.event.occurred_at),
            ("By", found.event.actor),
            ("Subscriber", found.subscriber),
            ("Attempts", found.attempts),
            ("Next attempt", found.due_at if found.state in ("waiting", "failing") else ""),
        ],
        crumbs=[("Deliveries of events", list_url)],
    )


def _only_for_administrators(request: Request) -> None:
    if not allowed(outbox.may_see, request.actor):
        raise PermissionDenied(refusal_of(outbox.may_see))
