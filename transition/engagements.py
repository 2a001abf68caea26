"""What transition knows of where people are: absences, rotas of streams, meetings of their services."""

from datetime import datetime
from typing import Any

from django.db.backends.postgresql.psycopg_any import DateRange
from django.db.models import OuterRef, QuerySet, Value
from django.db.models.functions import Concat, JSONObject
from django.utils import timezone

from changes.queries.engagements import AWAY, DAY, EXPECTED
from transition.models import Absence, Meeting, Shift


def _days(start: datetime, end: datetime) -> DateRange:
    first, last = timezone.localdate(start), timezone.localdate(end)
    return DateRange(first, last + DAY, "[)")


def absent(start: datetime, end: datetime) -> QuerySet[Any, Any]:
    days = Absence.objects.filter(user=OuterRef("assignee"), days__overlap=_days(start, end)).order_by("pk")
    return days.values(said=JSONObject(what=Value("absent")))


def on_a_rota(start: datetime, end: datetime) -> QuerySet[Any, Any]:
    """Whoever stands for a role of a stream may be wanted for its run."""
    shifts = Shift.objects.filter(user=OuterRef("assignee"), days__overlap=_days(start, end)).order_by("pk")
    return shifts.values(said=JSONObject(what=Concat(Value("on the rota of "), "stream__name")))


def at_meetings(start: datetime, end: datetime) -> QuerySet[Any, Any]:
    """The owner of a service leads its daily meeting; it takes a quarter of an hour."""
    meetings = Meeting.objects.filter(
        starts_at__lt=end, starts_at__gt=start - DAY, series__service__owner=OuterRef("assignee")
    ).order_by("pk")
    what = Concat(Value("the "), "series__kind", Value(" meeting"))
    return meetings.values(said=JSONObject(what=what, at="starts_at", minutes=Value(15)))


AWAY.append(absent)
EXPECTED.extend([on_a_rota, at_meetings])
