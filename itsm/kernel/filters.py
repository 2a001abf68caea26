"""The base of every FilterSet: one for the list page and the API alike."""

from collections.abc import Collection
from datetime import UTC, datetime
from typing import Any, ClassVar

import django_filters
from django import forms
from django.core.exceptions import FieldDoesNotExist
from django.db.models import (
    BooleanField,
    CharField,
    DateField,
    DecimalField,
    Field,
    ForeignKey,
    IntegerField,
    Q,
    QuerySet,
    TextField,
)
from django.forms.fields import BaseTemporalField
from django.forms.models import ModelChoiceField
from django.utils.text import capfirst
from django_filters.fields import IsoDateTimeField
from django_filters.rest_framework import DjangoFilterBackend
from rest_framework.exceptions import ValidationError

PAGING = {"limit", "offset", "cursor", "fields", "format"}


class Numbers(django_filters.BaseInFilter, django_filters.NumberFilter):
    """Whole numbers, separated by commas."""


class YesOrNoSelect(forms.NullBooleanSelect):
    """What was not chosen stays out of the address."""

    def __init__(self, attrs: dict[str, Any] | None = None):
        super().__init__(attrs)
        self.choices = [("", "Either"), ("true", "Yes"), ("false", "No")]

    def format_value(self, value: Any) -> Any:
        said = super().format_value(value)
        return ["" if said == "unknown" else said]

    def value_from_datadict(self, data: Any, files: Any, name: str) -> Any:
        found = super().value_from_datadict(data, files, name)
        return data.get(name) if found is None else found


class YesOrNo(forms.NullBooleanField):
    """As Django's own, but what is neither is an error and not taken for nothing said."""

    widget = YesOrNoSelect

    def to_python(self, value: Any) -> bool | None:  # type: ignore[override]
        found = super().to_python(value)
        if found is None and value not in (None, "", "unknown"):
            raise forms.ValidationError("Give true or false.")
        return found


class _InUtc:
    """A moment as the database takes it: of zones further away than sixteen hours it knows nothing."""

    def clean(self, value: Any) -> datetime | None:
        found = super().clean(value)  # type: ignore[misc]
        try:
            return found.astimezone(UTC) if found else None
        except OverflowError:
            raise forms.ValidationError("Give a moment in the years 1 to 9999.") from None


class Moment(_InUtc, forms.DateTimeField):
    pass


class IsoMoment(_InUtc, IsoDateTimeField):
    pass


class RefFilter(django_filters.CharFilter):
    """Another record by id, number or slug; what is no such thing finds nothing."""

    def __init__(self, *args: Any, queryset: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.of = queryset

    def filter(self, qs: QuerySet, value: str) -> QuerySet:
        if not value:
            return qs
        found = qs.filter(**{f"{self.field_name}__in": self.of.all().by_ref(value).values("pk")})
        return found.distinct() if self.distinct else found


class RecordFilter(django_filters.FilterSet):
    """`search` over `search_fields` and over numbers; `ordering` over `ordering_fields`, always total."""

    search_fields: ClassVar[tuple[str, ...]] = ()
    ordering_fields: ClassVar[tuple[str, ...]] = ("id", "created_at", "updated_at")

    search = django_filters.CharFilter(method="by_words", label="Search")
    ordering = django_filters.CharFilter(method="in_order", label="Order")
    id = Numbers(field_name="id", lookup_expr="in", label="Ids")

    def __init__(self, *args: Any, only: Collection[str] | None = None, **kwargs: Any):
        """With `only` these filters: each is copied, and has a form field made, for each request."""
        if only is not None:
            every: dict[str, Any] = vars(type(self))["base_filters"]
            self.base_filters = {name: given for name, given in every.items() if name in only}
        super().__init__(*args, **kwargs)

    @classmethod
    def get_filters(cls) -> Any:
        """The declared ones, and the look-ups that the type of each field has by which one may filter or order."""
        filters = super().get_filters()
        model = cls._meta.model
        if model is None:
            return filters
        own = {field.name: field for field in model._meta.concrete_fields if isinstance(field, ASKED)}
        named = {f.field_name for f in filters.values() if f.method is None and f.lookup_expr == "exact"}
        for name in sorted((named | {"created_at", "updated_at", *cls.ordering_fields}) & set(own)):
            for lookup in ("exact", *lookups_of(own[name])):
                if (key := name if lookup == "exact" else f"{name}__{lookup}") not in filters:
                    filters[key] = cls.filter_for_field(own[name], name, lookup)
                    filters[key].derived = True
        for given in filters.values():
            given.field_class = STRICTER.get(given.field_class, given.field_class)
        return filters

    @classmethod
    def filter_for_field(cls, field: Any, field_name: str, lookup_expr: str | None = None) -> Any:
        """Another record is named, not chosen from a list of all of them."""
        others = getattr(field.related_model, "objects", None) if isinstance(field, ForeignKey) else None
        if lookup_expr == "exact" and hasattr(others, "by_ref"):
            return RefFilter(field_name, queryset=others, label=capfirst(field.verbose_name))
        return super().filter_for_field(field, field_name, lookup_expr)

    def by_words(self, queryset: QuerySet, name: str, value: str) -> QuerySet:
        """Each word must occur in one of the fields; a number finds its record."""
        value = value.replace("\x00", "").strip()
        by_number = queryset.by_ref(value) if hasattr(queryset, "by_ref") and value else None
        wanted = Q()
        for word in value.split()[:8]:
            wanted &= Q(*[(f"{field}__icontains", word) for field in self.search_fields], _connector=Q.OR)
        if by_number is not None and not by_number.query.is_empty():
            wanted |= Q(pk__in=by_number.values("pk"))
        return queryset.filter(wanted)

    @classmethod
    def orders(cls) -> tuple[str, ...]:
        """By what one may order: what the subclass says, and of every record its id and its times."""
        own = {field.name for field in cls._meta.model._meta.concrete_fields} if cls._meta.model else set()
        always = [name for name in ("id", "created_at", "updated_at") if name in own]
        return tuple(dict.fromkeys([*cls.ordering_fields, *always]))

    def in_order(self, queryset: QuerySet, name: str, value: str) -> QuerySet:
        wanted, known = [part for part in value.split(",") if part], self.orders()
        if unknown := [part for part in wanted if part.removeprefix("-") not in known]:
            raise ValidationError({"ordering": [f"Unknown: {', '.join(unknown)}. Known: {', '.join(known)}."]})
        tie = "-pk" if wanted and wanted[0].startswith("-") else "pk"
        return queryset.order_by(*wanted, tie)


STRICTER = {forms.NullBooleanField: YesOrNo, forms.DateTimeField: Moment, IsoDateTimeField: IsoMoment}
ASKED = (BooleanField, CharField, DateField, DecimalField, ForeignKey, IntegerField, TextField)


def lookups_of(field: Field) -> list[str]:
    """What can be asked of a field beside equality; a list page leaves these to the address."""
    found = ["isnull"] if field.null else []
    if isinstance(field, BooleanField | ForeignKey):
        return found
    if field.choices or field.primary_key:
        found.append("in")
    if isinstance(field, DateField | IntegerField | DecimalField) and (field.primary_key or not field.choices):
        found += ["gt", "gte", "lt", "lte"]
    elif isinstance(field, IntegerField):
        found += ["gte", "lte"]
    elif isinstance(field, CharField | TextField) and not field.choices:
        found += ["in", "icontains", "istartswith"]
    return found


def _wrong(filterset: Any, name: str, said: str) -> str:
    """What a form lets pass and a program should be told: nothing where something is asked for, half a thing."""
    asked = filterset.filters.get(name)
    if asked is None or isinstance(asked, Numbers):
        return ""
    if said == "" and isinstance(asked.field, forms.DecimalField | BaseTemporalField | forms.NullBooleanField):
        return "Give a value, or leave it away."
    if isinstance(asked.field, forms.NullBooleanField) and said.lower() not in ("true", "false"):
        return "Give true or false."
    if (known := _choices(filterset, asked)) and (unknown := sorted({*said.split(",")} - {*known, ""})):
        return f"Unknown: {', '.join(unknown)}. Known are: {', '.join(known)}."
    if isinstance(asked.field, forms.DecimalField) and "." in said and _counts(filterset, asked.field_name):
        return "Give a whole number."
    return ""


def _choices(filterset: Any, asked: Any) -> list[str]:
    """What may be said of a field that has choices, by itself or in a list; nothing where anything may."""
    if isinstance(asked, django_filters.ChoiceFilter) and not isinstance(asked.field, ModelChoiceField):
        return [str(value) for value, _ in asked.field.choices if value != ""]
    if asked.lookup_expr != "in":
        return []
    try:
        return [str(value) for value, _ in filterset._meta.model._meta.get_field(asked.field_name).flatchoices]
    except FieldDoesNotExist:
        return []


def _counts(filterset: Any, field: str) -> bool:
    try:
        return isinstance(filterset._meta.model._meta.get_field(field), IntegerField)
    except FieldDoesNotExist:
        return False


class StrictFilterBackend(DjangoFilterBackend):
    """Applies the view's FilterSet; an unknown parameter is an error that lists the known ones."""

    def get_filterset_kwargs(self, request: Any, queryset: QuerySet, view: Any) -> dict[str, Any]:
        return super().get_filterset_kwargs(request, queryset, view) | {"only": set(request.query_params)}

    def filter_queryset(self, request: Any, queryset: QuerySet, view: Any) -> QuerySet:
        filterset = self.get_filterset(request, queryset, view)
        if filterset is None:
            return queryset
        known = {*type(filterset).base_filters, *filterset.filters}
        if unknown := sorted(set(request.query_params) - known - PAGING - set(getattr(view, "own_parameters", ()))):
            raise ValidationError({u: [f"Unknown filter. Known are: {', '.join(sorted(known))}."] for u in unknown})
        wrong = {name: _wrong(filterset, name, said) for name, said in request.query_params.items()}
        if errors := {name: [message] for name, message in wrong.items() if message}:
            raise ValidationError(errors)
        if not filterset.is_valid():
            raise ValidationError(filterset.errors)
        return filterset.qs
