"""Read a table of changes row by row: each row is either a ChangeRow, or what is wrong with it and where.

Nothing here holds more than one row (and, where quotes are broken, at most some hundred lines).
"""

import hashlib
import lzma
import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path
from typing import Any, TextIO
from zoneinfo import ZoneInfo

from django.utils.text import slugify

from changes.import_mapping import ImportMapping
from itsm.kernel.csv_rows import BrokenRow, CSVRows
from itsm.kernel.errors import InvalidInput

XZ = b"\xfd7zXZ\x00"
LEVELS = {"low": (1, 1), "medium": (2, 2), "high": (3, 3)}
LIMITS = {"key": 100, "ci": 200, "component": 190, "ci_class": 60, "ci_subclass": 60}
UNDECODABLE = re.compile("[\udc80-\udcff]")


class UnreadableFile(InvalidInput):
    """The file as a whole cannot be read; nothing was taken in."""

    code = "unreadable_file"


@dataclass(frozen=True)
class Problem:
    """Why a row cannot be read: its first line in the file, the column, the reason."""

    line: int
    column: str
    reason: str

    def __str__(self) -> str:
        return f"row {self.line}, {self.column}: {self.reason}" if self.column else f"row {self.line}: {self.reason}"


@dataclass(frozen=True, slots=True)
class ChangeRow:
    """One change on one CI. The flags at the end only count what was odd about it."""

    line: int
    digest: str
    key: str
    title: str
    reason: str
    type: str
    likelihood: int
    impact: int
    cab: bool
    window_start: datetime | None
    window_end: datetime | None
    started_at: datetime | None
    finished_at: datetime | None
    opened_at: datetime | None
    ci: str
    class_code: str
    class_name: str
    class_kind: str
    parent_code: str
    parent_name: str
    component: str
    zero_length: bool
    twice_on_the_clock: bool
    never_on_the_clock: bool


@contextmanager
def open_text(path: Path, encoding: str) -> Iterator[TextIO]:
    """The file's text, plain or .xz; bytes unknown to the encoding come as surrogates, for their row to report."""
    try:
        with path.open("rb") as probe:
            packed = probe.read(len(XZ)) == XZ
        opener = lzma.open if packed else open
        with opener(path, "rt", encoding=_with_bom(encoding), errors="surrogateescape", newline="") as text:
            yield text
    except (lzma.LZMAError, EOFError) as error:
        raise UnreadableFile(f"{path} is not a whole .xz file: {error}.") from error
    except UnicodeError as error:
        raise UnreadableFile(
            f"{path} is not {encoding}: {error}. Say the right [file] encoding in the mapping."
        ) from error
    except OSError as error:
        raise UnreadableFile(f"{path} cannot be read: {error.strerror or error}.") from error


def _with_bom(encoding: str) -> str:
    return "utf-8-sig" if encoding.lower().replace("_", "-") in {"utf-8", "utf8"} else encoding


def read(text: Iterable[str], mapping: ImportMapping) -> Iterator[ChangeRow | list[Problem]]:
    """Every row below the heading, in order. Raises UnreadableFile when the heading does not fit the mapping."""
    table = CSVRows(text, mapping.delimiter)
    heading = table.next_row()
    if not isinstance(heading, tuple):
        raise UnreadableFile(
            "The file is empty." if heading is None else f"The heading cannot be read: {heading.reason}."
        )
    names = [name.strip() for name in heading[1]]
    if missing := [name for name in mapping.needed if name not in names]:
        raise UnreadableFile(
            f"The file has no column {', '.join(map(repr, missing))}. It has {', '.join(map(repr, names))}; "
            "check the mapping's [columns], its delimiter and its encoding."
        )
    reader = _RowReader(names, mapping)
    while (row := table.next_row(len(names))) is not None:
        if isinstance(row, BrokenRow):
            yield [Problem(row.line, "", row.reason)]
        elif any(row[1]):
            yield reader.read(*row)


class _Clock:
    """Wall-clock texts to moments.

    A time that the clock shows twice (the hour is put back) is taken as the first; one that it
    never shows (put forward) as the moment that it would have been. Both are counted.
    """

    def __init__(self, time_format: str, zone: ZoneInfo):
        self._format, self._zone = time_format, zone
        self.read = lru_cache(maxsize=65536)(self._read)

    def _read(self, text: str) -> tuple[datetime, str]:
        try:
            wall = datetime.strptime(text, self._format)  # noqa: DTZ007 the zone follows
            local = wall if wall.tzinfo else wall.replace(tzinfo=self._zone)
            moment = local.astimezone(UTC)
        except (ValueError, OverflowError) as error:
            raise ValueError(f"{text!r} is not a time like {self._format}") from error
        first, second = local.replace(fold=0).utcoffset(), local.replace(fold=1).utcoffset()
        if wall.tzinfo or first == second or first is None or second is None:
            return moment, ""
        return moment, "twice" if first > second else "never"


class _RowReader:
    """Cells to a ChangeRow, by the mapping; collects everything that is wrong with a row."""

    def __init__(self, names: list[str], mapping: ImportMapping):
        self._mapping = mapping
        self._at = {name: index for index, name in reversed(list(enumerate(names)))}
        self._clock = _Clock(mapping.time_format, mapping.zone)
        self._problems: list[Problem] = []
        self._oddities: set[str] = set()
        self._line, self._cells = 0, [""]

    def read(self, line: int, cells: list[str]) -> ChangeRow | list[Problem]:
        self._line, self._cells, self._problems, self._oddities = line, cells, [], set()
        self._check_characters()
        start, end = self._span("planned_start", "planned_end")
        started, finished = self._span("actual_start", "actual_end")
        likelihood, impact = LEVELS[self._meaning("risk", "low")]
        ci_class = self._class()
        row = ChangeRow(
            line=line,
            digest=hashlib.md5("\0".join(cells).encode(errors="replace"), usedforsecurity=False).hexdigest(),
            key=self._text("key", required=True),
            title=self._joined(self._mapping.titles)[:200],
            reason=self._joined(self._mapping.reasons),
            type="emergency" if self._meaning("emergency", False) else self._meaning("type", "normal"),
            likelihood=likelihood,
            impact=impact,
            cab=self._meaning("cab", False),
            window_start=start,
            window_end=end,
            started_at=started,
            finished_at=finished,
            opened_at=self._time("opened"),
            ci=self._text("ci", required=True),
            **ci_class,
            component=self._text("component"),
            zero_length=start is not None and start == end,
            twice_on_the_clock="twice" in self._oddities,
            never_on_the_clock="never" in self._oddities,
        )
        return self._problems or row

    def _wrong(self, column: str, reason: str) -> None:
        self._problems.append(Problem(self._line, column, reason))

    def _check_characters(self) -> None:
        for name, index in self._at.items():
            if "\0" in self._cells[index]:
                self._wrong(name, "there is a NUL character")
            elif found := UNDECODABLE.search(self._cells[index]):
                byte = ord(found[0]) - 0xDC00
                self._wrong(name, f"the byte 0x{byte:02X} is not {self._mapping.encoding}; check [file] encoding")

    def _text(self, name: str, *, required: bool = False) -> str:
        column = self._mapping.columns.get(name)
        value = self._cells[self._at[column]].strip() if column else ""
        if required and not value:
            self._wrong(column or name, "is empty")
        if len(value) > LIMITS.get(name, 200):
            self._wrong(column or name, f"is longer than {LIMITS.get(name, 200)} characters")
        return value

    def _joined(self, columns: tuple[str, ...]) -> str:
        return ", ".join(value for column in columns if (value := self._cells[self._at[column]].strip()))

    def _meaning(self, name: str, default: Any) -> Any:
        column = self._mapping.columns.get(name)
        if column is None:
            return default
        value = self._cells[self._at[column]].strip()
        try:
            return self._mapping.values[name].get(value)
        except KeyError:
            self._wrong(column, f"{value!r} is not in the mapping's [values.{name}]")
            return default

    def _time(self, name: str) -> datetime | None:
        text = self._text(name)
        if not text:
            return None
        try:
            moment, oddity = self._clock.read(text)
        except ValueError as error:
            self._wrong(self._mapping.columns[name], str(error))
            return None
        self._oddities.add(oddity)
        return moment

    def _span(self, first: str, last: str) -> tuple[datetime | None, datetime | None]:
        start, end = self._time(first), self._time(last)
        if start and end and end < start:
            self._wrong(self._mapping.columns[last], f"{self._text(last)} is before {self._text(first)}")
        if first == "planned_start" and (start is None) != (end is None) and not self._problems:
            self._wrong(self._mapping.columns[first if start is None else last], "is empty, the other end is not")
        return start, end

    def _class(self) -> dict[str, str]:
        parent, name = self._text("ci_class") or "imported", self._text("ci_subclass")
        try:
            kind = self._mapping.values["kind"].get(parent)
        except KeyError:
            kind = "other"
        code = slugify(parent)[:60] or "imported"
        return {
            "class_code": slugify(f"{parent} {name}")[:60] or code,
            "class_name": name or parent,
            "class_kind": kind,
            "parent_code": code if name else "",
            "parent_name": parent,
        }
