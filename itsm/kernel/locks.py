"""The registry of advisory locks. Take them in this order, and before any row lock.

A row lock does not protect what is not there yet (a free window, the ledger's next
entry, a stream's next period); these do. Each is held until the transaction ends.
"""

from enum import IntEnum

from django.db import connection


class Lock(IntEnum):
    DEMO = 1
    IMPORT = 2
    CALENDAR = 3
    PERIODS = 4
    POLICIES = 5
    LEDGER = 9


def hold(lock: Lock, key: int = 0) -> None:
    """Wait for the lock (and, with `key`, only that part of it) and keep it until commit."""
    if not connection.in_atomic_block:
        raise RuntimeError(f"{lock.name} must be held inside a transaction.")
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [int(lock), key])


def try_hold(name: str) -> bool:
    """Take the lock with this name if nobody has it; never waits."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(hashtextextended(%s, 0))", [name])
        return bool(cursor.fetchone()[0])
