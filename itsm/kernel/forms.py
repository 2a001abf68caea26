"""What forms of several apps share."""

from typing import Any


class CheckedByItsOperation:
    """For a ModelForm: what the database forbids, the operation refuses in words and at the field.

    Django would say the constraint's name first, which tells nobody anything.
    """

    instance: Any

    def _post_clean(self) -> None:
        self.instance.validate_constraints = _nothing
        try:
            super()._post_clean()  # type: ignore[misc]
        finally:
            del self.instance.validate_constraints


def _nothing(exclude: Any = None) -> None:
    pass
