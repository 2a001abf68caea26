"""What a run changes, or would change, kept on the run: to be looked at before, and to be taken back after."""

from cmdb.importing import bills
from cmdb.importing.staging import Intake
from cmdb.models import ImportDifference
from itsm.kernel.inserting import insert_select

CREATED = (
    {"kind": "'created'", "row": 'w."row"', "ci_id": "w.ci_id", "label": "w.name"},
    "FROM staged_wanted w WHERE w.is_new ORDER BY w.n",
)
# Each field by the name that people use; the record's word and the source's.
CHANGED = (
    {
        "kind": "'changed'", "row": 'w."row"', "ci_id": "w.ci_id", "label": "c.name", "before": "d.before",
        "after": "d.after", "said_before": "e.said",
    },
    """
    FROM staged_changed g JOIN staged_wanted w ON w.n = g.n JOIN cmdb_configurationitem c ON c.id = w.ci_id
        LEFT JOIN cmdb_externalkey e ON e.id = w.key_id
        CROSS JOIN LATERAL (
            SELECT jsonb_object_agg(f.name, f.old) AS before, jsonb_object_agg(f.name, f.new) AS after FROM (
                VALUES
                    ('ci_class', to_jsonb((SELECT code FROM cmdb_ciclass WHERE id = c.ci_class_id)),
                                 to_jsonb((SELECT code FROM cmdb_ciclass WHERE id = w.ci_class_id))),
                    ('name', to_jsonb(c.name), to_jsonb(w.name)),
                    ('environment', to_jsonb(c.environment), to_jsonb(w.environment)),
                    ('status', to_jsonb(c.status), to_jsonb(w.status)),
                    ('version', to_jsonb(c.version), to_jsonb(w.version)),
                    ('owner', to_jsonb((SELECT username FROM kernel_user WHERE id = c.owner_id)),
                              to_jsonb((SELECT username FROM kernel_user WHERE id = w.owner_id))),
                    ('support_team', to_jsonb((SELECT name FROM kernel_team WHERE id = c.support_team_id)),
                                     to_jsonb((SELECT name FROM kernel_team WHERE id = w.support_team_id))),
                    ('criticality', to_jsonb(c.criticality), to_jsonb(w.criticality))
                UNION ALL
                SELECT 'attributes.' || a, c.attributes -> a, w.attributes -> a
                FROM jsonb_object_keys(w.attributes) AS a
            ) AS f(name, old, new) WHERE f.old IS DISTINCT FROM f.new
        ) d
    ORDER BY w.n
    """,
)  # fmt: skip
HEARD = (
    {
        "kind": "'heard'", "row": 'w."row"', "ci_id": "w.ci_id", "label": "w.name", "after": "w.said",
        "said_before": "e.said",
    },
    """
    FROM staged_wanted w JOIN cmdb_externalkey e ON e.id = w.key_id
    WHERE e.said IS DISTINCT FROM w.said AND NOT EXISTS (SELECT FROM staged_changed g WHERE g.n = w.n)
    ORDER BY w.n
    """,
)  # fmt: skip
RETIRED = (
    {
        "kind": "'retired'", "ci_id": "ci_id", "label": "name", "before": "jsonb_build_object('status', status)",
        "after": """'{"status": "retired"}'::jsonb""",
    },
    "FROM staged_retired ORDER BY ci_id",
)  # fmt: skip
RELATED = (
    {
        "kind": "'related'", "row": '"row"', "ci_id": "source_id", "label": "source_key", "type": "type",
        "other_id": "target_id", "other": "target_key",
    },
    "FROM staged_related WHERE relation_id IS NULL ORDER BY source_id, type, target_id",
)  # fmt: skip
UNRELATED = (
    {
        "kind": "'unrelated'", "ci_id": "u.source_id", "label": "s.name", "type": "u.type", "other_id": "u.target_id",
        "other": "t.name",
    },
    """
    FROM staged_unrelated u JOIN cmdb_configurationitem s ON s.id = u.source_id
        JOIN cmdb_configurationitem t ON t.id = u.target_id
    WHERE u.goes ORDER BY u.source_id, u.type, u.target_id
    """,
)  # fmt: skip


def keep(intake: Intake) -> None:
    intake.step("Noting the differences")
    for values, rest in (CREATED, CHANGED, HEARD, RETIRED, RELATED, UNRELATED):
        insert_select(ImportDifference, {"run_id": "%(run)s", **values}, rest, **intake.parameters)
    if intake.is_bill:
        bills.name_differences(intake)
