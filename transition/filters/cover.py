"""Filters of absences and shifts."""

from typing import ClassVar

import django_filters

from itsm.kernel.filters import RecordFilter
from transition.filters.delivery import ServiceChoice
from transition.models import Absence, Shift


class AbsenceFilter(RecordFilter):
    search_fields = ("user__username", "user__first_name", "user__last_name")
    ordering_fields = ("id", "days")
    user = django_filters.CharFilter("user__username", label="Person")
    day = django_filters.DateFilter("days", lookup_expr="contains", label="On the day")

    class Meta:
        model = Absence
        fields: ClassVar = ["user"]


class ShiftFilter(RecordFilter):
    search_fields = ("user__username", "stream__name")
    ordering_fields = ("id", "days", "role")
    service = ServiceChoice("stream__plan__service")
    user = django_filters.CharFilter("user__username", label="Person")
    day = django_filters.DateFilter("days", lookup_expr="contains", label="On the day")

    class Meta:
        model = Shift
        fields: ClassVar = ["stream", "role", "user"]
