"""A plan with five streams for each service, deployments of two years, and incidents."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any

from itsm.kernel.copying import copy_rows
from itsm.portal.generate.cmdb import first_free
from transition.models import DeliveryStream, Deployment, Incident, StreamClock, TransitionPlan

TABLES = ("transition_transitionplan", "transition_deliverystream", "transition_deployment", "transition_incident")
STREAMS = (("code", 1), ("knowledge", 2), ("acceptance_test", 7), ("hardware", None), ("early_life", 1))
SPAN = timedelta(days=730)


def plans(services: range, say: Callable[[str], None]) -> None:
    """Streams begin in a far year, so that no period is due; a benchmark moves their beginning."""
    plan, stream = first_free(TransitionPlan), first_free(DeliveryStream)
    rows = ((plan + n, service) for n, service in enumerate(services))
    say(f"{copy_rows(TransitionPlan, ('id', 'service'), rows):,} plans")
    fields = ("id", "plan", "ordinal", "name", "kind", "roles", "period_days", "active_from")
    streams = (
        (stream + n * 5 + k, plan + n, k + 1, kind.replace("_", " ").capitalize(), kind, "{}", days, "2099-01-01")
        for n in range(len(services))
        for k, (kind, days) in enumerate(STREAMS)
    )
    say(f"{copy_rows(DeliveryStream, fields, streams):,} streams")
    beginning = datetime(2099, 1, 1, tzinfo=UTC)
    found = DeliveryStream.objects.filter(pk__gte=stream, period_days__isnull=False).exclude(clock__isnull=False)
    copy_rows(StreamClock, ("stream", "next_at"), ((pk, beginning) for pk in found.values_list("pk", flat=True)))


def deployments(
    count: int, services: range, people: list[int], now: datetime, dice: Random, say: Callable[[str], None]
) -> None:
    fields = (
        "id", "service", "environment", "artifact", "version", "requested_by", "requested_at", "decision", "state",
        "started_at", "finished_at", "policy_version",
    )  # fmt: skip
    rows = _deployments(range(first := first_free(Deployment), first + count), services, people, now, dice)
    say(f"{copy_rows(Deployment, fields, rows):,} deployments")


def _deployments(
    ids: range, services: range, people: list[int], now: datetime, dice: Random
) -> Iterator[tuple[Any, ...]]:
    step = SPAN / len(ids)
    states = ("succeeded",) * 18 + ("failed", "rolled_back")
    for n, pk in enumerate(ids):
        throw = int(dice.random() * 1_000_000)
        at = now - SPAN + n * step
        service = services[throw % len(services)]
        yield (
            pk, service, "production" if throw % 3 else "staging", f"registry/app-{service}", f"1.{n}", people[0], at,
            "authorised", states[throw % 20], at, at + timedelta(minutes=1 + throw % 20), "generated v1",
        )  # fmt: skip


def incidents(
    count: int, services: range, layers: list[range], changes: range, now: datetime, dice: Random,
    say: Callable[[str], None],
) -> None:  # fmt: skip
    fields = (
        "id", "title", "service", "ci", "priority", "state", "opened_at", "resolved_at", "cause", "caused_by",
    )  # fmt: skip
    cis = range(layers[1].start, layers[-1].stop)
    rows = _incidents(range(first := first_free(Incident), first + count), services, cis, changes, now, dice)
    say(f"{copy_rows(Incident, fields, rows):,} incidents")


def _incidents(
    ids: range, services: range, cis: range, changes: range, now: datetime, dice: Random
) -> Iterator[tuple[Any, ...]]:
    step = SPAN / len(ids)
    for n, pk in enumerate(ids):
        throw = int(dice.random() * 1_000_000)
        at = now - SPAN + n * step
        by_change = throw % 10 == 0
        yield (
            pk, f"Trouble {n:06}", services[throw % len(services)], cis[throw * STRIDE % len(cis)], 1 + throw % 5,
            "resolved", at, at + timedelta(hours=1 + throw % 30), "change" if by_change else "not_a_change",
            changes[n * len(changes) // len(ids)] if by_change else None,
        )  # fmt: skip


STRIDE = 104_729  # a prime: incidents fall on CIs all over
