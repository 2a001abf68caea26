"""What drf-spectacular cannot see for itself: bodies by operation, conditions, headers, lists, and every error."""

from typing import Any

from drf_spectacular.extensions import OpenApiSerializerFieldExtension
from drf_spectacular.openapi import AutoSchema
from drf_spectacular.plumbing import ResolvedComponent
from drf_spectacular.utils import OpenApiParameter, inline_serializer
from rest_framework.serializers import ListField, ManyRelatedField, Serializer, TimeField

from itsm.kernel.api.components import READING, WRITING
from itsm.kernel.api.serializers import Strict

KEY = OpenApiParameter("Idempotency-Key", str, OpenApiParameter.HEADER, description="One effect for 24 hours.")
MATCH = OpenApiParameter("If-Match", str, OpenApiParameter.HEADER, description="The ETag that was read.")
NONE_MATCH = OpenApiParameter("If-None-Match", str, OpenApiParameter.HEADER, description="The ETag that is known.")
CLOCK = r"^\d{2}:\d{2}(:\d{2}(\.\d+)?)?$"
ID = {"type": "integer", "minimum": 1, "maximum": 2**63 - 1}
NAME = {"type": "string", "minLength": 1}
NAMED: dict[str, Any] = {
    "type": "object",
    "required": ["id"],
    "properties": {
        "id": {"oneOf": [ID, NAME], "description": "Its id or number."},
        "revision": {"type": "integer", "minimum": 1, "description": "Refuse (412) unless it is at this one."},
    },
}


class Schema(AutoSchema):
    @property
    def action(self) -> str:
        return str(getattr(self.view, "action", "") or "")

    @property
    def of_one_record(self) -> bool:
        return "{id}" in self.path or "{pk}" in self.path

    @property
    def creates_records(self) -> bool:
        """As CreateRecord does, which takes lists too."""
        return hasattr(self.view, "create_arguments")

    def get_operation_id(self) -> str:
        """As spectacular says it, but an operation is called by its own name, not `…_create`."""
        said = super().get_operation_id()
        if self.action in ("bulk_update", "bulk_destroy"):
            return f"{said.rsplit('_', 2 if said.endswith('partial_update') else 1)[0]}_{self.action}"
        own = self.action and self.action not in ("create", "list", "retrieve", "partial_update", "destroy")
        return said.removesuffix("_create") if own and self.method == "POST" else said

    def get_override_parameters(self) -> list[Any]:
        if self.method == "POST":
            return [KEY, MATCH] if self.of_one_record else [KEY]
        if self.of_one_record:
            return [NONE_MATCH] if self.action == "retrieve" else [MATCH] if self.method != "GET" else []
        return []

    def get_request_serializer(self) -> Any:
        names = {"create": "create_arguments", "partial_update": "update_arguments", "bulk_update": "update_arguments"}
        return getattr(self.view, names.get(self.action, ""), None) or super().get_request_serializer()

    def _get_paginator(self) -> Any:
        """Only what is read comes in pages; an operation on many answers with all of them."""
        return super()._get_paginator() if self.method == "GET" else None

    def map_renderers(self, attribute: str) -> list[Any]:
        """Only a list is to be had as CSV."""
        found = super().map_renderers(attribute)
        return found if self.action == "list" else [each for each in found if each not in ("csv", "text/csv")]

    def get_operation(self, *args: Any, **kwargs: Any) -> Any:
        operation = super().get_operation(*args, **kwargs)
        if operation is None:
            return None
        if self.action in ("bulk_update", "bulk_destroy") or (self.action == "create" and self.creates_records):
            self._take_lists(operation)
        for status, answer in operation["responses"].items():
            if status.startswith("2"):
                self._add_headers(answer, status)
        if self.action == "retrieve":
            operation["responses"]["304"] = {"description": "It is as you know it."}
        for status in READING if self.method == "GET" else READING | WRITING:
            name = status if self.method == "GET" or status not in WRITING else f"{status}-write"
            operation["responses"].setdefault(status, {"$ref": f"#/components/responses/{name}"})
        return operation

    def _map_basic_serializer(self, serializer: Any, direction: str) -> Any:
        """What comes with one record alone is not promised of each in a list; what is not known is refused."""
        schema = super()._map_basic_serializer(serializer, direction)
        if "required" in schema:
            alone = getattr(serializer, "ON_DETAIL", ())
            schema["required"] = [name for name in schema["required"] if name not in alone]
        if direction == "request" and isinstance(serializer, Strict):
            schema["additionalProperties"] = False
        return schema

    def _map_serializer_field(self, field: Any, *args: Any, **kwargs: Any) -> Any:
        """A time of day has no zone, which the format `time` would ask for; some lists may not be empty."""
        schema = super()._map_serializer_field(field, *args, **kwargs)
        if isinstance(field, ListField | ManyRelatedField) and not field.allow_empty and schema.get("type") == "array":
            schema = {"minItems": 1, **schema}
        if isinstance(field, TimeField):
            schema = {name: value for name, value in schema.items() if name != "format"} | {"pattern": CLOCK}
        return schema

    def _take_lists(self, operation: dict[str, Any]) -> None:
        if self.action == "bulk_destroy":
            operation["requestBody"] = {"content": {"application/json": {"schema": listed(NAMED)}}, "required": True}
            return
        for part in (operation["requestBody"], *operation["responses"].values()):
            for content in part.get("content", {}).values():
                one = content["schema"]
                if self.action == "create":
                    content["schema"] = {"oneOf": [one, listed(one)]}
                elif one.get("type") != "array":
                    content["schema"] = listed(self._named(one) if part is operation["requestBody"] else one)

    def _named(self, one: dict[str, Any]) -> dict[str, Any]:
        """The changes to a record together with its name: one object, since neither part knows the other's fields."""
        component: Any = self.registry[one["$ref"].rpartition("/")[2], ResolvedComponent.SCHEMA].schema
        return {**component, **NAMED, "properties": {**NAMED["properties"], **component.get("properties", {})}}

    def _add_headers(self, answer: dict[str, Any], status: str) -> None:
        names = ["Link"] if self.action == "list" else ["ETag"] if self.of_one_record and status != "204" else []
        if self.method == "POST":
            names += ["Idempotency-Expires", "Idempotency-Replayed"]
        if status == "201":
            names += ["ETag", "Location"]
        headers = answer.setdefault("headers", {})
        headers.update({name: {"$ref": f"#/components/headers/{name}"} for name in names})


def results_of(serializer: type[Serializer]) -> Any:
    """What belongs to one record and is few: all of it at once, in the envelope without pages."""
    name = f"{serializer.__name__.removesuffix('Serializer')}Results"
    return inline_serializer(name, {"results": serializer(many=True)})


def listed(schema: dict[str, Any]) -> dict[str, Any]:
    return {"type": "array", "items": schema, "minItems": 1, "maxItems": 1000}


class RefFieldShape(OpenApiSerializerFieldExtension):
    """Another record: an id, number or slug on the way in; id, number and name on the way out."""

    target_class = "itsm.kernel.api.serializers.RefField"
    match_subclasses = True

    def map_serializer_field(self, auto_schema: Any, direction: str) -> dict[str, Any]:
        if direction == "request":
            return {"oneOf": [ID, NAME], "description": "Its id, number or slug."}
        named = {"id": {"type": "integer"}, "number": {"type": "string"}, "display": {"type": "string"}}
        return {"type": "object", "properties": named, "required": list(named)}
