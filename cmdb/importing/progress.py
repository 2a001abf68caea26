"""How far the work is, said every second by a thread beside it, which also hears when somebody wants it to stop."""

import logging
import time
from threading import Event, Thread
from types import TracebackType
from typing import Any, Self

from django.db import connection
from django.db.models.functions import Now

from cmdb.models.work import Progress

BEAT_SECONDS = 1.0
log = logging.getLogger(__name__)


class Cancelled(Exception):
    """Somebody asked the work to stop; what it had begun is taken back by its transaction."""


class Watch:
    """Around the work on one thing, in the worker. A statement under way is broken off, too."""

    def __init__(self, progress: Progress):
        self._progress = progress
        self.phase, self.rows, self.bytes = "", 0, 0
        self.cancelled = False
        self._over = Event()
        self._thread = Thread(target=self._beat, name=f"progress {progress.pk}", daemon=True)

    def __enter__(self) -> Self:
        connection.ensure_connection()
        self._working: Any = connection.connection
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._over.set()
        self._thread.join()

    def step(self, name: str) -> None:
        self.phase = name
        self.check()

    def read(self, rows: int, at: int) -> None:
        self.rows, self.bytes = rows, at
        self.check()

    def rest(self, seconds: float) -> None:
        """Wait, but no longer than until somebody wants it to stop."""
        until = time.monotonic() + seconds
        while (left := until - time.monotonic()) > 0:
            time.sleep(min(left, BEAT_SECONDS))
            self.check()

    def check(self) -> None:
        if self.cancelled:
            raise Cancelled

    def _beat(self) -> None:
        try:
            while not self._over.wait(BEAT_SECONDS):
                self._say()
                if self.cancelled:
                    self._working.cancel()
        except Exception:
            log.exception("Nobody can see how far %s is.", self._progress)
        finally:
            connection.close()  # this thread's own

    def _say(self) -> None:
        mine = type(self._progress)._base_manager.filter(pk=self._progress.pk)
        mine.update(phase=self.phase, rows=self.rows, bytes=self.bytes, beat_at=Now())
        self.cancelled = mine.filter(cancel_asked=True).exists()
