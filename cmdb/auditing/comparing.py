"""The comparison, step by step: each is one or two statements over all that was found, however many."""

from collections.abc import Callable
from typing import Any

from django.db import connection
from django.db.models import QuerySet

from cmdb.auditing.explaining import explain
from cmdb.importing import validating
from cmdb.importing.comparing import KNOWN
from cmdb.importing.staging import Intake, settle
from cmdb.models import Audit, ConfigurationItem, Discrepancy
from cmdb.queries import selection
from cmdb.queries.states import CIS, STATE, flat, ids_of
from itsm.kernel.inserting import insert_select, one_row, run

# Where the source says no environment, one CI of that class and name is meant, if there is but one.
KNOWN_BY_NAME_ALONE = """
    INSERT INTO staged_known (n, ci_id)
    SELECT s.n, min(c.id) FROM staged_ci s
        JOIN cmdb_configurationitem c ON c.ci_class_id = s.class_id AND c.name = s.name
    WHERE s.environment IS NULL AND NOT EXISTS (SELECT FROM staged_known k WHERE k.n = s.n)
        AND NOT EXISTS (SELECT FROM staged_problem p WHERE p.n = s.n)
    GROUP BY s.n HAVING count(*) = 1
"""
KEYS = """
    CREATE TEMPORARY TABLE staged_key AS
    SELECT DISTINCT s.key, k.ci_id FROM staged_ci s JOIN staged_known k ON k.n = s.n
"""
# What the source says of a CI, without what it does not say. A CI that the record has given up or only plans and
# that is found lives: the source need not say so.
SAID = """jsonb_strip_nulls(jsonb_build_object(
        'ci_class', said_class.code, 'name', f.name, 'environment', f.environment,
        'status', coalesce(f.status, CASE WHEN {status} IN ('planned', 'retired', 'lost') THEN 'live' END),
        'version', f.version, 'owner', f.owner, 'support_team', f.team, 'criticality', f.criticality
    )) || jsonb_build_object('attributes', coalesce(f.attributes, '{{}}'))"""
MISSING = f"""FROM {CIS} WHERE ci.status = 'live' AND ci.id IN (SELECT id FROM staged_expected)
        AND NOT EXISTS (SELECT FROM staged_known k WHERE k.ci_id = ci.id)
    ORDER BY ci.id"""  # noqa: S608 - our own
UNEXPECTED = """FROM staged_ci f JOIN cmdb_ciclass said_class ON said_class.id = f.class_id
    WHERE NOT EXISTS (SELECT FROM staged_known k WHERE k.n = f.n) ORDER BY f.n"""
# First whether the record would change at all by what is said; only where it would, field by field. A number told as
# text is that number: tables know no types where the class names none.
DIFFERENT = f"""FROM (
        SELECT f."row", f.key, ci.id, ci.name, {STATE} AS record, {SAID.format(status="ci.status")} AS said
        FROM {CIS} JOIN staged_known k ON k.ci_id = ci.id JOIN staged_ci f ON f.n = k.n
            JOIN cmdb_ciclass said_class ON said_class.id = f.class_id
        OFFSET 0
    ) x CROSS JOIN LATERAL (
        SELECT s.key, s.value, r.value AS was FROM ({flat("x.said")}) s LEFT JOIN ({flat("x.record")}) r USING (key)
        WHERE nullif(nullif(s.value, 'null'), '""') IS DISTINCT FROM nullif(nullif(r.value, 'null'), '""')
            AND (jsonb_typeof(s.value) = 'string' AND jsonb_typeof(r.value) IN ('number', 'boolean')
                AND s.value #>> '{{}}' = r.value #>> '{{}}') IS NOT TRUE
    ) one
    WHERE x.record <> (x.record || (x.said - 'attributes')
        || jsonb_build_object('attributes', (x.record -> 'attributes') || (x.said -> 'attributes')))
    ORDER BY x.id, one.key"""  # noqa: S608 - our own
# Both ends must have been found: of others the source may know nothing. A type that it never names it does not know.
RELATIONS = """FROM (
        SELECT 'relation_unexpected' AS kind, e.* FROM staged_related e
        WHERE NOT EXISTS (SELECT FROM cmdb_relation r
            WHERE (r.source_id, r.type, r.target_id) = (e.source_id, e.type, e.target_id))
        UNION ALL
        SELECT 'relation_missing', r.source_id, r.type, r.target_id FROM cmdb_relation r
        WHERE %(whole)s AND r.source_id IN (SELECT ci_id FROM staged_known)
            AND r.target_id IN (SELECT ci_id FROM staged_known) AND r.type IN (SELECT type FROM staged_related)
            AND NOT EXISTS (SELECT FROM staged_related e
                WHERE (r.source_id, r.type, r.target_id) = (e.source_id, e.type, e.target_id))
    ) u JOIN cmdb_configurationitem s ON s.id = u.source_id JOIN cmdb_configurationitem t ON t.id = u.target_id
    ORDER BY s.id, u.type, t.id"""
RELATED = """
    CREATE TEMPORARY TABLE staged_related AS
    SELECT DISTINCT s.ci_id AS source_id, r.type, t.ci_id AS target_id FROM staged_relation r
        JOIN staged_key s ON s.key = r.source_key JOIN staged_key t ON t.key = r.target_key
    WHERE s.ci_id <> t.ci_id
"""


def match(audit: Audit, intake: Intake) -> None:
    """Which CI each row means. A row about a CI of which another spoke before it is noted, and counts no more."""
    validating.of_the_keys()
    run(KNOWN, **intake.parameters)
    run(KNOWN_BY_NAME_ALONE)
    validating.of_what_is_known()
    run(KEYS)
    for table in ("staged_ci", "staged_known"):
        run(f"DELETE FROM {table} t USING staged_problem p WHERE p.n = t.n")  # noqa: S608 - our own names
    settle("staged_ci", "staged_known", "staged_key")


def find_missing(audit: Audit, intake: Intake) -> None:
    """Of those that are expected, unless a row could not be read: then nobody can say what the source left out."""
    expected, parameters = ids_of(expected_by(audit))
    with connection.cursor() as cursor:
        made = f"CREATE TEMPORARY TABLE staged_expected AS SELECT * FROM ({expected}) AS e(id)"  # noqa: S608 - Django's
        cursor.execute(made, parameters)
    settle("staged_expected")
    if is_whole():
        _note("missing", {"ci_id": "ci.id", "ci_name": "ci.name", "expected": STATE}, MISSING, audit)


def expected_by(audit: Audit) -> QuerySet[ConfigurationItem]:
    if audit.query:
        return selection.of_query(audit.query)
    known = {"external_keys__source": audit.source, "external_keys__gone_in__isnull": True}
    return ConfigurationItem.objects.filter(**known)


def find_unexpected(audit: Audit, intake: Intake) -> None:
    found = {"row": 'f."row"', "key": "f.key", "ci_name": "f.name", "found": SAID.format(status="NULL")}
    _note("unexpected", found, UNEXPECTED, audit)


def find_differences(audit: Audit, intake: Intake) -> None:
    found = {
        "row": 'x."row"', "key": "x.key", "ci_id": "x.id", "ci_name": "x.name", "field": "left(one.key, 250)",
        "expected": "one.was", "found": "one.value",
    }  # fmt: skip
    _note("different", found, DIFFERENT, audit)


def find_relations(audit: Audit, intake: Intake) -> None:
    run(RELATED)
    settle("staged_related")
    found = {"ci_id": "s.id", "ci_name": "s.name", "field": "u.type", "other_id": "t.id", "other_name": "t.name"}
    _note("u.kind", found, RELATIONS, audit, whole=is_whole())


def is_whole() -> bool:
    """Each row of the file could be read."""
    return not one_row("SELECT EXISTS (SELECT FROM staged_problem WHERE n IS NULL)")[0]


def _note(kind: str, values: dict[str, str], rest: str, audit: Audit, **parameters: Any) -> None:
    said = kind if "." in kind else f"'{kind}'"
    columns = {"audit_id": "%(audit)s", "kind": said, **values}
    insert_select(Discrepancy, columns, rest, on_conflict="", audit=audit.pk, **parameters)


def find_what_explains(audit: Audit, intake: Intake) -> None:
    explain(audit)


STEPS: tuple[tuple[str, Callable[[Audit, Intake], None]], ...] = (
    ("Finding the CIs that are meant", match),
    ("Looking for what is missing", find_missing),
    ("Looking for what is unexpected", find_unexpected),
    ("Comparing fields and attributes", find_differences),
    ("Comparing relations", find_relations),
    ("Looking for changes that explain it", find_what_explains),
)


def compare(audit: Audit, intake: Intake) -> dict[str, Any]:
    """All discrepancies of what is staged, noted with the audit. Answers the counts."""
    for label, does in STEPS:
        intake.step(label)
        does(audit, intake)
    return _counts_of(audit)


def _counts_of(audit: Audit) -> dict[str, Any]:
    """Of each kind, and of CIs that agree in everything that was said of them."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT kind, count(*) FROM cmdb_discrepancy WHERE audit_id = %s GROUP BY kind", [audit.pk])
        kinds = dict(cursor.fetchall())
    examined, matched, expected, differing, authorised = one_row(
        """SELECT (SELECT count(*) FROM staged_ci), (SELECT count(DISTINCT ci_id) FROM staged_known),
            (SELECT count(*) FROM staged_expected), count(DISTINCT ci_id) FILTER (WHERE kind = 'different'),
            count(*) FILTER (WHERE state = 'authorised')
        FROM cmdb_discrepancy WHERE audit_id = %(audit)s""",
        audit=audit.pk,
    )
    found = {
        "examined": examined, "matched": matched, "expected": expected, "agree": matched - differing,
        "authorised": authorised, "whole": is_whole(),
    }  # fmt: skip
    return found | {kind: kinds.get(kind, 0) for kind in Discrepancy.Kind.values}
