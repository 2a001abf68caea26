"""One object of a file, read with care: what is not as it should be becomes a problem with its place."""

from collections.abc import Iterator, Mapping
from typing import Any

from cmdb.importing.records import RowProblem

LONGEST = 10_000
MOST_IN_A_LIST = 100
LONGEST_KEY = 200


class Part:
    """Answers None (or nothing) for what is missing or null; notes a problem for what is of another type."""

    def __init__(self, row: str, data: Any):
        self.row, self.problems = row, dict[RowProblem, None]()
        self.data: dict[str, Any] = data if isinstance(data, dict) else {}
        if not isinstance(data, dict):
            self.tell("", f"an object is expected here, not {_named(data)}")

    def __bool__(self) -> bool:
        return bool(self.data)

    def tell(self, column: str, message: str) -> None:
        self.problems[RowProblem(self.row, column, message[0].upper() + message[1:] + ".")] = None

    def get(self, *steps: str) -> Any:
        found: Any = self.data
        for step in steps:
            if found is None:
                return None
            if not isinstance(found, dict):
                self._wrong(steps, "an object", found)
                return None
            found = found.get(step)
        return found

    def text(self, *steps: str, longest: int = LONGEST) -> str | None:
        """Trimmed; None for nothing."""
        found = self.get(*steps)
        if found is None:
            return None
        if not isinstance(found, str):
            self._wrong(steps, "text", found)
            return None
        return self._short(".".join(steps), found, longest)

    def number(self, *steps: str) -> int | None:
        found = self.get(*steps)
        if found is None or (isinstance(found, int) and not isinstance(found, bool)):
            return found
        self._wrong(steps, "a whole number", found)
        return None

    def part(self, *steps: str) -> "Part":
        """The object there, its problems noted with this one's; an empty one for nothing."""
        found = self.get(*steps)
        if found is not None and not isinstance(found, dict):
            self._wrong(steps, "an object", found)
            found = None
        inner = Part(self.row, found or {})
        inner.problems = self.problems
        return inner

    def parts(self, *steps: str) -> "Iterator[Part]":
        """The objects in the list there, each with a place of its own."""
        for at, each in enumerate(self.listed(*steps)):
            inner = Part(f"{self.row}.{'.'.join(steps)}[{at}]", each)
            self.problems |= inner.problems
            inner.problems = self.problems
            yield inner

    def listed(self, *steps: str) -> list[Any]:
        found = self.get(*steps)
        if found is not None and not isinstance(found, list):
            self._wrong(steps, "a list", found)
            return []
        return found or []

    def attribute(self, column: str, value: Any) -> Any:
        """A value as an attribute keeps it: text, a number, yes or no, or a short list of those; None for all else."""
        if isinstance(value, str):
            return self._short(column, value, LONGEST)
        if isinstance(value, bool | int | float):
            return value
        if isinstance(value, list):
            kept = [self.attribute(column, each) for each in value[:MOST_IN_A_LIST] if not isinstance(each, list)]
            return [each for each in kept if each is not None] or None
        return None

    def _short(self, column: str, text: str, longest: int) -> str | None:
        if len(text) > longest:
            self.tell(column, f"{len(text):,} characters are too many; at most {longest:,} are kept")
            return None
        if "\x00" in text:
            self.tell(column, "a NUL character cannot be kept; take it out")
            return None
        return text.strip() or None

    def _wrong(self, steps: tuple[str, ...], wanted: str, found: Any) -> None:
        self.tell(".".join(steps), f"{wanted} is expected here, not {_named(found)}")


def told(**attributes: Any) -> Mapping[str, Any] | None:
    """The attributes that the source says something about."""
    return {name: value for name, value in attributes.items() if value not in (None, "", [])} or None


def _named(value: Any) -> str:
    names = {dict: "an object", list: "a list", str: "text", bool: "true or false", type(None): "null"}
    return names.get(type(value), f"the number {value}" if isinstance(value, int | float) else "this")
