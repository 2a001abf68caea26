"""What the CMDB does by itself: works through imports, forgets their files."""

from celery import shared_task
from django.utils import timezone

from cmdb.importing import files, running


# A message that is delivered again while a worker is at it finds the worker there, and goes.
@shared_task(name="cmdb.work_through_imports", time_limit=6 * 3600)
def work_through_imports() -> int:
    """Carry out what waits, one after the other; beat asks, should the wake-up have been lost."""
    return running.work_through()


@shared_task(name="cmdb.forget_imports", time_limit=1800)
def forget_imports() -> int:
    """Drop the files of imports after 30 days, and what each changed after 180."""
    return files.forget(timezone.now())
