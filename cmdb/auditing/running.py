"""What a worker does with an audit: read the file, compare it with the record."""

from django.db.models import QuerySet
from django.utils import timezone

from cmdb.auditing.formats import FORMATS
from cmdb.importing import files, staging, working
from cmdb.importing.progress import Watch
from cmdb.importing.staging import Intake
from cmdb.models import Audit, AuditProgress
from cmdb.operations import audit_steps
from itsm.kernel.actor import Actor

WORKER = Actor.system("audits")


def waiting() -> QuerySet[Audit]:
    return Audit.objects.filter(state__in=Audit.FOR_WORKERS).select_related("requested_by").order_by("pk")


def work_through() -> int:
    """Compare what waits, unless a worker is at it. Answers how many."""
    return working.work_through(AUDITS)


def carry_out(audit: Audit) -> None:
    working.carry_out(AUDITS, audit)


def _progress(audit: Audit) -> AuditProgress:
    return AuditProgress.objects.get_or_create(audit=audit)[0]


def _act(audit: Audit, watch: Watch) -> None:
    actor = _asked_by(audit)
    audit = audit_steps.start(audit_id=audit.pk, actor=actor, now=timezone.now())
    kept, reader = files.KeptFile(audit), FORMATS[audit.format]
    intake = Intake(
        source=audit.source, step=watch.step, headings=reader.headings(audit.options),
        rows=lambda count: watch.read(count, kept.tell()),
    )  # fmt: skip
    watch.step("Reading the file")
    staging.prepare()
    staging.stage(intake, reader.read(files.buffered(kept), audit.options))
    audit_steps.compare(audit_id=audit.pk, intake=intake, actor=actor, now=timezone.now())


def _asked_by(audit: Audit) -> Actor:
    return Actor.person(audit.requested_by) if audit.requested_by else WORKER


def _stop(audit: Audit) -> None:
    audit_steps.stop(audit_id=audit.pk, actor=_asked_by(audit), now=timezone.now())


def _fail(audit: Audit, message: str) -> None:
    audit_steps.fail(audit_id=audit.pk, message=message, actor=_asked_by(audit), now=timezone.now())


AUDITS = working.Line(
    name="audits", waiting=waiting, progress=_progress, act=_act, stop=_stop, fail=_fail,
    untouched="Nothing of it is kept.",
)  # fmt: skip
