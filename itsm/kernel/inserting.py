"""Rows out of other rows: `INSERT … SELECT` into a model's table, and plain statements beside it.

All SQL that is passed here is written in our modules; what comes from outside goes in as parameters.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connection
from django.db.models import NOT_PROVIDED, Model


def insert_select(
    model: type[Model],
    values: dict[str, str],
    rest: str,
    *,
    on_conflict: str = "ON CONFLICT DO NOTHING",
    **parameters: Any,
) -> int:
    """Insert the expressions, by column; columns not named get the model's default. What is there already stays."""
    columns, expressions = list(values), list(values.values())
    for field in model._meta.concrete_fields:
        if field.primary_key or field.column in values or field.db_default is not NOT_PROVIDED:
            continue
        default = field.get_db_prep_save(field.get_default(), connection)
        if default is None and field.null:
            continue
        columns.append(str(field.column))
        expressions.append(f"%(default_{field.column})s")
        parameters[f"default_{field.column}"] = default
    names = ", ".join(f'"{name}"' for name in columns)
    table = model._meta.db_table
    return run(f'INSERT INTO "{table}" ({names}) SELECT {", ".join(expressions)} {rest} {on_conflict}', **parameters)


def run(sql: str, **parameters: Any) -> int:
    """Execute, and answer how many rows that touched."""
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters or None)
        return int(cursor.rowcount)


def one_row(sql: str, **parameters: Any) -> tuple[Any, ...]:
    """The one row that is asked for."""
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters or None)
        return tuple(cursor.fetchone())


@contextmanager
def checking_at_once() -> Iterator[None]:
    """Foreign keys are checked by each statement, not at the end of the transaction.

    Around much that is written: each statement in a row trigger looks through all checks that wait, so that many rows
    took the square of their number.
    """
    run("SET CONSTRAINTS ALL IMMEDIATE")
    yield
    run("SET CONSTRAINTS ALL DEFERRED")  # as they were, for whatever else this transaction does
