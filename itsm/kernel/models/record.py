"""What every record has: a revision that each write raises, and a number people can say."""

import re
from collections.abc import Hashable, Iterable
from functools import cache
from typing import Any, ClassVar, Self

import pgtrigger
from django.db import models
from django.db.models.functions import Now
from django.utils.translation import get_language

from itsm.kernel import preconditions
from itsm.kernel.actor import Actor

REFERENCE = re.compile(r"(?:(?P<prefix>[A-Za-z]+)-)?(?P<pk>\d{1,18})")


class RecordQuerySet(models.QuerySet):
    """The questions that every kind of record answers."""

    NAMED_BY: ClassVar[str] = "slug"  # the field by which people and programs call a record, where it has one

    def visible_to(self, actor: Actor) -> Self:
        """What this actor may see. Everybody signed in may read everything, unless a subclass says less."""
        return self if actor.kind != "nobody" else self.none()

    def by_ref(self, ref: str | int) -> Self:
        """The record with this id, number (`RFC-1042`) or name (`NAMED_BY`); none when it is no such thing."""
        if (pk := self.said(ref)) is not None:
            return self.filter(pk=pk)
        return self.filter(**{self.NAMED_BY: str(ref)}) if self._has_names() else self.none()

    def by_refs(self, refs: Iterable[str | int]) -> dict[str | int, Any]:
        """The records named as in `by_ref`, by what they were called; two queries, and nothing for those not found."""
        said = {ref: self.said(ref) for ref in refs}
        found: dict[Any, Any] = self.in_bulk({pk for pk in said.values() if pk is not None})
        names = {str(ref) for ref, pk in said.items() if pk is None} if self._has_names() else set()
        if names:
            found |= {getattr(each, self.NAMED_BY): each for each in self.filter(**{f"{self.NAMED_BY}__in": names})}
        called = {ref: str(ref) if pk is None else pk for ref, pk in said.items()}
        return {ref: found[key] for ref, key in called.items() if key in found}

    def _has_names(self) -> bool:
        return hasattr(self.model, self.NAMED_BY)

    def said(self, ref: str | int) -> int | None:
        """The id that this names by itself or in a number of this kind (`RFC-1042`); None where it names none."""
        match = REFERENCE.fullmatch(str(ref))
        if match is None or (match["prefix"] or "").upper() not in ("", getattr(self.model, "PREFIX", "")):
            return None
        return int(match["pk"])

    def lock(self, pk: int, *, no_key: bool = False) -> Any:
        """The record, its row locked until commit; checks what the caller said it had seen (If-Match).

        With `no_key` others may go on to write rows that refer to it: long work on it does not have to end first.
        """
        record = self.select_for_update(of=("self",), no_key=no_key).get(pk=pk)
        preconditions.check(record)
        return record


class Record(models.Model):
    """A row with optimistic locking; `revision` and `updated_at` are kept by a trigger."""

    created_at = models.DateTimeField(db_default=Now(), editable=False)
    updated_at = models.DateTimeField(db_default=Now(), editable=False)
    revision = models.PositiveIntegerField(db_default=1, editable=False)

    objects = RecordQuerySet.as_manager()

    class Meta:
        abstract = True
        triggers: ClassVar[list[pgtrigger.Trigger]] = [
            pgtrigger.Trigger(
                name="touch",
                operation=pgtrigger.Update,
                when=pgtrigger.Before,
                func="NEW.revision = OLD.revision + 1; NEW.updated_at = clock_timestamp(); RETURN NEW;",
            )
        ]

    def _get_FIELD_display(self, field: models.Field) -> Any:
        """Django's own reads and translates all labels at each call, which took a third of a list page."""
        value = getattr(self, field.attname)
        return labels_of(field, get_language()).get(value, value) if isinstance(value, Hashable) else str(value)


@cache
def labels_of(field: models.Field, language: str | None) -> dict[Any, str]:
    """A field's choices in this language."""
    return {value: str(label) for value, label in field.flatchoices}


class Numbered(Record):
    """A record that people call by number: its prefix and its id, so unique by construction."""

    PREFIX: ClassVar[str]

    class Meta(Record.Meta):
        abstract = True

    def __str__(self) -> str:
        return self.number

    @property
    def number(self) -> str:
        return f"{self.PREFIX}-{self.pk}"
