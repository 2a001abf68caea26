"""Take in CIs that another tool names by its keys, many in one call: set by set, all or nothing."""

from collections.abc import Iterable
from typing import Any, NamedTuple

from django.db import OperationalError, connection, transaction
from psycopg2.errors import LockNotAvailable

from cmdb import rules
from cmdb.importing import comparing, merging, staging
from cmdb.importing.records import FoundCI
from cmdb.importing.staging import Intake
from cmdb.keys import checked_source
from cmdb.models import ConfigurationItem
from cmdb.operations import reviewed_upserts
from itsm.kernel import events, locks
from itsm.kernel.actor import Actor
from itsm.kernel.errors import DomainError, InvalidInput
from itsm.kernel.inserting import run
from itsm.kernel.locks import Lock
from itsm.kernel.operation import operation
from itsm.kernel.permissions import require


class ImportUnderWay(DomainError):
    code = "import_under_way"


class Upserted(NamedTuple):
    """What became of the CI at this position, and the edit that waits for a second person."""

    position: int
    outcome: str
    ci_id: int
    key: str
    edit: str | None = None


@operation
def upsert(*, source: str, found: Iterable[FoundCI], actor: Actor) -> list[Upserted]:
    """Create the CIs that the source's keys do not lead to, change what differs in the others.

    Where a second person has to accept a change it is proposed, as `edits.submit` does.
    Raises InvalidInput with the errors of each position (counted from 0); then nothing was written.
    """
    require(rules.may_edit_ci, actor)
    source = checked_source(source)
    _hold_import_lock()
    intake = Intake(source=source, tells_relations=False)
    staging.prepare()
    staging.stage(intake, found)
    comparing.compare(intake, for_good=True)
    _refuse_what_is_broken()
    critical = [] if actor.is_system else reviewed_upserts.set_aside(intake)
    outcomes = _outcomes()
    merging.merge(intake)
    staging.discard()
    _tell(outcomes, actor)
    outcomes += [_proposed(each, source, actor) for each in critical]
    return sorted(outcomes)


def _proposed(each: reviewed_upserts.Critical, source: str, actor: Actor) -> Upserted:
    edit = reviewed_upserts.propose(each, source=source, actor=actor)
    return Upserted(each.position, "proposed", each.ci_id, each.key, edit.number)


@transaction.atomic
def _hold_import_lock() -> None:
    """A large import may hold it for minutes; nobody waits for that in a call."""
    run("SET LOCAL lock_timeout = '5s'")
    try:
        with transaction.atomic():
            locks.hold(Lock.IMPORT)
    except OperationalError as error:
        if isinstance(error.__cause__, LockNotAvailable):
            raise ImportUnderWay("A large import is being written at this moment. Try again in a minute.") from error
        raise
    run("SET LOCAL lock_timeout = DEFAULT")


def _refuse_what_is_broken() -> None:
    with connection.cursor() as cursor:
        cursor.execute('SELECT "row"::integer, field, message FROM staged_problem ORDER BY 1, ctid')
        problems = cursor.fetchall()
    if not problems:
        return
    errors: dict[str, dict[str, list[str]]] = {}
    for position, field, message in problems:
        errors.setdefault(str(position), {}).setdefault(NAMES.get(field, field), []).append(message)
    position, field, message = problems[0]
    raise InvalidInput(f"Record {position}: {NAMES.get(field, field)}: {message}", errors=errors)


NAMES = {"key": "external_key"}


def _outcomes() -> list[Upserted]:
    with connection.cursor() as cursor:
        cursor.execute("""
            SELECT w."row"::integer, w.ci_id, w.key,
                CASE WHEN w.is_new THEN 'created' WHEN g.n IS NULL THEN 'unchanged' ELSE 'updated' END
            FROM staged_wanted w LEFT JOIN staged_changed g ON g.n = w.n ORDER BY 1
        """)
        return [Upserted(position, outcome, ci_id, key) for position, ci_id, key, outcome in cursor.fetchall()]


def _tell(outcomes: list[Upserted], actor: Actor) -> None:
    changed = ConfigurationItem.objects.in_bulk([each.ci_id for each in outcomes if each.outcome != "unchanged"])
    by_outcome: dict[str, list[Any]] = {"created": [], "updated": []}
    for each in outcomes:
        if each.outcome in by_outcome:
            by_outcome[each.outcome].append(changed[each.ci_id])
    for outcome, cis in by_outcome.items():
        if cis:
            events.record_each(f"cmdb.ci.{outcome}", cis, actor=actor)
