"""Rows into a table by COPY: many at once, in the memory of a few."""

import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date, datetime
from itertools import islice
from typing import Any

from django.db import connection
from django.db.models import NOT_PROVIDED, Field, Model

LINES = 1000
ESCAPES = str.maketrans({"\\": r"\\", "\t": r"\t", "\n": r"\n", "\r": r"\r", "\x00": None})


def copy_rows(model: type[Model], fields: Sequence[str], rows: Iterable[Sequence[Any]]) -> int:
    """Write the rows, each with one value per named field; every other field gets its default. Answers how many.

    Constraints and triggers hold as for any other write; no `save()` runs and no event is recorded.
    """
    columns = [str(model._meta.get_field(name).column) for name in fields]  # type: ignore[union-attr]
    constants = {str(field.column): _default(field) for field in _left_out(model, set(fields))}
    return copy_into(model._meta.db_table, columns, rows, **constants)


def copy_into(table: str, columns: Sequence[str], rows: Iterable[Sequence[Any]], **constants: Any) -> int:
    """Write the rows into any table, each with one value per column; the constants are the same for all. How many."""
    names = ", ".join(f'"{column}"' for column in [*columns, *constants])
    tail = "".join(f"\t{_text(value)}" for value in constants.values()) + "\n"
    with connection.cursor() as cursor:
        lines = ("\t".join(map(_text, row)) + tail for row in rows)
        cursor.copy_expert(f'COPY "{table}" ({names}) FROM STDIN', _Reader(lines))
        return int(cursor.rowcount)


class _Reader:
    """What COPY reads from: lines joined in lots."""

    def __init__(self, lines: Iterator[str]):
        self.lines = lines

    def read(self, size: int = -1) -> str:
        return "".join(islice(self.lines, LINES))


def _left_out(model: type[Model], named: set[str]) -> list[Field]:
    return [
        field
        for field in model._meta.concrete_fields
        if not {field.name, field.attname} & named
        and not field.primary_key
        and field.db_default is NOT_PROVIDED
        and not (field.null and not field.has_default())
    ]


def _default(field: Field) -> Any:
    return field.get_default() if field.has_default() else ""


def _text(value: Any) -> str:
    return TEXTS.get(type(value), _other)(value)


def _other(value: Any) -> str:
    return str(value).translate(ESCAPES)


TEXTS: dict[type, Callable[[Any], str]] = {
    type(None): lambda value: r"\N",
    bool: lambda value: "t" if value else "f",
    int: str,
    datetime: datetime.isoformat,
    date: date.isoformat,
    dict: lambda value: json.dumps(value).translate(ESCAPES),
    list: lambda value: json.dumps(value).translate(ESCAPES),
}
