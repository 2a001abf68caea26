"""Fields that several resources of this app share."""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from itsm.kernel.api.serializers import Strict


@extend_schema_field(
    {
        "type": "object",
        "required": ["start", "end"],
        "properties": {name: {"type": "string", "format": "date-time"} for name in ("start", "end")},
    }
)
class WindowField(serializers.Field):
    """A half-open window [start, end): out as {start, end}."""

    def __init__(self, **kwargs: Any):
        super().__init__(read_only=True, **kwargs)

    def to_representation(self, value: Any) -> dict[str, str]:
        moment = serializers.DateTimeField()
        return {"start": moment.to_representation(value.lower), "end": moment.to_representation(value.upper)}


class Window(Strict):
    start = serializers.DateTimeField()
    end = serializers.DateTimeField()


class Comment(Strict):
    comment = serializers.CharField(required=False, allow_blank=True)


class Reason(Strict):
    reason = serializers.CharField(required=False, allow_blank=True, default="")


class Nothing(Strict):
    """An operation without arguments."""
