"""The kernel's own jobs: publish what happened, forget what may be forgotten."""

import json
import logging
from datetime import timedelta

from celery import shared_task
from django.conf import settings
from django.db import transaction
from django.utils import timezone

from itsm.kernel import checkpoints, events, ledger
from itsm.kernel.models import OutboxEvent, StoredAnswer

log = logging.getLogger(__name__)


class LedgerBroken(Exception):
    pass


@shared_task(name="kernel.publish_events")
def publish_events() -> int:
    """Hand waiting events to their subscribers. Beat runs it every few seconds, and each commit wakes it."""
    published = 0
    while batch := _publish_batch():
        published += batch
    return published


@transaction.atomic
def _publish_batch() -> int:
    batch = events.waiting()
    for event in batch:
        for subscriber in events.subscribers_of(event.name):
            deliver_event.delay(event.pk, subscriber)
    OutboxEvent.objects.filter(pk__in=[e.pk for e in batch]).update(published_at=timezone.now())
    return len(batch)


@shared_task(
    name="kernel.deliver_event", autoretry_for=(Exception,), retry_backoff=5, retry_backoff_max=600, max_retries=10
)
def deliver_event(event_id: int, subscriber: str) -> bool:
    """Let one subscriber have its effect; a second delivery finds the receipt and does nothing."""
    return events.deliver(event_id, subscriber)


@shared_task(name="kernel.verify_ledger", time_limit=3600)
def verify_ledger() -> int:
    """Walk the whole chain each night; a broken one fails the job, which operators are told of."""
    verdict = ledger.verify()
    if not verdict.intact:
        raise LedgerBroken(f"Ledger entry {verdict.broken_at} is broken: {verdict.problem}.")
    return verdict.examined


@shared_task(name="kernel.sign_checkpoint")
def sign_checkpoint() -> None:
    """Sign the ledger's head and say it in the log, which is kept elsewhere; nothing to do without a key."""
    if settings.LEDGER_KEY and ledger.head()[0]:
        log.info("ledger checkpoint: %s", json.dumps(checkpoints.exported(checkpoints.make())))


@shared_task(name="kernel.forget_answers")
def forget_answers() -> int:
    """Drop stored answers whose Idempotency-Key has expired (24 hours)."""
    return StoredAnswer.objects.filter(created_at__lt=timezone.now() - timedelta(hours=24)).delete()[0]
