"""What is measured of services over a span of time: each measure once, by name, with its definition and unit.

An app says `@measures.measure(...)` over the function that takes it, in a module that its `ready()` imports;
REST (`metrics/{name}/`) and the page of measures ask by name. `itsm.kernel.watching` measures the program itself.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from itsm.kernel.actor import Actor

Unit = Literal["share", "seconds", "per day", "count"]
OF = ("service", "team", "stream")


@dataclass(frozen=True)
class Scope:
    """Whose figures over which time: of everything, or of one service, team or stream (their ids)."""

    since: datetime
    until: datetime
    actor: Actor  # confidential records count only for those who may see them
    service: int | None = None
    team: int | None = None
    stream: int | None = None

    @property
    def days(self) -> float:
        return (self.until - self.since).total_seconds() / 86_400


@dataclass(frozen=True)
class Reading:
    """What was found; without data there is no value. `parts` are the counts it is made of, `url` the list of them."""

    value: float | None
    parts: dict[str, float | None] = field(default_factory=dict)
    url: str = ""


Take = Callable[[Scope], Reading]


@dataclass(frozen=True)
class Measure:
    name: str
    label: str
    definition: str
    unit: Unit
    family: Literal["DORA", "ITIL"]
    of: tuple[str, ...]
    take: Take


_measures: dict[str, Measure] = {}


def measure(
    name: str, label: str, definition: str, *, unit: Unit, family: Literal["DORA", "ITIL"], of: Iterable[str] = OF[:2]
) -> Callable[[Take], Take]:
    """Register the function under the name; `of` says by what it can be narrowed (service, team, stream)."""

    def add(take: Take) -> Take:
        _measures[name] = Measure(name, label, definition, unit, family, tuple(of), take)
        return take

    return add


def known() -> list[Measure]:
    return sorted(_measures.values(), key=lambda each: (each.family, each.name))


def get(name: str) -> Measure | None:
    return _measures.get(name)


def share(part: float, whole: float) -> float | None:
    """No data where there is nothing to have a share of."""
    return part / whole if whole else None
