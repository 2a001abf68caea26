"""Signs of life of workers and beat: when each was last heard of, as the broker knows it.

A worker gives one whenever its main loop sends Celery's own heartbeat (every two seconds, however busy its
children are); beat gives one with each task that the broker took from it. So a process that hangs gives none.
"""

import socket
import time
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

import redis
from celery.signals import after_task_publish, beat_embedded_init, beat_init, heartbeat_sent

from itsm.kernel.broker import broker, key

PARTS = ("worker", "beat")
LATE_AFTER = 60.0
FORGOTTEN_AFTER = 3600.0


@dataclass(frozen=True)
class Heartbeat:
    part: str
    name: str
    age: float


def give(part: str, name: str) -> None:
    """Nobody is stopped by a broker that is away: that no sign of life comes says enough."""
    with suppress(redis.RedisError), broker().pipeline(transaction=False) as pipe:
        pipe.zadd(key("heartbeats"), {f"{part} {name}": time.time()})
        pipe.zremrangebyscore(key("heartbeats"), "-inf", time.time() - FORGOTTEN_AFTER)
        pipe.execute()


def heard() -> list[Heartbeat]:
    """Every process that gave a sign of life in the last hour, the latest first. Raises RedisError."""
    found: Any = broker().zrange(key("heartbeats"), 0, -1, desc=True, withscores=True)
    now = time.time()
    signs = [(member.partition(" "), round(max(0.0, now - at), 1)) for member, at in found]
    return [Heartbeat(part, name, age) for (part, _, name), age in signs]


def ages() -> dict[str, float]:
    """Seconds since each part was last heard of; a part that nobody heard of is not in it. Raises RedisError."""
    latest: dict[str, float] = {}
    for heartbeat in heard():
        latest.setdefault(heartbeat.part, heartbeat.age)
    return latest


@heartbeat_sent.connect
def _worker_lives(sender: Any, **_: object) -> None:
    give("worker", sender.eventer.hostname)


@beat_init.connect
@beat_embedded_init.connect
def _beat_begins(**_: object) -> None:
    after_task_publish.connect(_beat_lives, dispatch_uid="heartbeat of beat")


def _beat_lives(**_: object) -> None:
    give("beat", socket.gethostname())
