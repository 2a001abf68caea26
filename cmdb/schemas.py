"""What the classes ask of a CI's attributes: a class inherits what those above it ask, and may ask more."""

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

import jsonschema
import jsonschema_rs

from cmdb.models import CIClass, ConfigurationItem

LONGEST, DEEPEST = 100_000, 32
REFERENCES = {"$ref", "$dynamicRef", "$recursiveRef", "$id"}
MISSING = "This must be there."
Places = dict[str, list[str]]
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


def reviewed_from(ci_class: CIClass) -> int | None:
    """From which criticality on a second person has to accept each change to the class's CIs; None: from none."""
    return min((each.reviewed_from for each in lineage(ci_class) if each.reviewed_from is not None), default=None)


def is_reviewed(ci: ConfigurationItem) -> bool:
    least = reviewed_from(ci.ci_class)
    return least is not None and ci.criticality >= least


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


def misfits(ci_class: CIClass, attributes: dict[str, Any]) -> Places:
    """What of the attributes does not fit, each at its place: `ram_gb`, `disks/0/size`."""
    return placed(validator_of(ci_class).iter_errors(attributes))


def placed(errors: Iterable[jsonschema.ValidationError]) -> Places:
    """One that is missing, or not asked for, stands at its own place and not at that of what it should be in."""
    found: Places = {}
    for error in errors:
        for name in _named(error):
            steps = [*map(str, error.absolute_path), *([name] if name else [])]
            place = "/".join(step.replace("~", "~0").replace("/", "~1") for step in steps)
            said = found.setdefault(place, [])
            if (sentence := _sentence(error)) not in said:
                said.append(sentence)
    return found


def _named(error: jsonschema.ValidationError) -> list[str]:
    schema: Any = error.schema
    instance: Any = error.instance
    wanted: Any = error.validator_value
    if error.validator == "required":
        return [name for name in wanted if name not in instance]
    if error.validator == "additionalProperties" and wanted is False:
        known, patterns = schema.get("properties", {}), schema.get("patternProperties", {})
        return [n for n in instance if n not in known and not any(re.search(each, n) for each in patterns)]
    return [""]


def _sentence(error: jsonschema.ValidationError) -> str:
    if error.validator == "required":
        return MISSING
    if error.validator == "additionalProperties" and error.validator_value is False:
        return "The class knows no such attribute."
    return str(error.message)[:300]


def validator_of(ci_class: CIClass) -> Any:
    return jsonschema.Draft202012Validator(effective(ci_class))


def problems_of(schema: dict[str, Any]) -> Places:
    """Why this is no JSON Schema that CIs could be held to, each at its place; empty when it is one."""
    parts = list(_parts(schema))
    if too_deep := [place for place, _ in parts if len(place) > DEEPEST]:
        return {"/".join(too_deep[0]): [f"A schema goes at most {DEEPEST} steps deep."]}
    if len(json.dumps(schema)) > LONGEST:
        return {"": [f"A schema has at most {LONGEST:,} characters."]}
    dialect = jsonschema.Draft202012Validator
    found = placed(dialect(dialect.META_SCHEMA, format_checker=dialect.FORMAT_CHECKER).iter_errors(schema))
    for place, part in parts:
        for word in sorted(REFERENCES & set(part)):
            found.setdefault("/".join([*place, word]), []).append("References are not followed: write it out here.")
    if not found:
        try:
            jsonschema_rs.Draft202012Validator(schema)  # imports hold CIs to it by this one, which knows fewer patterns
        except (jsonschema_rs.ValidationError, ValueError) as error:
            found[""] = [str(error).partition("\n")[0][:300]]
    if schema.get("type", "object") != "object":
        found.setdefault("type", []).append("The attributes of a CI are an object.")
    return found


def _parts(schema: Any, place: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], dict[str, Any]]]:
    """Every object in it, with its place; no deeper than one step too many."""
    if isinstance(schema, dict):
        yield place, schema
    members = schema.items() if isinstance(schema, dict) else enumerate(schema) if isinstance(schema, list) else ()
    for name, part in members if len(place) <= DEEPEST else ():
        yield from _parts(part, (*place, str(name)))


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
