"""What a proposal is assessed on: its own criteria, none of them technical. Pure."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from itsm.kernel.roles import Role

CRITERIA = {
    "worth": "Is it worth its price?",
    "certainty": "Are worth and price known well enough?",
    "risk": "Can we bear what could go wrong?",
    "fit": "Does it fit where we are going?",
    "ability": "Do we have the people for it in time?",
}
MARKS = {1: "weak", 2: "fair", 3: "strong"}
LARGE_EUR = Decimal(100_000)


def problems(marks: Any) -> str:
    """What is wrong with these marks; empty where each criterion has one."""
    if not isinstance(marks, Mapping):
        return "Give a mark for each criterion."
    if odd := set(marks) - set(CRITERIA):
        return f"Unknown: {', '.join(sorted(map(str, odd)))}. Known: {', '.join(CRITERIA)}."
    if lacking := [code for code in CRITERIA if code not in marks]:
        return f"Not marked yet: {', '.join(lacking)}. Give 1 (weak), 2 (fair) or 3 (strong)."
    if any(isinstance(mark, bool) or mark not in MARKS for mark in marks.values()):
        return "A mark is 1 (weak), 2 (fair) or 3 (strong)."
    return ""


def authority_for(cost_high_eur: Decimal | None, marks: Mapping[str, int]) -> Role:
    """Who decides unless the assessment says another: what is large or weak anywhere is the board's."""
    large = cost_high_eur is not None and cost_high_eur >= LARGE_EUR
    return Role.CAB_MEMBER if large or 1 in marks.values() else Role.CHANGE_MANAGER
