"""Take back what a run did, by sets: what was changed since then stays as it is, and is told."""

from typing import Any

from django.db.models import ManyToOneRel

from cmdb.models import ConfigurationItem, ExternalKey, Relation
from cmdb.reconciling import assigning, conflicts
from itsm.kernel.inserting import checking_at_once, insert_select, one_row, run


def undo(run_id: int, source: str) -> dict[str, int]:
    """Relations first, then what was changed, then what was created. Answers how many of each."""
    parameters = {"run": run_id, "source": source}
    with checking_at_once():
        _relations(parameters)
        _restore(parameters)
        _remove(parameters)
        conflicts.look_at(TOUCHED, **parameters)
    return dict(zip(("undone", "kept"), one_row(TOLD, **parameters), strict=True))


TOUCHED = """SELECT ci_id FROM cmdb_importdifference
    WHERE run_id = %(run)s AND kind IN ('changed', 'heard', 'retired')"""
TOLD = """
    SELECT count(*) FILTER (WHERE undone = 'yes'), count(*) FILTER (WHERE undone <> 'yes')
    FROM cmdb_importdifference WHERE run_id = %(run)s AND kind <> 'heard'
"""


def _tell(condition: str, what: str, parameters: dict[str, Any]) -> None:
    run(
        f"UPDATE cmdb_importdifference d SET undone = %(what)s WHERE d.run_id = %(run)s AND {condition}",  # noqa: S608
        what=what,
        **parameters,
    )


def _relations(parameters: dict[str, Any]) -> None:
    run(
        """
        DELETE FROM cmdb_relation r USING cmdb_importdifference d
        WHERE d.run_id = %(run)s AND d.kind = 'related' AND r.source_id = d.ci_id AND r.type = d.type
            AND r.target_id = d.other_id AND r.told_by = ARRAY[%(source)s]::varchar[]
        """,
        **parameters,
    )
    _tell(f"d.kind = 'related' AND {THERE}", "others tell it, too", parameters)
    _tell(f"d.kind = 'related' AND NOT {THERE}", "yes", parameters)
    insert_select(
        Relation,
        {"source_id": "d.ci_id", "type": "d.type", "target_id": "d.other_id",
         "told_by": "ARRAY[%(source)s]::varchar[]"},
        """
        FROM cmdb_importdifference d JOIN cmdb_configurationitem s ON s.id = d.ci_id
            JOIN cmdb_configurationitem t ON t.id = d.other_id
        WHERE d.run_id = %(run)s AND d.kind = 'unrelated' ORDER BY d.id
        """,
        **parameters,
    )  # fmt: skip
    _tell(f"d.kind = 'unrelated' AND {THERE}", "yes", parameters)
    _tell(f"d.kind = 'unrelated' AND NOT {THERE}", "one of the CIs is gone", parameters)


THERE = """EXISTS (SELECT FROM cmdb_relation r
    WHERE r.source_id = d.ci_id AND r.type = d.type AND r.target_id = d.other_id)"""


def _restore(parameters: dict[str, Any]) -> None:
    """Each field that still is as the run left it; what the source had said before is known again."""
    run("DROP TABLE IF EXISTS staged_present")
    run(PRESENT, **parameters)
    run("ANALYZE staged_present")
    run(RESTORE.format(fields=assigning.FIELDS.format(said="p.back")))
    run(
        """
        UPDATE cmdb_importdifference d SET undone = CASE WHEN p.stays = '' THEN 'yes'
            ELSE left('changed since then: ' || p.stays, 200) END
        FROM staged_present p WHERE p.difference_id = d.id
        """
    )
    _tell("d.kind IN ('changed', 'retired') AND d.undone = ''", "the CI is gone", parameters)
    run(
        """
        UPDATE cmdb_externalkey e SET said = d.said_before, seen_in = NULL
        FROM cmdb_importdifference d WHERE d.run_id = %(run)s AND d.kind IN ('changed', 'heard') AND e.ci_id = d.ci_id
            AND e.source = %(source)s AND e.seen_in = %(run)s AND e.made_in IS DISTINCT FROM %(run)s
        """,
        **parameters,
    )
    run("UPDATE cmdb_externalkey SET gone_in = NULL WHERE source = %(source)s AND gone_in = %(run)s", **parameters)
    run("DROP TABLE staged_present")


# As the CI is now, by the names that differences use; `back`: what can be restored, `stays`: what cannot.
PRESENT = """
    CREATE TEMPORARY TABLE staged_present AS
    SELECT d.id AS difference_id, d.ci_id, coalesce(f.back, '{}') AS back, coalesce(f.stays, '') AS stays,
        coalesce(f.own, '{}') AS own, coalesce(f.without, '{}') AS without
    FROM cmdb_importdifference d JOIN cmdb_configurationitem c ON c.id = d.ci_id CROSS JOIN LATERAL (
        SELECT jsonb_object_agg(key, d.before -> key) FILTER (WHERE same AND NOT inner_one) AS back,
            jsonb_object_agg(substr(key, 12), d.before -> key)
                FILTER (WHERE same AND inner_one AND d.before -> key <> 'null') AS own,
            array_agg(substr(key, 12)) FILTER (WHERE same AND inner_one AND d.before -> key = 'null') AS without,
            string_agg(key, ', ' ORDER BY key) FILTER (WHERE NOT same) AS stays
        FROM (
            SELECT key, key LIKE 'attributes.%%' AS inner_one, value IS NOT DISTINCT FROM coalesce(
                CASE WHEN key LIKE 'attributes.%%' THEN c.attributes -> substr(key, 12) ELSE jsonb_build_object(
                    'name', c.name, 'environment', c.environment, 'status', c.status, 'version', c.version,
                    'criticality', c.criticality, 'ci_class', (SELECT code FROM cmdb_ciclass WHERE id = c.ci_class_id),
                    'owner', (SELECT username FROM kernel_user WHERE id = c.owner_id),
                    'support_team', (SELECT name FROM kernel_team WHERE id = c.support_team_id)) -> key END,
                'null') AS same
            FROM jsonb_each(d.after)
        ) AS each
    ) f
    WHERE d.run_id = %(run)s AND d.kind IN ('changed', 'retired')
"""
RESTORE = """
    UPDATE cmdb_configurationitem c SET
        {fields},
        attributes = (c.attributes || p.own) - p.without
    FROM staged_present p WHERE c.id = p.ci_id AND (p.back <> '{{}}' OR p.own <> '{{}}' OR p.without <> '{{}}')
"""


def _remove(parameters: dict[str, Any]) -> None:
    """Created CIs go, unless somebody changed them since or something else refers to them: those are retired."""
    run("DROP TABLE IF EXISTS staged_doomed")
    run(
        """
        CREATE TEMPORARY TABLE staged_doomed AS
        SELECT d.id AS difference_id, d.ci_id, CASE WHEN c.revision > 1 THEN 'changed since then' ELSE '' END AS kept
        FROM cmdb_importdifference d JOIN cmdb_configurationitem c ON c.id = d.ci_id
        WHERE d.run_id = %(run)s AND d.kind = 'created'
        """,
        **parameters,
    )
    run("ANALYZE staged_doomed")
    for table, column, name in _referring():
        besides = OWN_KEYS if table == ExternalKey._meta.db_table else ""
        run(
            f"UPDATE staged_doomed g SET kept = %(name)s WHERE g.kept = '' AND EXISTS "  # noqa: S608
            f'(SELECT FROM "{table}" x WHERE x."{column}" = g.ci_id{besides})',
            name=f"a {name} refers to it",
            **parameters,
        )
    run("""UPDATE cmdb_configurationitem c SET status = 'retired'
           FROM staged_doomed g WHERE g.kept <> '' AND c.id = g.ci_id AND c.status <> 'retired'""")
    run(
        "DELETE FROM cmdb_externalkey e USING staged_doomed g WHERE e.ci_id = g.ci_id AND e.made_in = %(run)s",
        **parameters,
    )
    run("DELETE FROM cmdb_externalkey WHERE source = %(source)s AND made_in = %(run)s", **parameters)
    run("DELETE FROM cmdb_configurationitem c USING staged_doomed g WHERE g.kept = '' AND c.id = g.ci_id")
    run("""UPDATE cmdb_importdifference d SET undone = CASE WHEN g.kept = '' THEN 'yes'
           ELSE left('retired, not removed: ' || g.kept, 200) END FROM staged_doomed g WHERE g.difference_id = d.id""")
    _tell("d.kind = 'created' AND d.undone = ''", "it was gone already", parameters)
    run("DROP TABLE staged_doomed")


OWN_KEYS = " AND NOT (x.source = %(source)s AND x.made_in = %(run)s)"


def _referring() -> list[tuple[str, str, str]]:
    """(table, column, what it is) of everything in the house that points to CIs, also from higher floors."""
    fields = ConfigurationItem._meta.get_fields(include_hidden=True)
    pointing = [each.field for each in fields if isinstance(each, ManyToOneRel)]
    return [
        (field.model._meta.db_table, field.column, str(field.model._meta.verbose_name))
        for field in pointing
        if getattr(field, "db_constraint", False)  # history points to what may be gone
    ]
