"""Measures that the program takes itself, so that it can say whether an improvement worked.

A measure is written `name:number`, such as `missed_periods:STR-2` or `incidents_by_change:SVC-1`; MEASURES
says which there are and what each counts. Anything else a person measures.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from changes.models import ChangeModel, ChangeRequest
from cmdb.models import Service
from itsm.kernel.actor import Actor
from transition.models import Deployment, Improvement, Incident, StreamPeriod
from transition.queries.debt import debt_of

DAYS = timedelta(days=30)
PROGRAM = Actor.system("measures")


@dataclass(frozen=True)
class Measure:
    """What is counted, of which kind of record."""

    prefix: str
    words: str
    count: Callable[[int, datetime], int]


def _missed_periods(pk: int, now: datetime) -> int:
    return StreamPeriod.objects.filter(
        stream=pk, state=StreamPeriod.State.MISSED, span__endswith__gt=now - DAYS, span__endswith__lte=now
    ).count()


def _incidents_by_change(pk: int, now: datetime) -> int:
    return Incident.objects.filter(
        service=pk, cause=Incident.Cause.CHANGE, opened_at__gt=now - DAYS, opened_at__lte=now
    ).count()


def _failed_deployments(pk: int, now: datetime) -> int:
    wrong = (Deployment.State.FAILED, Deployment.State.ROLLED_BACK)
    return Deployment.objects.filter(
        service=pk, state__in=wrong, finished_at__gt=now - DAYS, finished_at__lte=now
    ).count()


def _unauthorised_changes(pk: int, now: datetime) -> int:
    return ChangeRequest.objects.filter(
        services=pk,
        type=ChangeModel.Type.UNAUTHORISED,
        discovery__found_at__gt=now - DAYS,
        discovery__found_at__lte=now,
    ).count()


def _late_debt(pk: int, now: datetime) -> int:
    service = Service.objects.filter(pk=pk).first()
    rows = debt_of(service, actor=PROGRAM, now=now).rows if service else []
    return sum(row.late_days > 0 for row in rows)


MEASURES: dict[str, Measure] = {
    "missed_periods": Measure("STR", "missed periods of {} in the last 30 days", _missed_periods),
    "incidents_by_change": Measure(
        "SVC", "incidents of {} in the last 30 days that a change caused", _incidents_by_change
    ),
    "failed_deployments": Measure(
        "SVC", "deployments of {} in the last 30 days that failed or were rolled back", _failed_deployments
    ),
    "unauthorised_changes": Measure(
        "SVC", "unauthorised changes of {} found in the last 30 days", _unauthorised_changes
    ),
    "late_debt": Measure("SVC", "live requirements of {} past their lag target", _late_debt),
}


def _read(measure: str) -> tuple[Measure, str, int] | None:
    name, _, ref = measure.partition(":")
    prefix, _, pk = ref.partition("-")
    known = MEASURES.get(name)
    if known is None or known.prefix != prefix or not (pk.isascii() and pk.isdecimal() and len(pk) < 19):
        return None
    return known, ref, int(pk)


def measured(measure: str, now: datetime) -> Decimal | None:
    """The figure now; None when a person has to measure it."""
    found = _read(measure)
    return Decimal(found[0].count(found[2], now)) if found else None


def takes(measure: str) -> bool:
    """Whether the program takes this measure itself."""
    return _read(measure) is not None


def in_words(measure: str) -> str:
    """What is counted, as people say it."""
    found = _read(measure)
    return found[0].words.format(found[1]) if found else measure


def being_improved(measure: str) -> bool:
    """Whether somebody is at it already, so that it need not be proposed again."""
    done = (Improvement.State.WORKED, Improvement.State.DID_NOT_WORK, Improvement.State.DROPPED)
    return Improvement.objects.filter(measure=measure).exclude(state__in=done).exists()
