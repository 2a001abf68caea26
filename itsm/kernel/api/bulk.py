"""Lists in place of records: all or nothing, errors by position, at most 1,000 a call."""

from collections.abc import Callable
from typing import Any

from django.db import transaction
from rest_framework.exceptions import ValidationError

from itsm.kernel import preconditions
from itsm.kernel.errors import at_position

MOST = 1000


def checked(items: Any) -> list[dict[str, Any]]:
    """The body as a list of objects."""
    if not isinstance(items, list) or not items:
        raise ValidationError({"non_field_errors": ["The body must be a list of at least one object."]})
    if len(items) > MOST:
        raise ValidationError({"non_field_errors": [f"At most {MOST:,} records a call; these are {len(items):,}."]})
    if wrong := {str(at): ["Give an object."] for at, item in enumerate(items) if not isinstance(item, dict)}:
        raise ValidationError(wrong)
    return items


def each(items: list[Any], read: Callable[[Any], Any]) -> list[Any]:
    """What `read` makes of each item; the errors of all of them together, by position."""
    found: list[Any] = []
    wrong: dict[str, Any] = {}
    for at, item in enumerate(items):
        try:
            found.append(read(item))
        except ValidationError as error:
            wrong[str(at)] = error.detail
    if wrong:
        raise ValidationError(wrong)
    return found


@transaction.atomic
def perform(items: list[Any], do: Callable[[Any], Any]) -> list[Any]:
    """Do it to each; the first refusal takes back what was done and says at which position it stood."""
    done = []
    for at, item in enumerate(items):
        with at_position(at):
            done.append(do(item))
    return done


class Picked:
    """The records that `{id, revision?, …}` items name, each with what is to be done to it."""

    def __init__(self, items: list[dict[str, Any]], queryset: Any):
        refs = each(items, self._ref)
        each(items, self._revision)
        known = queryset.by_refs(refs)
        self.items = items
        self.records = each(refs, lambda ref: self._one(ref, known))
        if len({record.pk for record in self.records}) < len(items):
            raise ValidationError({"non_field_errors": ["A record is named twice; say once what becomes of it."]})

    @staticmethod
    def _ref(item: dict[str, Any]) -> int | str:
        ref = item.get("id")
        if (
            isinstance(ref, bool)
            or not isinstance(ref, int | str)
            or (isinstance(ref, int) and not 0 < ref < 2**63)
            or "\x00" in str(ref)
        ):
            raise ValidationError({"id": ["Name the record by its id or number."]})
        return ref

    @staticmethod
    def _revision(item: dict[str, Any]) -> None:
        said = item.get("revision", 1)
        if isinstance(said, bool) or not isinstance(said, int) or said < 1:
            raise ValidationError({"revision": ["Give the revision that you read, a whole number."]})

    @staticmethod
    def _one(ref: int | str, known: dict[int | str, Any]) -> Any:
        if ref not in known:
            raise ValidationError({"id": ["There is no such record, or you may not see it."]})
        return known[ref]

    def arguments(self) -> list[dict[str, Any]]:
        return [{name: value for name, value in item.items() if name not in ("id", "revision")} for item in self.items]

    def perform(self, do: Callable[[Any, Any], Any], arguments: list[Any]) -> list[Any]:
        def one(picked: tuple[Any, dict[str, Any], Any]) -> Any:
            record, item, said = picked
            revision = item.get("revision")
            with preconditions.expecting(record, None if revision is None else frozenset([revision])):
                return do(record, said)

        return perform(list(zip(self.records, self.items, arguments, strict=True)), one)
