"""Wake a worker for what waits; should nobody hear, the next beat finds it."""

import logging
import threading
import time
from collections.abc import Callable
from typing import Any

from django.db import transaction

log = logging.getLogger(__name__)
MOMENT = 0.05  # seconds: a worker that has just been woken looks for all that waits
_lock = threading.Lock()
_woken: dict[str, float] = {}
_later: set[str] = set()


def after_commit(ring: Callable[[], None]) -> None:
    """Once after this transaction, however often it is asked for."""
    if not any(function is ring for _, function, _ in transaction.get_connection().run_on_commit):
        transaction.on_commit(ring)


def wake(job: Any, **how: Any) -> None:
    """Now; who was woken a moment ago is woken once more when the moment is over, however often it is asked for."""
    with _lock:
        wait = _woken.get(job.name, 0) + MOMENT - time.monotonic()
        if wait > 0 and job.name not in _later:
            _later.add(job.name)
            threading.Timer(wait, _wake_later, [job, how]).start()
        if wait > 0:
            return
        _woken[job.name] = time.monotonic()
    _send(job, how)


def _wake_later(job: Any, how: dict[str, Any]) -> None:
    with _lock:
        _later.discard(job.name)
        _woken[job.name] = time.monotonic()
    _send(job, how)


def _send(job: Any, how: dict[str, Any]) -> None:
    try:
        job.apply_async(retry=False, **how)
    except Exception as error:
        log.warning("The broker did not take the wake-up of %s (%s); what waits is found by beat.", job.name, error)
