"""If-Match: what the caller saw must still be so when the row is locked."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from itsm.kernel.errors import Stale

_expected: ContextVar[tuple[type, Any, frozenset[int]] | None] = ContextVar("expected_revision", default=None)


@contextmanager
def expecting(record: Any, revisions: frozenset[int] | None) -> Iterator[None]:
    """Inside, locking this record raises Stale unless it is at one of the revisions (None: no condition)."""
    token = _expected.set((type(record), record.pk, revisions) if revisions is not None else None)
    try:
        yield
    finally:
        _expected.reset(token)


def expect(record: Any, revisions: frozenset[int] | None) -> None:
    """From now until `forget`, the same; and raises Stale at once where it is so already."""
    _expected.set((type(record), record.pk, revisions) if revisions is not None else None)
    check(record)


def forget() -> None:
    _expected.set(None)


def check(record: Any) -> None:
    expected = _expected.get()
    if expected is None or (type(record), record.pk) != expected[:2]:
        return
    if record.revision not in expected[2]:
        raise Stale(f"{record} has changed since you read it.", revision=record.revision)
