"""Metrics in Prometheus' form: requests are counted by each web process, the rest is asked for when scraped.

With PROMETHEUS_MULTIPROC_DIR (itsm.serving sets it) the web processes of one server count together.
"""

import logging
import os
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

import redis
from django.db import Error
from prometheus_client import CollectorRegistry, Histogram, generate_latest
from prometheus_client.metrics_core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.multiprocess import MultiProcessCollector

log = logging.getLogger(__name__)

METHODS = frozenset({"GET", "HEAD", "OPTIONS", "POST", "PUT", "PATCH", "DELETE"})
BUCKETS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)
Collect = Callable[[], Iterable[Metric]]

own = CollectorRegistry()
requests = Histogram(
    "slipway_http_request_duration_seconds",
    "Time to the beginning of the answer, by the route's name, the method and the class of the status.",
    ["route", "method", "status"],
    buckets=BUCKETS,
    registry=own,
)
_parts: dict[str, Collect] = {}


def note_request(route: str, method: str, status: int, seconds: float) -> None:
    requests.labels(route, method if method in METHODS else "other", f"{status // 100}xx").observe(seconds)


def part(name: str) -> Callable[[Collect], Collect]:
    """`@metrics.part("outbox")`: a function whose gauges are asked for with each scrape; few and cheap queries."""

    def add(collect: Collect) -> Collect:
        _parts[name] = collect
        return collect

    return add


def gauge(name: str, meaning: str, value: float | None) -> GaugeMetricFamily:
    return GaugeMetricFamily(f"slipway_{name}", meaning, value=value)


def gauges(name: str, meaning: str, label: str, values: dict[str, float]) -> GaugeMetricFamily:
    family = GaugeMetricFamily(f"slipway_{name}", meaning, labels=[label])
    for key, value in values.items():
        family.add_metric([key], value)
    return family


def counters(name: str, meaning: str, labels: list[str], values: Mapping[Any, float]) -> CounterMetricFamily:
    family = CounterMetricFamily(f"slipway_{name}", meaning, labels=labels)
    for key, value in values.items():
        family.add_metric(key, value)
    return family


class _Parts:
    """What is asked for now. A part that cannot answer is named, and does not take the others with it."""

    def describe(self) -> list[Metric]:
        return []

    def collect(self) -> Iterator[Metric]:
        answered: dict[str, float] = {}
        for name, ask in _parts.items():
            try:
                found = list(ask())
            except (Error, redis.RedisError, OSError) as error:
                log.warning("No metrics of %s: %s", name, type(error).__name__)
                found = []
                answered[name] = 0
            else:
                answered[name] = 1
            yield from found
        yield gauges("metrics_up", "Whether this part of the metrics could be asked for.", "part", answered)


def exposed() -> bytes:
    counted = own
    if os.environ.get("PROMETHEUS_MULTIPROC_DIR"):
        counted = CollectorRegistry()
        MultiProcessCollector(counted)  # type: ignore[no-untyped-call]
    asked = CollectorRegistry()
    asked.register(_Parts())  # type: ignore[arg-type]
    return generate_latest(counted) + generate_latest(asked)
