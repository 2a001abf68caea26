"""Records of several kinds read, or written, at once by a statement of one's own.

Where somebody waits for an answer, Django's making of ten queries costs more than their answers do.
"""

from collections.abc import Callable, Iterator, Sequence
from functools import cache
from itertools import islice
from typing import Any

from django.db import connection
from django.db.models import NOT_PROVIDED, Model
from django.db.models.expressions import DatabaseDefault


def columns(model: type[Model], alias: str) -> str:
    """All columns of the model's table under this alias, in the order in which `made` takes them."""
    return ", ".join(f'{alias}."{field.column}"' for field in model._meta.concrete_fields)


def made(model: type[Model], values: Iterator[Any]) -> Any:
    """The next record from a row's values, in the order of `columns`; None where an outer join found none."""
    names, conversions = _shape(model)
    own = list(islice(values, len(names)))
    for place, convert in conversions:
        own[place] = convert(own[place], None, connection)
    return model.from_db(connection.alias, names, own) if any(value is not None for value in own) else None


def read(models: Sequence[type[Model]], sql: str, asked: dict[str, Any]) -> list[Any]:
    """The rows of a statement whose columns are those of these kinds of records, one after the other."""
    with connection.cursor() as cursor:
        cursor.execute(sql, asked)
        found = cursor.fetchall()
    return [[made(model, values) for model in models] for values in map(iter, found)]


def next_ids(*models: type[Model]) -> list[int]:
    """An id for a record of each kind, which others tell of before it is written."""
    drawn = ", ".join(["nextval(pg_get_serial_sequence(%s, 'id'))"] * len(models))
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {drawn}", [model._meta.db_table for model in models])
        return list(cursor.fetchone())


def write(*records: Model) -> None:
    """Insert new records of any kinds in one go. What others of them point to has its id already.

    What the database fills in by itself is read back for the last of them; of the others when it is asked for.
    """
    statements, values = [], []
    for record in records:
        statement, said = _insertion(record)
        statements.append(statement)
        values += said
    last = records[-1]
    filled = [field for field in last._meta.concrete_fields if _left_out(field, getattr(last, field.attname))]
    returned = ", ".join(f'"{field.column}"' for field in filled)
    with connection.cursor() as cursor:
        cursor.execute(";\n".join(statements) + (f" RETURNING {returned}" if filled else ""), values)
        row = cursor.fetchone() if filled else ()
    for record in records:
        _take_as_written(record)
    for field, value in zip(filled, row, strict=True):
        setattr(last, field.attname, value)


def _insertion(record: Model) -> tuple[str, list[Any]]:
    given = [(field, field.pre_save(record, add=True)) for field in record._meta.concrete_fields]
    given = [(field, value) for field, value in given if not _left_out(field, value)]
    columns = ", ".join(f'"{field.column}"' for field, _ in given)
    places = ", ".join(["%s"] * len(given))
    values = [field.get_db_prep_save(value, connection) for field, value in given]
    return f'INSERT INTO "{record._meta.db_table}" ({columns}) VALUES ({places})', values  # noqa: S608 - our own names


def _left_out(field: Any, value: Any) -> bool:
    """The database fills it in."""
    return field.generated or isinstance(value, DatabaseDefault) or (field.primary_key and value is None)


def _take_as_written(record: Model) -> None:
    record._state.adding, record._state.db = False, connection.alias
    for field in record._meta.concrete_fields:
        if field.db_default is not NOT_PROVIDED and isinstance(record.__dict__.get(field.attname), DatabaseDefault):
            del record.__dict__[field.attname]


@cache
def _shape(model: type[Model]) -> tuple[list[str], list[tuple[int, Callable[..., Any]]]]:
    """The names of the fields, and how those are read that the driver gives otherwise."""
    fields = model._meta.concrete_fields
    converted = [(place, field.from_db_value) for place, field in enumerate(fields) if hasattr(field, "from_db_value")]
    return [field.attname for field in fields], converted
