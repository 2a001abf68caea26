"""What a worker does with an audit, each step whole or not at all."""

from datetime import datetime

from django.db import connection
from django.db.models.expressions import RawSQL

from cmdb import rules
from cmdb.auditing import comparing
from cmdb.importing.staging import Intake
from cmdb.models import Audit, ConfigurationItem, Discrepancy
from cmdb.operations import audits, verification
from itsm.kernel import events, history
from itsm.kernel.actor import Actor
from itsm.kernel.errors import DomainError
from itsm.kernel.inserting import one_row
from itsm.kernel.operation import operation
from itsm.kernel.permissions import require

PROBLEMS_KEPT = 100
KINDS_TOLD = 5
State = Audit.State


class NothingFound(DomainError):
    code = "nothing_found"


@operation
def start(*, audit_id: int, actor: Actor, now: datetime) -> Audit:
    """A worker has it; whoever asked must still be allowed to."""
    audit = Audit.objects.lock(audit_id)
    require(rules.may_audit, actor, audit)
    if audit.state == State.QUEUED:
        Audit.LIFECYCLE.move(audit, to=State.COMPARING)
    audit.started_at = audit.started_at or now
    audit.save(update_fields=["state", "started_at"])
    return audit


@operation
def compare(*, audit_id: int, intake: Intake, actor: Actor, now: datetime) -> Audit:
    """What is staged, with the record: the audit has all its discrepancies afterwards, or none.

    Its row is locked only when the outcome is written: until then it can be cancelled.
    """
    audit = Audit.objects.get(pk=audit_id)
    _refuse_nothing(intake)
    counts = comparing.compare(audit, intake)
    if audit.verify_matches:
        counts["verified"] = _verify_what_agrees(audit, actor)
    audit = Audit.objects.lock(audit_id)
    audit.counts = counts
    _keep_problems(audit)
    left = Discrepancy.objects.filter(audit=audit).exclude(state=Discrepancy.State.RESOLVED).exists()
    Audit.LIFECYCLE.move(audit, to=State.OPEN if left else State.CLOSED)
    audit.finished_at = now
    audit.save(update_fields=["counts", "problems", "problem_count", "state", "finished_at"])
    audit.chunks.all().delete()
    found = sum(audit.counts[kind] for kind in Discrepancy.Kind.values)
    events.record("cmdb.audit.finished", audit, actor=actor, discrepancies=found)
    return audit


def _refuse_nothing(intake: Intake) -> None:
    """Without any CI, every CI would be missing. Says what is there instead."""
    any_ci, relations, problems = one_row(
        """SELECT EXISTS (SELECT FROM staged_ci), (SELECT count(*) FROM staged_relation),
            (SELECT count(*) FROM staged_problem)"""
    )
    if any_ci:
        return
    told = []
    if problems:
        row, message = one_row('SELECT "row", message FROM staged_problem ORDER BY ctid LIMIT 1')
        more = f", the first of {problems:,} things that are wrong in it" if problems > 1 else ""
        told.append(f"{row}{more}: {message}")
    if relations:
        some = "1 relation" if relations == 1 else f"{relations:,} relations"
        told.append(f"It has {some}, but not the CIs at their ends: hand those in with them.")
    if intake.skipped:
        kinds = ", ".join(f"{what} ({count:,})" for what, count in intake.skipped.most_common(KINDS_TOLD))
        more = " and more" if len(intake.skipped) > KINDS_TOLD else ""
        told.append(f"What it has is no CI by its nature: {kinds}{more}.")
    raise NothingFound(" ".join(["No CI could be read in it.", *(told or ["It names none."])]))


def _keep_problems(audit: Audit) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT \"row\", coalesce(nullif(heading, ''), field), message FROM staged_problem "
            "ORDER BY n NULLS FIRST, ctid LIMIT %s",
            [PROBLEMS_KEPT],
        )
        names = ("row", "column", "message")
        audit.problems = [dict(zip(names, line, strict=True)) for line in cursor.fetchall()]
    audit.problem_count = one_row("SELECT count(*) FROM staged_problem")[0]


def _verify_what_agrees(audit: Audit, actor: Actor) -> int:
    """CIs that were found and differ in nothing."""
    matched = ConfigurationItem.objects.filter(pk__in=RawSQL("SELECT ci_id FROM staged_known", []))
    unlike = Discrepancy.objects.filter(audit=audit, ci__isnull=False).values("ci")
    with history.because(audit):
        agree = matched.exclude(pk__in=unlike)
        return verification.verify_found(cis=agree, actor=actor, at=audit.observed_at)


@operation
def fail(*, audit_id: int, message: str, actor: Actor, now: datetime) -> Audit:
    """It cannot be carried out; nothing of it is left."""
    audit = Audit.objects.lock(audit_id)
    Audit.LIFECYCLE.move(audit, to=State.FAILED)
    audit.failure, audit.finished_at = message[:2000], now
    audit.save(update_fields=["state", "failure", "finished_at"])
    audit.chunks.all().delete()
    events.record("cmdb.audit.failed", audit, actor=actor, reason=audit.failure)
    return audit


@operation
def stop(*, audit_id: int, actor: Actor, now: datetime) -> Audit:
    """Somebody asked for it while a worker was at it."""
    return audits.put_away(Audit.objects.lock(audit_id), actor=actor, now=now)
