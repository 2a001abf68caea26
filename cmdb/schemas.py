"""What the classes ask of a CI's attributes: a class inherits what those above it ask, and may ask more."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import jsonschema

from cmdb.models import CIClass

MERGED = {"$schema", "type", "properties", "required", "additionalProperties"}


@dataclass(frozen=True)
class Attribute:
    """One attribute that a schema names, for pages and forms."""

    name: str
    type: str
    title: str
    description: str
    required: bool
    choices: list[Any] = field(default_factory=list)
    of: str = ""


def lineage(ci_class: CIClass) -> list[CIClass]:
    """The class and those that it is a kind of, the most general first."""
    found, above = [ci_class], ci_class.parent
    while above is not None and above not in found:
        found, above = [above, *found], above.parent
    return found


def effective(ci_class: CIClass) -> dict[str, Any]:
    """One JSON Schema of them all: a nearer class has the last word on an attribute, and on whether more may be."""
    whole: dict[str, Any] = {"type": "object", "properties": {}, "required": [], "allOf": []}
    for each in lineage(ci_class):
        schema = each.schema or {}
        whole["properties"] |= schema.get("properties", {})
        whole["required"] = sorted({*whole["required"], *schema.get("required", [])})
        if "additionalProperties" in schema:
            whole["additionalProperties"] = schema["additionalProperties"]
        if rest := {key: value for key, value in schema.items() if key not in MERGED}:
            whole["allOf"].append(rest)
    return {key: value for key, value in whole.items() if value not in ([], {}) or key == "type"}


def misfits(ci_class: CIClass, attributes: dict[str, Any]) -> list[str]:
    """What of the attributes does not fit, each by its name."""
    found = validator_of(ci_class).iter_errors(attributes)
    return [f"{'/'.join(map(str, error.absolute_path)) or 'attributes'}: {error.message}" for error in found]


def validator_of(ci_class: CIClass) -> Any:
    return jsonschema.Draft202012Validator(effective(ci_class))


def attributes_of(ci_class: CIClass) -> Iterator[Attribute]:
    """The attributes that are asked for, those of the most general class first."""
    owner = {name: str(each) for each in lineage(ci_class) for name in (each.schema or {}).get("properties", {})}
    schema = effective(ci_class)
    for name, said in schema.get("properties", {}).items():
        rule = said if isinstance(said, dict) else {}
        kind = rule.get("type", "")
        yield Attribute(
            name=name,
            type=next((each for each in kind if each != "null"), "") if isinstance(kind, list) else str(kind),
            title=str(rule.get("title") or name.replace("_", " ")),
            description=str(rule.get("description", "")),
            required=name in schema.get("required", []),
            choices=list(rule.get("enum", [])),
            of=owner[name] if owner[name] != str(ci_class) else "",
        )


def takes_others(ci_class: CIClass) -> bool:
    """Whether a CI may have attributes that no schema names."""
    return effective(ci_class).get("additionalProperties", True) is not False
