"""CIs in ten layers, each resting on about three of the layer below; the top layer are the services."""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from itertools import pairwise
from random import Random
from typing import Any

from django.db.models import Max, Model

from cmdb.models import CIClass, ConfigurationItem, Relation, Service
from itsm.kernel.copying import copy_rows

TABLES = ("cmdb_configurationitem", "cmdb_relation", "cmdb_service")
LAYERS = (
    ("business-service", "Business service", "service"), ("web-application", "Web application", "application"),
    ("microservice", "Microservice", "application"), ("message-queue", "Message queue", "application"),
    ("schema", "Database schema", "data"), ("database-engine", "Database engine", "application"),
    ("virtual-machine", "Virtual machine", "hardware"), ("hypervisor", "Hypervisor", "hardware"),
    ("leaf-switch", "Leaf switch", "network"), ("spine-switch", "Spine switch", "network"),
)  # fmt: skip
FAN_OUT = (2, 3, 4, 4)
STEP = 7919  # a prime, so that the CIs below one are spread and never the same one twice


def first_free(model: type[Model]) -> int:
    return int((model._default_manager.aggregate(Max("pk"))["pk__max"] or 0) + 1)


def items(
    cis: int, services: int, people: list[int], now: datetime, dice: Random, say: Callable[[str], None]
) -> list[range]:
    """The ids of each layer, from the services down."""
    classes = [CIClass.objects.create(code=code, name=name, kind=kind).pk for code, name, kind in LAYERS]
    each, first = cis // (len(LAYERS) - 1), first_free(ConfigurationItem)
    layers = [range(first, first + services)]
    for number in range(1, len(LAYERS)):
        start = layers[-1].stop
        layers.append(range(start, first + services + cis if number == len(LAYERS) - 1 else start + each))
    fields = ("id", "ci_class", "name", "environment", "status", "version", "owner", "criticality", "verified_at")
    written = copy_rows(ConfigurationItem, fields, _items(layers, classes, people, now, dice))
    say(f"{written:,} CIs")
    return layers


def _items(
    layers: list[range], classes: list[int], people: list[int], now: datetime, dice: Random
) -> Iterator[tuple[Any, ...]]:
    environments = ("production", "production", "production", "staging", "test")
    statuses = ("live",) * 8 + ("testing", "retired")
    verified = [now - timedelta(days=days) for days in range(0, 400, 3)]
    for layer, (ids, ci_class) in enumerate(zip(layers, classes, strict=True)):
        code = LAYERS[layer][0]
        for number, pk in enumerate(ids):
            throw = int(dice.random() * 1_000_000)
            live = "live" if layer == 0 else statuses[throw % 10]
            yield (
                pk, ci_class, f"{code}-{number:06}", environments[throw % 5], live, f"{throw % 9}.{throw % 50}",
                people[throw % len(people)], 1 + throw % 4, verified[throw % len(verified)] if throw % 7 else None,
            )  # fmt: skip


def relations(layers: list[range], dice: Random, say: Callable[[str], None]) -> None:
    fields = ("id", "source", "type", "target")
    say(f"{copy_rows(Relation, fields, _relations(layers, first_free(Relation), dice)):,} relations")


def _relations(layers: list[range], pk: int, dice: Random) -> Iterator[tuple[int, int, str, int]]:
    for upper, lower in pairwise(layers):
        below, first = len(lower), lower.start
        for source in upper:
            throw = dice.random()
            start = int(throw * below)
            for n in range(FAN_OUT[int(throw * 1_000_003) % 4]):
                yield pk, source, "depends_on", first + (start + n * STEP) % below
                pk += 1


def services(ids: range, people: list[int], say: Callable[[str], None]) -> range:
    """The ids of the services; each is the CI of the same place in the top layer."""
    first = first_free(Service)
    fields = ("id", "ci", "slug", "name", "status", "sub_state", "owner")
    rows = (
        (first + n, ci, f"business-service-{n:06}", f"business-service-{n:06}", "live", "operational", people[n % 50])
        for n, ci in enumerate(ids)
    )
    say(f"{copy_rows(Service, fields, rows):,} services")
    return range(first, first + len(ids))
