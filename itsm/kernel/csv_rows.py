"""Rows of a CSV text, however broken: what cannot be read costs its own line and not the rest of the file."""

import csv
from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Protocol

LONGEST_ROW = 500
LONGEST_LINE = 1_000_000


class Readable(Protocol):
    def readline(self, size: int = -1, /) -> str: ...


@dataclass(frozen=True)
class BrokenRow:
    line: int
    reason: str


class CSVRows:
    """At most LONGEST_ROW lines of LONGEST_LINE characters are held at a time."""

    def __init__(self, text: Iterable[str] | Readable, delimiter: str):
        self._lines = bounded(text) if hasattr(text, "readline") else iter(text)  # type: ignore[arg-type]
        self._pending: deque[str] = deque()
        self._taken: list[str] = []
        self._line = 0
        self._rows = csv.reader(self, delimiter=delimiter, strict=True)

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        if len(self._taken) > LONGEST_ROW:
            raise csv.Error("a quotation mark is opened and not closed")
        line = self._pending.popleft() if self._pending else next(self._lines)
        self._taken.append(line)
        if len(line) >= LONGEST_LINE:
            raise csv.Error(f"the line is longer than {LONGEST_LINE:,} characters")
        return line

    def next_row(self, width: int = 0) -> tuple[int, list[str]] | BrokenRow | None:
        """(line, cells), or what is wrong; None at the end."""
        self._line += len(self._taken)
        self._taken.clear()
        try:
            cells = next(self._rows)
        except StopIteration:
            return None
        except csv.Error as error:
            return self._broken(str(error))
        if width and cells and len(cells) != width:
            return self._broken(f"there are {len(cells)} cells where the heading has {width}")
        return self._line + 1, cells

    def _broken(self, reason: str) -> BrokenRow:
        """Give up the first line only; what was read beyond it is read again as rows of its own."""
        self._pending.extendleft(reversed(self._taken[1:]))
        if len(self._taken) > 1 or "end of data" in reason:
            reason = "a quotation mark is opened and not closed"
        elif "field larger than" in reason:
            reason = f"a cell is longer than {csv.field_size_limit():,} characters"
        del self._taken[1:]
        return BrokenRow(self._line + 1, reason)


def bounded(text: Readable) -> Iterator[str]:
    """The lines; of one that is too long only its beginning."""
    while line := text.readline(LONGEST_LINE):
        yield line
        while len(line) == LONGEST_LINE and not line.endswith("\n"):
            line = text.readline(LONGEST_LINE)
