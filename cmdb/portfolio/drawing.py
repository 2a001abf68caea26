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
# The boxes of a row, and where in it they stand: in widths of a box, from the middle.
Row = dict[int, float]


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
    first = min(place for row in rows for place in row.values())
    last = max(place for row in rows for place in row.values())
    places = {
        box: Place(EDGE + round((place - first) * (WIDE + BESIDE)), EDGE + at * (HIGH + BELOW))
        for at, row in enumerate(rows)
        for box, place in row.items()
    }
    width = round((last - first) * (WIDE + BESIDE)) + WIDE + 2 * EDGE
    return Drawing(places, width, len(rows) * (HIGH + BELOW) - BELOW + 2 * EDGE)


def _rows(levels: Mapping[int, int], lines: Collection[tuple[int, int]]) -> list[Row]:
    found: dict[int, list[Row]] = {}
    standing: Row = {}
    beside = defaultdict(list)
    for one, other in lines:
        beside[one].append(other)
        beside[other].append(one)
    for level in sorted(set(levels.values()), key=abs):
        boxes = [box for box, its in levels.items() if its == level]
        near = {box: [standing[each] for each in beside[box] if each in standing] for box in boxes}
        boxes.sort(key=lambda box: sum(near[box]) / len(near[box]) if near[box] else 0)
        found[level] = list(_rows_of(boxes))
        for row in found[level]:
            standing |= row
    return [row for level in sorted(found) for row in found[level]]


def _rows_of(boxes: list[int]) -> Iterator[Row]:
    """As few as hold them, each half a box beside the row before: a line to the second goes by the first."""
    number, before = ceil(len(boxes) / ACROSS), 0.25
    for at in range(number):
        row = boxes[at::number]
        start = -(len(row) - 1) / 2
        start += 0.5 if (start - before) % 1 == 0 else 0
        yield {box: start + along for along, box in enumerate(row)}
        before = start


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
