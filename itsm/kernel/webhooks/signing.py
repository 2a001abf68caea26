"""Signatures of Standard Webhooks: HMAC-SHA256 over `id.timestamp.body`."""

import base64
import secrets
from collections.abc import Iterable
from datetime import datetime

from standardwebhooks.webhooks import Webhook

from itsm.kernel import sealing
from itsm.kernel.models import WebhookEndpoint

PURPOSE = "webhook secret"
KEY_BYTES = 32


def new_secret() -> str:
    return "whsec_" + base64.b64encode(secrets.token_bytes(KEY_BYTES)).decode()


def sealed(secret: str) -> str:
    return sealing.seal(secret, purpose=PURPOSE)


def secrets_of(endpoint: WebhookEndpoint, now: datetime) -> list[str]:
    """The present secret, and for a day after a rotation the one before. Raises sealing.Sealed."""
    kept = [endpoint.secret]
    if endpoint.previous_secret and endpoint.previous_until and now < endpoint.previous_until:
        kept.append(endpoint.previous_secret)
    return [sealing.unseal(secret, purpose=PURPOSE) for secret in kept]


def signed(message_id: str, body: str, keys: Iterable[str], now: datetime) -> dict[str, str]:
    """The three headers of an attempt."""
    return {
        "webhook-id": message_id,
        "webhook-timestamp": str(int(now.timestamp())),
        "webhook-signature": " ".join(Webhook(key).sign(message_id, now, body) for key in keys),
    }
