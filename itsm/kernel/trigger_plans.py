"""Statement triggers that compare what was with what is must not do it row by row.

PostgreSQL plans the body of a trigger once in a session, for as many rows as it saw the first time. That is often
one or none, so that it compares each row with each other one; a later update of thousands then takes minutes.
Without nested loops it joins by hashing or sorting, which costs a single row nothing that could be measured.
"""

from typing import Any

from django.db import connection

# Those of triggers that see both the old and the new rows of a statement, and were not told yet.
JOINING = """
    SELECT DISTINCT function.oid::regprocedure::text
    FROM pg_trigger AS trigger JOIN pg_proc AS function ON function.oid = trigger.tgfoid
    WHERE trigger.tgoldtable IS NOT NULL AND trigger.tgnewtable IS NOT NULL
        AND NOT 'enable_nestloop=off' = ANY (coalesce(function.proconfig, '{}'))
"""


def untold() -> list[str]:
    """The trigger functions that may still compare row by row."""
    with connection.cursor() as cursor:
        cursor.execute(JOINING)
        return [name for (name,) in cursor.fetchall()]


def tell(**_: Any) -> None:
    """After each migration: whatever trigger was made or made anew plans its joins for many rows."""
    with connection.cursor() as cursor:
        for function in untold():
            cursor.execute(f"ALTER FUNCTION {function} SET enable_nestloop = off")
