"""What drf-spectacular cannot see for itself: problem documents for every error."""

from typing import Any

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
READING = {"401": "Not signed in.", "403": "Not allowed.", "404": "No such record."}
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
