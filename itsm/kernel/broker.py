"""The broker as a place for what may be lost: heartbeats and counts. What must not be lost is in the database."""

from functools import cache

import redis
from django.conf import settings
from django.db import connection

PATIENCE = 2.0


@cache
def broker() -> redis.Redis:
    return redis.Redis.from_url(
        settings.REDIS_URL, socket_timeout=PATIENCE, socket_connect_timeout=PATIENCE, decode_responses=True
    )


def key(name: str) -> str:
    """Sites that share a broker do not share its keys."""
    return f"slipway:{connection.settings_dict['NAME']}:{name}"
