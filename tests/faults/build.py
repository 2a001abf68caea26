"""What the web and worker processes of a fault test import on top of the program.

A subscriber to everything that writes down each effect, the points at which a process ends itself, and the
builds that are broken on purpose (FAULTS_SABOTAGE), which the checker must find.
"""

import os
import signal
import threading
from typing import Any

from django.db import connection, transaction
from django.db.backends.base.base import BaseDatabaseWrapper

from itsm.kernel import events, outbox
from itsm.kernel.api import idempotency
from itsm.kernel.models import EventDelivery, OutboxEvent

FOLDER = os.environ["FAULTS_FOLDER"]
SABOTAGE = os.environ.get("FAULTS_SABOTAGE", "")
# Each so many events, the effect ends its worker before the commit, once.
DEADLY = 50
request = threading.local()


def end_here() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


@events.on("*")
def write_down(event: OutboxEvent) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO fault_effects (event_id, name, subject_type, subject_id) VALUES (%s, %s, %s, %s)",
            [event.pk, event.name, event.subject_type, event.subject_id],
        )
    if event.pk and event.pk % DEADLY == 0 and not SABOTAGE:
        end_once(f"event-{event.pk}")


def end_once(name: str) -> None:
    try:
        os.close(os.open(os.path.join(FOLDER, name), os.O_CREAT | os.O_EXCL))
    except FileExistsError:
        return
    end_here()


# --- Points at which the web process ends itself -------------------------------------------------

_remember = idempotency._remember
_after_commit = BaseDatabaseWrapper.run_and_clear_commit_hooks


def remember(*arguments: Any) -> None:
    if SABOTAGE != "idempotency":
        _remember(*arguments)
    if getattr(request, "fault", "") == "before-commit":
        end_here()


def after_commit(database: Any) -> None:
    if database.run_on_commit and getattr(request, "fault", "") == "after-commit":
        end_here()
    _after_commit(database)


idempotency._remember = remember
BaseDatabaseWrapper.run_and_clear_commit_hooks = after_commit  # type: ignore[method-assign]


# --- Builds that are broken on purpose -----------------------------------------------------------


def told_after_commit(name: str, subjects: Any, *, actor: Any, **payload: Any) -> list[OutboxEvent]:
    """No outbox: subscribers are told when the transaction is over, if the process still lives then."""
    found = [
        OutboxEvent(name=name, subject_type=s._meta.label_lower, subject_id=s.pk, payload=payload) for s in subjects
    ]
    for event in found:
        transaction.on_commit(lambda event=event: write_down(event))
    return found


def deliver_without_receipt(pk: int) -> bool:
    delivery = EventDelivery.objects.select_related("event").get(pk=pk)
    events.subscribers_of(delivery.event.name)[delivery.subscriber](delivery.event)
    return True


if SABOTAGE == "outbox":
    events.record_each = told_after_commit  # type: ignore[assignment]
if SABOTAGE == "receipts":
    outbox._deliver = deliver_without_receipt
