from datetime import timedelta

from django.utils import timezone

from itsm.kernel.models import WebhookDelivery, WebhookHealth
from itsm.kernel.webhooks import sending
from tests.kernel.outbox_builders import deliver_all


def send_all() -> None:
    """What the workers would do now."""
    deliver_all()
    for endpoint_id in sending.waiting_endpoints():
        sending.send_due(endpoint_id)


def later() -> None:
    """Let all waiting times be over."""
    WebhookDelivery.objects.filter(WebhookDelivery.OPEN).update(due_at=timezone.now())
    WebhookHealth.objects.update(paused_until=None)


def long_ago(endpoint) -> None:
    """Let what fails have failed for days."""
    WebhookHealth.objects.filter(endpoint=endpoint).update(failing_since=timezone.now() - timedelta(days=3, hours=1))
