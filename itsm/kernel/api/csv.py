"""Any list as CSV: `?format=csv` or `Accept: text/csv`, every row of the filter in the order asked for."""

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Any

from django.db.models import QuerySet
from django.http import StreamingHttpResponse
from rest_framework.renderers import BaseRenderer

from itsm.kernel import export

CHUNK = 1000


class CSVRenderer(BaseRenderer):
    """Lets a list be asked for as CSV; the rows are streamed by `answer`, what is no list has none."""

    media_type = "text/csv"
    format = "csv"

    def render(self, data: Any, accepted_media_type: Any = None, renderer_context: Any = None) -> bytes:
        return "".join(export.lines(flat(data if isinstance(data, list) else [data]))).encode()


def answer(view: Any, queryset: QuerySet) -> StreamingHttpResponse:
    return export.answer(flat(_rows(view, queryset)), view.basename)


def _rows(view: Any, queryset: QuerySet) -> Iterator[dict[str, Any]]:
    """In chunks, so that related records are read once a chunk and memory holds one of them."""
    rows = queryset[: export.MOST].iterator(chunk_size=CHUNK)
    while chunk := list(islice(rows, CHUNK)):
        yield from view.get_serializer(chunk, many=True).data


def flat(rows: Iterable[dict[str, Any]]) -> Iterator[list[Any]]:
    """The names of the first row, then every row's values in that order."""
    names: list[str] | None = None
    for row in rows:
        if names is None:
            names = list(row)
            yield names
        yield [cell(row.get(name)) for name in names]


def cell(value: Any) -> Any:
    """Another record is its number, a window its two ends, several are joined."""
    if isinstance(value, dict):
        return value.get("number") or value.get("display") or "; ".join(f"{key}={cell(v)}" for key, v in value.items())
    if isinstance(value, list | tuple):
        return "; ".join(str(cell(each)) for each in value)
    return value
