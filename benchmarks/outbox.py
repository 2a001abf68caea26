"""How many events a second are recorded, published and delivered; part of `python -m benchmarks.ledger`."""

import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

from django.db import connection, transaction

from itsm.kernel import events, outbox
from itsm.kernel.actor import Actor
from itsm.kernel.models import EventDelivery, OutboxEvent, User

EVENTS = 3000
SUBJECTS = 300


def report() -> Iterator[str]:
    from benchmarks.ledger import timed

    events.ring = lambda: None  # no worker listens; the deliveries are made here
    events.declare("benchmark.happened", "Something was measured.")
    OutboxEvent.objects.all().delete()
    subjects = User.objects.bulk_create(User(username=f"subject {n}") for n in range(SUBJECTS))

    def record() -> int:
        for n in range(EVENTS):
            with transaction.atomic():
                events.record("benchmark.happened", subjects[n % SUBJECTS], actor=Actor.system("benchmark"))
        return EVENTS

    yield timed(record, "events recorded, each in a transaction of its own, one writer")
    events._subscribers["benchmark.happened"] = {"one": lambda event: None, "two": lambda event: None}
    yield timed(outbox.publish, "events published to two subscribers")
    yield timed(lambda: drain("one"), "deliveries by one worker, the receipt alone as effect")
    EventDelivery.objects.update(done_at=None, attempts=0)
    yield timed(at_once, "deliveries by two workers, a subscriber each")


def at_once() -> int:
    def work(subscriber: str) -> int:
        done = drain(subscriber)
        connection.close()
        return done

    with ThreadPoolExecutor(2) as pool:
        return sum(pool.map(work, ["one", "two"]))


def drain(subscriber: str) -> int:
    done, began = 0, time.monotonic()
    while tried := outbox.drain(subscriber):
        done += tried
        assert time.monotonic() - began < 300
    return done
