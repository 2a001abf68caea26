"""Why something that a pipeline sent is not taken in."""

from typing import Any

from itsm.kernel.errors import DomainError, InvalidInput


class UnknownFormat(DomainError):
    code = "unknown_format"
    status = 415


class TooLarge(DomainError):
    code = "too_large"
    status = 413


def wrong(pointer: str, message: str) -> InvalidInput:
    """One thing is wrong, at this JSON pointer (`data/context/id`)."""
    return InvalidInput(f"{pointer or 'body'}: {message}", errors=nested({pointer: message}))


def wrongs(found: dict[str, str]) -> InvalidInput:
    """Several are, each at its own."""
    first = [f"{pointer or 'body'}: {message}" for pointer, message in list(found.items())[:5]]
    return InvalidInput("; ".join(first), errors=nested(found))


def nested(found: dict[str, str], position: str = "") -> dict[str, Any]:
    """Pointers and what is wrong there, in the shape of a refusal's `errors`."""
    parts = (f"{position}/{pointer}".strip("/") for pointer in found)
    return {part or "non_field_errors": [message] for part, message in zip(parts, found.values(), strict=True)}
