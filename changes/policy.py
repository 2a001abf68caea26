"""What a policy rules on facts: pure, total, and never silent about what it looked at.

Rules are in order; the first whose `when` holds decides. A rule either asks people
(`require`) or lets the pipeline decide on conditions (`devolve`).
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any, Literal

from itsm.kernel.roles import Role

LookedVerdict = Literal["ok", "refused", "unknown", "not_applicable"]
POINTS = ("build", "deploy")
MISSING = object()


@dataclass(frozen=True)
class Looked:
    """One condition: what was asked, what was found, and the verdict."""

    rule: str
    asked: str
    found: str
    verdict: LookedVerdict

    def as_dict(self) -> dict[str, str]:
        return asdict(self)


@dataclass(frozen=True)
class Requirement:
    """An authority that must authorise, at a point of the change's life."""

    role: str
    quorum: int = 1
    point: str = "deploy"


@dataclass(frozen=True)
class Ruling:
    rule: str
    decision: Literal["authorise", "ask", "refuse"]
    require: list[Requirement] = field(default_factory=list)
    looked: list[Looked] = field(default_factory=list)

    @property
    def failed(self) -> list[Looked]:
        return [look for look in self.looked if look.verdict in ("refused", "unknown")]


def rule_on(rules: list[dict[str, Any]], facts: Mapping[str, Any]) -> Ruling:
    """The first rule whose conditions all hold decides; when none does, it is refused."""
    looked: list[Looked] = []
    for rule in rules:
        name = str(rule.get("name", "unnamed"))
        conditions = [_look(name, fact, wanted, facts) for fact, wanted in rule.get("when", {}).items()]
        if any(look.verdict != "ok" for look in conditions):
            misses = [look for look in conditions if look.verdict != "ok"]
            looked.append(Looked(name, misses[0].asked, misses[0].found, "not_applicable"))
            continue
        if "require" in rule:
            return Ruling(name, "ask", [Requirement(**asked) for asked in rule["require"]], [*looked, *conditions])
        return _devolved(name, rule.get("devolve", []), facts, [*looked, *conditions])
    nothing = Looked("no rule", "a rule whose conditions hold", "none of them does", "refused")
    return Ruling("no rule", "refuse", [], [*looked, nothing])


def _devolved(name: str, conditions: list[dict[str, Any]], facts: Mapping[str, Any], looked: list[Looked]) -> Ruling:
    found = [_look(name, c["fact"], c, facts, asked=c.get("asked", "")) for c in conditions]
    refused = not found or any(look.verdict != "ok" for look in found)
    return Ruling(name, "refuse" if refused else "authorise", [], [*looked, *found])


def _look(rule: str, fact: str, wanted: Any, facts: Mapping[str, Any], asked: str = "") -> Looked:
    value = facts.get(fact, MISSING)
    words = asked or f"{fact.replace('_', ' ')} {_words(wanted)}"
    if value is MISSING or value is None:
        return Looked(rule, words, f"nothing is known of {fact}", "unknown")
    return Looked(rule, words, f"{fact} is {value}", "ok" if _holds(value, wanted) else "refused")


def _holds(value: Any, wanted: Any) -> bool:
    if isinstance(wanted, dict):
        if "at_least" in wanted and not value >= wanted["at_least"]:
            return False
        if "at_most" in wanted and not value <= wanted["at_most"]:
            return False
        return "is" not in wanted or value == wanted["is"]
    if isinstance(wanted, list):
        return value in wanted
    return bool(value == wanted)


def _words(wanted: Any) -> str:
    if isinstance(wanted, dict):
        bounds = [
            f"{name.replace('_', ' ')} {wanted[name]}" for name in ("at_least", "at_most", "is") if name in wanted
        ]
        return " and ".join(bounds)
    if isinstance(wanted, list):
        return "is one of " + ", ".join(map(str, wanted))
    return f"is {wanted}"


def validate(rules: Any) -> list[str]:
    """What is wrong with the rules, in words; empty when they can be put in force."""
    if not isinstance(rules, list) or not rules:
        return ["A policy needs at least one rule."]
    return [problem for number, rule in enumerate(rules, 1) for problem in _problems(number, rule)]


def _problems(number: int, rule: Any) -> list[str]:
    if not isinstance(rule, dict):
        return [f"Rule {number} must be an object."]
    where, found = f"Rule {number} ({rule.get('name', 'unnamed')})", []
    if unknown := set(rule) - {"name", "when", "require", "devolve"}:
        found.append(f"{where}: unknown {', '.join(sorted(unknown))}.")
    if ("require" in rule) == ("devolve" in rule):
        found.append(f"{where}: say either who is required or what is devolved on.")
    if not isinstance(rule.get("when", {}), dict):
        found.append(f"{where}: `when` must be an object.")
    for asked in rule.get("require", []):
        if not isinstance(asked, dict) or asked.get("role") not in Role.values:
            found.append(f"{where}: `require` needs a known role.")
        elif not isinstance(asked.get("quorum", 1), int) or asked.get("quorum", 1) < 1:
            found.append(f"{where}: the quorum must be a whole number from 1.")
        elif asked.get("point", "deploy") not in POINTS or set(asked) - {"role", "quorum", "point"}:
            found.append(f"{where}: `require` knows role, quorum and point (build or deploy).")
    for condition in rule.get("devolve", []):
        if not isinstance(condition, dict) or "fact" not in condition:
            found.append(f"{where}: each condition of `devolve` needs a fact.")
        elif not {"at_least", "at_most", "is"} & set(condition):
            found.append(f"{where}: {condition['fact']} needs at_least, at_most or is.")
    return found
