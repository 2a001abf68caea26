"""Two questions of whoever runs the site: does this process answer, and can it do its work?"""

from collections.abc import Callable

import redis
from django.contrib.auth.decorators import login_not_required
from django.db import Error, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from itsm.kernel import heartbeats
from itsm.kernel.broker import broker


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
    """Every part, or those that `?parts=` names: a proxy need not stop the pages because no worker runs."""
    wanted = [part for part in request.GET.get("parts", "").split(",") if part] or list(PARTS)
    if unknown := [part for part in wanted if part not in PARTS]:
        return JsonResponse({"status": f"unknown part {unknown[0]!r}; there are {', '.join(PARTS)}"}, status=400)
    ages: dict[str, float] = {}
    parts = {part: state(PARTS[part], ages) for part in wanted}
    is_ready = set(parts.values()) == {"ok"}
    answer = {"status": "ready" if is_ready else "not ready", **parts, "ages": ages}
    return JsonResponse(answer, status=200 if is_ready else 503)


def state(ask: "Ask", ages: dict[str, float]) -> str:
    """One word: anybody may read it, so it tells nothing about addresses or versions."""
    try:
        return ask(ages)
    except (Error, redis.RedisError, OSError):
        return "unreachable"


def ask_database(ages: dict[str, float]) -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return "ok"


def ask_broker(ages: dict[str, float]) -> str:
    broker().ping()
    return "ok"


def ask_migrations(ages: dict[str, float]) -> str:
    return "ok" if all_applied() else "behind"


def ask_for_life(part: str) -> "Ask":
    """Whether a process of this kind was heard of lately; one is enough."""

    def ask(ages: dict[str, float]) -> str:
        age = heartbeats.ages().get(part)
        if age is None:
            return "missing"
        ages[part] = age
        return "ok" if age < heartbeats.LATE_AFTER else "late"

    return ask


Ask = Callable[[dict[str, float]], str]
PARTS: dict[str, Ask] = {
    "database": ask_database,
    "broker": ask_broker,
    "migrations": ask_migrations,
    **{part: ask_for_life(part) for part in heartbeats.PARTS},
}


_seen_applied = False


def all_applied() -> bool:
    """Once this code has seen them applied they stay so; the question is dear, and asked every few seconds."""
    global _seen_applied
    if not _seen_applied:
        executor = MigrationExecutor(connection)
        _seen_applied = not executor.migration_plan(executor.loader.graph.leaf_nodes())
    return _seen_applied
