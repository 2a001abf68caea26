"""How the database really answered: whether some table was read from end to end.

PostgreSQL counts it for each table as it happens, also inside functions and triggers, so that nobody has to read plans.
"""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connection, models

TIMES = 500  # so many more rows than there are is what the planner reckons with
GROWN = """
    UPDATE pg_class SET reltuples = reltuples * %(times)s WHERE oid = ANY(%(tables)s::regclass[]) OR oid IN
        (SELECT indexrelid FROM pg_index WHERE indrelid = ANY(%(tables)s::regclass[]))
"""
# A search for words would otherwise have to read what waits to be sorted in.
SORTED_IN = """
    SELECT gin_clean_pending_list(i.indexrelid) FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid
        JOIN pg_am am ON am.oid = c.relam WHERE am.amname = 'gin' AND i.indrelid = ANY(%s::regclass[])
"""
COUNTED = "SELECT relname, seq_tup_read FROM pg_stat_xact_user_tables WHERE relname = ANY(%s)"


def end_to_end(tables: Iterable[type[models.Model]], ask: Callable[[], object]) -> list[str]:
    """Which of these tables were read from end to end while it was asked; both in one transaction."""
    names = {table._meta.db_table: table for table in tables}
    before = _counted(list(names))
    ask()
    read = {name: rows - before.get(name, 0) for name, rows in _counted(list(names)).items()}
    return [name for name, rows in read.items() if rows and rows >= names[name]._default_manager.count()]


def _counted(names: list[str]) -> dict[str, int]:
    with connection.cursor() as cursor:
        cursor.execute(COUNTED, [names])
        return dict(cursor.fetchall())


@contextmanager
def made_up(tables: Iterable[type[models.Model]]) -> Iterator[Callable[..., None]]:
    """Write rows past the triggers; afterwards the planner takes these tables for ones of 500 times the size.

    Of a few thousand rows it rightly reads all where it would never do so of a million.
    """
    names = [table._meta.db_table for table in tables]
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        yield cursor.execute
        cursor.execute("SET LOCAL session_replication_role = DEFAULT")
        cursor.execute(SORTED_IN, [names])
        cursor.execute(f"ANALYZE {', '.join(names)}")
        cursor.execute(GROWN, {"times": TIMES, "tables": names})


def copies(write: Callable[..., None], row: models.Model, many: int, **said: str) -> None:
    """So many more rows like this one; `said` tells a column anew, in SQL over n."""
    table = row._meta.db_table
    names = [field.column for field in row._meta.concrete_fields if not field.primary_key]
    values = ", ".join(said.get(name, f'"{name}"') for name in names)
    columns = ", ".join(f'"{name}"' for name in names)
    write(
        f"INSERT INTO {table} ({columns}) SELECT {values} FROM {table}, generate_series(1, %s) n WHERE id = %s",
        [many, row.pk],
    )


def plan_of(sql: str, values: Any = None) -> str:
    """What the planner would do, a line each."""
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN {sql}", values)
        return "\n".join(line for (line,) in cursor.fetchall())
