"""What an administrator does with webhook endpoints and with the messages to them."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone

from itsm.kernel import events
from itsm.kernel.actor import Actor
from itsm.kernel.errors import DomainError, InvalidInput
from itsm.kernel.models import User, WebhookDelivery, WebhookEndpoint, WebhookHealth
from itsm.kernel.operation import operation
from itsm.kernel.permissions import require
from itsm.kernel.webhooks import addresses, formats, messages, rules, signing

BOTH_SIGN_FOR = timedelta(days=1)
EDITABLE = frozenset({"name", "url", "patterns", "service_id", "owner", "format"})


class EndpointDisabled(DomainError):
    code = "endpoint_disabled"


@operation
def create(
    *,
    name: str,
    url: str,
    patterns: Iterable[str],
    actor: Actor,
    owner: User | None = None,
    service_id: int | None = None,
    format: str = WebhookEndpoint.Format.STANDARD,
) -> tuple[WebhookEndpoint, str]:
    """An endpoint, with its secret, which cannot be had again."""
    require(rules.may_manage, actor)
    secret = signing.new_secret()
    endpoint = WebhookEndpoint(
        name=name, url=url, patterns=list(patterns), service_id=service_id, secret=signing.sealed(secret), format=format
    )
    endpoint.owner = _owner(owner or actor.user)
    _check(endpoint)
    endpoint.save()
    WebhookHealth.objects.create(endpoint=endpoint)
    events.record("kernel.webhook.created", endpoint, actor=actor)
    return endpoint, secret


@operation
def update(*, endpoint_id: int, actor: Actor, **changes: Any) -> WebhookEndpoint:
    endpoint: WebhookEndpoint = WebhookEndpoint.objects.lock(endpoint_id)
    require(rules.may_manage, actor, endpoint)
    for field, value in changes.items():
        if field not in EDITABLE:
            raise InvalidInput.at(field, "This cannot be changed here.")
        setattr(endpoint, field, _owner(value) if field == "owner" else value)
    _check(endpoint)
    endpoint.save()
    events.record("kernel.webhook.updated", endpoint, actor=actor, fields=sorted(changes))
    return endpoint


def _owner(owner: User | None) -> User:
    if owner is None or not owner.is_active:
        raise InvalidInput.at("owner", "Name an active user: the endpoint is told what this one may see.")
    return owner


def _check(endpoint: WebhookEndpoint) -> None:
    endpoint.name, endpoint.url = endpoint.name.strip(), endpoint.url.strip()
    endpoint.patterns = list(dict.fromkeys(pattern.strip() for pattern in endpoint.patterns if pattern.strip()))
    if not endpoint.name:
        raise InvalidInput.at("name", "Say who is told.")
    try:
        addresses.check(endpoint.url)
    except addresses.Refused as refusal:
        raise InvalidInput.at("url", str(refusal)) from refusal
    if not endpoint.patterns:
        raise InvalidInput.at("patterns", "Name at least one event, or * for all.")
    if unknown := messages.unknown(endpoint.patterns):
        raise InvalidInput.at(
            "patterns", f"No event fits {', '.join(unknown)}. Write changes.task.added or changes.*, say."
        )
    _check_format(endpoint)


def _check_format(endpoint: WebhookEndpoint) -> None:
    if endpoint.format not in WebhookEndpoint.Format.values:
        raise InvalidInput.at("format", f"Unknown format. Known: {', '.join(WebhookEndpoint.Format.values)}.")
    known = formats.of(endpoint)
    if known and not any(messages.fits(name, endpoint.patterns) for name in known.names):
        words = ", ".join(sorted(known.names))
        raise InvalidInput.at("patterns", f"{endpoint.get_format_display()} has words only for: {words}.")


@operation
def rotate(*, endpoint_id: int, actor: Actor, now: datetime) -> tuple[WebhookEndpoint, str]:
    """A new secret; for a day messages are signed with the one before as well."""
    endpoint: WebhookEndpoint = WebhookEndpoint.objects.lock(endpoint_id)
    require(rules.may_manage, actor, endpoint)
    secret = signing.new_secret()
    endpoint.previous_secret, endpoint.previous_until = endpoint.secret, now + BOTH_SIGN_FOR
    endpoint.secret, endpoint.rotated_at = signing.sealed(secret), now
    endpoint.save()
    events.record("kernel.webhook.rotated", endpoint, actor=actor)
    return endpoint, secret


@operation
def disable(*, endpoint_id: int, reason: str, actor: Actor) -> WebhookEndpoint:
    """Nothing is sent any more; what waits stays, and goes out when the endpoint is enabled."""
    endpoint: WebhookEndpoint = WebhookEndpoint.objects.lock(endpoint_id)
    require(rules.may_manage, actor, endpoint)
    WebhookEndpoint.LIFECYCLE.move(endpoint, to=WebhookEndpoint.State.DISABLED)
    endpoint.reason = reason.strip()[:300]
    if not endpoint.reason:
        raise InvalidInput.at("reason", "Say why, for whoever wonders later.")
    endpoint.save()
    events.record("kernel.webhook.disabled", endpoint, actor=actor, reason=endpoint.reason)
    return endpoint


@operation
def enable(*, endpoint_id: int, actor: Actor) -> WebhookEndpoint:
    """Sent to again, and given as much time to answer as a new one."""
    endpoint: WebhookEndpoint = WebhookEndpoint.objects.lock(endpoint_id)
    require(rules.may_manage, actor, endpoint)
    WebhookEndpoint.LIFECYCLE.move(endpoint, to=WebhookEndpoint.State.ACTIVE)
    endpoint.owner = _owner(endpoint.owner)
    endpoint.reason = ""
    endpoint.save()
    WebhookHealth.objects.filter(endpoint=endpoint).update(failing_since=None, paused_until=None)
    events.record("kernel.webhook.enabled", endpoint, actor=actor)
    return endpoint


@operation
def ping(*, endpoint_id: int, actor: Actor) -> WebhookDelivery:
    """A message of the type `ping`, whatever the endpoint asked for."""
    endpoint: WebhookEndpoint = WebhookEndpoint.objects.lock(endpoint_id)
    require(rules.may_manage, actor, endpoint)
    _check_active(endpoint)
    delivery = messages.ping_to(endpoint)
    events.ring_after_commit()
    return delivery


@operation
def send_again(*, delivery_id: int, actor: Actor) -> WebhookDelivery:
    """The same message with the same id, now and with all its attempts, whether it got through or not."""
    found = WebhookDelivery.objects.select_for_update(of=("self",)).select_related("endpoint")
    delivery = found.get(pk=delivery_id)
    require(rules.may_manage, actor, delivery.endpoint)
    _check_active(delivery.endpoint)
    delivery.attempts, delivery.due_at, delivery.done_at, delivery.parked_at = 0, timezone.now(), None, None
    delivery.save(update_fields=["attempts", "due_at", "done_at", "parked_at"])
    WebhookHealth.objects.filter(endpoint=delivery.endpoint).update(paused_until=None)
    events.ring_after_commit()
    return delivery


def _check_active(endpoint: WebhookEndpoint) -> None:
    if endpoint.state != WebhookEndpoint.State.ACTIVE:
        raise EndpointDisabled(f"{endpoint} is disabled, so nothing is sent. Enable it first.")
