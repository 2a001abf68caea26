"""A worker's way with imports: one after the other, each taken up again if the worker before it died.

Reading stages the rows outside any transaction; what is written into the CMDB is one transaction. So whatever
happens to a worker, a run has either done nothing or everything.
"""

import logging
from collections.abc import Callable

from django.db import Error, IntegrityError, OperationalError, connection
from django.db.models import F, QuerySet
from django.utils import timezone

from cmdb.importing import files, staging
from cmdb.importing.progress import Cancelled, Watch
from cmdb.importing.readers import READERS
from cmdb.importing.staging import Intake
from cmdb.models import ImportProgress, ImportRun
from cmdb.operations import import_steps
from itsm.kernel.actor import Actor
from itsm.kernel.errors import DomainError
from itsm.kernel.locks import alone

MOST_ATTEMPTS = 3
WORKER = Actor.system("imports")
State = ImportRun.State
log = logging.getLogger(__name__)


def waiting() -> QuerySet[ImportRun]:
    """Those at which a worker was when it died are among them: whoever asks works alone."""
    return ImportRun.objects.filter(state__in=ImportRun.FOR_WORKERS).select_related("requested_by").order_by("pk")


def work_through() -> int:
    """Carry out what waits, unless a worker is at it. Answers how many."""
    done = 0
    # Asked again after the lock is given back: whoever was turned away meanwhile relies on us.
    while waiting().exists():
        with alone("imports") as mine:
            if not mine:
                break
            while (run := waiting().first()) is not None:
                carry_out(run)
                done += 1
    return done


def carry_out(run: ImportRun) -> None:
    attempt(run, _act)


def attempt(run: ImportRun, act: Callable[[ImportRun, Watch], None]) -> None:
    """Whatever comes, the run is somewhere afterwards from where people can go on."""
    if not _is_claimed(run):
        return
    try:
        with Watch(run.pk) as watch:
            try:
                act(run, watch)
            except OperationalError:
                watch.check()
                raise
    except Cancelled:
        import_steps.stop(run_id=run.pk, actor=asked_by(run), now=timezone.now())
    except DomainError as error:
        _fail(run, error.message)
    except IntegrityError as error:
        log.warning("Import %s met another writer.", run, exc_info=error)
        _fail(run, "Somebody else wrote one of these CIs at the same moment. Nothing was taken in: try again.")
    except Error:
        raise  # the database is away: the run is taken up again
    except Exception as error:
        log.exception("Import %s failed.", run)
        _fail(run, f"The program could not go on ({type(error).__name__}). Nothing was taken in.")
    finally:
        if connection.is_usable():
            staging.discard()


def _is_claimed(run: ImportRun) -> bool:
    """Count the attempt beforehand: a file that kills its worker must not be tried for ever."""
    progress, _ = ImportProgress.objects.get_or_create(run=run)
    if progress.cancel_asked and run.state != State.QUEUED:
        import_steps.stop(run_id=run.pk, actor=asked_by(run), now=timezone.now())
        return False
    if progress.attempts >= MOST_ATTEMPTS:
        _fail(run, f"The worker died at it {MOST_ATTEMPTS} times. Nothing was taken in.")
        return False
    ImportProgress.objects.filter(run=run).update(attempts=F("attempts") + 1)
    return True


def _act(run: ImportRun, watch: Watch) -> None:
    actor, about = asked_by(run), f"Import {run.number} from {run.source}"
    run = import_steps.start(run_id=run.pk, actor=actor, now=timezone.now())
    if run.state == State.ROLLING_BACK:
        watch.step("Rolling back")
        reason = f"Roll-back of import {run.number} from {run.source}"
        import_steps.take_back(run_id=run.pk, actor=actor, now=timezone.now(), reason=reason)
        return
    kept = files.KeptFile(run.pk, run.file_size)
    intake = intake_of(run, watch, kept)
    watch.step("Reading the file")
    staging.prepare()
    staging.stage(intake, READERS[run.format].read(files.buffered(kept), run.options))
    if run.state == State.READING and run.dry_run:
        import_steps.preview(run_id=run.pk, intake=intake, actor=actor, now=timezone.now())
    else:
        import_steps.take_in(run_id=run.pk, intake=intake, actor=actor, now=timezone.now(), reason=about)


def intake_of(run: ImportRun, watch: Watch, kept: files.KeptFile) -> Intake:
    reader = READERS[run.format]
    return Intake(
        source=run.source,
        run_id=run.pk,
        tells_relations=reader.tells_relations(run.options),
        retire_missing=run.retire_missing,
        is_bill=reader.is_bill,
        headings=reader.headings(run.options),
        step=watch.step,
        rows=lambda count: watch.read(count, kept.tell()),
    )


def asked_by(run: ImportRun) -> Actor:
    return Actor.person(run.requested_by) if run.requested_by else WORKER


def _fail(run: ImportRun, message: str) -> None:
    import_steps.fail(run_id=run.pk, message=message, actor=asked_by(run), now=timezone.now())
