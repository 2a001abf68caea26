"""Bodies in JSON, nested no deeper than anything that is kept or checked here can follow."""

from typing import Any

from rest_framework import parsers
from rest_framework.exceptions import ParseError

DEEPEST = 100


class JSONParser(parsers.JSONParser):
    def parse(self, *args: Any, **kwargs: Any) -> Any:
        try:
            data = super().parse(*args, **kwargs)
        except RecursionError as error:
            raise _too_deep() from error
        if _is_deeper(data, DEEPEST):
            raise _too_deep()
        return data


def _is_deeper(data: Any, most: int) -> bool:
    """Level by level, so that no depth is too much for the look itself."""
    level = [data] if isinstance(data, dict | list) else []
    for _ in range(most):
        parts = (part for each in level for part in (each.values() if isinstance(each, dict) else each))
        level = [part for part in parts if isinstance(part, dict | list)]
        if not level:
            return False
    return bool(level)


def _too_deep() -> ParseError:
    return ParseError(f"The body is nested too deeply: at most {DEEPEST} objects or lists in one another.")
