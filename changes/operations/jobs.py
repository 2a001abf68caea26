"""Operational jobs: what runs on CIs by itself and may be in a change's way."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from changes import rules
from changes.models import OperationalJob
from cmdb.models import ConfigurationItem
from itsm.kernel import events
from itsm.kernel.actor import Actor
from itsm.kernel.errors import InvalidInput
from itsm.kernel.locks import Lock, hold
from itsm.kernel.operation import operation
from itsm.kernel.permissions import require
from itsm.kernel.recurrence import read

EDITABLE = frozenset(
    {"name", "kind", "first_start", "recurrence", "time_zone", "duration_minutes", "effect", "owner", "active"}
)


@operation
def create(
    *,
    name: str,
    first_start: datetime,
    duration_minutes: int,
    actor: Actor,
    cis: Iterable[ConfigurationItem] = (),
    **details: Any,
) -> OperationalJob:
    """Put a job into the calendar. `recurrence` is an RRULE, read on the wall clock of `time_zone`."""
    require(rules.may_edit_job, actor, None)
    hold(Lock.CALENDAR)
    job = OperationalJob(name=name, first_start=first_start, duration_minutes=duration_minutes, **details)
    _check(job)
    job.save()
    job.cis.set(cis)
    events.record("changes.job.created", job, actor=actor)
    return job


@operation
def update(*, job_id: int, actor: Actor, **changes: Any) -> OperationalJob:
    hold(Lock.CALENDAR)
    job = OperationalJob.objects.lock(job_id)
    require(rules.may_edit_job, actor, job)
    cis = changes.pop("cis", None)
    for field, value in changes.items():
        if field not in EDITABLE:
            raise InvalidInput.at(field, "This cannot be changed here.")
        setattr(job, field, value)
    _check(job)
    job.save(update_fields=sorted(changes) or None)
    if cis is not None:
        job.cis.set(cis)
    events.record("changes.job.updated", job, actor=actor, fields=sorted(changes))
    return job


def _check(job: OperationalJob) -> None:
    try:
        ZoneInfo(job.time_zone)
    except (ZoneInfoNotFoundError, ValueError) as error:
        raise InvalidInput.at("time_zone", f"There is no time zone {job.time_zone!r}; try Europe/Amsterdam.") from error
    if job.duration_minutes < 1:
        raise InvalidInput.at("duration_minutes", "A job lasts a minute at least.")
    if job.recurrence:
        try:
            read(job.recurrence, datetime(2026, 1, 1))  # noqa: DTZ001 wall clock
        except ValueError as error:
            raise InvalidInput.at("recurrence", f"Not an RRULE ({error}); try FREQ=DAILY.") from error
