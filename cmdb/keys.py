"""The name by which another tool knows a CI, as it is said: `source:key`."""

from typing import NamedTuple

from cmdb.models.reconciliation import PEOPLE
from itsm.kernel.errors import InvalidInput

LONGEST_SOURCE = 60


class Key(NamedTuple):
    source: str
    key: str

    @classmethod
    def read(cls, text: str) -> "Key | None":
        """`netbox:device-17`; the key may have colons of its own. None when it is no such thing."""
        source, colon, key = text.strip().partition(":")
        fits = 0 < len(source.strip()) <= LONGEST_SOURCE and 0 < len(key.strip()) <= 200
        return cls(source.strip(), key.strip()) if colon and fits else None


def checked_source(source: str, field: str = "source") -> str:
    """What a source may be called. Raises InvalidInput."""
    source = source.strip()
    if not source or ":" in source or len(source) > LONGEST_SOURCE:
        raise InvalidInput.at(field, "Say what the source is called: at most 60 characters, without a colon.")
    if source.casefold() == PEOPLE:
        raise InvalidInput.at(field, f"“{PEOPLE}” stands for what people type by hand. Call the source otherwise.")
    return source
