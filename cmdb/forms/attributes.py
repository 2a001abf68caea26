"""A form field for each attribute that a CI's class names; what no field is made for stays in the JSON beside them."""

from typing import Any

from django import forms

from cmdb.models import CIClass
from cmdb.schemas import Attribute, attributes_of

PREFIX = "attribute_"
PLAIN = {
    "string": forms.CharField,
    "integer": forms.IntegerField,
    "number": forms.FloatField,
}
YES_OR_NO = ((None, "—"), (True, "Yes"), (False, "No"))


def fields_of(ci_class: CIClass, present: dict[str, Any]) -> dict[str, forms.Field]:
    """By their names in the form; lists and objects have none."""
    made = {PREFIX + each.name: _field(each, present.get(each.name)) for each in attributes_of(ci_class)}
    return {name: field for name, field in made.items() if field is not None}


def without_fields(ci_class: CIClass, attributes: dict[str, Any]) -> dict[str, Any]:
    """What of the attributes the fields do not show."""
    shown = {name.removeprefix(PREFIX) for name in fields_of(ci_class, {})}
    return {name: value for name, value in attributes.items() if name not in shown}


def gathered(cleaned: dict[str, Any]) -> dict[str, Any]:
    """The attributes that the fields hold; one left empty is no attribute."""
    held = {name.removeprefix(PREFIX): value for name, value in cleaned.items() if name.startswith(PREFIX)}
    return {name: value for name, value in held.items() if value not in (None, "")}


def _field(each: Attribute, value: Any) -> forms.Field | None:
    said = {
        "label": each.title[:1].upper() + each.title[1:],
        "help_text": each.description,
        "required": each.required,
        "initial": value,
    }
    if each.choices:
        by_text = {str(choice): choice for choice in each.choices}
        named = [(text, text) for text in by_text]
        return forms.TypedChoiceField(
            choices=[("", "—"), *named], coerce=lambda text: by_text[text], empty_value="", **said
        )
    if each.type == "boolean":
        return forms.TypedChoiceField(
            choices=YES_OR_NO, coerce=lambda text: text == "True", empty_value=None, **said | {"required": False}
        )
    return PLAIN[each.type](**said) if each.type in PLAIN else None  # type: ignore[arg-type]
