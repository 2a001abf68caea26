"""The name by which another tool knows a CI, as it is said: `source:key`."""

from typing import NamedTuple


class Key(NamedTuple):
    source: str
    key: str

    @classmethod
    def read(cls, text: str) -> "Key | None":
        """`netbox:device-17`; the key may have colons of its own. None when it is no such thing."""
        source, colon, key = text.strip().partition(":")
        fits = 0 < len(source.strip()) <= 60 and 0 < len(key.strip()) <= 200
        return cls(source.strip(), key.strip()) if colon and fits else None
