"""What the CMDB does by itself: imports, audits, forgetting their files, examining the CIs of changed classes."""

from celery import shared_task
from django.utils import timezone

from cmdb import fits
from cmdb.auditing import running as auditing
from cmdb.importing import files, running
from cmdb.importing.fetching import running as fetching
from cmdb.models import FitCheck

PARTS = 50  # of one class in a row; the next beat goes on where this one stopped


# A message that is delivered again while a worker is at it finds the worker there, and goes.
@shared_task(name="cmdb.work_through_imports", time_limit=6 * 3600)
def work_through_imports() -> int:
    """Carry out what waits, one after the other; beat asks, should the wake-up have been lost."""
    return running.work_through()


@shared_task(name="cmdb.fetch_imports", time_limit=6 * 3600)
def fetch_imports() -> int:
    """Begin the scheduled imports whose time has come, and fetch what waits to be."""
    fetching.start_due(timezone.now())
    return fetching.work_through()


@shared_task(name="cmdb.work_through_audits", time_limit=2 * 3600)
def work_through_audits() -> int:
    """Compare what waits, one after the other; beat asks, should the wake-up have been lost."""
    return auditing.work_through()


@shared_task(name="cmdb.forget_imports", time_limit=1800)
def forget_imports() -> int:
    """Drop the files of imports after 30 days, and what each changed after 180."""
    return files.forget(timezone.now())


@shared_task(name="cmdb.examine_fits", soft_time_limit=240, time_limit=300)
def examine_fits() -> int:
    """Go on with the examinations of changed classes; a second worker finds each part done or being done."""
    parts = 0
    open_ = FitCheck.objects.filter(finished_at__isnull=True).order_by("started_at")
    for check_id in open_.values_list("pk", flat=True):
        while parts < PARTS and fits.examine_part(check_id, now=timezone.now()):
            parts += 1
    return parts
