"""Bodies in JSON, nested no deeper than can be followed, with no text in them that the database cannot keep."""

from typing import Any

from rest_framework import parsers
from rest_framework.exceptions import ParseError, ValidationError

from itsm.kernel.nesting import DEEPEST, UNKEEPABLE_SAID, Path, TooDeep, unkeepable


class JSONParser(parsers.JSONParser):
    def parse(self, *args: Any, **kwargs: Any) -> Any:
        try:
            data = super().parse(*args, **kwargs)
            place = unkeepable(data)
        except (RecursionError, TooDeep) as error:
            said = f"The body is nested too deeply: at most {DEEPEST} objects or lists in one another."
            raise ParseError(said) from error
        if place is not None:
            raise _at(place)
        return data


def _at(place: Path) -> ValidationError:
    errors: Any = [UNKEEPABLE_SAID]
    for name in reversed(place or ("non_field_errors",)):
        errors = {name: errors}
    return ValidationError(errors)
