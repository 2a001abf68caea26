"""The shape that every record has in the API."""

from collections.abc import Callable
from functools import cached_property, partial
from typing import Any

from django.core.exceptions import FieldDoesNotExist, ObjectDoesNotExist
from django.http import QueryDict
from django.utils import timezone
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers
from rest_framework.fields import SkipField
from rest_framework.relations import PKOnlyObject

from itsm.kernel import actions
from itsm.kernel.models import User

Draw = Callable[[Any], Any]
SKIPPED = object()
TEXT_WANTED = "Give a text, in quotes."
# A form has only an empty text to say nothing with; JSON has null.
NO_TEXT = (serializers.DecimalField, serializers.RelatedField)


class Strict(serializers.Serializer):
    """Arguments of an operation; an unknown field is an error, not silently dropped."""

    def get_fields(self) -> dict[str, Any]:
        """In a form sent with a file, a yes or no that is not there is not a no: its default holds."""
        fields: dict[str, Any] = super().get_fields()
        for field in fields.values():
            if isinstance(field, serializers.BooleanField):
                field.default_empty_html = serializers.empty
            _tell_choices(getattr(field, "child", field))
        return fields

    def to_internal_value(self, data: Any) -> Any:
        if isinstance(data, dict) and (unknown := sorted(set(data) - set(self.fields))):
            known = ", ".join(name for name, field in self.fields.items() if not field.read_only)
            raise serializers.ValidationError({name: [f"Unknown field. Known are: {known}."] for name in unknown})
        if isinstance(data, dict) and not isinstance(data, QueryDict):
            self._refuse_numbers_for_texts(data)
            empty = [name for name in data if data[name] == "" and isinstance(self.fields[name], NO_TEXT)]
            if empty:
                raise serializers.ValidationError({name: ["Give a value, or null for none."] for name in empty})
        return super().to_internal_value(data)

    def _refuse_numbers_for_texts(self, data: dict[str, Any]) -> None:
        """A text field would take 1.10 as “1.1” without a word, by itself and in a list."""
        wrong: dict[str, Any] = {}
        for name, value in data.items():
            if _is_unquoted(field := self.fields[name], value):
                wrong[name] = [TEXT_WANTED]
            elif isinstance(field, serializers.ListField) and isinstance(value, list):
                wrong[name] = {at: [TEXT_WANTED] for at, one in enumerate(value) if _is_unquoted(field.child, one)}
        wrong = {name: errors for name, errors in wrong.items() if errors}
        if wrong:
            raise serializers.ValidationError(wrong)


def _is_unquoted(field: Any, value: Any) -> bool:
    return isinstance(field, serializers.CharField) and isinstance(value, int | float)


def _tell_choices(field: Any) -> None:
    """Who says what is none of the choices is told them; of time zones and the like there are too many."""
    if isinstance(field, serializers.ChoiceField) and len(field.choices) <= 40:
        known = ", ".join(str(choice) for choice in field.choices if choice != "")
        field.error_messages["invalid_choice"] = f"{{input}} is not known. Known are: {known}."


class PersonField(serializers.SlugRelatedField):
    """A person, by username, in and out."""

    def __init__(self, **kwargs: Any):
        if not kwargs.get("read_only"):
            kwargs.setdefault("queryset", User.objects.all())
        super().__init__(slug_field="username", **kwargs)


class RefField(serializers.Field):
    """Another record: takes an id, number or slug; gives {id, number, display}."""

    default_error_messages = {"missing": "There is no {kind} {ref!r}."}

    def __init__(self, queryset: Any = None, **kwargs: Any):
        self.queryset = queryset
        self.fetched: dict[Any, Any] = {}
        super().__init__(**kwargs)

    def to_internal_value(self, data: Any) -> Any:
        found = (self.fetched.get(data) or self._found(data)) if self._is_name(data) else None
        if found is None:
            self.fail("missing", kind=self.queryset.model._meta.verbose_name, ref=data)
        return found

    @staticmethod
    def _is_name(data: Any) -> bool:
        return isinstance(data, str | int) and "\x00" not in str(data)

    def _found(self, ref: str | int) -> Any:
        return self._known().by_ref(ref).first()

    def fetch(self, named: list[Any]) -> None:
        """Look up together those that are named."""
        self.fetched = self._known().by_refs({ref for ref in named if self._is_name(ref)})

    def _known(self) -> Any:
        """What the caller may see; what they may not is not there."""
        actor = getattr(self.context.get("view"), "actor", None)
        return self.queryset.all().visible_to(actor) if actor is not None else self.queryset.all()

    def to_representation(self, value: Any) -> dict[str, Any]:
        return {"id": value.pk, "number": getattr(value, "number", str(value.pk)), "display": str(value)}


class DrawnRef(RefField):
    """One that the database has drawn as {id, number, display}."""

    def __init__(self, **kwargs: Any):
        super().__init__(read_only=True, **kwargs)

    def to_representation(self, value: dict[str, Any]) -> dict[str, Any]:
        return value


class RefListField(serializers.ListField):
    """Several other records, each as in a RefField."""

    child: RefField

    def __init__(self, queryset: Any, **kwargs: Any):
        super().__init__(child=RefField(queryset), **kwargs)

    def run_child_validation(self, data: list[Any]) -> list[Any]:
        self.child.fetch(data)
        return super().run_child_validation(data)


def _drawer(serializer: serializers.BaseSerializer, field: serializers.Field) -> Draw:
    if type(field) is serializers.SerializerMethodField:
        return getattr(serializer, field.method_name)
    if type(field).get_attribute is not serializers.Field.get_attribute or len(field.source_attrs) != 1:
        return partial(_drawn, field)
    attribute, draw = field.source_attrs[0], field.to_representation

    def plain(record: Any) -> Any:
        try:
            value = getattr(record, attribute)
        except (AttributeError, ObjectDoesNotExist):
            return _drawn(field, record)
        if value is None:
            return None
        return _drawn(field, record) if callable(value) else draw(value)

    return plain


def _drawn(field: serializers.Field, record: Any) -> Any:
    """As REST framework draws any field."""
    try:
        value = field.get_attribute(record)
    except SkipField:
        return SKIPPED
    missing = value.pk is None if isinstance(value, PKOnlyObject) else value is None
    return None if missing else field.to_representation(value)


def _may_be_null(model: Any, source: str) -> bool:
    """Whether what is read there may be missing; of what is no field of the model nobody promises that it is there."""
    try:
        return bool(getattr(model._meta.get_field(source), "null", True))
    except FieldDoesNotExist:
        return True


class PickedFields(serializers.Serializer):
    """Draws only those of its fields that `?fields=` picks."""

    def get_fields(self) -> dict[str, Any]:
        fields = super().get_fields()
        request = self.context.get("request")
        wanted = request.query_params.get("fields") if request is not None else None
        if not wanted:
            return fields
        keep = set(wanted.split(","))
        if unknown := sorted(keep - set(fields)):
            raise serializers.ValidationError(
                {"fields": [f"Unknown: {', '.join(unknown)}. Known: {', '.join(fields)}."]}
            )
        return {name: field for name, field in fields.items() if name in keep}


class _OneOrMany(serializers.ModelSerializer):
    """What is `ON_DETAIL` comes with one record, not with each of a list; what may be missing is nullable."""

    ON_DETAIL: tuple[str, ...] = ("actions",)

    def to_representation(self, instance: Any) -> dict[str, Any]:
        drawn = ((name, draw(instance)) for name, draw in self._drawing)
        return {name: value for name, value in drawn if value is not SKIPPED}

    @cached_property
    def _drawing(self) -> list[tuple[str, Draw]]:
        """How each field is drawn: found out once for all rows, not for each as REST framework does."""
        zone = timezone.get_current_timezone()
        for field in self.fields.values():
            if isinstance(field, serializers.DateTimeField):
                field.timezone = zone
        return [(name, _drawer(self, field)) for name, field in self.fields.items() if not field.write_only]

    def get_fields(self) -> dict[str, Any]:
        fields = super().get_fields()
        for name, field in fields.items():
            if field.read_only and not isinstance(field, serializers.SerializerMethodField | serializers.ListField):
                field.allow_null = field.allow_null or _may_be_null(self.Meta.model, field.source or name)
        if not getattr(self.context.get("view"), "shows_one_record", False):
            fields = {name: field for name, field in fields.items() if name not in self.ON_DETAIL}
        return fields


class _Named(PickedFields, _OneOrMany):
    """What everything that has an address of its own says of itself."""

    number = serializers.SerializerMethodField()
    url = serializers.SerializerMethodField()
    display = serializers.SerializerMethodField()
    actions = serializers.SerializerMethodField()

    def get_number(self, record: Any) -> str:
        return getattr(record, "number", str(record.pk))

    def get_url(self, record: Any) -> str:
        view = self.context.get("view")
        path = view.path_of(record) if view is not None and hasattr(view, "path_of") else ""
        return f"{self._site}{path}" if path else path

    @cached_property
    def _site(self) -> str:
        request = self.context.get("request")
        return request.build_absolute_uri("/").removesuffix("/") if request is not None else ""

    def get_display(self, record: Any) -> str:
        return getattr(record, "display", None) or str(record)

    @extend_schema_field({"type": "array", "items": {"$ref": "#/components/schemas/Action"}})
    def get_actions(self, record: Any) -> list[dict[str, Any]]:
        view: Any = self.context["view"]
        if (own := getattr(view, "queryset", None)) is not None and not isinstance(record, own.model):
            return []  # a part of the answer, which has an address of its own
        return actions.offered(view.record_actions, view.actor, record)


class RecordSerializer(_Named):
    """Reads a record: id, number, url, display, times, revision, and on a detail the `actions`."""

    BASE = ("id", "number", "url", "display", "created_at", "updated_at", "revision")


class MessageSerializer(_Named):
    """Reads a message on its way in or out: as a record, without a revision, since nobody edits it."""

    BASE = ("id", "number", "url", "display")
