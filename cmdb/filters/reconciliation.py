from typing import ClassVar

import django_filters
from django.db.models import QuerySet

from cmdb.models import (
    CIClass,
    ConfigurationItem,
    Conflict,
    SourcePrecedence,
)
from itsm.kernel.filters import RecordFilter, RefFilter


class ConflictFilter(RecordFilter):
    search_fields = ("ci__name", "field")
    ordering_fields = ("id", "state", "created_at", "updated_at", "decided_at")
    ci = RefFilter(queryset=ConfigurationItem.objects)
    ci_class = django_filters.ModelChoiceFilter(
        "ci__ci_class", queryset=CIClass.objects.order_by("name"), to_field_name="code", label="Class"
    )
    source = django_filters.CharFilter("words", lookup_expr="has_key", label="A source that says something")

    class Meta:
        model = Conflict
        fields: ClassVar = ["state", "field"]


class SourcePrecedenceFilter(RecordFilter):
    search_fields = ("field", "ci__name", "ci_class__name")
    ordering_fields = ("id", "field", "created_at", "updated_at")
    ci = RefFilter(queryset=ConfigurationItem.objects)
    ci_class = django_filters.ModelChoiceFilter(
        queryset=CIClass.objects.order_by("name"), to_field_name="code", label="Class"
    )
    source = django_filters.CharFilter(method="naming", label="Names the source")

    class Meta:
        model = SourcePrecedence
        fields: ClassVar = ["field"]

    def naming(self, queryset: QuerySet, name: str, value: str) -> QuerySet:
        return queryset.filter(sources__contains=[value])
