"""What Celery says of its jobs: counted in the broker, because a worker answers no scrape; and named in each log line.

A broker that comes back empty starts the counts anew, which Prometheus takes for a restart.
"""

import time
from contextlib import suppress
from typing import Any

import redis
from billiard.exceptions import Terminated, TimeLimitExceeded, WorkerLostError
from celery.signals import (
    before_task_publish,
    setup_logging,
    task_failure,
    task_postrun,
    task_prerun,
    worker_process_init,
)
from structlog.contextvars import bind_contextvars, clear_contextvars, get_contextvars

from itsm.kernel.broker import broker, key
from itsm.kernel.watching import tracing

REQUEST_ID = "slipway_request_id"
OUTCOMES = {"SUCCESS": "done", "FAILURE": "failed", "RETRY": "retried"}
ENDED_FROM_OUTSIDE = (TimeLimitExceeded, WorkerLostError, Terminated)


def note(job: str, state: str, seconds: float = 0.0) -> None:
    """No job waits for, or fails by, being counted."""
    with suppress(redis.RedisError), broker().pipeline(transaction=False) as pipe:
        pipe.hincrby(key("jobs"), f"{job} {state}", 1)
        pipe.hincrbyfloat(key("jobs"), f"{job} seconds", seconds)
        if state == "SUCCESS":
            pipe.hset(key("jobs"), f"{job} latest", time.time())
        pipe.execute()


def counted() -> dict[tuple[str, str], float]:
    """By (job, what): a state of Celery's, `seconds` in all, or `latest` success. Raises RedisError."""
    found: Any = broker().hgetall(key("jobs"))
    return {(job, what): float(value) for name, value in found.items() for job, _, what in [name.partition(" ")]}


@before_task_publish.connect
def _pass_on(headers: dict[str, Any], **_: object) -> None:
    """So that a job's lines are found by the request that asked for it."""
    if request_id := get_contextvars().get("request_id"):
        headers[REQUEST_ID] = request_id


@task_prerun.connect
def _begins(task: Any, task_id: str, **_: object) -> None:
    if task.request.is_eager:
        return
    clear_contextvars()
    bind_contextvars(job=task.name, task_id=task_id)
    if request_id := task.request.get(REQUEST_ID):
        bind_contextvars(request_id=request_id)
    task.request.update(began=time.monotonic())


@task_postrun.connect
def _ends(task: Any, state: str | None, **_: object) -> None:
    if task.request.is_eager:
        return
    note(task.name, state or "FAILURE", time.monotonic() - task.request.get("began", time.monotonic()))
    clear_contextvars()


@task_failure.connect
def _is_ended(sender: Any, exception: BaseException, **_: object) -> None:
    """Killed by the time limit or with its process: then nobody else says that it ended."""
    if isinstance(exception, ENDED_FROM_OUTSIDE):
        note(sender.name, "FAILURE")


@worker_process_init.connect
def _trace(**_: object) -> None:
    tracing.start("worker")


@setup_logging.connect
def _as_everywhere(**_: object) -> None:
    """Celery leaves logging alone once somebody listens here; Django has set it up."""
    import logging.config

    from django.conf import settings

    logging.config.dictConfig(settings.LOGGING)
