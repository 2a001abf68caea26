"""What transition points ask: each criterion once, by name, over facts that the records know.

An app says `@criteria.criterion(...)` over the function that looks, in a module that its `ready()` imports. Apps above
the CMDB add theirs; the points do not know them.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from cmdb.models import Service
from itsm.kernel.canonical import digest


@dataclass(frozen=True)
class Finding:
    """What was examined and found, as a sentence. `met` is None where the criterion does not apply to this service.

    `evidence` names what the sentence only counts: a waiver is for exactly that, and falls when it changes.
    """

    met: bool | None
    message: str
    fix: str = ""
    url: str = ""
    evidence: tuple[str, ...] = ()

    @property
    def fingerprint(self) -> str:
        return digest({"message": self.message, "evidence": sorted(self.evidence)})


Look = Callable[[Service, datetime], Finding]


@dataclass(frozen=True)
class Criterion:
    code: str
    label: str
    at: tuple[str, ...]
    look: Look


_criteria: dict[str, Criterion] = {}


def criterion(code: str, label: str, *, at: tuple[str, ...]) -> Callable[[Look], Look]:
    """Register the function; `at` are the codes of the points that ask it."""

    def add(look: Look) -> Look:
        _criteria[code] = Criterion(code, label, at, look)
        return look

    return add


def known() -> list[Criterion]:
    return list(_criteria.values())


def asked_at(point: str) -> list[Criterion]:
    return [each for each in _criteria.values() if point in each.at]
