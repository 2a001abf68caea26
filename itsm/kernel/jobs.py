"""The kernel's own jobs: publish what happened, forget what may be forgotten."""

from datetime import timedelta

from celery import shared_task
from django.db import transaction
from django.utils import timezone

from itsm.kernel import events
from itsm.kernel.models import OutboxEvent, StoredAnswer


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


@shared_task(name="kernel.forget_answers")
def forget_answers() -> int:
    """Drop stored answers whose Idempotency-Key has expired (24 hours)."""
    return StoredAnswer.objects.filter(created_at__lt=timezone.now() - timedelta(hours=24)).delete()[0]
