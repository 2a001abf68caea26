"""What a reader may be told, checked before any file is read."""

from collections.abc import Callable, Mapping
from typing import Any

from itsm.kernel.errors import InvalidInput

LONGEST = {"environment": 40, "version": 80, "application": 200}
NAMED: dict[type, str] = {str: "a text", bool: "true or false", dict: "an object of texts"}


def checked(**known: type) -> Callable[[Mapping[str, Any]], None]:
    """A check that lets these options pass, each of its type; an empty one counts as not given."""

    def check(options: Mapping[str, Any]) -> None:
        for name, value in options.items():
            if name not in known:
                raise InvalidInput.at(f"options.{name}", f"There is no such option. There are {', '.join(known)}.")
            if value is not None and not _fits(value, known[name]):
                raise InvalidInput.at(f"options.{name}", f"Give {NAMED[known[name]]}.")
            if isinstance(value, str) and len(value) > LONGEST.get(name, 200):
                raise InvalidInput.at(f"options.{name}", f"At most {LONGEST.get(name, 200)} characters.")

    return check


def _fits(value: Any, type_: type) -> bool:
    if type_ is dict:
        return isinstance(value, dict) and all(isinstance(each, str) for each in value.values())
    return isinstance(value, type_) and not (isinstance(value, str) and "\x00" in value)
