"""Read a document as a file would be read, and look at what came out of it."""

import io
import json
from typing import Any

from cmdb.importing.readers import READERS
from cmdb.importing.records import Found, FoundCI, FoundRelation, RowProblem, Skipped


def as_file(document: Any) -> io.BytesIO:
    return io.BytesIO(document if isinstance(document, bytes) else json.dumps(document, indent=1).encode())


def read(format_: str, document: Any, **options: Any) -> list[Found]:
    return list(READERS[format_].read(as_file(document), options))


def cis(found: list[Found]) -> dict[str, FoundCI]:
    named = [each for each in found if isinstance(each, FoundCI)]
    assert len({each.key for each in named}) == len(named)
    return {each.key: each for each in named}


def sentences(found: list[Found]) -> set[tuple[str, str, str]]:
    return {(each.source, each.type, each.target) for each in found if isinstance(each, FoundRelation)}


def problems(found: list[Found]) -> list[tuple[str, str, str]]:
    return [(each.row, each.column, each.message) for each in found if isinstance(each, RowProblem)]


def skipped(found: list[Found]) -> list[str]:
    return [each.what for each in found if isinstance(each, Skipped)]
