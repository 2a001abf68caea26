"""Write what was found into the CMDB by sets, in the caller's transaction. What does not differ is not touched."""

from django.db.models import Model
from django.utils import timezone

from cmdb.importing.staging import Intake
from cmdb.models import ConfigurationItem, ExternalKey, Relation
from cmdb.reconciling import conflicts
from itsm.kernel.errors import DomainError
from itsm.kernel.inserting import checking_at_once, insert_select, one_row, run

OF_A_CI = (
    "ci_class_id", "name", "environment", "status", "version", "owner_id", "support_team_id", "criticality",
    "attributes",
)  # fmt: skip
MANY = 20_000


class ChangedMeanwhile(DomainError):
    code = "changed_meanwhile"


def merge(intake: Intake) -> None:
    """What is there is changed before what is new is written: the planner still knows how large the tables are."""
    with checking_at_once():
        intake.step("Writing the CIs")
        _change()
        _retire(intake)
        _create(intake)
        _keep_what_was_said(intake)
        conflicts.look_after_import(intake.source)
        intake.step("Writing the relations")
        _unrelate(intake)
        _relate(intake)


def _create(intake: Intake) -> None:
    insert_select(
        ConfigurationItem,
        {"id": "ci_id", **{column: column for column in OF_A_CI}},
        "FROM staged_wanted WHERE is_new ORDER BY n",
        on_conflict="",
    )
    _settle(ConfigurationItem, intake.counts["created"])


def _change() -> None:
    """Whole rows, as they were compared: what somebody wrote since then would be written over."""
    assigned = ", ".join(f"{column} = w.{column}" for column in OF_A_CI)
    changed, wanted = one_row(f"""
        WITH changed AS (
            UPDATE cmdb_configurationitem c SET {assigned}
            FROM staged_changed g JOIN staged_wanted w ON w.n = g.n WHERE c.id = g.ci_id AND c.revision = w.revision
            RETURNING 1
        ) SELECT (SELECT count(*) FROM changed), (SELECT count(*) FROM staged_changed)
    """)  # noqa: S608 - our own names
    if changed < wanted:
        raise ChangedMeanwhile(
            "Somebody else changed one of these CIs at the same moment. Nothing was taken in: try again."
        )


def _retire(intake: Intake) -> None:
    run("UPDATE cmdb_configurationitem c SET status = 'retired' FROM staged_retired g WHERE c.id = g.ci_id")
    run(
        """
        UPDATE cmdb_externalkey e SET gone_in = %(run)s
        FROM staged_retired g WHERE e.ci_id = g.ci_id AND e.source = %(source)s
        """,
        **intake.parameters,
    )


def _keep_what_was_said(intake: Intake) -> None:
    said_at = {"now": timezone.now()}
    run(
        """
        UPDATE cmdb_externalkey e SET said = w.said, seen_in = %(run)s, said_at = %(now)s, gone_in = NULL
        FROM staged_wanted w WHERE e.id = w.key_id
        """,
        **intake.parameters,
        **said_at,
    )
    insert_select(
        ExternalKey,
        {"ci_id": "ci_id", "source": "%(source)s", "key": "key", "said": "said", "said_at": "%(now)s",
         "made_in": "%(run)s", "seen_in": "%(run)s"},
        "FROM staged_wanted WHERE key_id IS NULL ORDER BY n",
        on_conflict="",
        **intake.parameters,
        **said_at,
    )  # fmt: skip
    _settle(ExternalKey, intake.counts["created"])


def _unrelate(intake: Intake) -> None:
    """A relation that a person made stays theirs; what sources tell goes when the last of them no longer tells it."""
    run("DELETE FROM cmdb_relation r USING staged_unrelated u WHERE u.goes AND r.id = u.id")
    run(
        """
        UPDATE cmdb_relation r SET told_by = array_remove(r.told_by, %(source)s::varchar)
        FROM staged_unrelated u WHERE NOT u.goes AND r.id = u.id
        """,
        **intake.parameters,
    )


def _relate(intake: Intake) -> None:
    run(
        """
        UPDATE cmdb_relation r SET told_by = r.told_by || ARRAY[%(source)s]::varchar[]
        FROM staged_related s WHERE s.joins_in AND r.id = s.relation_id
        """,
        **intake.parameters,
    )
    insert_select(
        Relation,
        {"source_id": "source_id", "type": "type", "target_id": "target_id", "told_by": "ARRAY[%(source)s]::varchar[]"},
        "FROM staged_related WHERE relation_id IS NULL ORDER BY source_id, type, target_id",
        **intake.parameters,
    )
    _settle(Relation, intake.counts["related"])


def _settle(model: type[Model], written: int) -> None:
    """The plans of the statements that follow, and of the checks of foreign keys, were made for a smaller table."""
    if written > MANY:
        run(f"ANALYZE {model._meta.db_table}")
