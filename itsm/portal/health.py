"""Two questions of whoever runs the site: does this process answer, and can it do its work?"""

from collections.abc import Callable
from functools import cache

import redis
from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.db import Error, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

PATIENCE = 2.0


@login_not_required
@never_cache
@require_safe
def live(request: HttpRequest) -> HttpResponse:
    """Asks nobody else: a database that is away must not get healthy processes restarted."""
    return JsonResponse({"status": "live"})


@login_not_required
@never_cache
@require_safe
def ready(request: HttpRequest) -> HttpResponse:
    parts = {"database": state(ask_database), "broker": state(ask_broker), "migrations": state(ask_migrations)}
    is_ready = set(parts.values()) == {"ok"}
    return JsonResponse({"status": "ready" if is_ready else "not ready", **parts}, status=200 if is_ready else 503)


def state(ask: Callable[[], str]) -> str:
    """One word: anybody may read it, so it tells nothing about addresses or versions."""
    try:
        return ask()
    except (Error, redis.RedisError, OSError):
        return "unreachable"


def ask_database() -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return "ok"


def ask_broker() -> str:
    broker().ping()
    return "ok"


@cache
def broker() -> redis.Redis:
    return redis.Redis.from_url(settings.REDIS_URL, socket_timeout=PATIENCE, socket_connect_timeout=PATIENCE)


def ask_migrations() -> str:
    return "ok" if all_applied() else "behind"


_seen_applied = False


def all_applied() -> bool:
    """Once this code has seen them applied they stay so; the question is dear, and asked every few seconds."""
    global _seen_applied
    if not _seen_applied:
        executor = MigrationExecutor(connection)
        _seen_applied = not executor.migration_plan(executor.loader.graph.leaf_nodes())
    return _seen_applied
