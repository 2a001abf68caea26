"""A body for each operation: right in form, so that what refuses it is a right and not a missing field."""

from datetime import UTC, datetime, timedelta
from typing import Any

from rest_framework import serializers

from itsm.kernel.api.serializers import PersonField, RefField

SAID = {"comment", "reason", "note", "benefit_reached"}  # asked for by some, before anything else
LATER = datetime(2026, 12, 7, 20, 0, tzinfo=UTC)


def example(serializer: Any, known: dict[str, Any]) -> dict[str, Any]:
    """Its required fields, each with a value that fits; what is `known` by the field's name comes first."""
    fields = serializer().get_fields()
    return {
        name: known.get(name, _value(name, field))
        for name, field in fields.items()
        if not field.read_only and (field.required or name in known or name in SAID)
    }


def _value(name: str, field: Any) -> Any:
    if isinstance(field, RefField):
        return field.queryset.order_by("pk").values_list("pk", flat=True).first()
    if isinstance(field, PersonField):
        return "implementer"
    if isinstance(field, serializers.SlugRelatedField):
        return field.get_queryset().order_by("pk").values_list(field.slug_field, flat=True).first()
    if isinstance(field, serializers.ChoiceField):
        return next(iter(field.choices))
    if isinstance(field, serializers.Serializer):
        return example(type(field), {})
    if isinstance(field, serializers.ListField | serializers.ListSerializer | serializers.ManyRelatedField):
        return [_value(name, field.child)] if getattr(field, "child", None) is not None else []
    return _plain(name, field)


def _plain(name: str, field: Any) -> Any:
    if isinstance(field, serializers.DateTimeField):
        return (LATER + timedelta(hours=2 if name in ("end", "until") else 0)).isoformat()
    if isinstance(field, serializers.TimeField):
        return "09:30"
    if isinstance(field, serializers.DateField):
        return LATER.date().isoformat()
    if isinstance(field, serializers.BooleanField):
        return False
    if isinstance(field, serializers.IntegerField | serializers.DecimalField | serializers.FloatField):
        return max(field.min_value or 1, 1)
    if isinstance(field, serializers.DictField | serializers.JSONField):
        return {}
    return "x-1"
