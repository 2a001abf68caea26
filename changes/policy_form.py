"""A policy's rules as a form: rows to fill in, read back into rules.

What was typed stays as it is until the rules are good, so that nothing is lost and a wrong value is shown where it
stands. What is right is said by `policy_check` alone.
"""

import re
from collections.abc import Mapping
from typing import Any

from django import forms

from changes.models import Policy
from changes.policy import BOUNDS, CONSEQUENCES, TROUBLES
from itsm.kernel.roles import Role

Row = dict[str, str]
COMPARISONS = [("is", "is"), ("at_least", "is at least"), ("at_most", "is at most")]
PEOPLE, PIPELINE = "people", "pipeline"
DECIDERS = [(PEOPLE, "people authorise it"), (PIPELINE, "the pipeline decides on evidence")]
POINTS = [("deploy", "to deploy"), ("build", "to build and test")]
BLANK: dict[str, Row] = {
    "when": {"fact": "", "bound": "is", "value": ""},
    "people": {"role": "", "quorum": "1", "point": "deploy", "within": ""},
    "evidence": {"fact": "", "bound": "at_most", "value": "", "asked": "", "otherwise": "block",
                 "inconclusive": "block", "unknown": "block", "fix": "", "kind": ""},
}  # fmt: skip
KEY = {"when": "fact", "people": "role", "evidence": "fact"}
SENT = re.compile(r"rule-(\d{1,3})-(?:(when|people|evidence)-(\d{1,3})-)?([a-z]+)")
MOST = 200
NUMBER = re.compile(r"-?\d{1,15}(\.\d{1,6})?")


def rows_of(rules: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The rules as what would have been typed."""
    return [_drawn(rule) for rule in rules]


def _drawn(rule: dict[str, Any]) -> dict[str, Any]:
    evidence = rule.get("devolve", [])
    return {
        "name": str(rule.get("name", "")),
        "decides": PIPELINE if "devolve" in rule else PEOPLE,
        "when": [row for fact, wanted in (rule.get("when") or {}).items() for row in _bounds(fact, wanted)],
        "people": [
            {
                "role": one["role"],
                "quorum": str(one.get("quorum", 1)),
                "point": one.get("point", "deploy"),
                "within": str(one.get("within_hours", "")),
            }
            for one in rule.get("require", rule.get("ask", []))
        ],
        "evidence": [row for condition in evidence for row in _condition(condition)],
    }


def _bounds(fact: str, wanted: Any) -> list[Row]:
    bounds = wanted if isinstance(wanted, dict) else {"is": wanted}
    return [{"fact": fact, "bound": bound, "value": _typed(value)} for bound, value in bounds.items()]


def _condition(condition: dict[str, Any]) -> list[Row]:
    words = {name: str(condition.get(name, "")) for name in ("asked", "fix", "kind")}
    follows = {trouble: condition.get(trouble, "block") for trouble in TROUBLES}
    bounds = {bound: condition[bound] for bound, _ in COMPARISONS if bound in condition}
    return [row | words | follows for row in _bounds(condition["fact"], bounds)]


def _typed(value: Any) -> str:
    if isinstance(value, list):
        return ", ".join(_typed(each) for each in value)
    return {True: "yes", False: "no"}[value] if isinstance(value, bool) else str(value)


def value_of(typed: str, *, many: bool) -> Any:
    """A number, yes or no, a word; where it may be one of several, they are separated by commas."""
    said = typed.strip()
    if many and "," in said:
        return [value_of(part, many=False) for part in said.split(",") if part.strip()]
    if said.lower() in ("yes", "true", "no", "false"):
        return said.lower() in ("yes", "true")
    if NUMBER.fullmatch(said):
        return float(said) if "." in said else int(said)
    return said


def rows_sent(data: Mapping[str, str]) -> list[dict[str, Any]]:
    """What a browser sent, in the order that was wished for; rules that were ticked away are gone."""
    rules: dict[int, dict[str, Any]] = {}
    for name in data:
        match = SENT.fullmatch(name)
        if match is None:
            continue
        rule = rules.setdefault(int(match[1]), {"name": "", "decides": PEOPLE, **{part: {} for part in BLANK}})
        place = rule[match[2]].setdefault(int(match[3]), {}) if match[2] else rule
        place[match[4]] = data[name][:2000]
    kept = [(at, rule) for at, rule in sorted(rules.items()) if "remove" not in rule]
    kept.sort(key=lambda each: (_place(each[1], each[0]), each[0]))
    return [_tidy(rule) for _, rule in kept[:MOST]]


def _place(rule: dict[str, Any], at: int) -> float:
    said = str(rule.get("place", ""))
    return float(said) if NUMBER.fullmatch(said) else at + 1


def _tidy(rule: dict[str, Any]) -> dict[str, Any]:
    """With each row whole, and without those that nobody filled in."""
    rows = {
        part: [blank | row for _, row in sorted(rule[part].items()) if row.get(KEY[part]) or row.get("value")]
        for part, blank in BLANK.items()
    }
    return {"name": rule["name"].strip(), "decides": rule["decides"], **rows}


def rules_of(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The rules that the rows say; whether they are right is not asked here."""
    return [_rule(row) for row in rows]


def _rule(row: dict[str, Any]) -> dict[str, Any]:
    rule: dict[str, Any] = {"name": row["name"]} if row["name"] else {}
    if when := _when(row["when"]):
        rule["when"] = when
    people = [_person(one) for one in row["people"]]
    if row["decides"] == PIPELINE:
        return rule | {"devolve": _evidence(row["evidence"])} | ({"ask": people} if people else {})
    return rule | {"require": people}


def _when(rows: list[Row]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for row in rows:
        bound = row["bound"] if row["bound"] in BOUNDS else "is"
        fact = row["fact"].strip()
        found.setdefault(fact, {})[bound] = value_of(row["value"], many=bound == "is")
    return {fact: bounds["is"] if set(bounds) == {"is"} else bounds for fact, bounds in found.items()}


def _person(row: Row) -> dict[str, Any]:
    asked: dict[str, Any] = {"role": row["role"]}
    if (quorum := value_of(row["quorum"], many=False)) != 1:
        asked["quorum"] = quorum
    if row["point"] != "deploy":
        asked["point"] = row["point"]
    return asked | ({"within_hours": value_of(row["within"], many=False)} if row["within"].strip() else {})


def _evidence(rows: list[Row]) -> list[dict[str, Any]]:
    """Two bounds of one fact in the same words are one condition."""
    found: list[dict[str, Any]] = []
    for row in rows:
        bound = row["bound"] if row["bound"] in BOUNDS else "is"
        said = {name: row[name].strip() for name in ("asked", "fix", "kind") if row[name].strip()}
        follows = {trouble: row[trouble] for trouble in TROUBLES if row[trouble] != "block"}
        condition = {"fact": row["fact"].strip(), **said, **follows}
        bounds = {bound: value_of(row["value"], many=False)}
        same = [one for one in found if {k: v for k, v in one.items() if k not in BOUNDS} == condition]
        if same and bound not in same[0]:
            same[0].update(bounds)
        else:
            found.append(condition | bounds)
    return found


class PolicyForm(forms.ModelForm):
    """Name and title; the rules are rows beside it. `more` adds room and sends nothing off."""

    class Meta:
        model = Policy
        fields = ("name", "title")
        help_texts = {"name": "A new draft of a name that exists becomes its next version."}

    def __init__(self, data: Any = None, *, rules: list[dict[str, Any]] | None = None, **options: Any):
        super().__init__(data, **options)
        # What the version before says, as this form would write it down.
        self.before = {**self.initial, "rules": rules_of(rows_of(rules))} if rules is not None else None
        self.rows = rows_sent(data) if data is not None else rows_of(rules or [])
        self.room = 1 if data is None or data.get("more") != "rows" else 3
        self.blank_rules = 1 if not self.rows or (data is not None and data.get("more") == "rule") else 0
        self.wrong: dict[str, Any] = {}

    def clean(self) -> dict[str, Any]:
        said = {**(super().clean() or {}), "rules": rules_of(self.rows)}
        if self.before is not None and all(said.get(name) == value for name, value in self.before.items()):
            raise forms.ValidationError("Nothing differs from the version before. Change a rule or the title.")
        return said

    def places(self, errors: dict[str, Any]) -> dict[str, Any]:
        """Which rule and field is at fault is shown there, not at a field of the form's own."""
        if isinstance(errors.get("rules"), dict):
            self.wrong = errors["rules"]
        return errors

    @property
    def drawn(self) -> list[dict[str, Any]]:
        """The rules as the template draws them: each with room for more, and with what is wrong in it."""
        rows = [*self.rows, *[{"name": "", "decides": PEOPLE} for _ in range(self.blank_rules)]]
        return [self._drawn(at, row) for at, row in enumerate(rows)]

    def _drawn(self, at: int, row: dict[str, Any]) -> dict[str, Any]:
        parts = {part: [*row.get(part, []), *[dict(blank) for _ in range(self.room)]] for part, blank in BLANK.items()}
        wrong = {field: " ".join(map(str, said)) for field, said in self.wrong.get(str(at), {}).items()}
        people = wrong.get("require") or wrong.get("ask", "")
        return {
            "at": at, "number": at + 1, "name": row["name"], "decides": row["decides"], **parts,
            "wrong": {**wrong, "people": people, "whole": wrong.get("non_field_errors", "")},
        }  # fmt: skip


CHOICES = {
    "bounds": COMPARISONS, "deciders": DECIDERS, "points": POINTS, "consequences": [(c, c) for c in CONSEQUENCES],
    "roles": [("", "–"), *Role.choices],
}  # fmt: skip
