"""The words of all titles, by which search finds what was meant where something was mistyped."""

from datetime import datetime, timedelta

from django.db import connection

from itsm.portal.queries.search import KINDS

# A transaction may be open for a while after it has stamped its rows.
OVERLAP = timedelta(minutes=10)


def learn(since: datetime | None = None) -> int:
    """Take in the words of titles written since then (none: of all); how many were new.

    Words with digits are left out: `web-0417` is no misspelling of `web-0418`.
    """
    return sum(_learn_from(kind.records.model, kind.fields[0], since) for kind in KINDS)


def _learn_from(model: type, title: str, since: datetime | None) -> int:
    table = connection.ops.quote_name(model._meta.db_table)  # type: ignore[attr-defined]
    column = connection.ops.quote_name(title)
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO portal_knownword (word) SELECT DISTINCT word FROM {table}, unnest(words_in({column})) AS word"  # noqa: S608
            " WHERE (%s::timestamptz IS NULL OR updated_at >= %s) AND word ~ '^[[:alpha:]]{3,40}$'"
            " ORDER BY word ON CONFLICT DO NOTHING",
            [since, since],
        )
        return int(cursor.rowcount)
