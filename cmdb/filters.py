"""One FilterSet per noun, for the list page and the API alike."""

from datetime import datetime
from typing import Any, ClassVar

import django_filters
from django import forms
from django.db.models import Q, QuerySet
from django.utils import timezone

from cmdb.attribute_filters import asked_for, meanings, offered_for
from cmdb.keys import Key
from cmdb.models import (
    Audit,
    Baseline,
    CIClass,
    CIEdit,
    ConfigurationItem,
    Conflict,
    Discrepancy,
    ImportDifference,
    ImportProblem,
    ImportProfile,
    ImportRun,
    ImportSchedule,
    Relation,
    RelationGroup,
    RelationProposal,
    Sample,
    SampledCI,
    Service,
    SourcePrecedence,
)
from cmdb.queries import verification
from itsm.kernel.filters import RecordFilter, RefFilter


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


class BaselineFilter(RecordFilter):
    search_fields = ("name", "of_number")
    ordering_fields = ("id", "name", "taken_at", "ci_count")
    service = RefFilter(queryset=Service.objects)
    of_number = django_filters.CharFilter(lookup_expr="iexact", label="Taken before (RFC-7)")

    class Meta:
        model = Baseline
        fields: ClassVar = ["scope", "automatic"]


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


class CIEditFilter(RecordFilter):
    search_fields = ("ci__name", "reason")
    ordering_fields = ("id", "created_at", "decided_at")
    ci = RefFilter(queryset=ConfigurationItem.objects, label="CI")
    proposed_by = django_filters.CharFilter("proposed_by__username", label="Proposed by")

    class Meta:
        model = CIEdit
        fields: ClassVar = ["state"]


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


class RelationFilter(RecordFilter):
    source = RefFilter(queryset=ConfigurationItem.objects)
    target = RefFilter(queryset=ConfigurationItem.objects)

    class Meta:
        model = Relation
        fields: ClassVar = ["type"]


class RelationGroupFilter(RecordFilter):
    search_fields = ("name", "ci__name")
    ordering_fields = ("id", "name", "needs")
    ci = RefFilter(queryset=ConfigurationItem.objects)

    class Meta:
        model = RelationGroup
        fields: ClassVar = ["name"]


class RelationProposalFilter(RecordFilter):
    search_fields = ("source__name", "target__name", "evidence")
    ordering_fields = ("id", "state", "created_at", "updated_at")
    source = RefFilter(queryset=ConfigurationItem.objects)
    target = RefFilter(queryset=ConfigurationItem.objects)

    class Meta:
        model = RelationProposal
        fields: ClassVar = ["state", "type", "evidence"]


class ServiceFilter(RecordFilter):
    search_fields = ("name", "summary", "slug")
    ordering_fields = ("id", "name", "status", "updated_at")
    slug = django_filters.CharFilter()
    owner = django_filters.CharFilter("owner__username", label="Owner")

    class Meta:
        model = Service
        fields: ClassVar = ["status", "sub_state", "delivery_model"]


class ImportProfileFilter(RecordFilter):
    search_fields = ("name", "source")
    ordering_fields = ("id", "name", "source", "updated_at")
    name = django_filters.CharFilter()
    source = django_filters.CharFilter()

    class Meta:
        model = ImportProfile
        fields: ClassVar[list[str]] = []


class ImportRunFilter(RecordFilter):
    search_fields = ("file_name", "source")
    ordering_fields = ("id", "source", "state", "created_at", "started_at", "finished_at")
    source = django_filters.CharFilter()
    requested_by = django_filters.CharFilter("requested_by__username", label="Handed in by")

    class Meta:
        model = ImportRun
        fields: ClassVar = ["state", "format", "profile", "schedule", "digest"]


class ImportScheduleFilter(RecordFilter):
    search_fields = ("name", "source", "address")
    ordering_fields = ("id", "name", "source", "next_at", "failing_since", "updated_at")
    name = django_filters.CharFilter()
    source = django_filters.CharFilter()
    owner = django_filters.CharFilter("owner__username", label="Who answers for it")

    class Meta:
        model = ImportSchedule
        fields: ClassVar = ["enabled", "format"]


class ImportDifferenceFilter(RecordFilter):
    """Of one run: there are millions in a large one, so only what an index answers."""

    ordering_fields = ()
    search = None
    kind = django_filters.ChoiceFilter(
        choices=[choice for choice in ImportDifference.Kind.choices if choice[0] != "heard"], label="What"
    )

    word = django_filters.ChoiceFilter(choices=ImportDifference.Word.choices, label="Of a bill of materials")

    class Meta:
        model = ImportDifference
        fields: ClassVar[list[str]] = []


class ImportProblemFilter(RecordFilter):
    search_fields = ("row", "column", "message")
    ordering_fields = ()

    class Meta:
        model = ImportProblem
        fields: ClassVar[list[str]] = []
