"""Streams with their periods and runs."""

from datetime import datetime

from django.db.models import Count, F, Q, QuerySet

from transition.models import DeliveryStream, StreamPeriod, StreamRun

JUDGED = (StreamPeriod.State.MET, StreamPeriod.State.MISSED, StreamPeriod.State.EXCESS)


def listed() -> QuerySet[DeliveryStream]:
    return DeliveryStream.objects.select_related("plan__service", "owner", "feeds", "change_model").order_by(
        "plan_id", "ordinal", "pk"
    )


def periods() -> QuerySet[StreamPeriod]:
    """The latest first, each with how many runs it has."""
    return (
        StreamPeriod.objects.select_related("stream__plan__service", "stream__owner")
        .annotate(run_count=Count("runs"))
        .order_by("-span", "-pk")
    )


def runs() -> QuerySet[StreamRun]:
    return StreamRun.objects.select_related("stream__plan__service", "period__stream", "by").order_by("-at", "-pk")


def kept(periods: QuerySet[StreamPeriod], since: datetime, now: datetime) -> dict[str, int]:
    """How many periods that ended in this time were met, missed and exceeded."""
    ended = periods.filter(span__endswith__gt=since, span__endswith__lte=now)
    return ended.aggregate(**{str(state): Count("pk", filter=Q(state=state)) for state in JUDGED})


def with_record(streams: QuerySet[DeliveryStream], since: datetime) -> QuerySet[DeliveryStream]:
    """Adds promise against reality: `met`, `missed` and `excess` periods that ended since then."""
    ended = Q(periods__span__endswith__gt=since)
    return streams.annotate(
        **{str(state): Count("periods", filter=ended & Q(periods__state=state)) for state in JUDGED},
        judged=F("met") + F("missed") + F("excess"),
    )
