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
BOUNDS = frozenset({"at_least", "at_most", "is"})
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
    try:
        verdict: LookedVerdict = "ok" if _holds(value, wanted) else "refused"
    except TypeError:
        return Looked(rule, words, f"{fact} is {value!r}, which cannot be compared", "unknown")
    return Looked(rule, words, f"{fact} is {value}", verdict)


def _holds(value: Any, wanted: Any) -> bool:
    if isinstance(wanted, dict):
        if not BOUNDS & set(wanted):
            raise TypeError("A condition without a bound holds for nothing.")
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
    elif not isinstance(asks := rule.get("require", rule.get("devolve")), list) or not asks:
        return [*found, f"{where}: name at least one authority or condition; a rule that asks nothing decides nothing."]
    if not isinstance(when := rule.get("when", {}), dict):
        return [*found, f"{where}: `when` must be an object."]
    for fact, wanted in when.items():
        if isinstance(wanted, dict) and (not wanted or set(wanted) - BOUNDS):
            found.append(f"{where}: {fact} knows at_least, at_most and is.")
    found += _wrong_together(where, rule.get("require", []))
    found += [f"{where}: {problem}" for asked in rule.get("require", []) if (problem := _wrong_requirement(asked))]
    found += [f"{where}: {problem}" for c in rule.get("devolve", []) if (problem := _wrong_condition(c))]
    return found


def _wrong_together(where: str, required: list[Any]) -> list[str]:
    places = [(r.get("point", "deploy"), r.get("role")) for r in required if isinstance(r, dict)]
    found = []
    if len(set(places)) < len(places):
        found.append(f"{where}: the same role twice at one point; ask for a quorum instead.")
    if places and all(point == "build" for point, _ in places):
        found.append(f"{where}: nobody is asked to deploy.")
    return found


def _wrong_requirement(asked: Any) -> str:
    if not isinstance(asked, dict) or asked.get("role") not in Role.values:
        return "`require` needs a known role."
    if not isinstance(asked.get("quorum", 1), int) or asked.get("quorum", 1) < 1:
        return "the quorum must be a whole number from 1."
    if asked.get("point", "deploy") not in POINTS or set(asked) - {"role", "quorum", "point"}:
        return "`require` knows role, quorum and point (build or deploy)."
    return ""


def _wrong_condition(condition: Any) -> str:
    if not isinstance(condition, dict) or "fact" not in condition:
        return "each condition of `devolve` needs a fact."
    if not BOUNDS & set(condition):
        return f"{condition['fact']} needs at_least, at_most or is."
    if unknown := set(condition) - BOUNDS - {"fact", "asked", "kind"}:
        return f"{condition['fact']}: unknown {', '.join(sorted(unknown))}."
    return ""
