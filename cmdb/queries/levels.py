"""Targets of a service against what is measured of it."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from cmdb.models import Service, ServiceTarget
from itsm.kernel import measures
from itsm.kernel.actor import Actor
from itsm.kernel.measures import Measure, Reading, Scope

DAYS = {"day": 1, "week": 7, "month": 30, "quarter": 90, "year": 365}
# How many of a measure's unit make one of the target's.
SECONDS = {"ms": 0.001, "s": 1, "min": 60, "h": 3600, "d": 86400}


@dataclass(frozen=True)
class Level:
    """A target and what was found: without a measure nobody measures it, without data there is none yet."""

    target: ServiceTarget
    measure: Measure | None
    reading: Reading | None

    @property
    def actual(self) -> float | None:
        """In the target's unit."""
        if self.measure is None or self.reading is None or self.reading.value is None:
            return None
        if self.measure.unit == "share":
            return self.reading.value * 100
        return self.reading.value / SECONDS[self.target.unit] if self.measure.unit == "seconds" else self.reading.value

    @property
    def state(self) -> str:
        """`met`, `missed`, `no_data` or `not_measured`."""
        if self.measure is None:
            return "not_measured"
        if self.actual is None:
            return "no_data"
        wanted = float(self.target.target)
        met = self.actual >= wanted if self.target.better == ServiceTarget.Better.AT_LEAST else self.actual <= wanted
        return "met" if met else "missed"

    @property
    def actual_told(self) -> str:
        """Never rounded over the target: 99.79 % of 99.8 % is not 99.8 %."""
        return "" if self.actual is None else f"{_brief(self.actual)} {self.target.get_unit_display()}"

    @property
    def verdict(self) -> tuple[str, str]:
        """Kind and word."""
        return {
            "met": ("ok", "kept"), "missed": ("block", "missed"), "no_data": ("none", "no data"),
            "not_measured": ("unknown", "not measured"),
        }[self.state]  # fmt: skip


def levels_of(service: Service, *, actor: Actor, now: datetime) -> list[Level]:
    """Each target over its time up to now; each measure over each time is taken once. What is not live keeps none."""
    targets = list(service.targets.order_by("pk"))
    taken: dict[tuple[str, str], Reading] = {}
    found = []
    for target in targets:
        measure = measures.get(target.measure)
        key = (target.measure, target.window)
        if measure is not None and key not in taken and service.status == Service.Status.LIVE:
            taken[key] = measure.take(_scope(service, target, actor, now))
        found.append(Level(target, measure, taken.get(key) if measure else None))
    return found


def _scope(service: Service, target: ServiceTarget, actor: Actor, now: datetime) -> Scope:
    return Scope(since=now - timedelta(days=DAYS[target.window]), until=now, actor=actor, service=service.pk)


def as_dict(level: Level) -> dict[str, Any]:
    target = level.target
    return {
        "measure": target.measure,
        "label": target.label,
        "better": target.better,
        "target": float(target.target),
        "unit": target.unit,
        "window": target.window,
        "state": level.state,
        "actual": level.actual,
        "parts": level.reading.parts if level.reading else {},
        "definition": level.measure.definition if level.measure else "",
    }


def _brief(number: float) -> str:
    """Two places, cut and not rounded."""
    return f"{int(round(number * 100, 6)) / 100:.10g}"
