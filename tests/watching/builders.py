from datetime import timedelta

from django.utils import timezone

from itsm.kernel.actor import Actor
from itsm.kernel.models import User, WebhookDelivery
from itsm.kernel.webhooks import operations


def make_due_webhook(owner: User, *, since: timedelta) -> None:
    """A message to another system that no worker has sent."""
    endpoint, _ = operations.create(
        name="Chat", patterns=["*"], owner=owner, url="https://chat.example.org/hook", actor=Actor.person(owner)
    )
    WebhookDelivery.objects.filter(endpoint=endpoint).delete()
    operations.ping(endpoint_id=endpoint.pk, actor=Actor.person(owner))
    WebhookDelivery.objects.filter(endpoint=endpoint).update(due_at=timezone.now() - since)
