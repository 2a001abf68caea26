"""What the facts themselves propose to improve; a meeting's pack enters it into the register."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from cmdb.models import Service
from transition.models import Incident, StreamPeriod
from transition.queries.measures import being_improved, measured

MOST = 20


@dataclass(frozen=True)
class Proposal:
    """An improvement with its measure; the origin makes it come once."""

    title: str
    text: str
    origin: str
    measure: str
    baseline: Decimal | None
    incident: Incident | None = None
    target: Decimal = Decimal(0)


def proposals_of(service: Service, since: datetime, now: datetime) -> list[Proposal]:
    """From missed periods, from incidents that a change caused, and from debt past its target."""
    return [*_cadence(service, since, now), *_causes(service, now), *_debt(service, now)]


def _cadence(service: Service, since: datetime, now: datetime) -> Iterable[Proposal]:
    """One for a stream that missed a period, unless somebody is at it already."""
    missed = StreamPeriod.objects.filter(
        stream__plan__service=service, state=StreamPeriod.State.MISSED, closed_at__gt=since, closed_at__lte=now
    ).select_related("stream")
    seen = set()
    for period in missed.order_by("-pk")[:MOST]:
        measure = f"missed_periods:{period.stream.number}"
        if measure in seen or being_improved(measure):
            continue
        seen.add(measure)
        baseline = measured(measure, now)
        times = "once" if baseline in (None, 1) else f"{baseline} times"
        yield Proposal(
            f"Keep the rhythm of {period.stream.display}",
            f"It missed its period {times} in 30 days, the last time {period.days}. Find out why, and mend it.",
            f"period:{period.pk}", measure, baseline,
        )  # fmt: skip


def _causes(service: Service, now: datetime) -> Iterable[Proposal]:
    """One for each incident that a change caused and nothing followed from."""
    caused = Incident.objects.filter(
        service=service, cause=Incident.Cause.CHANGE, confidential=False, improvements__isnull=True
    ).select_related("caused_by")
    measure = f"incidents_by_change:{service.number}"
    for incident in caused.order_by("-pk")[:MOST]:
        yield Proposal(
            f"Let no change cause “{incident.title}” again"[:200],
            f"{incident.caused_by} caused {incident.number}. Find out what the plan or the checks lacked.",
            f"incident:{incident.pk}", measure, measured(measure, now), incident,
        )  # fmt: skip


def _debt(service: Service, now: datetime) -> Iterable[Proposal]:
    """One when something live is neither documented nor accepted within its target."""
    measure = f"late_debt:{service.number}"
    late = measured(measure, now)
    if late and not being_improved(measure):
        yield Proposal(
            f"Document and accept in time what goes live at {service}"[:200],
            f"{late} live requirements are past their lag target. The streams behind the code stream fall back.",
            f"debt:{service.pk}:{now:%Y-%m-%d}", measure, late,
        )  # fmt: skip
