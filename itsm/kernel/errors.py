"""What an operation may refuse, each with a code that clients can rely on."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from rest_framework.exceptions import ErrorDetail


class DomainError(Exception):
    """A refused operation: it says why, in words its reader can act on, and changed nothing.

    `checks` lists what failed, each as {code, label, message, url}; `errors` names the
    fields that are wrong, each as {field: [messages]}.
    """

    code = "refused"
    status = 409

    def __init__(
        self, message: str, *, checks: list[dict[str, Any]] | None = None, errors: dict[str, Any] | None = None
    ):
        super().__init__(message)
        self.message = message
        self.checks = checks or []
        self.errors = errors or {}


class Forbidden(DomainError):
    code = "forbidden"
    status = 403


class InvalidInput(DomainError):
    """A value that cannot be right, whatever the state; `errors` names each field."""

    code = "invalid"
    status = 400

    @classmethod
    def at(cls, field: str, message: str) -> "InvalidInput":
        return cls(f"{field}: {message}", errors={field: [message]})


class IllegalMove(DomainError):
    """The record's lifecycle knows no such step from its present state."""

    code = "illegal_state"


class Stale(DomainError):
    """Somebody else wrote the record after the caller read it."""

    code = "stale"
    status = 412

    def __init__(self, message: str, *, revision: int):
        super().__init__(message)
        self.revision = revision


@contextmanager
def at_position(at: int) -> Iterator[None]:
    """A refusal of one of a list says at which position it stood."""
    try:
        yield
    except DomainError as error:
        error.message = f"Record {at}: {error.message}"
        error.errors = {str(at): error.errors or [ErrorDetail(error.message, error.code)]}
        raise
