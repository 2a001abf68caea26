"""What pages draw of promise against reality over weeks: of one stream, and of all streams of a service."""

from datetime import datetime
from typing import Any

from django.utils import timezone

from cmdb.models import Service
from transition import pictures
from transition.models import DeliveryStream
from transition.queries import adherence, needs
from transition.views.dora import duration

FEWEST = 8


def kept_of(stream: DeliveryStream, now: datetime) -> dict[str, Any]:
    """By weeks: periods met, missed and in excess, how late what was missed came, and what waited; two queries."""
    since = (timezone.localdate(now) - stream.active_from).days // 7 + 2
    weeks = adherence.kept(
        "stream", [stream.pk], now, weeks=min(max(since, FEWEST), adherence.WEEKS), with_lateness=True
    )[stream.pk]
    moments = needs.week_ends(now, len(weeks))
    waiting = [point.count for point in needs.stood("stream", [stream.pk], moments)[stream.pk]]
    judged = sum(week.judged for week in weeks)
    late = ["–" if week.late_seconds is None else duration(week.late_seconds) for week in weeks]
    return {
        "weeks": weeks,
        "share": sum(week.met for week in weeks) / judged if judged else None,
        "bars": pictures.stacks((_title(week), _parts(week)) for week in weeks),
        "latest": duration(max(week.late_seconds or 0.0 for week in weeks)),
        "most_waiting": max(waiting),
        "late_line": pictures.line([week.late_seconds or 0.0 for week in weeks]),
        "debt_line": pictures.line([float(count) for count in waiting]),
        "rows": list(zip(weeks, waiting, late, strict=True))[::-1],
    }


def owed_of(service: Service, now: datetime) -> dict[str, Any]:
    """How much waited for each stream of a service that others hand over to, by weeks; two queries."""
    streams = list(DeliveryStream.objects.filter(plan__service=service, fed_by__isnull=False).order_by("pk").distinct())
    moments = needs.week_ends(now)
    stood = needs.stood("stream", [stream.pk for stream in streams], moments)
    lines: list[dict[str, Any]] = []
    for stream in sorted(streams, key=lambda stream: stream.ordinal):
        counts = [point.count for point in stood[stream.pk]]
        points = pictures.line([float(count) for count in counts])
        lines.append({"stream": stream, "counts": counts, "most": max(counts), "points": points})
    return {"moments": moments, "lines": lines, "now": sum(line["counts"][-1] for line in lines)}


def _parts(week: adherence.Kept) -> list[tuple[str, float]]:
    return [("met", week.met), ("excess", week.excess), ("missed", week.missed)]


def _title(week: adherence.Kept) -> str:
    monday = f"{week.monday.day} {week.monday:%b}"
    return f"Week of {monday}: {week.met} met, {week.missed} missed, {week.excess} in excess"
