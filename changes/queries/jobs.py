"""Operational jobs and when they run."""

from datetime import datetime, timedelta

from django.db.models import QuerySet

from changes.models import OperationalJob
from itsm.kernel.recurrence import occurrences


def listed() -> QuerySet[OperationalJob]:
    return OperationalJob.objects.select_related("owner").prefetch_related("cis").order_by("name", "pk")


def runs_of(job: OperationalJob, start: datetime, end: datetime) -> list[tuple[datetime, datetime]]:
    """Its runs [from, to) that overlap [start, end)."""
    return list(
        occurrences(
            first=job.first_start,
            rule=job.recurrence,
            zone=job.time_zone,
            lasts=timedelta(minutes=job.duration_minutes),
            start=start,
            end=end,
        )
    )
