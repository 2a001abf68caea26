"""What stands in JSON, however it came: each text with its place, and whether the database can keep it."""

import re
from collections.abc import Iterator
from itertools import count
from typing import Any

DEEPEST = 100
UNKEEPABLE = re.compile(r"[\x00\ud800-\udfff]")  # a NUL, and half of a pair of code units
UNKEEPABLE_SAID = "This text holds a null character or half of a surrogate pair. Leave it out."
Path = tuple[str, ...]


class TooDeep(ValueError):
    """Nested deeper than anything that keeps or checks it here can follow."""


def unkeepable(data: Any) -> Path | None:
    """The place of the first text that the database cannot keep. Raises TooDeep."""
    return next((path for path, text in texts(data) if UNKEEPABLE.search(text)), None)


def texts(data: Any) -> Iterator[tuple[Path, str]]:
    """Every text, names of fields too; level by level, so that no depth is too much for the look itself."""
    level: list[tuple[Path, Any]] = [((), data)]
    for depth in count():
        if depth == DEEPEST and any(isinstance(value, dict | list) for _, value in level):
            raise TooDeep
        deeper: list[tuple[Path, Any]] = []
        for path, value in level:
            if isinstance(value, str):
                yield path, value
            elif isinstance(value, dict):
                yield from ((path, name) for name in value)
                deeper += [((*path, name), part) for name, part in value.items()]
            elif isinstance(value, list):
                deeper += [((*path, str(at)), part) for at, part in enumerate(value)]
        if not deeper:
            return
        level = deeper
