"""What a pipeline shows, added up to the facts that a policy asks for."""

from collections import defaultdict
from math import isfinite
from typing import Any

from itsm.kernel.errors import InvalidInput

LONGEST = 40


def facts_of(evidence: list[dict[str, Any]]) -> dict[str, float]:
    """Figures by `kind.figure`: {"tests.failed": 0, "scan.critical": 0, "tests.pieces": 2, …}.

    Over all pieces of a kind a figure is summed; of a percentage the lowest counts. What a piece leaves out
    nobody counted, and that is not nought: a nought with such a hole is not known. Raises InvalidInput.
    """
    pieces: dict[str, list[dict[str, float]]] = defaultdict(list)
    for number, piece in enumerate(evidence, 1):
        kind = _kind(number, piece)
        pieces[kind].append({name: _figure(kind, name, value) for name, value in piece.items() if _counts(value)})
    facts: dict[str, float] = {}
    for kind, figures in pieces.items():
        for name in {name for piece in figures for name in piece}:
            values = [piece[name] for piece in figures if name in piece]
            total = min(values) if "percent" in name else sum(values)
            if len(values) == len(figures) or (total and "percent" not in name):
                facts[f"{kind}.{name}"] = total
        facts[f"{kind}.pieces"] = len(figures)
    return facts


def _counts(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _kind(number: int, piece: dict[str, Any]) -> str:
    kind = piece.get("kind")
    if not isinstance(kind, str) or not kind.strip():
        raise InvalidInput.at("evidence", f"Piece {number} needs a kind, such as tests or scan.")
    if len(kind) > LONGEST:
        raise InvalidInput.at("evidence", f"The kind of piece {number} is longer than {LONGEST} letters.")
    if not _storable(piece):
        raise InvalidInput.at("evidence", f"Piece {number} holds a character that is no text.")
    return kind


def _figure(kind: str, name: str, value: float) -> float:
    if not isfinite(value):
        raise InvalidInput.at("evidence", f"{kind}.{name} is not a number.")
    if value < 0:
        raise InvalidInput.at("evidence", f"{kind}.{name} is {value}; a figure cannot be negative.")
    return value


def _storable(value: Any) -> bool:
    """Whether the database can keep it: no NUL and no half of a character, however deep."""
    if isinstance(value, dict):
        return all(_storable(part) for pair in value.items() for part in pair)
    if isinstance(value, list):
        return all(_storable(part) for part in value)
    if isinstance(value, str):
        return "\x00" not in value and not any("\ud800" <= letter <= "\udfff" for letter in value)
    return not isinstance(value, float) or isfinite(value)
