"""What the source says beside what is recorded: one line for each CI as it is to be, and what differs from that."""

from cmdb.importing import validating
from cmdb.importing.staging import Intake, settle
from cmdb.reconciling import precedence
from itsm.kernel.inserting import one_row, run

# A CI that is only foreseen has the number of its row, below zero.
FORESEEN = "-s.n"
FOR_GOOD = "nextval(pg_get_serial_sequence('cmdb_configurationitem', 'id'))"

KNOWN = """
    CREATE TEMPORARY TABLE staged_known AS
    SELECT s.n, e.id AS key_id, e.gone_in, coalesce(e.ci_id, c.id) AS ci_id
    FROM staged_ci s LEFT JOIN cmdb_externalkey e ON e.source = %(source)s AND e.key = s.key
        LEFT JOIN cmdb_configurationitem c ON e.id IS NULL AND c.ci_class_id = s.class_id
            AND c.name = s.name AND c.environment = coalesce(s.environment, '')
    WHERE coalesce(e.ci_id, c.id) IS NOT NULL AND NOT EXISTS (SELECT FROM staged_problem p WHERE p.n = s.n)
"""
# A service speaks for its CI itself: its name, status, owner and team are not an import's to change.
WANTED = """
    CREATE TEMPORARY TABLE staged_wanted AS
    SELECT s.n, s."row", s.key, k.key_id, c.id IS NULL AS is_new, coalesce(c.id, {new_id}) AS ci_id, c.revision,
        s.class_id AS ci_class_id,
        CASE WHEN v.id IS NULL THEN s.name ELSE c.name END AS name,
        coalesce(s.environment, c.environment, '') AS environment,
        CASE WHEN v.id IS NULL THEN coalesce(
            s.status, CASE WHEN k.gone_in IS NOT NULL AND c.status = 'retired' THEN 'live' END, c.status, 'live')
            ELSE c.status END AS status,
        coalesce(s.version, c.version, '') AS version,
        CASE WHEN s.owner IS NULL OR v.id IS NOT NULL THEN c.owner_id ELSE o.id END AS owner_id,
        CASE WHEN s.team IS NULL OR v.id IS NOT NULL THEN c.support_team_id ELSE t.id END AS support_team_id,
        coalesce(s.criticality, c.criticality, 2::smallint) AS criticality,
        coalesce(c.attributes, '{{}}') || coalesce(s.attributes, '{{}}') AS attributes,
        jsonb_strip_nulls(jsonb_build_object(
            'ci_class', l.code, 'name', s.name, 'environment', s.environment, 'status', s.status,
            'version', s.version, 'owner', s.owner, 'support_team', s.team, 'criticality', s.criticality))
            || CASE WHEN s.attributes IS NULL THEN '{{}}'
               ELSE jsonb_build_object('attributes', s.attributes) END AS said
    FROM staged_ci s JOIN cmdb_ciclass l ON l.id = s.class_id
        LEFT JOIN kernel_user o ON o.username = s.owner LEFT JOIN kernel_team t ON t.name = s.team
        LEFT JOIN staged_known k ON k.n = s.n LEFT JOIN cmdb_configurationitem c ON c.id = k.ci_id
        LEFT JOIN cmdb_service v ON v.ci_id = c.id
    WHERE NOT EXISTS (SELECT FROM staged_problem p WHERE p.n = s.n)
"""
CHANGED = """
    CREATE TEMPORARY TABLE staged_changed AS
    SELECT w.n, w.ci_id FROM staged_wanted w JOIN cmdb_configurationitem c ON c.id = w.ci_id
    WHERE (c.ci_class_id, c.name, c.environment, c.status, c.version, c.owner_id, c.support_team_id, c.criticality,
           c.attributes)
        IS DISTINCT FROM (w.ci_class_id, w.name, w.environment, w.status, w.version, w.owner_id, w.support_team_id,
           w.criticality, w.attributes)
"""
# Not what another source still names, and not what a service speaks for.
RETIRED = """
    CREATE TEMPORARY TABLE staged_retired AS
    SELECT DISTINCT ON (c.id) c.id AS ci_id, c.name, c.status, e.key
    FROM cmdb_externalkey e JOIN cmdb_configurationitem c ON c.id = e.ci_id
    WHERE %(retires)s AND e.source = %(source)s AND e.said IS NOT NULL AND c.status <> 'retired'
        AND NOT EXISTS (SELECT FROM staged_ci s WHERE s.key = e.key)
        AND NOT EXISTS (SELECT FROM staged_wanted w WHERE w.ci_id = c.id)
        AND NOT EXISTS (SELECT FROM cmdb_externalkey x WHERE x.ci_id = c.id AND x.source <> e.source
                        AND x.said IS NOT NULL AND x.gone_in IS NULL)
        AND NOT EXISTS (SELECT FROM cmdb_service v WHERE v.ci_id = c.id)
    ORDER BY c.id, e.id
"""
KEYS = """
    CREATE TEMPORARY TABLE staged_key AS
    SELECT key, ci_id FROM staged_wanted
    UNION ALL
    SELECT e.key, e.ci_id FROM cmdb_externalkey e
    WHERE e.source = %(source)s AND NOT EXISTS (SELECT FROM staged_wanted w WHERE w.key = e.key)
        AND e.key IN (SELECT source_key FROM staged_relation UNION SELECT target_key FROM staged_relation)
"""
PAIRS = """
    CREATE TEMPORARY TABLE staged_pair AS
    SELECT r."row", r.source_key, r.type, r.target_key, s.ci_id AS source_id, t.ci_id AS target_id
    FROM staged_relation r LEFT JOIN staged_key s ON s.key = r.source_key LEFT JOIN staged_key t ON t.key = r.target_key
"""
RELATED = """
    CREATE TEMPORARY TABLE staged_related AS
    SELECT DISTINCT ON (p.source_id, p.type, p.target_id) p.*, r.id AS relation_id,
        r.told_by <> '{}' AND NOT r.told_by @> ARRAY[%(source)s]::varchar[] AS joins_in
    FROM staged_pair p LEFT JOIN cmdb_relation r
        ON r.source_id = p.source_id AND r.type = p.type AND r.target_id = p.target_id
    WHERE p.source_id <> p.target_id
    ORDER BY p.source_id, p.type, p.target_id
"""
# A bill of materials names all parts of what is in it, so what is not in it is part of that no more. Each branch by
# itself, as an OR of all three would look through the staged rows for each relation there is.
UNRELATED = """
    CREATE TEMPORARY TABLE staged_unrelated AS
    SELECT r.id, r.source_id, r.type, r.target_id, cardinality(r.told_by) = 1 AS goes
    FROM (
        SELECT r.* FROM cmdb_relation r WHERE %(retires)s
        UNION ALL
        SELECT r.* FROM staged_wanted w JOIN cmdb_relation r ON r.source_id = w.ci_id
        WHERE NOT %(retires)s AND NOT w.is_new
        UNION ALL
        SELECT r.* FROM staged_wanted w JOIN cmdb_relation r ON r.target_id = w.ci_id AND r.type = 'part_of'
        WHERE %(is_bill)s AND NOT %(retires)s AND NOT w.is_new
            AND NOT EXISTS (SELECT FROM staged_wanted o WHERE o.ci_id = r.source_id AND NOT o.is_new)
    ) r
    WHERE %(tells)s AND r.told_by @> ARRAY[%(source)s]::varchar[]
        AND NOT EXISTS (SELECT FROM staged_related s WHERE s.relation_id = r.id)
"""


def compare(intake: Intake, *, for_good: bool) -> None:
    """Sort out what is new, what differs and what is gone. Broken rows are noted, and are no part of it."""
    intake.step("Checking the rows")
    validating.of_the_file(intake)
    intake.step("Comparing the CIs")
    _make("staged_known", KNOWN, intake)
    validating.of_what_is_known()
    _make("staged_wanted", WANTED.format(new_id=FOR_GOOD if for_good else FORESEEN), intake)
    precedence.heed(intake)
    validating.of_the_names(intake)
    validating.of_the_attributes(intake)
    run("DELETE FROM staged_wanted w USING staged_problem p WHERE p.n = w.n")
    _make("staged_changed", CHANGED, intake)
    intake.step("Comparing the relations")
    _make("staged_key", KEYS, intake)
    _make("staged_pair", PAIRS, intake)
    validating.of_the_relations(intake)
    _make("staged_related", RELATED, intake)
    _look_for_what_is_gone(intake)
    _count(intake)


def _make(table: str, statement: str, intake: Intake, **parameters: object) -> None:
    run(statement, **intake.parameters, **parameters)
    settle(table)


def _look_for_what_is_gone(intake: Intake) -> None:
    """With a broken row nobody can say what the source does not name: then nothing is gone."""
    is_whole = not one_row("SELECT EXISTS (SELECT FROM staged_problem)")[0]
    names_any = one_row("SELECT EXISTS (SELECT FROM staged_wanted)")[0]
    retires = intake.retire_missing and is_whole and names_any
    _make("staged_retired", RETIRED, intake, retires=retires)
    tells = intake.tells_relations and is_whole
    _make("staged_unrelated", UNRELATED, intake, retires=retires, tells=tells, is_bill=intake.is_bill)


def _count(intake: Intake) -> None:
    names = ("cis", "created", "changed", "retired", "related", "unrelated", "relations")
    found = one_row("""
        SELECT (SELECT count(*) FROM staged_wanted), (SELECT count(*) FROM staged_wanted WHERE is_new),
            (SELECT count(*) FROM staged_changed), (SELECT count(*) FROM staged_retired),
            (SELECT count(*) FROM staged_related WHERE relation_id IS NULL),
            (SELECT count(*) FROM staged_unrelated WHERE goes), (SELECT count(*) FROM staged_related)
    """)
    intake.counts = dict(zip(names, found, strict=True))
    if intake.skipped:
        intake.counts["skipped"] = intake.skipped.total()
    intake.counts["unchanged"] = intake.counts["cis"] - intake.counts["created"] - intake.counts["changed"]
