"""Look at each thing a reader found, while it streams: what no table can hold is a problem of its row."""

import json
import re
from collections.abc import Mapping
from typing import Any

import jsonschema_rs

from cmdb.importing.classes import KNOWN, ensure
from cmdb.importing.records import FoundCI, FoundRelation, RowProblem
from cmdb.models import CIClass, ConfigurationItem, Relation
from cmdb.schemas import MISSING, effective, misfits
from itsm.kernel.actor import Actor

MOST_OF_ATTRIBUTES = 200_000
LIMITS = {"key": 200, "name": 200, "environment": 40, "version": 80, "owner": 150, "support_team": 200}
UNSTORABLE = re.compile("[\x00\ud800-\udfff]")
ESCAPED_NUL = re.compile(r"(?<!\\)(?:\\\\)*\\u0000")
CI_COLUMNS = (
    "n", "row", "key", "class_id", "name", "environment", "status", "version", "owner", "team", "criticality",
    "attributes",
)  # fmt: skip
IMPORTS = Actor.system("imports")
# Django's own lists are made and translated anew at each look.
STATUSES, TYPES = tuple(map(str, ConfigurationItem.Status.values)), tuple(map(str, Relation.Type.values))
LEVELS = frozenset(ConfigurationItem.Criticality.values)
Row = tuple[Any, ...]


class Checker:
    """Knows the classes with their schemas, each compiled once."""

    def __init__(self) -> None:
        self._fits: dict[int, Any] = {}
        self.problems: list[RowProblem] = []
        self._row = ""
        self._learn()

    def _learn(self) -> None:
        classes = {each.pk: each for each in CIClass.objects.all()}
        for each in classes.values():
            each.parent = classes.get(each.parent_id) if each.parent_id else None
        self.by_id = classes
        self._by_code: dict[str, CIClass] = {each.name.casefold(): each for each in classes.values()}
        self._by_code |= {each.code: each for each in classes.values()}
        self.required = {pk: effective(each).get("required", []) for pk, each in classes.items()}

    @property
    def whole_rules(self) -> list[int]:
        """Classes that ask something of their attributes together, which only the merged whole can answer."""
        return [pk for pk, each in self.by_id.items() if "allOf" in effective(each)]

    def ci(self, n: int, found: FoundCI) -> Row | None:
        """The line for the staging table; None when there are problems."""
        self._row, self.problems = found.row, []
        for field, most in LIMITS.items():
            if field != "name" or found.name != found.key:  # one cell may be both; it is told of once
                self._text(field, getattr(found, field), most)
        if not found.key or not found.name:
            self._wrong("key" if not found.key else "name", "This is empty.")
        if found.status is not None and found.status not in STATUSES:
            self._wrong("status", f"{_brief(found.status)} is no status. There are {', '.join(STATUSES)}.")
        if found.criticality is not None and found.criticality not in LEVELS:
            self._wrong("criticality", f"{_brief(found.criticality)} is none of 1, 2, 3 and 4.")
        ci_class = self._class(found.ci_class)
        attributes = self._attributes(found.attributes, ci_class)
        if self.problems or ci_class is None:
            return None
        return (
            n, found.row[:200], found.key, ci_class.pk, found.name, found.environment, found.status, found.version,
            found.owner, found.support_team, found.criticality, attributes,
        )  # fmt: skip

    def relation(self, found: FoundRelation) -> Row | None:
        self._row, self.problems = found.row, []
        for key in (found.source, found.target):
            self._text(f"relations.{found.type}", key, LIMITS["key"])
            if not key:
                self._wrong(f"relations.{found.type}", "One of the keys is empty.")
        if found.type not in TYPES:
            self._wrong("type", f"{_brief(found.type)} is no type of relation. There are {', '.join(TYPES)}.")
        return None if self.problems else (found.row[:200], found.source, found.type, found.target)

    def _wrong(self, field: str, message: str) -> None:
        self.problems.append(RowProblem(self._row, field, message))

    def _text(self, field: str, value: Any, most: int) -> None:
        if value is None:
            return
        if not isinstance(value, str):
            self._wrong(field, f"{_brief(value)} is no text.")
        elif len(value) > most:
            self._wrong(field, f"This has {len(value):,} characters; {most} are the most.")
        elif UNSTORABLE.search(value):
            self._wrong(field, "There is a character that no text may have (NUL, or half of a pair).")

    def _class(self, said: Any) -> CIClass | None:
        if isinstance(said, str) and said in KNOWN and said not in self._by_code:
            ensure(codes=[said], actor=IMPORTS)
            self._learn()
        found = self._by_code.get(said) or self._by_code.get(said.casefold()) if isinstance(said, str) else None
        if found is None:
            self._wrong("ci_class", f"There is no class {_brief(said)}. Make it first, or name another.")
        return found

    def _attributes(self, said: Mapping[str, Any] | None, ci_class: CIClass | None) -> str | None:
        if not said:
            return None
        try:
            text = json.dumps(dict(said), ensure_ascii=False, allow_nan=False)
        except (ValueError, TypeError, RecursionError) as error:
            self._wrong("attributes", f"These are no JSON: {_brief(error)}.")
            return None
        if len(text) > MOST_OF_ATTRIBUTES:
            largest = max(said, key=lambda name: len(str(said[name])))
            most = f"{MOST_OF_ATTRIBUTES:,} characters are the most of all attributes together"
            self._wrong(f"attributes.{largest}"[:200], f"This is too large ({len(text):,}): {most}.")
        elif UNSTORABLE.search(text) or ("\\u0000" in text and ESCAPED_NUL.search(text)):
            self._wrong("attributes", "There is a character that no text may have (NUL, or half of a pair).")
        elif ci_class is not None and not self._fitting(ci_class).is_valid(dict(said)):
            self._misfits(ci_class, dict(said))
        return text

    def _misfits(self, ci_class: CIClass, said: dict[str, Any]) -> None:
        """What is missing is asked later, of what is there and what is said together."""
        for place, wrongs in misfits(ci_class, said).items():
            for wrong in wrongs:
                if wrong != MISSING:
                    self._wrong(f"attributes.{place}"[:200] if place else "attributes", wrong[:900])

    def _fitting(self, ci_class: CIClass) -> Any:
        if ci_class.pk not in self._fits:
            schema = {key: value for key, value in effective(ci_class).items() if key not in ("required", "allOf")}
            self._fits[ci_class.pk] = jsonschema_rs.Draft202012Validator(schema)
        return self._fits[ci_class.pk]


def _brief(value: Any) -> str:
    text = repr(value) if isinstance(value, str) else str(value)
    return UNSTORABLE.sub("?", text if len(text) <= 80 else f"{text[:79]}…")
