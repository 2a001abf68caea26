"""Records read several at once by a statement of one's own.

Where an answer is awaited by the second, Django's making of ten queries costs more than their answers do.
"""

from collections.abc import Callable, Iterator
from functools import cache
from itertools import islice
from typing import Any

from django.db import connection
from django.db.models import Model


def columns(model: type[Model], alias: str) -> str:
    """All columns of the model's table under this alias, in the order in which `made` takes them."""
    return ", ".join(f'{alias}."{field.column}"' for field in model._meta.concrete_fields)


def made(model: type[Model], values: Iterator[Any]) -> Any:
    """The next record from a row's values; None where an outer join found none."""
    names, conversions = _shape(model)
    own = list(islice(values, len(names)))
    for place, convert in conversions:
        own[place] = convert(own[place], None, connection)
    return model.from_db(connection.alias, names, own) if any(value is not None for value in own) else None


def next_id(model: type[Model]) -> int:
    """The id for a record that others tell of before it is written."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval(pg_get_serial_sequence(%s, 'id'))", [model._meta.db_table])
        return int(cursor.fetchone()[0])


@cache
def _shape(model: type[Model]) -> tuple[list[str], list[tuple[int, Callable[..., Any]]]]:
    """The names of the fields, and how those are read that the driver gives otherwise."""
    fields = model._meta.concrete_fields
    converted = [(place, field.from_db_value) for place, field in enumerate(fields) if hasattr(field, "from_db_value")]
    return [field.attname for field in fields], converted
