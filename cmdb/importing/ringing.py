"""Wake a worker for what waits; should nobody hear, the workers' own clock finds it."""

import logging

from django.db import transaction

log = logging.getLogger(__name__)


def ring_after_commit() -> None:
    if not any(function is ring for _, function, _ in transaction.get_connection().run_on_commit):
        transaction.on_commit(ring)


def ring() -> None:
    from cmdb.jobs import work_through_imports

    try:
        work_through_imports.apply_async(retry=False)
    except Exception as error:
        log.warning("The broker did not take the wake-up (%s); the import waits for the next beat.", error)
