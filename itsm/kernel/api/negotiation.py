"""Which form an answer has: JSON, or what else the resource draws."""

from collections.abc import Iterable
from typing import Any

from rest_framework.exceptions import ValidationError
from rest_framework.negotiation import DefaultContentNegotiation


class Negotiation(DefaultContentNegotiation):
    """As ever; `?format=` with what is not drawn is told what is, and is not taken for a missing record."""

    def filter_renderers(self, renderers: Iterable[Any], format: str) -> list[Any]:
        drawn = list(renderers)
        found = [renderer for renderer in drawn if renderer.format == format]
        if not found:
            known = ", ".join(renderer.format for renderer in drawn)
            raise ValidationError({"format": [f"Unknown. Known are: {known}."]})
        return found
