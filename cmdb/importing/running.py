"""What a worker does with an import: read its file, then show what it would change, take it in, or roll it back."""

from django.db.models import QuerySet
from django.utils import timezone

from cmdb.importing import files, staging, working
from cmdb.importing.progress import Watch
from cmdb.importing.readers import READERS
from cmdb.importing.staging import Intake
from cmdb.models import ImportProgress, ImportRun
from cmdb.operations import import_steps
from itsm.kernel.actor import Actor

WORKER = Actor.system("imports")
State = ImportRun.State


def waiting() -> QuerySet[ImportRun]:
    return ImportRun.objects.filter(state__in=ImportRun.FOR_WORKERS).select_related("requested_by").order_by("pk")


def work_through() -> int:
    """Carry out what waits, unless a worker is at it. Answers how many."""
    return working.work_through(IMPORTS)


def carry_out(run: ImportRun) -> None:
    working.carry_out(IMPORTS, run)


def _progress(run: ImportRun) -> ImportProgress:
    return ImportProgress.objects.get_or_create(run=run)[0]


def _act(run: ImportRun, watch: Watch) -> None:
    actor, about = asked_by(run), f"Import {run.number} from {run.source}"
    run = import_steps.start(run_id=run.pk, actor=actor, now=timezone.now())
    if run.state == State.ROLLING_BACK:
        watch.step("Rolling back")
        reason = f"Roll-back of import {run.number} from {run.source}"
        import_steps.take_back(run_id=run.pk, actor=actor, now=timezone.now(), reason=reason)
        return
    kept = files.KeptFile(run)
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


def _stop(run: ImportRun) -> None:
    import_steps.stop(run_id=run.pk, actor=asked_by(run), now=timezone.now())


def _fail(run: ImportRun, message: str) -> None:
    import_steps.fail(run_id=run.pk, message=message, actor=asked_by(run), now=timezone.now())


IMPORTS = working.Line(
    name="imports", waiting=waiting, progress=_progress, act=_act, stop=_stop, fail=_fail,
    untouched="Nothing was taken in.",
)  # fmt: skip
