"""CSV: one CI a row, by the columns of a profile; cells may name the CIs that it is related to."""

import io
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from math import isfinite
from typing import Any, BinaryIO

from cmdb.importing.mapping import TableMapping, parse
from cmdb.importing.records import Found, FoundCI, FoundRelation, RowProblem, UnreadableFile
from cmdb.models import CIClass
from cmdb.schemas import attributes_of
from itsm.kernel.csv_rows import BrokenRow, CSVRows

DELIMITERS = ",;\t|"
OTHER_KINDS = {
    b"PK\x03\x04": "This is a spreadsheet or a ZIP archive. Save it as CSV first.",
    b"\x1f\x8b": "This is packed by gzip. Unpack it first.",
    b"\xfd7zXZ": "This is packed by xz. Unpack it first.",
    b"\xff\xfe": "This is UTF-16. Save it as UTF-8.",
    b"\xfe\xff": "This is UTF-16. Save it as UTF-8.",
    b"%PDF": "This is a PDF and no table.",
}
UNDECODABLE = re.compile("[\udc80-\udcff]")
SHOWN = 60


@dataclass(frozen=True)
class Start:
    """What the mapping page shows of a file."""

    delimiter: str
    headings: list[str]
    rows: list[list[str]]


def start_of(file: BinaryIO, encoding: str, delimiter: str = "", rows: int = 5) -> Start:
    """The headings and the first rows. Raises UnreadableFile."""
    table, headings, delimiter = _open(file, encoding, delimiter)
    found = (table.next_row(len(headings)) for _ in range(50))
    cells = (row[1] for row in found if isinstance(row, tuple) and any(row[1]))
    return Start(delimiter, headings, [[_shown(cell) for cell in each] for each in islice(cells, rows)])


def _shown(cell: str) -> str:
    text = UNDECODABLE.sub("\N{REPLACEMENT CHARACTER}", cell).replace("\0", " ")
    return text if len(text) <= SHOWN else f"{text[: SHOWN - 1]}…"


def read(file: BinaryIO, options: Mapping[str, Any]) -> Iterator[Found]:
    mapping = parse(options)
    table, headings, _ = _open(file, mapping.encoding, mapping.delimiter)
    if missing := [name for name in mapping.columns if name not in headings]:
        raise UnreadableFile(
            f"The file has no column {', '.join(map(repr, missing))}. It has {', '.join(map(repr, headings))}. "
            "Mend the heading, or say in the profile what the columns are; look at delimiter and encoding, too."
        )
    rows = _Rows(headings, mapping)
    while (row := table.next_row(len(headings))) is not None:
        if isinstance(row, BrokenRow):
            yield RowProblem(f"row {row.line}", "", f"The row cannot be read: {row.reason}.")
        elif any(row[1]):
            yield from rows.read(*row)


def _open(file: BinaryIO, encoding: str, delimiter: str) -> tuple[CSVRows, list[str], str]:
    head = file.read(8)
    for magic, message in OTHER_KINDS.items():
        if head.startswith(magic):
            raise UnreadableFile(message)
    file.seek(0)
    codec = "utf-8-sig" if encoding == "utf-8" else encoding
    text = io.TextIOWrapper(file, codec, errors="surrogateescape", newline="")
    first = text.readline(100_000)
    if not first.strip():
        raise UnreadableFile(
            "The file is empty." if not first else "The first line is empty; it must hold the headings."
        )
    delimiter = delimiter or max(DELIMITERS, key=first.count)
    text.seek(0)
    table = CSVRows(text, delimiter)
    heading = table.next_row()
    if not isinstance(heading, tuple):
        raise UnreadableFile(f"The headings cannot be read: {heading.reason if heading else 'there are none'}.")
    names = [name.strip() for name in heading[1]]
    if wrong := next((name for name in names if UNDECODABLE.search(name) or "\0" in name), None):
        raise UnreadableFile(f"The heading {_shown(wrong)!r} is not {encoding}. Choose the other encoding.")
    if twice := next((name for name in names if name and names.count(name) > 1), None):
        raise UnreadableFile(f"Two columns are called {_shown(twice)!r}. Give each a name of its own.")
    return table, names, delimiter


class _Rows:
    """Cells to what they say, by the mapping and the types that the classes ask for."""

    def __init__(self, headings: list[str], mapping: TableMapping):
        at = {name: index for index, name in enumerate(headings)}
        self._mapping = mapping
        self._fields = [(at[name], target) for name, target in mapping.fields.items()]
        self._attributes = [(at[name], target) for name, target in mapping.attributes.items()]
        self._relations = [(at[name], target) for name, target in mapping.relations.items()]
        self._headings = [(at[name], name) for name in mapping.columns]
        self._key_at = next(index for index, field in self._fields if field == "key")
        self._types = _types_of_classes() if mapping.attributes else {}

    def read(self, line: int, cells: list[str]) -> Iterator[Found]:
        row = f"row {line}"
        problems = [
            problem for index, name in self._headings if (problem := self._undecodable(row, name, cells[index]))
        ]
        if problems:
            yield from problems
            return
        said: dict[str, Any] = dict(self._mapping.fixed)
        for index, field in self._fields:
            if cell := cells[index].strip():
                said[field] = self._mapping.meaning(field, cell)
        said.setdefault("name", said.get("key", ""))
        if "ci_class" not in said:
            yield RowProblem(row, self._mapping.heading("ci_class"), "This is empty.")
            return
        yield FoundCI(
            row=row, key=said.pop("key", ""), attributes=self._said_attributes(said["ci_class"], cells) or None, **said
        )
        key = cells[self._key_at].strip()
        for index, kind in self._relations:
            for other in cells[index].split(self._mapping.separator):
                if other := other.strip():
                    yield FoundRelation(row, key, kind, other)

    def _said_attributes(self, ci_class: str, cells: list[str]) -> dict[str, Any]:
        types = self._types.get(ci_class) or self._types.get(ci_class.casefold(), {})
        found = {}
        for index, name in self._attributes:
            if cell := cells[index].strip():
                found[name] = typed(self._mapping.meaning(f"attributes.{name}", cell), types.get(name, ""))
        return found

    def _undecodable(self, row: str, name: str, cell: str) -> RowProblem | None:
        if "\0" in cell:
            return RowProblem(row, name, "There is a NUL character.")
        if cell.isascii() or not (found := UNDECODABLE.search(cell)):
            return None
        byte = ord(found[0]) - 0xDC00
        return RowProblem(row, name, f"The byte 0x{byte:02X} is not {self._mapping.encoding}. Is that the encoding?")


def _types_of_classes() -> dict[str, dict[str, str]]:
    classes = {each.pk: each for each in CIClass.objects.all()}
    for each in classes.values():
        each.parent = classes.get(each.parent_id) if each.parent_id else None
    types = {each: {about.name: about.type for about in attributes_of(each)} for each in classes.values()}
    return {each.name.casefold(): said for each, said in types.items()} | {e.code: said for e, said in types.items()}


def typed(text: Any, wanted: str) -> Any:
    """The cell as the class wants it; what cannot be that stays text, which the class then refuses by name."""
    if not isinstance(text, str):
        return text
    try:
        if wanted == "integer":
            return int(text)
        if wanted == "number":
            number = float(text.replace(",", ".")) if "." not in text else float(text)
            return number if isfinite(number) else text
    except ValueError:
        return text
    if wanted == "boolean":
        return {"true": True, "yes": True, "1": True, "false": False, "no": False, "0": False}.get(
            text.casefold(), text
        )
    return [part.strip() for part in text.split(";") if part.strip()] if wanted == "array" else text
