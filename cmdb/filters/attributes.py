"""CIs by their attributes: `attributes.ram_gb__gte=64`, for the list page and the API alike."""

import json
from collections.abc import Mapping
from typing import Any

import django_filters
from django import forms
from django.db.models import Exists, OuterRef, Q, QuerySet

from cmdb.models import AttributeValue, CIClass
from cmdb.schemas import Attribute, attributes_of

PREFIX = "attributes."
LOOKUPS = ("gt", "gte", "lt", "lte", "in", "isnull")
RANGES = {"gt", "gte", "lt", "lte"}
MOST = 20  # conditions on attributes in one question
HUGE = 10**99
YES_OR_NO = [("", "Either"), ("true", "Yes"), ("false", "No")]


class Said(forms.CharField):
    """A value for an attribute, text or number, short enough to be found."""

    def __init__(self, *args: Any, lookup: str, **kwargs: Any):
        self.lookup = lookup
        super().__init__(*args, max_length=200, **kwargs)

    def clean(self, value: Any) -> str:
        said = str(super().clean(value))
        if self.lookup == "isnull" and said and said.lower() not in ("true", "false"):
            raise forms.ValidationError("Give true or false.")
        if self.lookup in RANGES and said and plain(said) is None:
            raise forms.ValidationError("Give a number or a text.")
        return said


class AttributeLookup(django_filters.CharFilter):
    """One attribute, asked for by one look-up."""

    field_class: type[forms.Field] = Said

    def __init__(self, attribute: str, lookup: str, **kwargs: Any):
        self.attribute, self.lookup = attribute, lookup
        super().__init__(**kwargs)
        self.extra["lookup"] = lookup

    def filter(self, qs: QuerySet, value: str) -> QuerySet:
        return qs.filter(condition(self.attribute, self.lookup, value)) if value else qs


class AttributeChoice(AttributeLookup):
    """The same, chosen from what the class lets it be."""

    field_class = forms.ChoiceField

    def __init__(self, attribute: str, choices: list[tuple[str, str]], **kwargs: Any):
        super().__init__(attribute, "exact", **kwargs)
        self.extra = {"required": False, "choices": choices}


def condition(attribute: str, lookup: str, said: str) -> Q:
    """Equality by the index on all attributes; what is less or greater by the values that a trigger keeps."""
    if lookup in ("exact", "in"):
        texts = said.split(",") if lookup == "in" else [said]
        each = [("attributes__contains", {attribute: meant}) for text in texts for meant in meanings(text.strip())]
        return Q(*each, _connector=Q.OR)
    if lookup == "isnull":
        has = Q(attributes__has_key=attribute)
        return ~has if said.lower() == "true" else has
    value = plain(said)
    values = AttributeValue.objects.filter(ci=OuterRef("pk"), name=attribute, **{f"value__{lookup}": value})
    return Q(Exists(values.filter(_of_its_kind(value))))


def _of_its_kind(value: Any) -> Q:
    """JSON orders all texts before all numbers and these before yes and no: numbers are compared with numbers."""
    return Q(value__lt=-HUGE) if isinstance(value, str) else Q(value__gte=-HUGE, value__lt=False)


def plain(said: str) -> Any:
    """A number where it can be read as one, or else the text; None for one that no attribute has."""
    try:
        read = json.loads(said)
    except (ValueError, RecursionError):
        return said
    if isinstance(read, int | float) and not isinstance(read, bool):
        return read if abs(read) < HUGE else None
    return said


def meanings(said: str) -> list[Any]:
    """What may be meant: `32` is a text and a number, `true` a text and a yes."""
    try:
        read = json.loads(said)
    except (ValueError, RecursionError):
        return [said]
    if isinstance(read, dict | list | str) or read is None:
        return [said]
    return [said] if isinstance(read, float) and not abs(read) < HUGE else [said, read]


def asked_for(data: Mapping[str, Any]) -> dict[str, Any]:
    """A filter for each attribute that the address names."""
    named = [key for key in data if key.startswith(PREFIX)][:MOST]
    return {key: found for key in named if (found := _read(key)) is not None}


def _read(key: str) -> AttributeLookup | None:
    name, _, lookup = key.removeprefix(PREFIX).rpartition("__")
    if not name or lookup not in LOOKUPS:
        name, lookup = key.removeprefix(PREFIX), "exact"
    fits = 0 < len(name) <= 100 and "\x00" not in name
    return AttributeLookup(name, lookup, label=f"{name} {lookup}") if fits else None


def offered_for(code: str) -> dict[str, Any]:
    """Fields for what the class names: a choice, or from and to, or a text."""
    named = CIClass.objects.select_related("parent").filter(code=code.replace("\x00", "")) if code else ()
    found: dict[str, Any] = {}
    for ci_class in named:
        for each in attributes_of(ci_class):
            found |= _fields(each)
    return found


def _fields(each: Attribute) -> dict[str, Any]:
    key, label = PREFIX + each.name, each.title[:1].upper() + each.title[1:]
    if each.choices:
        return {key: AttributeChoice(each.name, [("", "Any"), *((str(c), str(c)) for c in each.choices)], label=label)}
    if each.type == "boolean":
        return {key: AttributeChoice(each.name, YES_OR_NO, label=label)}
    if each.type in ("integer", "number"):
        return {
            f"{key}__gte": AttributeLookup(each.name, "gte", label=f"{label} from"),
            f"{key}__lte": AttributeLookup(each.name, "lte", label=f"{label} to"),
        }
    return {key: AttributeLookup(each.name, "exact", label=label)} if each.type == "string" else {}
