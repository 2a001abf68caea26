"""The pack of a meeting: since last time, today, and what is to be decided; every line leads to its record."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from django.db.models import Count, Q

from changes.models import ChangeRequest
from cmdb.models import Service
from transition.models import Deployment, Improvement, Incident, StreamPeriod
from transition.queries.gaps import standing
from transition.queries.measures import measured

MOST = 20


def pack_of(service: Service, since: datetime, now: datetime) -> dict[str, Any]:
    """{"since": …, "sections": [{"title", "lines": [{"text", "link"}]}]}, ready to be stored and shown."""
    return {
        "since": since.isoformat(),
        "sections": [
            {"title": "Since last time", "lines": _since(service, since, now)},
            {"title": "Today", "lines": _today(service, now)},
            {"title": "To decide", "lines": _decide(service, now)},
        ],
    }


def _line(text: str, record: Any) -> dict[str, str]:
    return {"text": text, "link": record.get_absolute_url()}


def _since(service: Service, since: datetime, now: datetime) -> list[dict[str, str]]:
    deployments = Deployment.objects.filter(service=service, requested_at__gt=since, requested_at__lte=now)
    incidents = Incident.objects.filter(service=service, confidential=False)
    opened = incidents.filter(opened_at__gt=since, opened_at__lte=now)
    resolved = incidents.filter(resolved_at__gt=since, resolved_at__lte=now)
    changes = ChangeRequest.objects.filter(
        services=service, confidential=False, finished_at__gt=since, finished_at__lte=now, deployment__isnull=True
    )
    periods = StreamPeriod.objects.filter(
        stream__plan__service=service, state__in=["missed", "excess"], span__endswith__gt=since, span__endswith__lte=now
    ).select_related("stream")
    return [
        *(
            _line(f"{d.number} {d.version} {d.get_state_display().lower()}", d)
            for d in deployments.order_by("pk")[:MOST]
        ),
        *(_line(f"{c.display}: {c.get_outcome_display().lower()}", c) for c in changes.order_by("pk")[:MOST]),
        *(_line(f"{i.display} opened, priority {i.priority}", i) for i in opened.order_by("pk")[:MOST]),
        *(_line(f"{i.display} resolved", i) for i in resolved.order_by("pk")[:MOST]),
        *(_line(f"{p.stream.display}: a period {p.state}", p.stream) for p in periods.order_by("pk")[:MOST]),
    ]


def _today(service: Service, now: datetime) -> list[dict[str, str]]:
    end = now + timedelta(hours=24)
    changes = ChangeRequest.objects.filter(
        services=service, confidential=False, status__in=ChangeRequest.IN_CALENDAR, window__startswith__lt=end,
        window__endswith__gt=now,
    )  # fmt: skip
    periods = (
        StreamPeriod.objects.filter(stream__plan__service=service, state="open", span__endswith__lte=end)
        .select_related("stream")
        .annotate(done=Count("runs"))
    )
    return [
        *(_line(f"{c.display}, {c.get_status_display().lower()}", c) for c in changes.order_by("window", "pk")[:MOST]),
        *(
            _line(f"{p.stream.display}: {p.done} of {p.expected_min} runs, period ends", p.stream)
            for p in periods.order_by("pk")[:MOST]
        ),
    ]


def _decide(service: Service, now: datetime) -> list[dict[str, str]]:
    undecided = Incident.objects.filter(
        service=service, confidential=False, cause=Incident.Cause.UNDECIDED, suspects__isnull=False
    ).distinct()
    due = Improvement.objects.filter(service=service).filter(
        Q(state=Improvement.State.CHECKING, check_on__lte=now.date()) | Q(state=Improvement.State.LOGGED)
    )
    return [
        *(_line(f"{g.display}, {g.get_severity_display().lower()} gap", g) for g in standing(service, now)[:MOST]),
        *(_line(f"Which change caused {i.display}?", i) for i in undecided.order_by("pk")[:MOST]),
        *(_line(f"{i.display}, {i.get_state_display().lower()}", i) for i in due.order_by("pk")[:MOST]),
    ]


@dataclass(frozen=True)
class Proposal:
    """An improvement that the facts themselves propose; its origin makes it come once."""

    title: str
    text: str
    origin: str
    measure: str = ""
    baseline: Decimal | None = None
    target: Decimal | None = None
    incident: Incident | None = None


def proposals_of(service: Service, since: datetime, now: datetime) -> Iterable[Proposal]:
    """From missed periods and from incidents that a change caused."""
    missed = StreamPeriod.objects.filter(
        stream__plan__service=service, state="missed", closed_at__gt=since, closed_at__lte=now
    ).select_related("stream")
    for period in missed.order_by("pk")[:MOST]:
        measure = f"missed_periods:{period.stream.number}"
        yield Proposal(
            f"Keep the rhythm of {period.stream.display}", "A period was missed; find out why, and mend it.",
            f"period:{period.pk}", measure, measured(measure, now), Decimal(0),
        )  # fmt: skip
    caused = Incident.objects.filter(
        service=service, cause=Incident.Cause.CHANGE, updated_at__gt=since, improvements__isnull=True
    ).select_related("caused_by")
    for incident in caused.order_by("pk")[:MOST]:
        measure = f"incidents_by_change:{service.number}"
        yield Proposal(
            f"Let no change cause “{incident.title}” again"[:200], f"{incident.caused_by} caused it.",
            f"incident:{incident.pk}", measure, measured(measure, now), Decimal(0), incident,
        )  # fmt: skip
