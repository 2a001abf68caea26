"""Lists as CSV: every row of the filter, streamed, with nothing that a spreadsheet would take for a formula."""

import csv
import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from typing import Any

from django.http import StreamingHttpResponse
from django.utils.text import slugify

MOST = 100_000
FORMULA = re.compile(r"^\s*[=+\-@\t\r]")
NUMBER = re.compile(r"[+-]?\d+([.,]\d+)?")


class _Line:
    """csv wants a file; a stream wants the line itself."""

    def write(self, line: str) -> str:
        return line


def safe(value: Any) -> str:
    """The cell as text; one that a spreadsheet would run gets an apostrophe in front."""
    if value is None:
        return ""
    if isinstance(value, date):
        return value.isoformat()
    text = str(value)
    return f"'{text}" if FORMULA.match(text) and not NUMBER.fullmatch(text) else text


def lines(rows: Iterable[Sequence[Any]]) -> Iterator[str]:
    writer = csv.writer(_Line())
    for row in rows:
        yield writer.writerow([safe(cell) for cell in row])


def answer(rows: Iterable[Sequence[Any]], name: str) -> StreamingHttpResponse:
    """The rows, the first of which names the columns, as a file called after the list."""
    disposition = f'attachment; filename="{slugify(name) or "list"}.csv"'
    return StreamingHttpResponse(
        lines(rows), content_type="text/csv; charset=utf-8", headers={"Content-Disposition": disposition}
    )
