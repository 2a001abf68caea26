"""How endpoints and the messages to them are filtered, on their pages and in the API."""

from typing import ClassVar

import django_filters

from itsm.kernel.filters import RecordFilter
from itsm.kernel.models import WebhookDelivery, WebhookEndpoint
from itsm.kernel.outbox_filter import StateOfDelivery


class WebhookFilter(RecordFilter):
    search_fields = ("name", "url")
    ordering_fields = ("id", "name", "state", "created_at", "updated_at")
    owner = django_filters.CharFilter("owner__username", label="Owner")

    class Meta:
        model = WebhookEndpoint
        fields: ClassVar = {"state": ["exact"]}


class WebhookDeliveryFilter(StateOfDelivery):
    search_fields = ("message_id", "name", "subject", "problem")
    ordering_fields = ("id", "due_at", "attempts")
    endpoint = django_filters.NumberFilter("endpoint", label="Endpoint's id")

    class Meta:
        model = WebhookDelivery
        fields: ClassVar = {"name": ["exact"]}
