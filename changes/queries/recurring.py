"""Recurring changes: what was made of them, and what is to come."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import islice

from django.db.models import QuerySet

from changes.models import ChangeRequest, Occurrence, RecurringChange
from itsm.kernel.actor import Actor
from itsm.kernel.recurrence import occurrences

SHOWN = 20
COMING = 5
LOOKED_AHEAD = timedelta(days=3660)
MOMENT = timedelta(seconds=1)  # so that what begins at the very first moment is found too


def listed() -> QuerySet[RecurringChange]:
    return RecurringChange.objects.select_related("model", "owner").prefetch_related("services", "cis")


def made_for(recurring: RecurringChange, actor: Actor) -> list[Occurrence]:
    """The latest requests that the actor may see, the last first."""
    seen = ChangeRequest.objects.visible_to(actor).filter(occurrence__recurring=recurring)
    made = recurring.occurrences.filter(change__in=seen).select_related("change")
    return list(made.order_by("-starts_at")[:SHOWN])


def begins_between(recurring: RecurringChange, start: datetime, end: datetime) -> list[datetime]:
    """Each beginning in [start, end)."""
    found = occurrences(
        first=recurring.first_start, rule=recurring.recurrence, zone=recurring.time_zone, lasts=MOMENT, start=start,
        end=end,
    )  # fmt: skip
    return [begins for begins, _ in found if begins >= start]


def _begins_from(recurring: RecurringChange, since: datetime) -> Iterator[datetime]:
    found = occurrences(
        first=recurring.first_start, rule=recurring.recurrence, zone=recurring.time_zone, lasts=MOMENT, start=since,
        end=since + LOOKED_AHEAD,
    )  # fmt: skip
    return (begins for begins, _ in found if begins >= since)


def next_begin(recurring: RecurringChange, since: datetime) -> datetime | None:
    """When the first one begins from then on; none within ten years."""
    return next(_begins_from(recurring, since), None)


def coming(recurring: RecurringChange, now: datetime, most: int = COMING) -> list[datetime]:
    """When the next ones begin that are not made yet."""
    if not recurring.active:
        return []
    since = max(recurring.made_until or now, now)
    left_out = {one.starts_at for one in skipped(recurring, since)}
    return list(islice((begins for begins in _begins_from(recurring, since) if begins not in left_out), most))


def skipped(recurring: RecurringChange, now: datetime) -> list[Occurrence]:
    """Those to come that are left out, the next first."""
    left_out = recurring.occurrences.filter(change__isnull=True, starts_at__gte=now)
    return list(left_out.select_related("skipped_by").order_by("starts_at"))
