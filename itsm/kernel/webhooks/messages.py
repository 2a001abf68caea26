"""What is sent: one message for each endpoint that wants the event and whose owner may know of it."""

import secrets
from collections.abc import Iterable
from datetime import datetime
from fnmatch import fnmatchcase
from typing import Any

from django.utils import timezone

from itsm.kernel import events, subjects
from itsm.kernel.actor import Actor
from itsm.kernel.models import OutboxEvent, WebhookDelivery, WebhookEndpoint
from itsm.kernel.webhooks import formats

PING = "ping"


def any_endpoint() -> bool:
    return WebhookEndpoint.objects.active().exists()


@events.on(events.EVERY, when=any_endpoint)
def tell_endpoints(event: OutboxEvent) -> None:
    """Write the messages; workers send them after commit (see `sending`)."""
    wanting = [e for e in WebhookEndpoint.objects.active().select_related("owner") if wants(e, event)]
    if not wanting:
        return
    said = [(endpoint, _said(endpoint, event)) for endpoint in wanting]
    WebhookDelivery.objects.bulk_create(
        [
            WebhookDelivery(
                endpoint=endpoint, event=event, message_id=new_id(), name=event.name, subject=event.subject, body=body,
                content_type=formats.content_type_of(endpoint),
            )
            for endpoint, body in said
            if body is not None
        ],
        ignore_conflicts=True,
    )  # fmt: skip
    events.ring_after_commit()


def _said(endpoint: WebhookEndpoint, event: OutboxEvent) -> str | None:
    """In the endpoint's format; None where that has no word for it."""
    known = formats.of(endpoint)
    return formats.body_in(known, event) if known else body_of(event)


def wants(endpoint: WebhookEndpoint, event: OutboxEvent) -> bool:
    """Whether it asked for this, and may have it."""
    if not fits(event.name, endpoint.patterns):
        return False
    service = endpoint.service_id
    if service is not None and not subjects.touches(event.subject_type, event.subject_id, service):
        return False
    return may_know(endpoint, event)


def fits(name: str, patterns: Iterable[str]) -> bool:
    return any(fnmatchcase(name, pattern) for pattern in patterns)


def may_know(endpoint: WebhookEndpoint, event: OutboxEvent) -> bool:
    return subjects.may_be_known(event.subject_type, event.subject_id, Actor.person(endpoint.owner))


def ping_to(endpoint: WebhookEndpoint) -> WebhookDelivery:
    known = formats.of(endpoint)
    own = _written(PING, timezone.now(), {"endpoint": endpoint.pk, "name": endpoint.name})
    delivery: WebhookDelivery = WebhookDelivery.objects.create(
        endpoint=endpoint, message_id=new_id(), name=PING, content_type=formats.content_type_of(endpoint),
        body=formats.written(known.ping(endpoint)) if known else own,
    )  # fmt: skip
    return delivery


def new_id() -> str:
    return f"msg_{secrets.token_hex(16)}"


def body_of(event: OutboxEvent) -> str:
    data = {
        "id": event.pk,
        "version": event.version,
        "subject": {"type": event.subject_type, "id": event.subject_id, "display": event.subject},
        "actor": event.actor,
        "payload": event.payload,
    }
    body = _written(event.name, event.occurred_at, data)
    if len(body.encode()) > formats.MOST_BYTES:  # a longer payload is left out, and said to be
        body = _written(event.name, event.occurred_at, {**data, "payload": {}, "payload_omitted": True})
    return body


def _written(name: str, at: datetime, data: dict[str, Any]) -> str:
    return formats.written({"type": name, "timestamp": at.isoformat(), "data": data})


def unknown(patterns: Iterable[str]) -> list[str]:
    """Those that fit no event there is."""
    names = [kind.name for kind in events.declared()]
    return [pattern for pattern in patterns if not any(fits(name, [pattern]) for name in names)]
