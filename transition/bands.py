"""Bands in which DORA's figures are read: the buckets of its Quick Check, or an organisation's own.

They are dated, because surveys move; a figure is read by those that stood at the end of its time. They say where a
figure lies and are no target, and figures of different services are not to be compared.
"""

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from django.conf import settings

HOUR, DAY = 3600.0, 86_400.0
TIMES = ((HOUR, "under an hour"), (DAY, "under a day"), (7 * DAY, "a day to a week"), (30 * DAY, "a week to a month"),
         (182 * DAY, "one to six months"), (None, "over six months"))  # fmt: skip
RATES = ((1 / 182, "rarer than every six months"), (1 / 30, "monthly to six-monthly"), (1 / 7, "weekly to monthly"),
         (1.0, "daily to weekly"), (24.0, "hourly to daily"), (None, "on demand"))  # fmt: skip
Steps = Sequence[tuple[float | None, str]]  # up to this bound (not reached), in these words; the last has none


@dataclass(frozen=True)
class Bands:
    since: date
    source: str
    of: Mapping[str, Steps]

    def word(self, measure: str, value: float | None) -> str:
        """Where the value lies; empty where nothing is said of this measure."""
        if value is None or measure not in self.of:
            return ""
        return next(word for bound, word in self.of[measure] if bound is None or value < bound)


QUICK_CHECK = Bands(
    date(2025, 1, 1),
    "DORA Quick Check",
    {"change_lead_time": TIMES, "failed_deployment_recovery_time": TIMES, "deployment_frequency": RATES},
)


def bands(on: date) -> Bands:
    """Those that stood on this day."""
    known = sorted((QUICK_CHECK, *_own(settings.DORA_BANDS)), key=lambda each: each.since)
    return next((each for each in reversed(known) if each.since <= on), known[0])


@cache
def _own(path: str) -> tuple[Bands, ...]:
    """Read from a TOML file, once: [[bands]] since, source, and for each measure a list of [bound, word]."""
    if not path:
        return ()
    return tuple(_read(each) for each in tomllib.loads(Path(path).read_text()).get("bands", []))


def _read(said: dict[str, Any]) -> Bands:
    of = {name: tuple((None if step[0] == "rest" else float(step[0]), str(step[1])) for step in steps)
          for name, steps in said.items() if name not in ("since", "source")}  # fmt: skip
    for name, steps in of.items():
        bounds = [bound for bound, _ in steps[:-1]]
        if not steps or steps[-1][0] is not None or None in bounds or bounds != sorted(bounds):  # type: ignore[type-var]
            raise ValueError(f'DORA_BANDS: {name} needs rising bounds, the last of them "rest".')
    return Bands(said["since"], str(said.get("source", "own")), of)
