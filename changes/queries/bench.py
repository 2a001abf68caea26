"""A policy on one change, or on facts that are only said: what it would ask, and every rule looked at."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from changes.models import ChangeRequest, Policy
from changes.policy import Fact, RuleLook, Ruling, explain, facts_asked
from changes.queries.facts import facts_of


@dataclass(frozen=True)
class Tried:
    policy: Policy
    change: ChangeRequest | None
    facts: dict[str, Any]
    ruling: Ruling
    rules: list[RuleLook]


def try_out(policy: Policy, *, change: ChangeRequest | None = None, facts: Mapping[str, Any] | None = None) -> Tried:
    """What is said of the facts counts, before what is known of the change."""
    own = facts_of(change, facts_asked(policy.rules)) if change is not None else {}
    known = {**own, **(facts or {})}
    ruling, rules = explain(policy.rules, known)
    plain = {name: said.value if isinstance(said, Fact) else said for name, said in known.items()}
    return Tried(policy, change, plain, ruling, rules)


# What every change request is known by, besides its record of success; pipelines bring more.
OF_A_CHANGE = (
    "type", "model", "risk", "category", "likelihood", "impact", "criticality", "environment", "service",
    "cab_required", "confidential", "pre_authorised", "weekday", "hour",
)  # fmt: skip


def facts_known(policy: Policy) -> list[str]:
    """What this policy's rules ask about; of one without a rule, what is known of every change."""
    return facts_asked(policy.rules) or list(OF_A_CHANGE)
