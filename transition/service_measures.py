"""What is measured of a service level: whether it was there, and how soon it was again."""

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta

from django.db.models import Aggregate, Count, DurationField, F, Q

from cmdb.models import Service
from cmdb.queries.hours import hours_of
from cmdb.service_hours import Hours, always
from itsm.kernel.measures import Reading, Scope, measure, share
from transition.models import Incident

DOWN, RESTORED = 1, 2
Spell = tuple[datetime, datetime]


@measure(
    "availability", "Availability",
    "Of the agreed service hours in the time, the share in which no incident of priority 1 of the service was open. "
    "Where no hours are agreed, all hours count. Asked of one service.",
    unit="share", family="ITIL", of=("service",),
)  # fmt: skip
def availability(scope: Scope) -> Reading:
    service = Service.objects.filter(pk=scope.service).first() if scope.service is not None else None
    if service is None:
        return Reading(None)
    hours = hours_of(service)
    hours = hours if hours.agreed else always(hours.zone)
    agreed = _seconds(hours.between(scope.since, scope.until))
    incidents = Incident.objects.visible_to(scope.actor).filter(
        Q(resolved_at__isnull=True) | Q(resolved_at__gt=scope.since),
        service=service, priority__lte=DOWN, opened_at__lt=scope.until,
    )  # fmt: skip
    spells = list(incidents.order_by("opened_at", "pk").values_list("opened_at", "resolved_at"))
    down = _seconds(_within(hours, _joined(spells, scope)))
    parts: dict[str, float | None] = {
        "agreed_hours": round(agreed / 3600, 2), "down_hours": round(down / 3600, 2), "incidents": len(spells),
    }  # fmt: skip
    return Reading(share(agreed - down, agreed), parts)


@measure(
    "time_to_restore", "Time to restore",
    "The median time from the opening to the resolution of the incidents of priority 1 and 2 that were resolved in the "
    "time.",
    unit="seconds", family="ITIL",
)  # fmt: skip
def time_to_restore(scope: Scope) -> Reading:
    incidents = Incident.objects.visible_to(scope.actor).filter(
        resolved_at__gte=scope.since, resolved_at__lt=scope.until, priority__lte=RESTORED
    )
    if scope.service is not None:
        incidents = incidents.filter(service=scope.service)
    if scope.team is not None:
        incidents = incidents.filter(service__support_team=scope.team)
    found = incidents.aggregate(number=Count("pk"), median=_Median(F("resolved_at") - F("opened_at")))
    median: timedelta | None = found["median"]
    return Reading(median.total_seconds() if median is not None else None, {"incidents": found["number"]})


class _Median(Aggregate):
    function = "percentile_cont"
    template = "%(function)s(0.5) WITHIN GROUP (ORDER BY %(expressions)s)"
    output_field = DurationField()


def _joined(spells: Iterable[tuple[datetime, datetime | None]], scope: Scope) -> Iterator[Spell]:
    """The times in which something was broken, cut to the scope, each moment once."""
    current: Spell | None = None
    for opened, resolved in spells:
        start, end = max(opened, scope.since), min(resolved or scope.until, scope.until)
        if current is not None and start <= current[1]:
            current = (current[0], max(current[1], end))
            continue
        if current is not None:
            yield current
        current = (start, end)
    if current is not None:
        yield current


def _within(hours: Hours, spells: Iterable[Spell]) -> Iterator[Spell]:
    for start, end in spells:
        yield from hours.between(start, end)


def _seconds(spells: Iterable[Spell]) -> float:
    return sum((end - start).total_seconds() for start, end in spells)
