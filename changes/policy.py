"""What a policy rules on facts: pure, total, and never silent about what it looked at.

Rules are in order; the first whose `when` holds decides. A rule either asks people
(`require`) or lets the pipeline decide on conditions (`devolve`).
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Literal

LookedVerdict = Literal["ok", "warn", "block", "inconclusive", "unknown", "not_applicable"]
POINTS = ("build", "deploy")
BOUNDS = frozenset({"at_least", "at_most", "is"})
# What may follow where a condition does not hold, its evidence proves nothing, or nothing is known of it.
CONSEQUENCES = ("block", "ask", "warn")
TROUBLES = ("otherwise", "inconclusive", "unknown")
MISSING = object()


@dataclass(frozen=True)
class Fact:
    """A value, what was found in words, and what mends it where it is not as wanted."""

    value: Any
    found: str = ""
    fix: str = ""


@dataclass(frozen=True)
class Inconclusive:
    """Evidence that proves nothing: no test ran, the scan timed out. `so_far` is what it counted all the same."""

    why: str
    so_far: float | None = None


@dataclass(frozen=True)
class Looked:
    """One condition: what was asked, what was found, the verdict, what follows from it and what mends it."""

    rule: str
    asked: str
    found: str
    verdict: LookedVerdict
    consequence: str = ""
    fix: str = ""

    def as_dict(self) -> dict[str, str]:
        said = {"rule": self.rule, "asked": self.asked, "found": self.found, "verdict": str(self.verdict)}
        more = {"consequence": self.consequence, "fix": self.fix}
        return said | {name: value for name, value in more.items() if value}


@dataclass(frozen=True)
class Requirement:
    """An authority that must authorise, at a point of the change's life."""

    role: str
    quorum: int = 1
    point: str = "deploy"
    within_hours: int | None = None  # how long it may take; None: as long as it takes


@dataclass(frozen=True)
class Ruling:
    rule: str
    decision: Literal["authorise", "ask", "refuse"]
    require: list[Requirement] = field(default_factory=list)
    looked: list[Looked] = field(default_factory=list)

    @property
    def failed(self) -> list[Looked]:
        """What bars it."""
        return [look for look in self.looked if look.consequence == "block"]


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
        return _devolved(rule, name, facts, [*looked, *conditions])
    nothing = Looked("no rule", "a rule whose conditions hold", "none of them does", "block", "block")
    return Ruling("no rule", "refuse", [], [*looked, nothing])


@dataclass(frozen=True)
class RuleLook:
    """A rule as it was looked at: whether it fits, whether it decides, and what each condition found."""

    number: int
    name: str
    fits: bool
    decides: bool
    reached: bool
    conditions: list[Looked]


def explain(rules: list[dict[str, Any]], facts: Mapping[str, Any]) -> tuple[Ruling, list[RuleLook]]:
    """The ruling, and every rule with every condition; also of those that come after the one that decides."""
    ruling, found, decided = rule_on(rules, facts), [], False
    for number, rule in enumerate(rules, 1):
        name = str(rule.get("name", "unnamed"))
        when = [_look(name, fact, wanted, facts) for fact, wanted in rule.get("when", {}).items()]
        fits = all(look.verdict == "ok" for look in when)
        decides = fits and not decided
        evidence = [_judged(name, condition, facts) for condition in rule.get("devolve", [])] if decides else []
        found.append(RuleLook(number, name, fits, decides, not decided, [*when, *evidence]))
        decided = decided or fits
    return ruling, found


def facts_asked(rules: list[dict[str, Any]]) -> list[str]:
    """The facts that the rules ask about, in the order in which they do."""
    asked = [fact for rule in rules for fact in (*rule.get("when", {}), *(c["fact"] for c in rule.get("devolve", [])))]
    return list(dict.fromkeys(asked))


def _devolved(rule: dict[str, Any], name: str, facts: Mapping[str, Any], looked: list[Looked]) -> Ruling:
    found = [_judged(name, condition, facts) for condition in rule.get("devolve", [])]
    looked = [*looked, *found]
    consequences = {look.consequence for look in found}
    if not found or "block" in consequences:
        return Ruling(name, "refuse", [], looked)
    if "ask" in consequences:
        return Ruling(name, "ask", [Requirement(**asked) for asked in rule.get("ask", [])], looked)
    return Ruling(name, "authorise", [], looked)


def _judged(rule: str, condition: dict[str, Any], facts: Mapping[str, Any]) -> Looked:
    """One condition of a rule that devolves, with what the rule makes of a miss."""
    look = _look(rule, condition["fact"], condition, facts, asked=condition.get("asked", ""))
    if look.verdict == "ok":
        return look
    trouble = "otherwise" if look.verdict == "block" else look.verdict
    consequence = condition.get(trouble, "block")
    verdict: LookedVerdict = "warn" if look.verdict == "block" and consequence == "warn" else look.verdict
    return replace(look, verdict=verdict, consequence=consequence, fix=condition.get("fix", "") or look.fix)


def _look(rule: str, fact: str, wanted: Any, facts: Mapping[str, Any], asked: str = "") -> Looked:
    known = facts.get(fact, MISSING)
    words = asked or f"{fact.replace('_', ' ').replace('.', ' ')} {_words(wanted)}"
    said = known if isinstance(known, Fact) else Fact(known)
    value = said.value
    if isinstance(value, Inconclusive):
        if value.so_far is None or not _exceeds(value.so_far, wanted):
            return Looked(rule, words, said.found or value.why, "inconclusive", fix=said.fix)
        value = value.so_far
    if value is MISSING or value is None:
        return Looked(rule, words, said.found or f"nothing is known of {fact}", "unknown", fix=said.fix)
    try:
        verdict: LookedVerdict = "ok" if _holds(value, wanted) else "block"
    except TypeError:
        return Looked(rule, words, f"{fact} is {value!r}, which cannot be compared", "unknown")
    found = said.found or f"{fact.replace('_', ' ')} is {_said(value)}"
    return Looked(rule, words, found, verdict, fix="" if verdict == "ok" else said.fix)


def _exceeds(value: float, wanted: Any) -> bool:
    """Whether what was counted so far is too much already, whatever else would have been found."""
    return isinstance(wanted, dict) and "at_most" in wanted and value > wanted["at_most"]


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
            f"{name.replace('_', ' ')} {_said(wanted[name])}"
            for name in ("at_least", "at_most", "is")
            if name in wanted
        ]
        return " and ".join(bounds)
    if isinstance(wanted, list):
        return "is one of " + ", ".join(map(_said, wanted))
    return f"is {_said(wanted)}"


def _said(value: Any) -> str:
    return {True: "yes", False: "no"}[value] if isinstance(value, bool) else str(value)
