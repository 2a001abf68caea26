"""Where the people of a plan are expected meanwhile, and why they may be away; other apps add what they know.

A source is a query about one task's assignee (`OuterRef("assignee")`) and a span of time; the tasks are read with
what all sources say, in one query.
"""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef, QuerySet
from django.db.models.functions import JSONObject
from django.utils import timezone

from changes.models import BoardMeeting
from itsm.kernel.models import Delegation

# Answers rows of one column, `said`: {"what", "at", "minutes"}; where there is no time, all of the span is meant.
Source = Callable[[datetime, datetime], QuerySet[Any, Any]]
DAY = timedelta(days=1)
AWAY: list[Source] = []
EXPECTED: list[Source] = []


def with_engagements(tasks: QuerySet[Any], start: datetime | None, end: datetime | None) -> QuerySet[Any]:
    if start is None or end is None:
        return tasks
    away = {f"away_{n}": ArraySubquery(source(start, end)) for n, source in enumerate(AWAY)}
    expected = {f"expected_{n}": ArraySubquery(source(start, end)) for n, source in enumerate(EXPECTED)}
    return tasks.annotate(**away, **expected)


def away(task: Any) -> str:
    """Why the assignee may not be there; empty when nobody says so."""
    said = [row["what"] for row in _rows(task, "away", len(AWAY))]
    return "; ".join(dict.fromkeys(said))


def appointments(task: Any, start: datetime, end: datetime) -> list[str]:
    """Each place at which the assignee is expected in the time of the task's window, as a sentence."""
    sentences = []
    for row in _rows(task, "expected", len(EXPECTED)):
        if row.get("at") is None:
            sentences.append(f"{task.assignee} is expected: {row['what']}.")
            continue
        at = datetime.fromisoformat(row["at"])
        if at < end and at + timedelta(minutes=row["minutes"]) > start:
            sentences.append(f"{task.assignee} is expected at {row['what']}, {timezone.localtime(at):%H:%M}.")
    return sentences


def _rows(task: Any, kind: str, count: int) -> list[dict[str, Any]]:
    return [row for n in range(count) for row in getattr(task, f"{kind}_{n}", None) or ()]


def _lent(start: datetime, end: datetime) -> QuerySet[Any, Any]:
    """Who lends a role for that time has a reason to."""
    lent = Delegation.objects.filter(
        giver=OuterRef("assignee"), ended_at__isnull=True, since__lt=end, until__gt=start
    ).order_by("pk")
    return lent.values(said=JSONObject(what="reason"))


def _boards(start: datetime, end: datetime) -> QuerySet[Any, Any]:
    meetings = BoardMeeting.objects.filter(
        state__in=BoardMeeting.LIVE,
        starts_at__lt=end,
        starts_at__gt=start - DAY,
        board__seats__user=OuterRef("assignee"),
    ).order_by("pk")
    return meetings.values(said=JSONObject(what="board__name", at="starts_at", minutes="duration_minutes"))


AWAY.append(_lent)
EXPECTED.append(_boards)
