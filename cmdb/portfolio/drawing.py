"""Where the boxes of a service map stand and how the lines between them run. Pure thinking.

Rows go down from what relies on the service to what it is made of, the nearest next to it. In a row, a box stands as
near as can be to the boxes of the rows before that it has lines to, so that few lines cross.
"""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from math import ceil

WIDE, HIGH = 156, 46
BESIDE, BELOW = 18, 54
ACROSS = 4
EDGE = 4


@dataclass(frozen=True)
class Place:
    """The upper left corner of a box."""

    x: int
    y: int

    @property
    def middle(self) -> int:
        return self.x + WIDE // 2


@dataclass(frozen=True)
class Drawing:
    places: Mapping[int, Place]
    width: int
    height: int


def drawn(levels: Mapping[int, int], lines: Collection[tuple[int, int]]) -> Drawing:
    """Of boxes by their level: below zero above the service, which is at zero."""
    rows = _rows(levels, lines)
    widest = max(map(len, rows))
    width = widest * (WIDE + BESIDE) - BESIDE + 2 * EDGE
    places = {}
    for row, boxes in enumerate(rows):
        left = (width - len(boxes) * (WIDE + BESIDE) + BESIDE) // 2
        for at, box in enumerate(boxes):
            places[box] = Place(left + at * (WIDE + BESIDE), EDGE + row * (HIGH + BELOW))
    return Drawing(places, width, len(rows) * (HIGH + BELOW) - BELOW + 2 * EDGE)


def _rows(levels: Mapping[int, int], lines: Collection[tuple[int, int]]) -> list[list[int]]:
    found: dict[int, list[list[int]]] = {}
    standing: dict[int, float] = {}
    beside = defaultdict(list)
    for one, other in lines:
        beside[one].append(other)
        beside[other].append(one)
    for level in sorted(set(levels.values()), key=abs):
        boxes = [box for box, its in levels.items() if its == level]
        near = {box: [standing[each] for each in beside[box] if each in standing] for box in boxes}
        boxes.sort(key=lambda box: sum(near[box]) / len(near[box]) if near[box] else 0)
        number = ceil(len(boxes) / ACROSS)
        found[level] = [boxes[row::number] for row in range(number)]
        standing |= {box: place for row in found[level] for box, place in _places_in(row)}
    return [row for level in sorted(found) for row in found[level]]


def _places_in(row: list[int]) -> Iterator[tuple[int, float]]:
    """From the middle."""
    for at, box in enumerate(row):
        yield box, at - (len(row) - 1) / 2


def path(source: Place, target: Place) -> str:
    """The line from one box to another, as SVG writes it."""
    if source.y == target.y:
        return _beside(source, target)
    down = source.y < target.y
    start, end = (source.y + HIGH, target.y) if down else (source.y, target.y + HIGH)
    half = (start + end) // 2
    return f"M{source.middle} {start}C{source.middle} {half} {target.middle} {half} {target.middle} {end}"


def _beside(source: Place, target: Place) -> str:
    """Straight to a neighbour, else below those between."""
    if abs(source.x - target.x) == WIDE + BESIDE:
        ends = (source.x + WIDE, target.x) if source.x < target.x else (source.x, target.x + WIDE)
        return f"M{ends[0]} {source.y + HIGH // 2}H{ends[1]}"
    bottom = source.y + HIGH
    dip = bottom + BELOW // 2
    return f"M{source.middle} {bottom}C{source.middle} {dip} {target.middle} {dip} {target.middle} {bottom}"
