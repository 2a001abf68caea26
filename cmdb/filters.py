"""One FilterSet per noun, for the list page and the API alike."""

from typing import ClassVar

import django_filters

from cmdb.models import CIClass, ConfigurationItem, Relation, Service
from itsm.kernel.filters import RecordFilter


class CIClassFilter(RecordFilter):
    search_fields = ("code", "name")
    ordering_fields = ("id", "code", "name")
    code = django_filters.CharFilter(lookup_expr="iexact")

    class Meta:
        model = CIClass
        fields: ClassVar = ["kind"]


class ConfigurationItemFilter(RecordFilter):
    search_fields = ("name",)
    ordering_fields = ("id", "name", "status", "criticality", "verified_at", "created_at", "updated_at")
    ci_class = django_filters.ModelChoiceFilter(
        queryset=CIClass.objects.order_by("name"), to_field_name="code", label="Class"
    )
    owner = django_filters.CharFilter("owner__username", label="Owner")
    unverified_since = django_filters.IsoDateTimeFilter(method="not_verified_since", label="Not verified since")

    class Meta:
        model = ConfigurationItem
        fields: ClassVar = {
            "name": ["exact", "icontains"],
            "status": ["exact", "in"],
            "environment": ["exact"],
            "criticality": ["exact", "gte", "lte"],
            "updated_at": ["gte", "lte"],
        }

    def not_verified_since(self, queryset, name, value):  # type: ignore[no-untyped-def]
        return queryset.exclude(verified_at__gte=value)


class RelationFilter(RecordFilter):
    class Meta:
        model = Relation
        fields: ClassVar = ["type", "source", "target"]


class ServiceFilter(RecordFilter):
    search_fields = ("name", "summary", "slug")
    ordering_fields = ("id", "name", "status", "updated_at")
    slug = django_filters.CharFilter()
    owner = django_filters.CharFilter("owner__username", label="Owner")

    class Meta:
        model = Service
        fields: ClassVar = ["status", "sub_state", "delivery_model"]
