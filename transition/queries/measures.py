"""Measures that the program takes itself, so that it can say whether an improvement worked.

`missed_periods:STR-2` counts the missed periods of a stream in the last 30 days;
`incidents_by_change:SVC-1` the service's incidents confirmed as caused by a change in the last 30 days.
"""

from collections.abc import Callable
from datetime import datetime, timedelta
from decimal import Decimal

from transition.models import Incident, StreamPeriod

DAYS = timedelta(days=30)


def _missed_periods(pk: int, now: datetime) -> int:
    return StreamPeriod.objects.filter(
        stream=pk, state=StreamPeriod.State.MISSED, span__endswith__gt=now - DAYS, span__endswith__lte=now
    ).count()


def _incidents_by_change(pk: int, now: datetime) -> int:
    return Incident.objects.filter(
        service=pk, cause=Incident.Cause.CHANGE, opened_at__gt=now - DAYS, opened_at__lte=now
    ).count()


MEASURES: dict[str, tuple[str, Callable[[int, datetime], int]]] = {
    "missed_periods": ("STR", _missed_periods),
    "incidents_by_change": ("SVC", _incidents_by_change),
}


def measured(measure: str, now: datetime) -> Decimal | None:
    """The figure now; None when a person has to measure it."""
    name, _, ref = measure.partition(":")
    prefix, _, pk = ref.partition("-")
    if name not in MEASURES or MEASURES[name][0] != prefix or not pk.isdigit():
        return None
    return Decimal(MEASURES[name][1](int(pk), now))
