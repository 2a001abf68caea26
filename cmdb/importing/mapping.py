"""What the columns of a table mean: read from a profile or a form, and checked before any row is."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from cmdb.models import ConfigurationItem, Encoding, Relation
from itsm.kernel.errors import InvalidInput

FIELDS = {
    "key": "Key",
    "name": "Name",
    "ci_class": "Class",
    "environment": "Environment",
    "status": "Status",
    "version": "Version",
    "owner": "Owner (user name)",
    "support_team": "Support team",
    "criticality": "Criticality",
}
FIXED = tuple(name for name in FIELDS if name not in ("key", "name"))
ATTRIBUTE, RELATION = "attributes.", "relations."
MOST_COLUMNS = 500


class BadMapping(InvalidInput):
    """The mapping itself is wrong; nothing was read."""

    code = "bad_mapping"


@dataclass(frozen=True)
class TableMapping:
    columns: dict[str, str]
    fixed: dict[str, Any]
    values: dict[str, dict[str, Any]]
    delimiter: str
    encoding: str
    separator: str

    @property
    def fields(self) -> dict[str, str]:
        return {name: target for name, target in self.columns.items() if target in FIELDS}

    @property
    def attributes(self) -> dict[str, str]:
        return {n: t.removeprefix(ATTRIBUTE) for n, t in self.columns.items() if t.startswith(ATTRIBUTE)}

    @property
    def relations(self) -> dict[str, str]:
        return {n: t.removeprefix(RELATION) for n, t in self.columns.items() if t.startswith(RELATION)}

    def heading(self, target: str) -> str:
        return next((name for name, each in self.columns.items() if each == target), target)

    def meaning(self, target: str, word: str) -> Any:
        """What a word in the file stands for."""
        said = self.values.get(target, {}).get(word, word)
        if not isinstance(said, str):
            return said
        if target == "criticality":
            return int(said) if said.isdecimal() and len(said) < 4 else self._levels.get(said.casefold(), said)
        if target == "status":
            return self._statuses.get(said.casefold(), said)
        return said

    @cached_property
    def _levels(self) -> dict[str, int]:
        return {str(label).casefold(): value for value, label in ConfigurationItem.Criticality.choices}

    @cached_property
    def _statuses(self) -> dict[str, str]:
        return {value: value for value in ConfigurationItem.Status.values}


def parse(options: Mapping[str, Any]) -> TableMapping:
    """Raises BadMapping, at the option that is wrong."""
    known = ("columns", "fixed", "values", "delimiter", "encoding", "separator")
    if unknown := sorted(set(options) - set(known)):
        raise BadMapping.at(unknown[0], f"There is no such option. There are {', '.join(known)}.")
    mapping = TableMapping(
        columns={str(name): str(target) for name, target in _table(options, "columns").items() if target},
        fixed={name: value for name, value in _table(options, "fixed").items() if value not in (None, "")},
        values={name: _words(name, words) for name, words in _table(options, "values").items()},
        delimiter=_text(options, "delimiter", "", 1),
        encoding=_text(options, "encoding", "utf-8", 10).lower(),
        separator=_text(options, "separator", ";", 3) or ";",
    )
    _check_columns(mapping)
    _check_rest(mapping)
    return mapping


def _table(options: Mapping[str, Any], name: str) -> dict[str, Any]:
    table = options.get(name) or {}
    if not isinstance(table, dict):
        raise BadMapping.at(name, "This must be an object, such as {…: …}.")
    return table


def _words(name: str, words: Any) -> dict[str, Any]:
    if not isinstance(words, dict):
        raise BadMapping.at("values", f"{name}: give an object of words and what they mean.")
    return words


def _text(options: Mapping[str, Any], name: str, default: str, most: int) -> str:
    text = options.get(name) or default
    if not isinstance(text, str) or len(text) > most:
        raise BadMapping.at(name, f"This must be a text of at most {most} characters.")
    return text


def _check_columns(mapping: TableMapping) -> None:
    if len(mapping.columns) > MOST_COLUMNS:
        raise BadMapping.at("columns", f"At most {MOST_COLUMNS} columns can be read.")
    for name, target in mapping.columns.items():
        relation = target.removeprefix(RELATION)
        if target.startswith(RELATION) and relation not in Relation.Type.values:
            raise BadMapping.at("columns", f"{name}: {relation!r} is none of {', '.join(Relation.Type.values)}.")
        if (target not in FIELDS and not target.startswith((ATTRIBUTE, RELATION))) or target == ATTRIBUTE:
            raise BadMapping.at(
                "columns", f"{name}: {target!r} is none of {', '.join(FIELDS)}, attributes.NAME and relations.TYPE."
            )
    targets = list(mapping.columns.values())
    if twice := next((target for target in targets if targets.count(target) > 1), None):
        raise BadMapping.at("columns", f"Two columns are {twice!r}; only one can be.")
    if "key" not in targets:
        raise BadMapping.at("columns", "Say which column is the key: what the source calls each CI, and no other.")


def _check_rest(mapping: TableMapping) -> None:
    if unknown := next((name for name in mapping.fixed if name not in FIXED), None):
        raise BadMapping.at("fixed", f"{unknown!r} is none of {', '.join(FIXED)}.")
    if wrong := next((name for name, value in mapping.fixed.items() if not isinstance(value, str | int)), None):
        raise BadMapping.at("fixed", f"{wrong}: give a text or a number.")
    if unknown := next((name for name in mapping.values if name not in FIELDS and not name.startswith(ATTRIBUTE)), ""):
        raise BadMapping.at("values", f"{unknown!r} is none of {', '.join(FIELDS)} and attributes.NAME.")
    if "ci_class" not in mapping.columns.values() and not mapping.fixed.get("ci_class"):
        raise BadMapping.at("columns", "Say which column is the class, or choose one class for all rows.")
    if mapping.encoding not in Encoding.values:
        raise BadMapping.at("encoding", f"{mapping.encoding!r} is none of {', '.join(Encoding.values)}.")


def guess(headings: list[str]) -> dict[str, str]:
    """What columns with telling names probably are."""
    words = {
        "id": "key", "key": "key", "external id": "key", "name": "name", "ci name": "name", "hostname": "name",
        "host": "name", "host name": "name", "asset": "name", "stage": "environment",
        "class": "ci_class", "ci class": "ci_class", "type": "ci_class", "ci type": "ci_class", "env": "environment",
        "environment": "environment", "status": "status", "state": "status", "version": "version", "owner": "owner",
        "team": "support_team", "support team": "support_team", "criticality": "criticality",
        **{kind.replace("_", " "): RELATION + kind for kind in Relation.Type.values},
    }  # fmt: skip
    found: dict[str, str] = {}
    for heading in headings:
        target = words.get(heading.strip().casefold().replace("_", " "))
        if target and target not in found.values():
            found[heading] = target
    if "key" not in found.values() and "name" in found.values():
        found[next(heading for heading, target in found.items() if target == "name")] = "key"
    return found
