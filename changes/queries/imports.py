"""What an import found, asked of its staging tables: counts, oddities, differences from the records."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from django.db import connection


@dataclass(frozen=True)
class Difference:
    """The file says other than the record, which is closed and was left alone."""

    line: int
    key: str
    field: str
    stored: str
    found: str

    def __str__(self) -> str:
        said = f"{self.field} is {self.stored or 'none'} here, {self.found or 'none'} in the file"
        return f"row {self.line}, {self.key}: {said}"


@dataclass(frozen=True)
class Oddities:
    """What is odd in the rows that could be read, each with a decision in docs/decisions."""

    exact_duplicates: int
    same_change_and_ci_again: int
    unlike_first_row_of_change: int
    unlike_first_row_of_ci: int
    windows_of_length_zero: int
    starts_before_the_record: int
    without_actual_times: int
    with_one_actual_time: int
    twice_on_the_clock: int
    never_on_the_clock: int


@dataclass
class ImportReport:
    """What an import did (or, tried dry, would do)."""

    rows: int = 0
    unreadable: int = 0
    changes: int = 0
    changes_new: int = 0
    changes_different: int = 0
    cis: int = 0
    cis_new: int = 0
    components_new: int = 0
    touches_new: int = 0
    dry_run: bool = False
    oddities: Oddities | None = field(default=None)

    @property
    def changes_unchanged(self) -> int:
        return self.changes - self.changes_new - self.changes_different


ODDITIES = """
    SELECT count(*) - count(DISTINCT s.digest),
           count(DISTINCT s.digest) - count(DISTINCT (s.key, s.ci)),
           count(*) FILTER (WHERE
               (s.type, s.likelihood, s.cab, s.window_start, s.window_end, s.started_at, s.finished_at) IS DISTINCT FROM
               (h.type, h.likelihood, h.cab, h.window_start, h.window_end, h.started_at, h.finished_at)),
           count(*) FILTER (WHERE s.class_code IS DISTINCT FROM c.class_code),
           count(*) FILTER (WHERE s.zero_length),
           count(*) FILTER (WHERE s.window_start < s.opened_at),
           count(*) FILTER (WHERE s.started_at IS NULL AND s.finished_at IS NULL),
           count(*) FILTER (WHERE (s.started_at IS NULL) <> (s.finished_at IS NULL)),
           count(*) FILTER (WHERE s.twice_on_the_clock),
           count(*) FILTER (WHERE s.never_on_the_clock)
    FROM import_row s JOIN import_change h USING (key) JOIN import_ci c ON c.ci = s.ci
"""

DIFFERENCES = """
    SELECT h.line, h.key, d.field, coalesce(d.stored, ''), coalesce(d.found, '')
    FROM import_change h JOIN changes_changerequest r ON r.id = h.existing_id CROSS JOIN LATERAL (VALUES
        ('title', r.title, h.title),
        ('type', r.type, h.type),
        ('risk', r.likelihood || ' × ' || r.impact, h.likelihood || ' × ' || h.impact),
        ('CAB approval', r.cab_required::text, h.cab::text),
        ('window', r.window::text, h.span::text),
        ('actual start', r.started_at::text, h.started_at::text),
        ('actual end', r.finished_at::text, h.finished_at::text),
        ('opened', r.submitted_at::text, h.opened_at::text)
    ) AS d(field, stored, found)
    WHERE d.stored IS DISTINCT FROM d.found
    UNION ALL
    SELECT min(s.line), s.key, 'CI', '', s.ci
    FROM import_row s JOIN import_change h USING (key)
        LEFT JOIN cmdb_externalkey e ON e.source = %(source)s AND e.key = s.ci
        LEFT JOIN changes_affectedci a ON a.change_id = h.existing_id AND a.ci_id = e.ci_id
    WHERE h.existing_id IS NOT NULL AND a.id IS NULL
    GROUP BY s.key, s.ci
    ORDER BY 1, 3
"""


def oddities() -> Oddities:
    with connection.cursor() as cursor:
        cursor.execute(ODDITIES)
        return Oddities(*cursor.fetchone())


def differences(source: str) -> Iterator[Difference]:
    """Read through a server-side cursor: a wholly changed file must not fill the memory either."""
    with connection.chunked_cursor() as cursor:
        cursor.execute(DIFFERENCES, {"source": source})
        while rows := cursor.fetchmany(2000):
            yield from (Difference(*row) for row in rows)
