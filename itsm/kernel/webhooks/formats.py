"""In which words a message says what happened: our own, or a standard's into which a higher app translates."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from itsm.kernel.models import OutboxEvent, WebhookEndpoint

Translate = Callable[[OutboxEvent], dict[str, Any] | None]
STANDARD = WebhookEndpoint.Format.STANDARD
# Receivers are advised to take 20 kB.
MOST_BYTES = 20_000


@dataclass(frozen=True)
class Format:
    """`translate` answers nothing for an event that the format has no word for; `names` are those it has one for."""

    content_type: str
    translate: Translate
    ping: Callable[[WebhookEndpoint], dict[str, Any]]
    names: frozenset[str]


_formats: dict[str, Format] = {}


def register(name: str, known: Format) -> None:
    _formats[name] = known


def of(endpoint: WebhookEndpoint) -> Format | None:
    """None for our own words."""
    return None if endpoint.format == STANDARD else _formats[endpoint.format]


def body_in(known: Format, event: OutboxEvent) -> str | None:
    said = known.translate(event)
    return None if said is None else written(said)


def written(said: dict[str, Any]) -> str:
    return json.dumps(said, ensure_ascii=False, separators=(",", ":"))


def content_type_of(endpoint: WebhookEndpoint) -> str:
    known = of(endpoint)
    return known.content_type if known else "application/json"
