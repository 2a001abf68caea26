"""The kernel's own jobs: publish what happened, forget what may be forgotten."""

import json
import logging

from celery import shared_task
from django.conf import settings
from django.utils import timezone

from itsm.kernel import checkpoints, ledger, mailing, outbox
from itsm.kernel.api import idempotency
from itsm.kernel.models import StoredAnswer
from itsm.kernel.webhooks import sending

log = logging.getLogger(__name__)


class LedgerBroken(Exception):
    pass


@shared_task(name="kernel.publish_events")
def publish_events() -> int:
    """Publish what happened and wake a worker per subscriber; run by beat every few seconds, and after each commit."""
    published = outbox.publish()
    outbox.park_killers()
    for subscriber in outbox.waiting_subscribers():
        deliver_events.apply_async([subscriber], expires=60)
    sending.park_lost()
    for endpoint_id in sending.waiting_endpoints():
        send_webhooks.apply_async([endpoint_id], expires=60)
    return published


@shared_task(name="kernel.deliver_events", soft_time_limit=60, time_limit=75)
def deliver_events(subscriber: str) -> int:
    """Let one subscriber have its effects of what is due, in order."""
    tried = outbox.drain(subscriber)
    if tried and outbox.due(subscriber).exists():
        deliver_events.apply_async([subscriber], expires=60)
    return tried


@shared_task(name="kernel.send_webhooks", soft_time_limit=60, time_limit=75)
def send_webhooks(endpoint_id: int) -> int:
    """Send one endpoint what is due to it."""
    return sending.send_due(endpoint_id)


@shared_task(name="kernel.forget_events")
def forget_events() -> int:
    """Drop events (and what was delivered of them) that all have had for 30 days, and old webhook messages."""
    return outbox.forget() + sending.forget()


@shared_task(name="kernel.send_mail", soft_time_limit=240, time_limit=300)
def send_mail() -> int:
    """Send what goes out at once, batch by batch; run by beat every minute."""
    if not settings.MAIL_IS_SENT:
        return 0
    sent = 0
    while batch := mailing.send_due(timezone.now()):
        sent += batch
    return sent


@shared_task(name="kernel.send_digests", soft_time_limit=900, time_limit=960)
def send_digests() -> int:
    """Send their unread messages to those whose hour of the day has come; once a day each."""
    return mailing.send_digests(timezone.now()) if settings.MAIL_IS_SENT else 0


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
    return StoredAnswer.objects.filter(created_at__lt=timezone.now() - idempotency.KEPT).delete()[0]
