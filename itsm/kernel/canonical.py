"""RFC 8785 (JSON Canonicalization Scheme): the one spelling of a JSON value that digests are made of.

Keys stand in the order of their UTF-16 units, numbers are spelled as ECMAScript spells them, text is
UTF-8 without needless escapes and is not normalised. So 1.0 and 1 are the same number here, as they are
in JSON. What a double cannot hold (NaN, an integer beyond 2^53 that would be rounded) is refused.

Beyond the RFC, on the way in: an instant is spelled in UTC, and a date, a decimal or a translated text as text.
"""

import hashlib
import math
from collections.abc import Mapping
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from json.encoder import encode_basestring
from typing import Any
from uuid import UUID

from django.utils.functional import Promise

EXACT = 2**53
AS_TEXT = (Decimal, date, time, timedelta, UUID, Promise)


def canonical(value: Any) -> bytes:
    """The canonical JSON of the value. Raises ValueError or TypeError for what JSON cannot say exactly."""
    return _spell(value).encode()


def digest(value: Any) -> str:
    return hashlib.sha256(canonical(value)).hexdigest()


def instant(value: datetime) -> str:
    """The one spelling of an instant: UTC, six digits of a second."""
    if value.tzinfo is None:
        raise ValueError(f"{value} has no time zone, so it is no instant.")
    return value.astimezone(UTC).isoformat(timespec="microseconds")


def _spell(value: Any) -> str:
    if isinstance(value, str):
        return encode_basestring(value)
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return str(int(value)) if -EXACT <= value <= EXACT else _large(value)
    if isinstance(value, float):
        return _number(value)
    if isinstance(value, Mapping):
        return "{" + ",".join(f"{encode_basestring(k)}:{_spell(value[k])}" for k in _in_order(value)) + "}"
    if isinstance(value, list | tuple):
        return "[" + ",".join(map(_spell, value)) + "]"
    if isinstance(value, datetime):
        return encode_basestring(instant(value))
    if isinstance(value, AS_TEXT):
        return encode_basestring(str(value))
    raise TypeError(f"{type(value).__name__} has no canonical JSON.")


def _in_order(mapping: Mapping[str, Any]) -> list[str]:
    for key in mapping:
        if not isinstance(key, str):
            raise TypeError(f"A key of canonical JSON is text, not {type(key).__name__}.")
    return sorted(mapping) if all(map(str.isascii, mapping)) else sorted(mapping, key=lambda k: k.encode("utf-16-be"))


def _large(value: int) -> str:
    """A double, or the integer that its shortest spelling reads back as; any other one would be rounded."""
    near = float(value) if abs(value) < 10**308 else math.inf
    if value not in (near, Decimal(repr(near))):
        raise ValueError(f"{value} is too large for an exact JSON number; give it as text.")
    return _number(near)


def _number(value: float) -> str:
    """ECMAScript's Number::toString: the shortest digits that read back as the same double."""
    if not math.isfinite(value):
        raise ValueError(f"{value} is no JSON number.")
    if value == 0:
        return "0"
    sign, digits, exponent = Decimal(repr(value)).normalize().as_tuple()
    text, minus = "".join(map(str, digits)), "-" if sign else ""
    point = len(text) + int(exponent)
    if len(text) <= point <= 21:
        return minus + text.ljust(point, "0")
    if 0 < point <= 21:
        return f"{minus}{text[:point]}.{text[point:]}"
    if -6 < point <= 0:
        return f"{minus}0.{'0' * -point}{text}"
    tail = f".{text[1:]}" if len(text) > 1 else ""
    return f"{minus}{text[0]}{tail}e{point - 1:+d}"
