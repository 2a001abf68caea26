"""What an import may not overrule: fields of which a source with precedence says something else stay as they are."""

from cmdb.importing.staging import Intake
from cmdb.models import SourcePrecedence
from cmdb.reconciling.words import LINEAGE, RULE, SEVERAL, WORDS
from itsm.kernel.inserting import run

# The word that counts by the rule, where it comes before the import's source and says something else.
YIELDS = """
    CREATE TEMPORARY TABLE staged_yielding AS
    WITH {lineage}, words AS MATERIALIZED ({words}),
    mine AS (
        SELECT w.n, w.ci_id, f.field, f.value FROM staged_wanted w CROSS JOIN LATERAL (
            SELECT key AS field, value FROM jsonb_each(w.said - 'attributes')
            UNION ALL SELECT 'attributes.' || key, value FROM jsonb_each(coalesce(w.said -> 'attributes', '{{}}'))
        ) f WHERE w.ci_id IN (SELECT ci_id FROM words)
    ),
    first AS (
        SELECT DISTINCT ON (m.n, m.field) m.n, m.field, m.value AS mine, o.value
        FROM mine m JOIN words o ON o.ci_id = m.ci_id AND o.field = m.field AND o.source <> %(source)s
            JOIN cmdb_configurationitem c ON c.id = m.ci_id CROSS JOIN LATERAL ({rule}) r
        WHERE array_position(r.sources::text[], o.source)
            < coalesce(array_position(r.sources::text[], %(source)s), 1000000)
        ORDER BY m.n, m.field, array_position(r.sources::text[], o.source)
    )
    SELECT n, array_agg(field) AS fields,
        array_agg(substr(field, 12)) FILTER (WHERE field LIKE 'attributes.%%') AS attributes
    FROM first WHERE mine <> value GROUP BY n
"""
KEPT = """
    UPDATE staged_wanted w SET
        ci_class_id = CASE WHEN 'ci_class' = ANY(y.fields) THEN c.ci_class_id ELSE w.ci_class_id END,
        name = CASE WHEN 'name' = ANY(y.fields) THEN c.name ELSE w.name END,
        environment = CASE WHEN 'environment' = ANY(y.fields) THEN c.environment ELSE w.environment END,
        status = CASE WHEN 'status' = ANY(y.fields) THEN c.status ELSE w.status END,
        version = CASE WHEN 'version' = ANY(y.fields) THEN c.version ELSE w.version END,
        owner_id = CASE WHEN 'owner' = ANY(y.fields) THEN c.owner_id ELSE w.owner_id END,
        support_team_id = CASE WHEN 'support_team' = ANY(y.fields) THEN c.support_team_id ELSE w.support_team_id END,
        criticality = CASE WHEN 'criticality' = ANY(y.fields) THEN c.criticality ELSE w.criticality END,
        attributes = (w.attributes - coalesce(y.attributes, '{}'))
            || coalesce((SELECT jsonb_object_agg(key, value) FROM jsonb_each(c.attributes)
                         WHERE key = ANY(y.attributes)), '{}')
    FROM staged_yielding y, cmdb_configurationitem c WHERE y.n = w.n AND c.id = w.ci_id
"""


def heed(intake: Intake) -> None:
    """Before what differs is looked for. What the source says is kept all the same."""
    if not SourcePrecedence.objects.exists():
        return
    run("DROP TABLE IF EXISTS staged_yielding")
    words, rule = WORDS.format(cis=SEVERAL), RULE.format(class_id="c.ci_class_id", ci_id="m.ci_id", field="m.field")
    run(YIELDS.format(lineage=LINEAGE, words=words, rule=rule), **intake.parameters)
    run("ANALYZE staged_yielding")
    run(KEPT)
    run("DROP TABLE staged_yielding")
