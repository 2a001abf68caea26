"""Wake a worker for what waits; should nobody hear, the next beat finds it."""

import logging
from collections.abc import Callable
from typing import Any

from django.db import transaction

log = logging.getLogger(__name__)


def after_commit(ring: Callable[[], None]) -> None:
    """Once after this transaction, however often it is asked for."""
    if not any(function is ring for _, function, _ in transaction.get_connection().run_on_commit):
        transaction.on_commit(ring)


def wake(job: Any, **how: Any) -> None:
    try:
        job.apply_async(retry=False, **how)
    except Exception as error:
        log.warning("The broker did not take the wake-up of %s (%s); what waits is found by beat.", job.name, error)
