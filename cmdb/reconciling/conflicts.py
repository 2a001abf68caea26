"""Where sources disagree and no rule decides: found by sets, after whatever made a source say something."""

from collections.abc import Iterable

from cmdb.reconciling.words import LINEAGE, OF_A_SERVICE, RULE, SEVERAL, WORDS
from itsm.kernel.inserting import run

# Settled: a rule names a source that says something, and whoever typed something else by hand stands in it, too.
DISPUTED = """
    CREATE TEMPORARY TABLE staged_disputed AS
    WITH {lineage},
    words AS MATERIALIZED ({words}),
    disputed AS (
        SELECT ci_id, field, jsonb_object_agg(source, value) AS said FROM words
        GROUP BY ci_id, field HAVING count(DISTINCT value) > 1
    )
    SELECT d.ci_id, d.field, d.said, coalesce(winner.source IS NOT NULL
        AND (NOT d.said ? 'people' OR 'people' = ANY(r.sources) OR d.said -> 'people' = d.said -> winner.source), false)
        AS settled
    FROM disputed d JOIN cmdb_configurationitem c ON c.id = d.ci_id
        LEFT JOIN LATERAL ({rule}) r ON true
        LEFT JOIN LATERAL (SELECT source FROM unnest(r.sources) WITH ORDINALITY AS o(source, rank)
                           WHERE d.said ? source ORDER BY rank LIMIT 1) winner ON true
    WHERE NOT ({of_a_service})
"""
FOUND = """
    INSERT INTO cmdb_conflict AS k (ci_id, field, words, state, source, reason)
    SELECT ci_id, field, said, 'open', '', '' FROM staged_disputed WHERE NOT settled
    ON CONFLICT (ci_id, field) DO UPDATE SET words = excluded.words, state = 'open'
    WHERE k.words <> excluded.words OR k.state = 'agreed'
"""
# Where a value was chosen, it holds as long as the sources say what they said then.
REOPENED = """
    UPDATE cmdb_conflict k SET state = 'open', words = d.said FROM staged_disputed d
    WHERE d.settled AND k.ci_id = d.ci_id AND k.field = d.field AND k.state = 'decided' AND k.source = ''
        AND k.words - 'people' <> d.said - 'people'
"""
OVER = """
    UPDATE cmdb_conflict k SET state = 'agreed'
    WHERE k.state = 'open' AND k.ci_id IN ({cis}) AND NOT EXISTS (
        SELECT FROM staged_disputed d WHERE d.ci_id = k.ci_id AND d.field = k.field
            AND (NOT d.settled OR k.words = d.said AND k.decided_at IS NOT NULL))
"""


OF_AN_IMPORT = SEVERAL + " UNION SELECT ci_id FROM staged_retired"  # noqa: S608 - both are ours


def look(ci_ids: Iterable[int]) -> None:
    """Again at these CIs: note what is disputed, and what no longer is."""
    look_at("SELECT unnest(%(ids)s::bigint[])", ids=list(ci_ids))


def look_after_import(source: str) -> None:
    """At those CIs of the import that others know, too."""
    look_at(OF_AN_IMPORT, source=source)


def look_at(cis: str, **parameters: object) -> None:
    """At the CIs of a query. A decided conflict stays decided until a source says something else."""
    run("DROP TABLE IF EXISTS staged_disputed")
    statement = DISPUTED.format(
        lineage=LINEAGE,
        words=WORDS.format(cis=cis),
        rule=RULE.format(class_id="c.ci_class_id", ci_id="d.ci_id", field="d.field"),
        of_a_service=OF_A_SERVICE.format(ci_id="d.ci_id"),
    )
    run(statement, **parameters)
    run("ANALYZE staged_disputed")
    run(OVER.format(cis=cis), **parameters)
    run(REOPENED)
    run(FOUND)
    run("DROP TABLE staged_disputed")
