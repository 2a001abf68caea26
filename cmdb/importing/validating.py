"""What can only be said of the file as a whole, or beside the records: asked by sets, noted by rows."""

import json
from typing import Any

from django.db import connection

from cmdb.importing.staging import Intake
from cmdb.schemas import MISSING, misfits
from itsm.kernel.copying import copy_into
from itsm.kernel.inserting import run


def _note(select: str, **parameters: Any) -> None:
    run('INSERT INTO staged_problem (n, "row", field, heading, message) ' + select, **parameters)


def of_the_keys() -> None:
    """Keys that stand twice."""
    _note("""
        SELECT s.n, s."row", 'key', '', '“' || s.key || '” stands in ' || f."row" || ' already.'
        FROM (SELECT key, min(n) AS first FROM staged_ci GROUP BY key HAVING count(*) > 1) d
            JOIN staged_ci s ON s.key = d.key AND s.n > d.first JOIN staged_ci f ON f.n = d.first
        ORDER BY s.n
    """)


def of_the_file(intake: Intake) -> None:
    """Keys that stand twice, people and teams that nobody knows."""
    of_the_keys()
    _note("""
        SELECT s.n, s."row", 'owner', '', 'There is no user “' || s.owner || '”.'
        FROM staged_ci s LEFT JOIN kernel_user u ON u.username = s.owner WHERE s.owner <> '' AND u.id IS NULL
    """)
    _note("""
        SELECT s.n, s."row", 'support_team', '', 'There is no team “' || s.team || '”.'
        FROM staged_ci s LEFT JOIN kernel_team t ON t.name = s.team WHERE s.team <> '' AND t.id IS NULL
    """)


def of_what_is_known() -> None:
    """A CI is one to a source: two of its keys cannot be the same one, nor can a second name take it over."""
    _note("""
        SELECT k.n, s."row", 'key', '', 'CI-' || k.ci_id || ' is known by the key of ' || f."row" || ', too.'
        FROM (SELECT ci_id, min(n) AS first FROM staged_known GROUP BY ci_id HAVING count(*) > 1) d
            JOIN staged_known k ON k.ci_id = d.ci_id AND k.n > d.first
            JOIN staged_ci s ON s.n = k.n JOIN staged_ci f ON f.n = d.first
    """)


def of_the_names(intake: Intake) -> None:
    """A name is one CI's, within its class and environment."""
    _note("""
        SELECT w.n, w."row", 'name', '', f."row" || ' has this class, name and environment already.'
        FROM (SELECT ci_class_id, name, environment, min(n) AS first FROM staged_wanted
              GROUP BY ci_class_id, name, environment HAVING count(*) > 1) d
            JOIN staged_wanted w USING (ci_class_id, name, environment) JOIN staged_wanted f ON f.n = d.first
        WHERE w.n > d.first ORDER BY w.n
    """)
    _note(
        """
        SELECT w.n, w."row", 'name', '', 'CI-' || c.id || ' has this class, name and environment already'
            || coalesce((SELECT ', and ' || e.source || ' knows it as “' || e.key || '”'
                         FROM cmdb_externalkey e WHERE e.ci_id = c.id AND e.source = %(source)s LIMIT 1), '') || '.'
        FROM staged_wanted w JOIN cmdb_configurationitem c
            ON c.ci_class_id = w.ci_class_id AND c.name = w.name AND c.environment = w.environment
        WHERE c.id <> w.ci_id
        """,
        **intake.parameters,
    )
    _note(
        """
        SELECT w.n, w."row", 'key', '',
            'CI-' || w.ci_id || ' is known to ' || e.source || ' as “' || e.key || '” already.'
        FROM staged_wanted w JOIN cmdb_externalkey e ON e.ci_id = w.ci_id AND e.source = %(source)s
        WHERE w.key_id IS NULL AND NOT w.is_new
        """,
        **intake.parameters,
    )


def of_the_attributes(intake: Intake) -> None:
    """What the class asks of what is there and what is said, together."""
    checker = intake.checker
    for class_id, names in checker.required.items():
        if names:
            _note(
                """
                SELECT w.n, w."row", 'attributes.' || r.name, '', 'A ' || %(class_name)s || ' needs this.'
                FROM staged_wanted w CROSS JOIN unnest(%(names)s) AS r(name)
                WHERE w.ci_class_id = %(class_id)s AND NOT w.attributes ? r.name
                """,
                class_id=class_id,
                class_name=str(checker.by_id[class_id]),
                names=names,
            )
    if checker.whole_rules:
        _wholes(intake, "w.ci_class_id = ANY(%(classes)s)", classes=checker.whole_rules)
    _wholes(intake, "c.ci_class_id <> w.ci_class_id")


WHOLES = """
    SELECT w.n, w."row", w.ci_class_id, w.attributes::text
    FROM staged_wanted w LEFT JOIN cmdb_configurationitem c ON c.id = w.ci_id
    WHERE (c.id IS NULL OR (c.attributes, c.ci_class_id) IS DISTINCT FROM (w.attributes, w.ci_class_id)) AND
"""


def _wholes(intake: Intake, which: str, **parameters: Any) -> None:
    """By the schema, one by one; only where the class has rules over several attributes, or changes."""
    lines: list[tuple[Any, ...]] = []
    with connection.chunked_cursor() as cursor:
        cursor.execute(WHOLES + which, parameters or None)
        while rows := cursor.fetchmany(2000):
            lines += [line for row in rows for line in _misfits_of(intake, *row)]
    if lines:
        copy_into("staged_problem", ("n", "row", "field", "heading", "message"), lines)


def _misfits_of(intake: Intake, n: int, row: str, class_id: int, attributes: str) -> list[tuple[Any, ...]]:
    found = misfits(intake.checker.by_id[class_id], json.loads(attributes))
    told = [f"{place or 'attributes'}: {said}" for place, each in found.items() for said in each if said != MISSING]
    return [(n, row, "attributes", "", message[:1000]) for message in told]


def of_the_relations(intake: Intake) -> None:
    """Both ends must be known, and be two."""
    for end in ("source", "target"):
        _note(UNKNOWN_END.format(end=end), **intake.parameters)
    _note("""
        SELECT NULL, "row", 'relations.' || type, '', 'A CI cannot be related to itself.'
        FROM staged_pair WHERE source_id = target_id
    """)


UNKNOWN_END = """
    SELECT NULL, p."row", 'relations.' || p.type, '',
        CASE WHEN EXISTS (SELECT FROM staged_ci s WHERE s.key = p.{end}_key)
        THEN 'The row of “' || p.{end}_key || '” cannot be taken in.'
        ELSE 'Neither the file nor an earlier one from ' || %(source)s || ' names a CI “' || p.{end}_key || '”.' END
    FROM staged_pair p WHERE p.{end}_id IS NULL
"""
