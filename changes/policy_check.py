"""What is wrong with a policy's rules: each problem with its rule and the field at fault."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from changes.policy import BOUNDS, CONSEQUENCES, POINTS, TROUBLES
from itsm.kernel.roles import Role

KNOWN = {"name", "when", "require", "devolve", "ask"}
CONDITION = BOUNDS | {"fact", "asked", "kind", "fix", *TROUBLES}
LONGEST_NAME = 200
MOST_PEOPLE = 100
LONGEST_HOURS = 2160  # ninety days
FIELDS = {"name": "its name", "when": "when", "require": "who is asked", "devolve": "evidence", "ask": "who is asked"}


@dataclass(frozen=True)
class Problem:
    """`rule` counts from 1; 0 is the policy as a whole, an empty field the rule as a whole."""

    rule: int
    field: str
    message: str
    name: str = ""

    def __str__(self) -> str:
        if not self.rule:
            return self.message
        place = f", {FIELDS[self.field]}" if self.field in FIELDS else ""
        return f"Rule {self.rule} ({self.name or 'unnamed'}){place}: {self.message}"


def validate(rules: Any) -> list[Problem]:
    """Empty when the rules can be put in force."""
    if not isinstance(rules, list) or not rules:
        return [Problem(0, "", "A policy needs at least one rule.")]
    found = []
    for number, rule in enumerate(rules, 1):
        name = str(rule.get("name", ""))[:60] if isinstance(rule, dict) else ""
        found += [Problem(number, field, message, name) for field, message in _problems(rule)]
    return found


def as_errors(problems: Iterable[Problem]) -> dict[str, Any]:
    """By place, as errors of an answer: {"rules": {"1": {"require": [message]}}}, counted from 0 as lists are."""
    found: dict[str, Any] = {}
    for problem in problems:
        if not problem.rule:
            return {"rules": [problem.message]}
        at = found.setdefault(str(problem.rule - 1), {})
        at.setdefault(problem.field or "non_field_errors", []).append(str(problem))
    return {"rules": found}


def _problems(rule: Any) -> list[tuple[str, str]]:
    if not isinstance(rule, dict):
        return [("", "It must be an object.")]
    found = [("name", said) for said in _wrong_name(rule.get("name", ""))]
    if unknown := set(rule) - KNOWN:
        found.append(("", f"unknown {', '.join(sorted(map(str, unknown)))}."))
    if ("require" in rule) == ("devolve" in rule):
        found.append(("", "say either who is required or what is devolved on."))
    else:
        decided_by = "require" if "require" in rule else "devolve"
        if not isinstance(rule[decided_by], list) or not rule[decided_by]:
            said = "name at least one authority or condition; a rule that asks nothing decides nothing."
            return [*found, (decided_by, said)]
    if not isinstance(when := rule.get("when", {}), dict):
        return [*found, ("when", "`when` must be an object.")]
    found += [("when", f"{fact} knows at_least, at_most and is.") for fact, bad in when.items() if _no_bound(bad)]
    found += [("require", said) for said in _wrong_people(rule.get("require", []))]
    found += [("devolve", said) for c in rule.get("devolve", []) if (said := _wrong_condition(c))]
    return found + [("ask", said) for said in _wrong_asking(rule)]


def _wrong_name(name: Any) -> list[str]:
    if not isinstance(name, str) or len(name) > LONGEST_NAME:
        return [f"give a text of at most {LONGEST_NAME} characters."]
    return []


def _no_bound(wanted: Any) -> bool:
    return isinstance(wanted, dict) and (not wanted or bool(set(wanted) - BOUNDS))


def _wrong_people(required: list[Any]) -> list[str]:
    found = [said for asked in required if (said := _wrong_requirement(asked))]
    if found:
        return found
    places = [(asked.get("point", "deploy"), asked["role"]) for asked in required]
    if len(set(places)) < len(places):
        found.append("the same role twice at one point; ask for a quorum instead.")
    if places and all(point == "build" for point, _ in places):
        found.append("nobody is asked to deploy.")
    return found


def _wrong_requirement(asked: Any) -> str:
    if not isinstance(asked, dict) or not asked.get("role"):
        return "say which role, a known role."
    if asked["role"] not in Role.values:
        return f"{asked['role']} is no known role."
    quorum = asked.get("quorum", 1)
    if not isinstance(quorum, int) or not 1 <= quorum <= MOST_PEOPLE:
        return f"the quorum must be a whole number from 1 to {MOST_PEOPLE}."
    within = asked.get("within_hours", 1)
    if not isinstance(within, int) or isinstance(within, bool) or not 1 <= within <= LONGEST_HOURS:
        return f"the time limit must be whole hours from 1 to {LONGEST_HOURS:,}."
    if asked.get("point", "deploy") not in POINTS or set(asked) - {"role", "quorum", "point", "within_hours"}:
        return "who is required has role, quorum, point (build or deploy) and within_hours."
    return ""


def _wrong_asking(rule: dict[str, Any]) -> list[str]:
    """Who is asked where a condition leaves it to people."""
    asks = [c for c in rule.get("devolve", []) if isinstance(c, dict) and "ask" in {c.get(t) for t in TROUBLES}]
    people = rule.get("ask", [])
    if not isinstance(people, list) or ("ask" in rule and (not people or "devolve" not in rule)):
        return ["`ask` stands beside `devolve` and names at least one authority."]
    if asks and not people:
        return [f"{asks[0].get('fact')} leaves it to people; say in `ask` to whom."]
    return _wrong_people(people)


def _wrong_condition(condition: Any) -> str:
    if not isinstance(condition, dict) or not isinstance(fact := condition.get("fact"), str) or not fact:
        return "each condition of `devolve` needs a fact."
    if not BOUNDS & set(condition):
        return f"{fact} needs at_least, at_most or is."
    for trouble in TROUBLES:
        if condition.get(trouble, "block") not in CONSEQUENCES:
            return f"{fact}: `{trouble}` is one of {', '.join(CONSEQUENCES)}."
    if unknown := set(condition) - CONDITION:
        return f"{fact}: unknown {', '.join(sorted(map(str, unknown)))}."
    return ""
