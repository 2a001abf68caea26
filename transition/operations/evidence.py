"""What a pipeline shows, added up to the facts that a policy asks for."""

from collections import defaultdict
from math import isfinite
from typing import Any

from changes.policy import Inconclusive
from itsm.kernel.errors import InvalidInput
from transition.pipeline.cloudevents import storable

LONGEST = 40
MOST = 10**15
# Outcomes of a step that ended before it could show anything, as CI systems call them.
NO_RESULT = frozenset(
    {"cancel", "cancelled", "canceled", "error", "errored", "timeout", "timed_out", "timed-out", "skipped", "aborted",
     "unknown", "inconclusive"}
)  # fmt: skip
EXECUTED = ("passed", "failed", "errors")


def facts_of(evidence: list[dict[str, Any]], digest: str = "") -> dict[str, Any]:
    """Facts by `kind.figure`: {"tests.failed": 0, "signature.verified": True, "tests.pieces": 2, …}.

    Over all pieces of a kind a figure is summed; of a percentage the lowest counts; what is true must be true of
    each. What a piece leaves out nobody counted, and that is not nought: a nought with such a hole is not known.
    Where a piece proves nothing (see `inconclusive`), its kind's figures are Inconclusive. Raises InvalidInput.
    """
    pieces: dict[str, list[dict[str, Any]]] = defaultdict(list)
    doubts: dict[str, str] = {}
    for number, piece in enumerate(evidence, 1):
        kind = _kind(number, piece)
        pieces[kind].append({name: _figure(kind, name, value) for name, value in piece.items() if _counts(value)})
        if why := inconclusive(piece, digest):
            doubts.setdefault(kind, why)
    facts: dict[str, Any] = {}
    for kind, figures in pieces.items():
        facts |= _of_kind(kind, figures, doubts.get(kind, ""))
    return facts


def _of_kind(kind: str, figures: list[dict[str, Any]], doubt: str) -> dict[str, Any]:
    facts: dict[str, Any] = {f"{kind}.pieces": len(figures), f"{kind}.conclusive": not doubt}
    for name in {name for piece in figures for name in piece}:
        values = [piece[name] for piece in figures if name in piece]
        total: Any = _together(name, values)
        if doubt:
            facts[f"{kind}.{name}"] = Inconclusive(doubt, total if not isinstance(total, bool) else None)
        elif len(values) == len(figures) or (total and "percent" not in name and not isinstance(total, bool)):
            facts[f"{kind}.{name}"] = total
    return facts | ({f"{kind}.*": Inconclusive(doubt)} if doubt else {})


def _together(name: str, values: list[Any]) -> Any:
    if all(isinstance(value, bool) for value in values):
        return all(values)
    return min(values) if "percent" in name else sum(values)


def inconclusive(piece: dict[str, Any], digest: str = "") -> str:
    """Why this piece proves nothing; empty where it does."""
    named = f"{piece.get('kind')} “{piece['name']}”" if piece.get("name") else str(piece.get("kind"))
    outcome = str(piece.get("outcome", "")).strip().lower()
    if outcome in NO_RESULT:
        return f"{named} ended as {outcome}"
    counted = [piece[name] for name in EXECUTED if _counts(piece.get(name))]
    if piece.get("kind") == "tests" and counted and not sum(counted):
        return f"{named}: not one test was executed"
    about = piece.get("digest")
    if digest and isinstance(about, str) and about and about != digest:
        return f"{named} is about another artifact, {about[:19]}…"
    return ""


def _counts(value: Any) -> bool:
    return isinstance(value, int | float)


def _kind(number: int, piece: dict[str, Any]) -> str:
    kind = piece.get("kind")
    if not isinstance(kind, str) or not kind.strip():
        raise InvalidInput.at("evidence", f"Piece {number} needs a kind, such as tests or scan.")
    if len(kind) > LONGEST:
        raise InvalidInput.at("evidence", f"The kind of piece {number} is longer than {LONGEST} letters.")
    if not storable(piece):
        why = "a NUL, half a character, or nesting that is too deep"
        raise InvalidInput.at("evidence", f"Piece {number} holds what cannot be kept: {why}.")
    return kind


def _figure(kind: str, name: str, value: float) -> float:
    if isinstance(value, int) and value > MOST:
        raise InvalidInput.at("evidence", f"{kind}.{name} is greater than any count of such a thing.")
    if not isfinite(value):
        raise InvalidInput.at("evidence", f"{kind}.{name} is not a number.")
    if value < 0:
        raise InvalidInput.at("evidence", f"{kind}.{name} is {value}; a figure cannot be negative.")
    return value
