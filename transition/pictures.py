"""Small pictures of numbers over time, drawn on the server: bars of weeks and lines as SVG takes them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

WIDE, HIGH = 240.0, 44.0


@dataclass(frozen=True)
class Bar:
    """A rectangle of a picture that is WIDE and HIGH."""

    x: str
    y: str
    width: str
    height: str
    kind: str
    title: str = ""


def line(values: Sequence[float | None], most: float | None = None) -> str:
    """The points of a line from the bottom; where nothing is known it passes on."""
    most = most or max((value for value in values if value is not None), default=0.0) or 1.0
    step = WIDE / max(len(values) - 1, 1)
    spots = [(n * step, HIGH - 2 - (HIGH - 4) * value / most) for n, value in enumerate(values) if value is not None]
    return " ".join(f"{x:.1f},{y:.1f}" for x, y in spots)


def stacks(columns: Iterable[tuple[str, Sequence[tuple[str, float]]]]) -> list[Bar]:
    """A column for each (title, parts), its parts (kind, amount) upon each other; the highest fills the picture."""
    found = list(columns)
    most = max((sum(amount for _, amount in parts) for _, parts in found), default=0.0) or 1.0
    step = WIDE / max(len(found), 1)
    bars = []
    for number, (title, parts) in enumerate(found):
        floor = HIGH
        for kind, amount in parts:
            height = HIGH * amount / most
            floor -= height
            if amount:
                x, width = number * step + step * 0.1, step * 0.8
                bars.append(Bar(f"{x:.1f}", f"{floor:.1f}", f"{width:.1f}", f"{height:.1f}", kind, title))
    return bars
