"""A worker's way with what was handed in: one after the other, each taken up again if the worker before it died.

Reading stages the rows outside any transaction; what is written is one transaction. So whatever happens to a
worker, it has either done nothing or everything.
"""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db import Error, IntegrityError, OperationalError, connection
from django.db.models import F, QuerySet

from cmdb.importing import staging
from cmdb.importing.progress import Cancelled, Watch
from cmdb.models.work import Progress
from itsm.kernel.errors import DomainError
from itsm.kernel.locks import alone

MOST_ATTEMPTS = 3
log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Line:
    """One kind of work that waits in a line."""

    name: str
    # Those at which a worker was when it died are among them: whoever asks works alone.
    waiting: Callable[[], QuerySet]
    progress: Callable[[Any], Progress]
    act: Callable[[Any, Watch], None]
    stop: Callable[[Any], None]
    fail: Callable[[Any, str], None]
    # Said after each failure that nobody could foresee.
    untouched: str


def work_through(line: Line) -> int:
    """Carry out what waits, unless a worker is at it. Answers how many."""
    done = 0
    # Asked again after the lock is given back: whoever was turned away meanwhile relies on us.
    while line.waiting().exists():
        with alone(line.name) as mine:
            if not mine:
                break
            while (work := line.waiting().first()) is not None:
                carry_out(line, work)
                done += 1
    return done


def carry_out(line: Line, work: Any) -> None:
    """Whatever comes, it is somewhere afterwards from where people can go on."""
    progress = line.progress(work)
    if not _is_claimed(line, work, progress):
        return
    try:
        with Watch(progress) as watch:
            try:
                line.act(work, watch)
            except OperationalError:
                watch.check()
                raise
    except Cancelled:
        line.stop(work)
    except DomainError as error:
        line.fail(work, error.message)
    except IntegrityError as error:
        log.warning("%s met another writer.", work, exc_info=error)
        line.fail(work, f"Somebody else wrote one of these CIs at the same moment. {line.untouched[:-1]}: try again.")
    except Error:
        raise  # the database is away: it is taken up again
    except Exception as error:
        log.exception("%s failed.", work)
        line.fail(work, f"The program could not go on ({type(error).__name__}). {line.untouched}")
    finally:
        if connection.is_usable():
            staging.discard()


def _is_claimed(line: Line, work: Any, progress: Progress) -> bool:
    """Count the attempt beforehand: a file that kills its worker must not be tried for ever."""
    if progress.cancel_asked and work.state != "queued":
        line.stop(work)
        return False
    if progress.attempts >= MOST_ATTEMPTS:
        line.fail(work, f"The worker died at it {MOST_ATTEMPTS} times. {line.untouched}")
        return False
    type(progress)._base_manager.filter(pk=progress.pk).update(attempts=F("attempts") + 1)
    return True
