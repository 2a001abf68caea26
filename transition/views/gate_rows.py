"""What the gate looked at, as rows of a page: what bars first, then what people have to decide, then the rest."""

from typing import Any

from changes.models import ChangeRequest, Decision
from changes.queries import authorisations
from transition.models import Deployment

SIGNS = {
    "block": ("block", "not met"),
    "inconclusive": ("unknown", "proves nothing"),
    "unknown": ("unknown", "unknown"),
    "pending": ("open", "waits"),
    "warn": ("warn", "warns"),
    "ok": ("ok", "in order"),
    "not_applicable": ("none", "does not apply"),
}
FOLLOWS = {"block": "bars it", "ask": "leaves it to people", "warn": "only warns"}
ORDER = ("block", "ask", "pending", "warn", "ok", "not_applicable")
SAID = {
    Decision.Verdict.AUTHORISED: ("ok", "authorised"),
    Decision.Verdict.REJECTED: ("block", "rejected"),
    Decision.Verdict.MORE_INFORMATION: ("open", "asks"),
    Decision.Verdict.ANSWERED: ("none", "answers"),
}


def rows_of(deployment: Deployment) -> list[dict[str, Any]]:
    """In the gate's own order within each kind."""
    reasons = sorted(deployment.reasons, key=_weight)
    return [_row(reason) for reason in reasons if reason["verdict"] != "pending" or _waits(deployment)]


def _waits(deployment: Deployment) -> bool:
    return deployment.decision == Deployment.Decision.PENDING


def _weight(reason: dict[str, Any]) -> int:
    said = reason.get("consequence") or reason["verdict"]
    return ORDER.index(said) if said in ORDER else 0


def _row(reason: dict[str, Any]) -> dict[str, Any]:
    kind, word = SIGNS[reason["verdict"]]
    follows = FOLLOWS.get(reason.get("consequence", ""), "")
    said = {name: reason.get(name, "") for name in ("asked", "found", "rule", "fix", "where")}
    return {**said, "kind": kind, "word": word, "follows": "" if word == "warns" else follows}


def said_by_people(deployment: Deployment, change: ChangeRequest | None) -> list[dict[str, Any]]:
    """Who decided what was left to people, and with which words; one query, where they were asked."""
    if change is None or all(reason["verdict"] != "pending" for reason in deployment.reasons):
        return []
    asked = authorisations.of(change)
    return [
        {"kind": kind, "word": word, "by": str(said), "comment": said.comment,
         "at": said.at, "role": one.authorisation.get_role_display(), "ledger": said.ledger}
        for one in asked for said in one.said for kind, word in [SAID[Decision.Verdict(said.verdict)]]
    ]  # fmt: skip
