"""A CI's state as one JSON object, made by the database: what baselines keep and audits compare."""

from typing import Any

from django.db.models import QuerySet

from cmdb.models import ConfigurationItem

# What a CI says of itself, people and teams by the names that people and other tools use.
FIELDS = (
    "name", "ci_class", "environment", "status", "version", "owner", "support_team", "criticality",
)  # fmt: skip

STATE = """jsonb_build_object(
    'name', ci.name, 'ci_class', kind.code, 'environment', ci.environment, 'status', ci.status,
    'version', ci.version, 'owner', person.username, 'support_team', team.name, 'criticality', ci.criticality,
    'attributes', ci.attributes)"""

CIS = """cmdb_configurationitem ci
    JOIN cmdb_ciclass kind ON kind.id = ci.ci_class_id
    LEFT JOIN kernel_user person ON person.id = ci.owner_id
    LEFT JOIN kernel_team team ON team.id = ci.support_team_id"""

# Each field and each attribute of a state beside the one of another state, where the two are not the same.
UNLIKE = """
    SELECT coalesce(a.key, b.key) AS field, a.value AS was, b.value AS is_now FROM
        ({flat_a}) a FULL JOIN ({flat_b}) b USING (key)
    WHERE a.value IS DISTINCT FROM b.value
"""


def flat(state: str) -> str:
    """Rows (key, value) of a state: its fields, and its attributes as attributes.<name>."""
    return f"""SELECT key, value FROM jsonb_each({state} - 'attributes') WHERE value <> 'null'
        UNION ALL SELECT 'attributes.' || key, value FROM jsonb_each({state} -> 'attributes')"""  # noqa: S608  # noqa: S608


def unlike(a: str, b: str) -> str:
    return UNLIKE.format(flat_a=flat(a), flat_b=flat(b))


def ids_of(cis: QuerySet[ConfigurationItem]) -> tuple[str, tuple[Any, ...]]:
    """The query for their ids, to stand inside another."""
    sql, params = cis.order_by().values("pk").query.sql_with_params()
    return sql, tuple(params)
