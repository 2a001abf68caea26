"""One statement that asks all kinds at once for what fits some words: what each may show is a part of it.

Written out, since the ORM takes longer to word a dozen such questions than the database to answer them.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.db.models import QuerySet

# Of more than so many that fit, the best of these are shown: nobody finds one in a thousand by its place in a list.
LOOKED_AT = 500


@dataclass(frozen=True)
class Statement:
    sql: str
    values: tuple[Any, ...] = ()

    @classmethod
    def of(cls, queryset: QuerySet) -> "Statement":
        sql, values = queryset.query.sql_with_params()
        return cls(sql, tuple(values))


@dataclass(frozen=True)
class Source:
    """Where one kind is looked for: `seen` gives the id, then the fields of its words_index, the title first."""

    seen: Statement
    fields: int
    # Ids of records by what their parts say: a statement with one place, for what is asked.
    by_parts: str = ""
    # Whether an index leads to those called exactly so, however many have the word.
    by_title: bool = False
    pk: int | None = None

    def fitting(self, words: str, asked: str, most: int) -> Statement:
        """(rank, id) of the best: those called or beginning so first, then the newest."""
        parts = [self._those(f"words_of({self._names}) @@ %s::tsquery LIMIT {LOOKED_AT}", asked)]
        if self.by_title:
            parts.append(self._those(f"w0 = %s LIMIT {most}", words))
        if self.by_parts:
            parts.append(self._those(f"id IN ({self.by_parts} LIMIT {LOOKED_AT})", asked))
        if self.pk is not None:
            parts.append(self._those("id = %s", self.pk))
        found = " UNION ".join(f"({part.sql})" for part in parts)
        return Statement(
            f"SELECT CASE WHEN lower(w0) = lower(%s) THEN 0 WHEN starts_with(lower(w0), lower(%s)) THEN 1 ELSE 2 END"  # noqa: S608
            f" AS rank, id FROM ({found}) AS found ORDER BY rank, id DESC LIMIT {most}",
            (words, words, *(value for part in parts for value in part.values)),
        )

    @property
    def _names(self) -> str:
        return ", ".join(f"w{number}" for number in range(self.fields))

    def _those(self, condition: str, value: Any) -> Statement:
        return Statement(
            f"SELECT id, w0 FROM ({self.seen.sql}) AS seen(id, {self._names}) WHERE {condition}",  # noqa: S608
            (*self.seen.values, value),
        )


def question(sources: Sequence[Source], words: str, asked: str, most: int) -> Statement:
    """(place in the sequence, rank, id) of the best of each source."""
    each = [source.fitting(words, asked, most) for source in sources]
    sql = " UNION ALL ".join(f"(SELECT {place}, * FROM ({one.sql}) AS best)" for place, one in enumerate(each))  # noqa: S608
    return Statement(sql, tuple(value for one in each for value in one.values))


def ids(sources: Sequence[Source], words: str, asked: str, most: int) -> dict[int, list[int]]:
    """The ids of the best of each source by its place in the sequence, the best first; one query for all of them."""
    found: dict[int, list[int]] = {}
    if sources:
        asking = question(sources, words, asked, most)
        with connection.cursor() as cursor:
            cursor.execute(asking.sql, asking.values)
            for place, _, pk in sorted(cursor.fetchall(), key=lambda row: (row[0], row[1], -row[2])):
                found.setdefault(place, []).append(pk)
    return found
