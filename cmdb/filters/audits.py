from typing import ClassVar

import django_filters
from django.db.models import Q, QuerySet

from cmdb.models import (
    Audit,
    ConfigurationItem,
    Discrepancy,
    Sample,
    SampledCI,
)
from itsm.kernel.filters import RecordFilter, RefFilter


class AuditFilter(RecordFilter):
    search_fields = ("name", "source")
    ordering_fields = ("id", "name", "observed_at")

    class Meta:
        model = Audit
        fields: ClassVar = ["state", "source"]


class SampleFilter(RecordFilter):
    search_fields = ("name",)
    ordering_fields = ("id", "name", "due_on", "drawn_at")

    class Meta:
        model = Sample
        fields: ClassVar = ["state"]


class SampledCIFilter(RecordFilter):
    search_fields = ("ci__name", "note")
    ordering_fields = ("id", "answered_at")
    sample = RefFilter("sample", queryset=Sample.objects, label="Sample")
    ci = RefFilter("ci", queryset=ConfigurationItem.objects, label="CI")
    verdict = django_filters.ChoiceFilter(choices=[("true", "True"), ("wrong", "Wrong")], label="Answer")
    unanswered = django_filters.BooleanFilter(method="not_answered", label="Not answered")

    class Meta:
        model = SampledCI
        fields: ClassVar[list[str]] = []

    def not_answered(self, queryset: QuerySet, name: str, value: bool) -> QuerySet:
        open_ = Q(verdict=SampledCI.Verdict.OPEN)
        return queryset.filter(open_ if value else ~open_)


class DiscrepancyFilter(RecordFilter):
    search_fields = ("ci_name",)
    ordering_fields = ("id", "ci_name")
    audit = RefFilter(queryset=Audit.objects)
    ci = RefFilter(queryset=ConfigurationItem.objects, label="CI")

    class Meta:
        model = Discrepancy
        fields: ClassVar = ["state", "kind", "resolution", "field", "explained_by", "raised"]
