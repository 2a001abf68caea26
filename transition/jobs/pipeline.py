"""Works off what pipelines told; woken by each intake, and by beat should a wake-up be lost."""

from celery import shared_task
from django.utils import timezone

from itsm.kernel import waking
from transition.inbox import worker


def wake() -> None:
    waking.wake(work_off, expires=60)


@shared_task(name="transition.work_off_events", soft_time_limit=120, time_limit=150)
def work_off() -> int:
    """Let what waits have its effect: in order, each once, one worker at a time."""
    tried = worker.drain()
    if tried and worker.due().exists():
        wake()
    return tried


@shared_task(name="transition.forget_pipeline_events")
def forget_events() -> int:
    """Remove events that were worked off 90 days ago and more."""
    return worker.forget(timezone.now())
