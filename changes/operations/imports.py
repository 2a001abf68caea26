"""Take a recorded history of changes in: rows are staged by COPY, then merged by a few statements.

One transaction, so a crash leaves nothing half done and the next run starts anew; history's triggers
see every record. Memory holds one chunk of rows, whatever the size of the file.
"""

import csv
import io
from collections.abc import Iterable
from dataclasses import astuple, fields
from itertools import islice

from django.db import connection, transaction

from changes.import_mapping import ImportMapping
from changes.import_rows import ChangeRow, Problem
from changes.models import AffectedCI, ChangeModel, ChangeRequest
from changes.queries import imports as found
from changes.queries.imports import Difference, ImportReport
from cmdb import rules as cmdb_rules
from cmdb.models import CIClass, ConfigurationItem, ExternalKey, Relation
from itsm.kernel import events, locks
from itsm.kernel.actor import Actor
from itsm.kernel.errors import DomainError
from itsm.kernel.inserting import insert_select, one_row, run
from itsm.kernel.locks import Lock
from itsm.kernel.operation import operation
from itsm.kernel.permissions import require

CHUNK = 2000
TYPES = {str: "text NOT NULL", int: "integer NOT NULL", bool: "boolean NOT NULL"}
COLUMNS = [field.name for field in fields(ChangeRow)]
TEXTS = [field.name for field in fields(ChangeRow) if field.type is str]


class UnreadableRows(DomainError):
    """A strict import found rows that it cannot read."""

    code = "unreadable_rows"


class Listener:
    """Hears of an import as it goes; does nothing with it."""

    def rows(self, read: int) -> None: ...

    def step(self, name: str) -> None: ...

    def problem(self, problem: Problem) -> None: ...

    def difference(self, difference: Difference) -> None: ...


@operation
def import_changes(
    *,
    rows: Iterable[ChangeRow | list[Problem]],
    mapping: ImportMapping,
    actor: Actor,
    strict: bool = False,
    dry_run: bool = False,
    listener: Listener | None = None,
) -> ImportReport:
    """Make closed records of the changes that are not here yet; a record that differs is reported and left alone."""
    require(cmdb_rules.may_edit_ci, actor)
    locks.hold(Lock.IMPORT)
    listener = listener or Listener()
    report = ImportReport(dry_run=dry_run)
    _stage(rows, report, listener)
    if strict and report.unreadable:
        raise UnreadableRows(
            f"{report.unreadable} of {report.rows} rows cannot be read, so nothing was taken in. "
            "Mend them, or import without --strict to take the others."
        )
    _sort_out(mapping, report)
    _merge(mapping, report, listener)
    if not dry_run and report.changes_new:
        model = ChangeModel.objects.filter(code__startswith="imported-").order_by("pk").first()
        assert model is not None
        events.record("changes.history.imported", model, actor=actor, source=mapping.source, changes=report.changes_new)
    if dry_run:
        transaction.set_rollback(True)
    return report


def _stage(rows: Iterable[ChangeRow | list[Problem]], report: ImportReport, listener: Listener) -> None:
    columns = ", ".join(f'"{f.name}" {TYPES.get(f.type, "timestamptz")}' for f in fields(ChangeRow))  # type: ignore[arg-type]
    run("DROP TABLE IF EXISTS import_row, import_change, import_ci")
    run(f"CREATE TEMPORARY TABLE import_row ({columns}) ON COMMIT DROP")
    source = iter(rows)
    while chunk := list(islice(source, CHUNK)):
        _copy([row for row in chunk if isinstance(row, ChangeRow)])
        for problems in (row for row in chunk if not isinstance(row, ChangeRow)):
            report.unreadable += 1
            for problem in problems:
                listener.problem(problem)
        report.rows += len(chunk)
        listener.rows(report.rows)


def _copy(rows: list[ChangeRow]) -> None:
    buffer = io.StringIO()
    csv.writer(buffer).writerows(astuple(row) for row in rows)
    buffer.seek(0)
    with connection.cursor() as cursor:
        names, never_null = (", ".join(f'"{name}"' for name in some) for some in (COLUMNS, TEXTS))
        cursor.copy_expert(f"COPY import_row ({names}) FROM STDIN (FORMAT csv, FORCE_NOT_NULL ({never_null}))", buffer)


def _sort_out(mapping: ImportMapping, report: ImportReport) -> None:
    """One line per change and per CI: the first of each in the file speaks for it."""
    run(
        """
        CREATE TEMPORARY TABLE import_change ON COMMIT DROP AS
        SELECT DISTINCT ON (s.key) s.*, c.id AS existing_id, CASE WHEN s.window_start IS NOT NULL THEN tstzrange(
            s.window_start, CASE WHEN s.zero_length THEN s.window_end + interval '1 minute' ELSE s.window_end END
        ) END AS span
        FROM import_row s LEFT JOIN changes_changerequest c ON c.source = %(source)s AND c.external_key = s.key
        ORDER BY s.key, s.line
        """,
        source=mapping.source,
    )
    run(
        """
        CREATE TEMPORARY TABLE import_ci ON COMMIT DROP AS
        SELECT DISTINCT ON (s.ci) s.ci, s.line, s.class_code, e.ci_id, false AS wanted
        FROM import_row s LEFT JOIN cmdb_externalkey e ON e.source = %(source)s AND e.key = s.ci
        ORDER BY s.ci, s.line
        """,
        source=mapping.source,
    )
    run(
        """
        UPDATE import_ci SET wanted = true FROM import_row s JOIN import_change h USING (key)
        WHERE s.ci = import_ci.ci AND h.existing_id IS NULL
        """
    )
    for table in ("import_row", "import_change", "import_ci"):
        run(f"ANALYZE {table}")
    report.oddities = found.oddities()
    report.changes, report.changes_new = one_row(
        "SELECT count(*), count(*) FILTER (WHERE existing_id IS NULL) FROM import_change"
    )
    (report.cis,) = one_row("SELECT count(*) FROM import_ci")


def _merge(mapping: ImportMapping, report: ImportReport, listener: Listener) -> None:
    listener.step("comparing with the records")
    different: set[str] = set()
    for difference in found.differences(mapping.source):
        different.add(difference.key)
        listener.difference(difference)
    report.changes_different = len(different)
    if not report.changes_new:
        return
    listener.step("writing the configuration items")
    _make_classes(mapping)
    report.cis_new = _make_cis(mapping)
    report.components_new = _make_components(mapping)
    listener.step("writing the changes")
    _make_changes(mapping)
    report.touches_new = insert_select(
        AffectedCI,
        {"change_id": "r.id", "ci_id": "c.ci_id"},
        """
        FROM (SELECT DISTINCT key, ci FROM import_row) s
            JOIN import_change h USING (key) JOIN import_ci c ON c.ci = s.ci
            JOIN changes_changerequest r ON r.source = %(source)s AND r.external_key = h.key
        WHERE h.existing_id IS NULL ORDER BY r.id, c.ci_id
        """,
        source=mapping.source,
    )
    for model in (ConfigurationItem, ExternalKey, Relation, ChangeRequest, AffectedCI):
        run(f"ANALYZE {model._meta.db_table}")


def _make_classes(mapping: ImportMapping) -> None:
    insert_select(
        CIClass,
        {"code": "s.parent_code", "name": "left(s.parent_name, 100)", "kind": "s.class_kind"},
        """
        FROM (SELECT DISTINCT ON (parent_code) r.* FROM import_row r JOIN import_ci c ON c.ci = r.ci AND c.wanted
              WHERE parent_code <> '' ORDER BY parent_code, r.line) s
        """,
    )
    insert_select(
        CIClass,
        {"code": "s.class_code", "name": "left(s.class_name, 100)", "kind": "s.class_kind", "parent_id": "p.id"},
        """
        FROM (SELECT DISTINCT ON (r.class_code) r.* FROM import_row r JOIN import_ci c ON c.ci = r.ci AND c.wanted
              ORDER BY r.class_code, r.line) s
            LEFT JOIN cmdb_ciclass p ON p.code = s.parent_code
        """,
    )
    CIClass.objects.get_or_create(
        code=mapping.component_class, defaults={"name": "Service component", "kind": CIClass.Kind.SERVICE}
    )


def _make_cis(mapping: ImportMapping) -> int:
    """A CI of the same class and name that has no key of this source yet is that CI: the CMDB lets no second one be."""
    made = insert_select(
        ConfigurationItem,
        {"ci_class_id": "k.id", "name": "c.ci", "status": "%(status)s"},
        """
        FROM import_ci c JOIN cmdb_ciclass k ON k.code = c.class_code
        WHERE c.wanted AND c.ci_id IS NULL ORDER BY c.line
        """,
        status=mapping.ci_status,
    )
    insert_select(
        ExternalKey,
        {"ci_id": "i.id", "source": "%(source)s", "key": "c.ci"},
        """
        FROM import_ci c JOIN cmdb_ciclass k ON k.code = c.class_code
            JOIN cmdb_configurationitem i ON i.ci_class_id = k.id AND i.name = c.ci AND i.environment = ''
        WHERE c.wanted AND c.ci_id IS NULL
        """,
        source=mapping.source,
    )
    run(
        """
        UPDATE import_ci c SET ci_id = e.ci_id FROM cmdb_externalkey e
        WHERE e.source = %(source)s AND e.key = c.ci AND c.ci_id IS NULL
        """,
        source=mapping.source,
    )
    return made


def _make_components(mapping: ImportMapping) -> int:
    """The service components, and which CIs are part of them."""
    made = insert_select(
        ConfigurationItem,
        {"ci_class_id": "k.id", "name": "s.component", "status": "%(status)s"},
        """
        FROM (SELECT component, min(r.line) AS line FROM import_row r JOIN import_ci USING (ci)
              WHERE wanted AND component <> '' GROUP BY component) s
            JOIN cmdb_ciclass k ON k.code = %(component_class)s
        ORDER BY s.line
        """,
        status=mapping.ci_status,
        component_class=mapping.component_class,
    )
    insert_select(
        Relation,
        {"source_id": "p.ci_id", "type": "%(part_of)s", "target_id": "p.target_id"},
        """
        FROM (SELECT DISTINCT c.ci_id, i.id AS target_id FROM import_row r JOIN import_ci c USING (ci)
                  JOIN cmdb_ciclass k ON k.code = %(component_class)s
                  JOIN cmdb_configurationitem i ON i.ci_class_id = k.id AND i.name = r.component AND i.environment = ''
              WHERE c.wanted AND r.component <> '') p
        WHERE p.ci_id <> p.target_id
        """,
        part_of=Relation.Type.PART_OF,
        component_class=mapping.component_class,
    )
    return made


def _make_changes(mapping: ImportMapping) -> None:
    for type_, label in ChangeModel.Type.choices:
        ChangeModel.objects.get_or_create(
            code=f"imported-{type_}", defaults={"name": f"Imported {str(label).lower()} change", "type": type_}
        )
    insert_select(
        ChangeRequest,
        {
            "title": "h.title",
            "reason": "h.reason",
            "model_id": "m.id",
            "type": "h.type",
            "status": "'closed'",
            "likelihood": "h.likelihood",
            "impact": "h.impact",
            "window": "h.span",
            "started_at": "h.started_at",
            "finished_at": "h.finished_at",
            "submitted_at": "h.opened_at",
            "cab_required": "h.cab",
            "margin_minutes": "0",
            "source": "%(source)s",
            "external_key": "h.key",
        },
        """
        FROM import_change h JOIN changes_changemodel m ON m.code = 'imported-' || h.type
        WHERE h.existing_id IS NULL ORDER BY h.line
        """,
        source=mapping.source,
    )
