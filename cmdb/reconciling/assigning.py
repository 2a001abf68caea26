"""Let the records say what was decided, many at once."""

from itsm.kernel.inserting import run

# A CI's own fields as they are said: people, teams and classes by their names.
FIELDS = """
        name = coalesce({said} ->> 'name', c.name), environment = coalesce({said} ->> 'environment', c.environment),
        status = coalesce({said} ->> 'status', c.status), version = coalesce({said} ->> 'version', c.version),
        criticality = coalesce(({said} ->> 'criticality')::smallint, c.criticality),
        ci_class_id = coalesce((SELECT id FROM cmdb_ciclass WHERE code = {said} ->> 'ci_class'), c.ci_class_id),
        owner_id = CASE WHEN {said} ? 'owner'
            THEN (SELECT id FROM kernel_user WHERE username = {said} ->> 'owner') ELSE c.owner_id END,
        support_team_id = CASE WHEN {said} ? 'support_team'
            THEN (SELECT id FROM kernel_team WHERE name = {said} ->> 'support_team') ELSE c.support_team_id END"""
# `staged_assigned` (ci_id, field, value): what is to be said.
ASSIGN = """
    UPDATE cmdb_configurationitem c SET
        {fields},
        attributes = c.attributes || a.own
    FROM (
        SELECT ci_id, coalesce(jsonb_object_agg(field, value) FILTER (WHERE NOT inner_one), '{{}}') AS said,
            coalesce(jsonb_object_agg(substr(field, 12), value) FILTER (WHERE inner_one), '{{}}') AS own
        FROM (SELECT *, starts_with(field, 'attributes.') AS inner_one FROM staged_assigned) each GROUP BY ci_id
    ) a WHERE c.id = a.ci_id
"""


def assign(query: str, **parameters: object) -> None:
    """What the query answers, as (ci_id, field, value)."""
    run("DROP TABLE IF EXISTS staged_assigned")
    run(f"CREATE TEMPORARY TABLE staged_assigned AS {query}", **parameters)
    run(ASSIGN.format(fields=FIELDS.format(said="a.said")))
    run("DROP TABLE staged_assigned")
