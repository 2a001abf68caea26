"""The facts behind a service's figures, all of them in one query."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Count, Exists, F, JSONField, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import JSONObject
from django.utils import timezone
from django.utils.dateparse import parse_datetime

from cmdb.models import Service
from itsm.kernel.actor import Actor
from transition.models import Deployment, Incident, Meeting, MeetingSeries, ReleasePackage, StreamPeriod
from transition.queries.gate import PRODUCTION
from transition.queries.streams import JUDGED

DAYS = 30
SOON = timedelta(days=2)
Counts = dict[str, int]


@dataclass(frozen=True)
class Facts:
    """Counts of 30 days and of this week, what is agreed for the next days, and what is watched."""

    deployments: Counts
    incidents: Counts
    periods: Counts
    series: list[MeetingSeries]
    meetings: dict[tuple[int, datetime], Meeting]
    watched: list[ReleasePackage]


def since_days(now: datetime) -> datetime:
    """Where the figures of the last 30 days begin."""
    return now - timedelta(days=DAYS)


def facts_of(service: Service, *, actor: Actor, now: datetime) -> Facts:
    found = Service.objects.filter(pk=service.pk).values(
        deployments_=_deployments(now), incidents_=_incidents(actor), periods_=_periods(now),
        series_=_rows(MeetingSeries.objects.filter(service=OuterRef("pk"), active=True),
                      "id", "kind", "at", "time_zone", "pack_minutes_before"),
        meetings_=_rows(_meetings(now), "id", "series_id", "starts_at", "pack_at"),
        watched_=_rows(_watched(), "id", "target_date", "deployed_at", "els_days"),
    ).get()  # fmt: skip
    return Facts(
        deployments=found["deployments_"] or dict.fromkeys(("all", "bad", "week", "week_bad"), 0),
        incidents=found["incidents_"] or {"all": 0, "caused": 0},
        periods=found["periods_"] or {str(state): 0 for state in JUDGED},
        series=[_series(row) for row in found["series_"]],
        meetings={(m.series_id, m.starts_at): m for m in map(_meeting, found["meetings_"])},
        watched=[_package(row) for row in found["watched_"]],
    )


def monday(now: datetime) -> datetime:
    local = timezone.localtime(now)
    day: date = local.date() - timedelta(days=local.weekday())
    return datetime.combine(day, time.min, local.tzinfo)


def _deployments(now: datetime) -> Subquery:
    """Those that ended in production; what failed, was rolled back or whose change caused an incident went wrong."""
    since, week = since_days(now), monday(now)
    caused = Incident.objects.filter(caused_by=OuterRef("change"), cause=Incident.Cause.CHANGE)
    finished = Deployment.objects.filter(
        service=OuterRef("pk"), environment=PRODUCTION, state__in=["succeeded", "failed", "rolled_back"],
        finished_at__gt=min(since, week), finished_at__lte=now,
    ).annotate(caused=Exists(caused))  # fmt: skip
    went_wrong = Q(state__in=["failed", "rolled_back"]) | Q(caused=True)
    lately, this_week = Q(finished_at__gt=since), Q(finished_at__gte=week)
    return _counts(
        finished, all=lately, bad=lately & went_wrong, week=this_week, week_bad=this_week & went_wrong
    )  # fmt: skip


def _incidents(actor: Actor) -> Subquery:
    early = Incident.objects.visible_to(actor).filter(service=OuterRef("pk"), state="open", heightened=True)
    return _counts(early, all=Q(), caused=Q(cause=Incident.Cause.CHANGE))


def _periods(now: datetime) -> Subquery:
    ended = StreamPeriod.objects.filter(
        stream__plan__service=OuterRef("pk"), span__endswith__gt=since_days(now), span__endswith__lte=now
    )
    return _counts(ended, **{str(state): Q(state=state) for state in JUDGED})


def _meetings(now: datetime) -> QuerySet[Meeting]:
    return Meeting.objects.filter(series__service=OuterRef("pk"), starts_at__gte=now, starts_at__lte=now + SOON)


def _watched() -> QuerySet[ReleasePackage]:
    return ReleasePackage.objects.filter(plan__service=OuterRef("pk"), state__in=["deployed", "early_life"])


def _counts(records: QuerySet, **figures: Q) -> Subquery:
    """How many there are of each, as one JSON object; nothing where there are none at all."""
    counted = {name: Count("pk", filter=which) if which else Count("pk") for name, which in figures.items()}
    return Subquery(
        records.order_by().annotate(one=Value(1)).values("one").annotate(found=JSONObject(**counted)).values("found"),
        output_field=JSONField(),
    )


def _rows(records: QuerySet, *fields: str) -> ArraySubquery:
    return ArraySubquery(records.order_by("pk").values(row=JSONObject(**{name: F(name) for name in fields})))


def _series(row: dict[str, Any]) -> MeetingSeries:
    return MeetingSeries(**row | {"at": time.fromisoformat(row["at"])})


def _meeting(row: dict[str, Any]) -> Meeting:
    return Meeting(**row | {name: _moment(row[name]) for name in ("starts_at", "pack_at")})


def _package(row: dict[str, Any]) -> ReleasePackage:
    dates = {"target_date": date.fromisoformat(row["target_date"]), "deployed_at": _moment(row["deployed_at"])}
    return ReleasePackage(**row | dates)


def _moment(said: str | None) -> datetime | None:
    return parse_datetime(said) if said else None
