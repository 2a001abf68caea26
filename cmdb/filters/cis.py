from datetime import datetime
from typing import Any, ClassVar

import django_filters
from django import forms
from django.db.models import Q, QuerySet
from django.utils import timezone

from cmdb.filters.attributes import asked_for, meanings, offered_for
from cmdb.keys import Key
from cmdb.models import (
    CIClass,
    ConfigurationItem,
)
from cmdb.queries import verification
from itsm.kernel.filters import RecordFilter


class CIClassFilter(RecordFilter):
    search_fields = ("code", "name")
    ordering_fields = ("id", "code", "name")
    code = django_filters.CharFilter(lookup_expr="iexact")

    class Meta:
        model = CIClass
        fields: ClassVar = ["kind"]


class KeyField(forms.CharField):
    def clean(self, value: str) -> Key | None:
        text = super().clean(value)
        key = Key.read(text) if text else None
        if text and key is None:
            raise forms.ValidationError("Give the source, a colon and the key, such as netbox:device-17.")
        return key


class KeyFilter(django_filters.CharFilter):
    """A CI by the name that another tool has for it."""

    field_class = KeyField


class AttributesField(forms.CharField):
    """`os:debian, ram_gb:32`: each attribute with what may be meant by its value, text or number."""

    def clean(self, value: str) -> list[tuple[str, list[Any]]]:
        parts = [part.strip().partition(":") for part in super().clean(value).split(",") if part.strip()]
        if any(not (name and colon) for name, colon, _ in parts):
            raise forms.ValidationError("Give a name, a colon and a value, such as os:debian.")
        return [(name, meanings(wanted)) for name, _, wanted in parts]


class AttributeFilter(django_filters.CharFilter):
    field_class = AttributesField


class ConfigurationItemFilter(RecordFilter):
    search_fields = ("name",)
    ordering_fields = ("id", "name", "status", "criticality", "verified_at", "created_at", "updated_at")
    ci_class = django_filters.ModelChoiceFilter(
        queryset=CIClass.objects.order_by("name"), to_field_name="code", label="Class"
    )
    owner = django_filters.CharFilter("owner__username", label="Owner")
    external_key = KeyFilter(method="known_as", label="Known elsewhere as (source:key)")
    attribute = AttributeFilter(method="by_attribute", label="Attribute (name:value, …)")
    verification = django_filters.ChoiceFilter(choices=verification.AGES, method="by_age", label="Verification")
    unverified_since = django_filters.IsoDateTimeFilter(method="not_verified_since", label="Not verified since")
    misfit = django_filters.BooleanFilter("misfit", lookup_expr="isnull", exclude=True, label="Does not fit its class")

    def __init__(self, data: Any = None, *args: Any, **kwargs: Any):
        """`attributes.ram_gb__gte=64`: any attribute may be asked for; those of the chosen class have fields."""
        super().__init__(data, *args, **kwargs)
        self.filters |= offered_for(str((data or {}).get("ci_class") or "")) | asked_for(data or {})

    class Meta:
        model = ConfigurationItem
        fields: ClassVar = ["status", "environment", "criticality"]

    def known_as(self, queryset: QuerySet, name: str, value: Key) -> QuerySet:
        return queryset.filter(external_keys__source=value.source, external_keys__key=value.key)

    def by_attribute(self, queryset: QuerySet, name: str, value: list[tuple[str, list[Any]]]) -> QuerySet:
        for attribute, meant_by_it in value:
            either = [("attributes__contains", {attribute: meant}) for meant in meant_by_it]
            queryset = queryset.filter(Q(*either, _connector=Q.OR))
        return queryset

    def by_age(self, queryset: QuerySet, name: str, value: str) -> QuerySet:
        return verification.of_age(queryset, value, timezone.now())

    def not_verified_since(self, queryset: QuerySet, name: str, value: datetime) -> QuerySet:
        return queryset.exclude(verified_at__gte=value)
