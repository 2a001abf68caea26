"""Filters of plans, requirements, packages, items, streams, periods and runs."""

from datetime import datetime
from typing import ClassVar

import django_filters
from django.db.models import QuerySet
from django.utils import timezone
from drf_spectacular.utils import extend_schema_field

from itsm.kernel.filters import RecordFilter
from itsm.kernel.picking import PickField
from transition.models import (
    DeliveryItem,
    DeliveryStream,
    Need,
    ReleasePackage,
    Requirement,
    StreamPeriod,
    StreamRun,
    TransitionPlan,
)
from transition.queries.requirements import in_debt


@extend_schema_field(str)
class ServiceChoice(django_filters.Filter):
    """A service by slug, number or name, on any path that leads to one."""

    field_class = PickField

    def __init__(self, field_name: str):
        super().__init__(field_name, kind="service", label="Service")


class PlanFilter(RecordFilter):
    search_fields = ("service__name", "strategy")
    ordering_fields = ("id", "service__name", "style", "updated_at")
    service = ServiceChoice("service")

    class Meta:
        model = TransitionPlan
        fields: ClassVar = ["style"]


class RequirementFilter(RecordFilter):
    search_fields = ("code", "text")
    ordering_fields = ("id", "code", "priority", "status", "deployed_at", "updated_at")
    service = ServiceChoice("plan__service")
    debt = django_filters.BooleanFilter(method="by_debt", label="Transition debt")
    package = django_filters.NumberFilter("items__package", distinct=True, label="Package (id)")

    class Meta:
        model = Requirement
        fields: ClassVar = {"kind": ["exact"], "status": ["exact", "in"], "priority": ["exact"], "code": ["exact"],
                            "plan": ["exact"], "proposal": ["exact"]}  # fmt: skip

    def by_debt(self, queryset: QuerySet, name: str, value: bool) -> QuerySet:
        """Live and functional, but not documented or not accepted."""
        owed = in_debt(Requirement.objects.all()).values("pk")
        return queryset.filter(pk__in=owed) if value else queryset.exclude(pk__in=owed)


class PackageFilter(RecordFilter):
    search_fields = ("name", "plan__service__name")
    ordering_fields = ("id", "ordinal", "name", "target_date", "state", "updated_at")
    service = ServiceChoice("plan__service")

    class Meta:
        model = ReleasePackage
        fields: ClassVar = {"state": ["exact", "in"], "target_date": ["exact", "gte", "lte"], "plan": ["exact"],
                            "ordinal": ["exact"], "sliced_from": ["exact"]}  # fmt: skip


class ItemFilter(RecordFilter):
    search_fields = ("title",)
    ordering_fields = ("id", "title", "kind", "state", "offset_days", "done_at")

    class Meta:
        model = DeliveryItem
        fields: ClassVar = {"kind": ["exact", "in"], "state": ["exact", "in"], "package": ["exact"],
                            "stream": ["exact"], "requirement": ["exact"]}  # fmt: skip


class StreamFilter(RecordFilter):
    search_fields = ("name", "plan__service__name")
    ordering_fields = ("id", "ordinal", "name", "kind", "state", "updated_at")
    service = ServiceChoice("plan__service")
    owner = django_filters.CharFilter("owner__username", label="Owner")

    class Meta:
        model = DeliveryStream
        fields: ClassVar = ["kind", "state", "plan", "ordinal"]


class PeriodFilter(RecordFilter):
    search_fields = ("stream__name", "stream__plan__service__name")
    ordering_fields = ("id", "span", "state", "closed_at")
    service = ServiceChoice("stream__plan__service")
    ended_after = django_filters.IsoDateTimeFilter("span__endswith", lookup_expr="gt", label="Ended after")
    ended_before = django_filters.IsoDateTimeFilter("span__endswith", lookup_expr="lte", label="Ended before")
    holds = django_filters.IsoDateTimeFilter(method="holding", label="Holds the moment")

    class Meta:
        model = StreamPeriod
        fields: ClassVar = {"stream": ["exact"], "state": ["exact", "in"]}

    def holding(self, queryset: QuerySet, name: str, value: datetime) -> QuerySet:
        return queryset.filter(span__contains=value)


class RunFilter(RecordFilter):
    search_fields = ("summary", "stream__name")
    ordering_fields = ("id", "at", "outcome")
    service = ServiceChoice("stream__plan__service")

    class Meta:
        model = StreamRun
        fields: ClassVar = {"stream": ["exact"], "period": ["exact"], "outcome": ["exact"], "at": ["gte", "lt"],
                            "origin": ["exact"]}  # fmt: skip


class NeedFilter(RecordFilter):
    search_fields = ("ci__name", "stream__name", "stream__plan__service__name")
    ordering_fields = ("id", "due", "arisen_at", "state", "ended_at")
    service = ServiceChoice("stream__plan__service")
    kind = django_filters.ChoiceFilter("stream__kind", choices=DeliveryStream.Kind.choices, label="Kind of stream")
    overdue = django_filters.BooleanFilter(method="by_overdue", label="Overdue")

    class Meta:
        model = Need
        fields: ClassVar = {"state": ["exact", "in"], "stream": ["exact"], "ci": ["exact"], "due": ["gte", "lte"]}

    def by_overdue(self, queryset: QuerySet, name: str, value: bool) -> QuerySet:
        """Open, and past its day."""
        late = {"state": Need.State.OPEN, "due__lt": timezone.localdate()}
        return queryset.filter(**late) if value else queryset.exclude(**late)
