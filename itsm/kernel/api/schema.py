"""What drf-spectacular cannot see for itself: problem documents for every error."""

from typing import Any

from drf_spectacular.extensions import OpenApiSerializerFieldExtension
from drf_spectacular.openapi import AutoSchema

PROBLEM = {
    "type": "object",
    "description": "RFC 9457 problem document.",
    "required": ["type", "title", "status", "detail", "code"],
    "properties": {
        "type": {"type": "string"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string"},
        "code": {"type": "string"},
        "errors": {
            "type": "array",
            "items": {
                "type": "object",
                "properties": {n: {"type": "string"} for n in ("pointer", "detail", "code")},
            },
        },
        "checks": {"type": "array", "items": {"type": "object"}},
    },
}
READING = {
    "429": "Too many requests; Retry-After says when to come again.",
    "401": "Not signed in.",
    "403": "Not allowed.",
    "404": "No such record.",
}
WRITING = {
    "400": "Bad input.",
    "409": "Refused.",
    "412": "Changed since it was read.",
    "422": "Key used for another body.",
}


class Schema(AutoSchema):
    def get_operation(self, *args: Any, **kwargs: Any) -> Any:
        operation = super().get_operation(*args, **kwargs)
        if operation is not None:
            for status, text in (READING if self.method == "GET" else READING | WRITING).items():
                operation["responses"].setdefault(
                    status, {"description": text, "content": {"application/problem+json": {"schema": PROBLEM}}}
                )
        return operation


class RefFieldShape(OpenApiSerializerFieldExtension):
    """Another record: an id, number or slug on the way in; id, number and name on the way out."""

    target_class = "itsm.kernel.api.serializers.RefField"

    def map_serializer_field(self, auto_schema: Any, direction: str) -> dict[str, Any]:
        if direction == "request":
            return {"oneOf": [{"type": "integer"}, {"type": "string"}], "description": "Its id, number or slug."}
        named = {"id": {"type": "integer"}, "number": {"type": "string"}, "display": {"type": "string"}}
        return {"type": "object", "properties": named, "required": list(named)}
