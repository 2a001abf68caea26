"""The registry of advisory locks. Take them in this order, and before any row lock.

A row lock does not protect what is not there yet (a free window, the ledger's next
entry, a stream's next period); these do. Each is held until the transaction ends.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from enum import IntEnum
from typing import Any

from django.db import connection


class Lock(IntEnum):
    DEMO = 1
    IMPORT = 2
    CALENDAR = 3
    PERIODS = 4
    POLICIES = 5
    MEETINGS = 6
    OUTBOX = 8
    LEDGER = 9


def hold(lock: Lock, key: int = 0) -> None:
    """Wait for the lock (and, with `key`, only that part of it) and keep it until commit."""
    _hold(lock, key)


def hold_and_ask(lock: Lock, question: str) -> tuple[Any, ...] | None:
    """The same, and the first row of what is asked once it is held, in one go: a statement sees what was there then."""
    return _hold(lock, 0, question)


def _hold(lock: Lock, key: int, question: str = "") -> tuple[Any, ...] | None:
    if not connection.in_atomic_block:
        raise RuntimeError(f"{lock.name} must be held inside a transaction.")
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT pg_advisory_xact_lock(%s, %s); {question}", [int(lock), key])
        row: tuple[Any, ...] | None = cursor.fetchone()
        return row


def try_hold(name: str) -> bool:
    """Take the lock with this name if nobody has it; never waits."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(hashtextextended(%s, 0))", [name])
        return bool(cursor.fetchone()[0])


@contextmanager
def alone(name: str) -> Iterator[bool]:
    """Whether nobody else is at this; if so, nobody will be until the end of the block, through many transactions.

    The server gives the lock back when the process or its connection dies.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(hashtextextended(%s, 0))", [name])
        mine = bool(cursor.fetchone()[0])
    try:
        yield mine
    finally:
        if mine and connection.is_usable():
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(hashtextextended(%s, 0))", [name])
