"""How deliveries of events are filtered, on their page and in the API."""

from typing import ClassVar

import django_filters
from django.db.models import Q, QuerySet

from itsm.kernel.filters import RecordFilter
from itsm.kernel.models import EventDelivery

STATES = {
    "parked": Q(parked_at__isnull=False),
    "failing": EventDelivery.OPEN & ~Q(problem=""),
    "waiting": EventDelivery.OPEN & Q(problem=""),
    "done": Q(done_at__isnull=False),
}


class StateOfDelivery(RecordFilter):
    """Also of webhook messages, whose moments have the same names."""

    state = django_filters.ChoiceFilter(
        choices=[(name, name.capitalize()) for name in STATES], method="in_state", label="State"
    )

    def in_state(self, queryset: QuerySet, name: str, value: str) -> QuerySet:
        return queryset.filter(STATES[value])


class DeliveryFilter(StateOfDelivery):
    search_fields = ("event__name", "event__subject", "subscriber", "problem")
    ordering_fields = ("id", "due_at", "attempts")
    event = django_filters.NumberFilter(label="Event's id")
    name = django_filters.CharFilter("event__name", label="Event's name")

    class Meta:
        model = EventDelivery
        fields: ClassVar = {"subscriber": ["exact"]}
