"""What the stream's page draws of promise against reality."""

from datetime import datetime
from typing import Any

from django.utils import timezone

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
        "late_line": pictures.line([week.late_seconds or 0.0 for week in weeks]),
        "debt_line": pictures.line([float(count) for count in waiting]),
        "rows": list(zip(weeks, waiting, late, strict=True))[::-1],
    }


def _parts(week: adherence.Kept) -> list[tuple[str, float]]:
    return [("met", week.met), ("excess", week.excess), ("missed", week.missed)]


def _title(week: adherence.Kept) -> str:
    monday = f"{week.monday.day} {week.monday:%b}"
    return f"Week of {monday}: {week.met} met, {week.missed} missed, {week.excess} in excess"
