"""What a worker does with an import, each step whole or not at all.

Its row is locked only when the outcome is written, for the work may take minutes and until then it can be cancelled.
That nobody else carries it out is seen to by `working`.
"""

from datetime import datetime

from cmdb import rules
from cmdb.importing import comparing, differences, merging, staging, undoing
from cmdb.importing.staging import Intake
from cmdb.models import ImportRun
from cmdb.operations import imports
from itsm.kernel import events, history, locks
from itsm.kernel.actor import Actor
from itsm.kernel.locks import Lock
from itsm.kernel.operation import operation
from itsm.kernel.permissions import require

State = ImportRun.State


@operation
def start(*, run_id: int, actor: Actor, now: datetime) -> ImportRun:
    """A worker has it; whoever asked must still be allowed to."""
    run = ImportRun.objects.lock(run_id)
    require(rules.may_import, actor, run)
    if run.state == State.QUEUED:
        ImportRun.LIFECYCLE.move(run, to=State.READING)
    run.started_at = run.started_at or now
    run.save(update_fields=["state", "started_at"])
    return run


@operation
def fetched(*, run_id: int, digest: str, size: int, actor: Actor) -> ImportRun:
    """Its file is kept; from here on it is read like one that was handed in."""
    run = ImportRun.objects.lock(run_id)
    require(rules.may_import, actor, run)
    ImportRun.LIFECYCLE.move(run, to=State.QUEUED)
    run.digest, run.file_size = digest, size
    run.save(update_fields=["state", "digest", "file_size"])
    imports.begin_anew(run)
    return run


@operation
def preview(*, run_id: int, intake: Intake, actor: Actor, now: datetime) -> ImportRun:
    """Keep what the staged rows would change, and wait for somebody to decide."""
    _begin(run_id)
    comparing.compare(intake, for_good=False)
    differences.keep(intake)
    run: ImportRun = ImportRun.objects.lock(run_id)
    ImportRun.LIFECYCLE.move(run, to=State.PREVIEWED)
    _told(run, intake, now)
    run.save(update_fields=["state", "counts", "problem_count", "finished_at"])
    events.record("cmdb.import.previewed", run, actor=actor, counts=run.counts)
    return run


@operation
def take_in(*, run_id: int, intake: Intake, actor: Actor, now: datetime, reason: str) -> ImportRun:
    """Merge the staged rows, all of them or, where that was chosen, all but the broken ones."""
    locks.hold(Lock.IMPORT)
    run = _begin(run_id)
    require(rules.may_import, actor, run)
    with history.because(run):
        comparing.compare(intake, for_good=True)
        is_broken = staging.problem_count() and not run.leave_out_broken
        if not is_broken:
            differences.keep(intake)
            merging.merge(intake)
        run = ImportRun.objects.lock(run_id)
        if run.state == State.READING:
            ImportRun.LIFECYCLE.move(run, to=State.MERGING)
        _told(run, intake, now)
        if is_broken:
            return _fail(
                run, f"{run.problem_count:,} things in the file cannot be taken in, so nothing was.", actor, now
            )
        ImportRun.LIFECYCLE.move(run, to=State.DONE)
        run.save(update_fields=["state", "counts", "problem_count", "finished_at", "failure"])
        events.record("cmdb.import.merged", run, actor=actor, source=run.source, counts=run.counts)
    return run


def _begin(run_id: int) -> ImportRun:
    """What an earlier attempt or the preview noted is noted anew."""
    run: ImportRun = ImportRun.objects.get(pk=run_id)
    run.problems.all()._raw_delete("default")
    run.differences.all()._raw_delete("default")
    return run


def _told(run: ImportRun, intake: Intake, now: datetime) -> None:
    run.problem_count = staging.keep_problems(intake)
    run.counts, run.finished_at = intake.counts, now


@operation
def take_back(*, run_id: int, actor: Actor, now: datetime, reason: str) -> ImportRun:
    locks.hold(Lock.IMPORT)
    run: ImportRun = ImportRun.objects.get(pk=run_id)
    require(rules.may_import, actor, run)
    with history.because(run):
        told = undoing.undo(run.pk, run.source)
        run = ImportRun.objects.lock(run_id)
        ImportRun.LIFECYCLE.move(run, to=State.ROLLED_BACK)
        run.counts, run.finished_at = run.counts | told, now
        run.save(update_fields=["state", "counts", "finished_at"])
        events.record("cmdb.import.rolled_back", run, actor=actor, **told)
    return run


@operation
def fail(*, run_id: int, message: str, actor: Actor, now: datetime) -> ImportRun:
    """It cannot be carried out; what was done before stands."""
    run: ImportRun = ImportRun.objects.lock(run_id)
    return _fail(run, message, actor, now)


def _fail(run: ImportRun, message: str, actor: Actor, now: datetime) -> ImportRun:
    was_done = run.state == State.ROLLING_BACK
    ImportRun.LIFECYCLE.move(run, to=State.DONE if was_done else State.FAILED)
    run.failure, run.finished_at = message[:2000], now
    run.save(update_fields=["state", "failure", "problem_count", "counts", "finished_at"])
    events.record("cmdb.import.failed", run, actor=actor, reason=message[:2000])
    return run


@operation
def stop(*, run_id: int, actor: Actor, now: datetime) -> ImportRun:
    """Somebody asked for it. A roll-back that is stopped leaves the import done."""
    run: ImportRun = ImportRun.objects.lock(run_id)
    was_done = run.state == State.ROLLING_BACK
    ImportRun.LIFECYCLE.move(run, to=State.DONE if was_done else State.CANCELLED)
    run.finished_at = now
    run.save(update_fields=["state", "finished_at"])
    events.record("cmdb.import.cancelled", run, actor=actor)
    return run
