"""Who says what: SQL over what the sources last said, what people typed, and the rules of precedence.

`{cis}` in each is a query for the ids of the CIs in question.
"""

import json
from typing import Any

from cmdb.models import ConfigurationItem
from cmdb.models.reconciliation import ATTRIBUTE

# One row for each source and field. What a source no longer names, it says no longer.
WORDS = """
    SELECT e.ci_id, e.source::text, w.field, w.value FROM cmdb_externalkey e CROSS JOIN LATERAL (
        SELECT key AS field, value FROM jsonb_each(e.said - 'attributes')
        UNION ALL SELECT 'attributes.' || key, value FROM jsonb_each(coalesce(e.said -> 'attributes', '{{}}'))
    ) w
    WHERE e.said IS NOT NULL AND e.gone_in IS NULL AND e.ci_id IN ({cis})
    UNION ALL
    SELECT t.ci_id, 'people', t.field, coalesce(t.value, 'null') FROM cmdb_typedvalue t WHERE t.ci_id IN ({cis})
"""
# Of a service's CI the service speaks: what sources say of these is heard and has no effect.
OF_A_SERVICE = """d.field IN ('name', 'status', 'owner', 'support_team')
    AND EXISTS (SELECT FROM cmdb_service v WHERE v.ci_id = {ci_id})"""
# CIs of an import of which somebody else says something as well.
SEVERAL = """
    SELECT w.ci_id FROM staged_wanted w WHERE NOT w.is_new AND (
        EXISTS (SELECT FROM cmdb_externalkey x
                WHERE x.ci_id = w.ci_id AND x.source <> %(source)s AND x.said IS NOT NULL)
        OR EXISTS (SELECT FROM cmdb_typedvalue t WHERE t.ci_id = w.ci_id))
"""
# Of each class all that it is a kind of, itself at the distance 0.
LINEAGE = """
    RECURSIVE lineage (class_id, above_id, distance) AS (
        SELECT id, id, 0 FROM cmdb_ciclass
        UNION ALL
        SELECT l.class_id, c.parent_id, l.distance + 1 FROM lineage l JOIN cmdb_ciclass c ON c.id = l.above_id
        WHERE c.parent_id IS NOT NULL AND l.distance < 50
    )
"""
# The sources in order, by the nearest rule for this field of this CI.
RULE = """
    SELECT p.id, p.sources FROM cmdb_sourceprecedence p LEFT JOIN lineage l
        ON l.class_id = {class_id} AND l.above_id = p.ci_class_id
    WHERE p.field IN ('', {field}) AND (p.ci_id = {ci_id} OR (p.ci_id IS NULL
        AND (p.ci_class_id IS NULL OR l.class_id IS NOT NULL)))
    ORDER BY p.ci_id IS NULL, p.ci_class_id IS NULL, l.distance, p.field = '' LIMIT 1
"""


CHOICES: dict[str, dict[Any, Any]] = {
    "status": dict(ConfigurationItem.Status.choices),
    "criticality": dict(ConfigurationItem.Criticality.choices),
}


def recorded(ci: ConfigurationItem) -> dict[str, Any]:
    """What the record says of a CI, in the words that sources use."""
    return {
        "name": ci.name,
        "ci_class": ci.ci_class.code,
        "environment": ci.environment,
        "status": str(ci.status),
        "version": ci.version,
        "owner": ci.owner.username if ci.owner else None,
        "support_team": ci.support_team.name if ci.support_team else None,
        "criticality": ci.criticality,
        **{ATTRIBUTE + name: value for name, value in ci.attributes.items()},
    }


def shown(value: Any, field: str = "") -> str:
    """A word of a source, short enough for a line; of a field with choices as the choice is called."""
    if isinstance(value, str | int) and field in CHOICES:
        value = str(CHOICES[field].get(value, value))
    if value is None or value == "":
        return "nothing"
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    return text if len(text) <= 80 else f"{text[:79]}…"
