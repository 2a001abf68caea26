"""Waiting for the gate's decision without holding what others need.

Those who wait sleep in their thread with no database connection; one thread a process asks the database for all of
them at once. Only so many may wait that threads are left for everybody else: who finds no place is answered at once
and asks again a moment later.
"""

import logging
import threading
from collections import Counter
from collections.abc import Callable, Collection

from django.conf import settings
from django.db import connection

from transition.models import Deployment

log = logging.getLogger(__name__)
EVERY = 0.5  # seconds


def still_waiting(ids: Collection[int]) -> set[int]:
    waiting = Deployment.objects.filter(pk__in=ids, state=Deployment.State.REQUESTED)
    return set(waiting.values_list("pk", flat=True))


class WaitingRoom:
    def __init__(self, places: int, undecided: Callable[[Collection[int]], set[int]] = still_waiting):
        self._places = threading.BoundedSemaphore(places)
        self._undecided = undecided
        self._news = threading.Condition()
        self._asked: Counter[int] = Counter()
        self._open: set[int] = set()
        self._watching = False

    def wait(self, pk: int, seconds: float) -> bool:
        """Until it is decided, for so long at most; False at once where there is no place to wait."""
        if not self._places.acquire(blocking=False):
            return False
        try:
            if not connection.in_atomic_block:
                connection.close()
            self._wait(pk, seconds)
        finally:
            self._places.release()
        return True

    def _wait(self, pk: int, seconds: float) -> None:
        with self._news:
            self._asked[pk] += 1
            self._open.add(pk)
            if not self._watching:
                self._watching = True
                threading.Thread(target=self._watch, name="waiting room", daemon=True).start()
            self._news.wait_for(lambda: pk not in self._open, timeout=seconds)
            self._asked -= Counter([pk])
            if pk not in self._asked:
                self._open.discard(pk)

    def _watch(self) -> None:
        """One question for all, again and again, until nobody waits any more."""
        try:
            while asked := self._those_who_wait():
                waiting = self._undecided(asked)
                with self._news:
                    self._open -= set(asked) - waiting
                    self._news.notify_all()
                    self._news.wait(EVERY)
        except Exception:
            log.exception("Nobody can be told of decisions; those who wait ask again.")
            with self._news:
                self._watching = False
                self._open.clear()
                self._news.notify_all()
        finally:
            connection.close()

    def _those_who_wait(self) -> list[int]:
        with self._news:
            if not self._open:
                self._watching = False
            return list(self._open)


ROOM = WaitingRoom(settings.WAITING_PLACES)
