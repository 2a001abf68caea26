"""Whether the clockwork of the streams keeps up: what should be done by now, and how late the last turn came."""

import time
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import redis
from django.db.models import Count, Min
from django.db.models.functions import Upper

from itsm.kernel.broker import broker, key
from transition.models import StreamClock, StreamPeriod

LATE_AFTER = 300.0


@dataclass(frozen=True)
class Due:
    """How many are due, and how many seconds the longest of them has been."""

    number: int
    seconds: float

    @property
    def is_late(self) -> bool:
        return self.seconds > LATE_AFTER


@dataclass(frozen=True)
class Turn:
    """The last turn that found something to do, and how late it came for what was due longest."""

    at: datetime
    seconds: float


def to_close(now: datetime) -> Due:
    """Periods that are over and not judged."""
    over = StreamPeriod.objects.filter(state=StreamPeriod.State.OPEN, span__endswith__lte=now)
    return _due(over.aggregate(n=Count("pk"), since=Min(Upper("span"))), now)


def to_open(now: datetime) -> Due:
    """Streams whose next period has begun and is not there."""
    return _due(StreamClock.objects.filter(next_at__lte=now).aggregate(n=Count("pk"), since=Min("next_at")), now)


def lateness(now: datetime) -> float:
    """Of whatever is due longest, in seconds."""
    return max(to_close(now).seconds, to_open(now).seconds)


def note_turn(seconds: float) -> None:
    """No turn waits for, or fails by, being noted."""
    with suppress(redis.RedisError):
        broker().hset(key("clockwork"), mapping={"at": time.time(), "late": seconds})


def last_turn() -> Turn | None:
    """None: nothing was turned since the broker came. Raises RedisError."""
    found: Any = broker().hgetall(key("clockwork"))
    return Turn(datetime.fromtimestamp(float(found["at"]), UTC), float(found["late"])) if found else None


def _due(found: dict[str, Any], now: datetime) -> Due:
    return Due(found["n"], max((now - found["since"]).total_seconds(), 0.0) if found["since"] else 0.0)
