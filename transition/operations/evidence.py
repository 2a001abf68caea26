"""What a pipeline shows, added up to the facts that a policy asks for."""

from typing import Any

from itsm.kernel.errors import InvalidInput


def facts_of(evidence: list[dict[str, Any]]) -> dict[str, float]:
    """Figures by `kind.figure`, summed over all pieces of that kind: {"tests.failed": 0, "scan.critical": 0, …}.

    Raises InvalidInput for a piece without a kind and for a negative figure.
    """
    facts: dict[str, float] = {}
    for number, piece in enumerate(evidence):
        kind = piece.get("kind")
        if not isinstance(kind, str) or not kind.strip():
            raise InvalidInput.at("evidence", f"Piece {number + 1} needs a kind, such as tests or scan.")
        for figure, value in piece.items():
            if isinstance(value, bool) or not isinstance(value, int | float):
                continue
            if value < 0:
                raise InvalidInput.at("evidence", f"{kind}.{figure} is {value}; a figure cannot be negative.")
            facts[f"{kind}.{figure}"] = facts.get(f"{kind}.{figure}", 0) + value
    return facts
