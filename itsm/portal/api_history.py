"""REST: what changed in a record, and what it was at a moment."""

from datetime import datetime
from typing import Any

from django.db.backends.postgresql.psycopg_any import Range
from django.http import Http404
from django.utils.dateparse import parse_datetime
from drf_spectacular.utils import OpenApiParameter, extend_schema, inline_serializer
from rest_framework import serializers
from rest_framework.decorators import api_view
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.utils.urls import replace_query_param

from itsm.kernel import history, subjects
from itsm.kernel.api.authentication import actor_of
from itsm.kernel.api.pagination import DEFAULT, MOST, whole

CHANGE = inline_serializer(
    "HistoryChange",
    {"field": serializers.CharField(), "before": serializers.JSONField(), "after": serializers.JSONField()},
    many=True,
)
ENTRY = inline_serializer(
    "HistoryEntry",
    {
        "at": serializers.DateTimeField(),
        "who": serializers.CharField(),
        "through": serializers.CharField(help_text="The operation, job or command; empty for bare SQL."),
        "reason": serializers.CharField(),
        "label": serializers.CharField(help_text="`insert` or `update`."),
        "changes": CHANGE,
    },
    many=True,
)
ANSWER = inline_serializer(
    "HistoryPage",
    {
        "count": serializers.IntegerField(),
        "next": serializers.URLField(allow_null=True),
        "previous": serializers.URLField(allow_null=True),
        "results": ENTRY,
    },
)
STATE = inline_serializer(
    "StateAsOf",
    {
        "record": serializers.CharField(),
        "at": serializers.DateTimeField(),
        "existed": serializers.BooleanField(),
        "fields": serializers.DictField(child=serializers.JSONField()),
    },
)
RECORD = OpenApiParameter("record", str, required=True, description="The record's number, such as `RFC-12`.")


@extend_schema(parameters=[RECORD, OpenApiParameter("limit", int), OpenApiParameter("offset", int)], responses=ANSWER)
@api_view(["GET"])
def story(request: Request) -> Response:
    """Who changed what, through what and why; newest first."""
    record = _record(request, {"limit", "offset"})
    limit, offset = min(whole(request, "limit", DEFAULT, 1), MOST), whole(request, "offset", 0, 0)
    count, url = history.length_of(record), request.build_absolute_uri()
    return Response(
        {
            "count": count,
            "next": replace_query_param(url, "offset", offset + limit) if offset + limit < count else None,
            "previous": replace_query_param(url, "offset", max(offset - limit, 0)) if offset else None,
            "results": [_drawn(entry) for entry in history.story_of(record, limit, offset)],
        }
    )


def _drawn(entry: dict[str, Any]) -> dict[str, Any]:
    changes = [{"field": field, "before": before, "after": after} for field, before, after in entry["changes"]]
    return {name: entry[name] for name in ("at", "who", "through", "reason", "label")} | {"changes": changes}


@extend_schema(parameters=[RECORD, OpenApiParameter("at", datetime, required=True)], responses=STATE)
@api_view(["GET"])
def as_of(request: Request) -> Response:
    """The record's own fields as they were at that moment."""
    record = _record(request, {"at"})
    said = request.query_params.get("at", "")
    try:
        at = parse_datetime(said.replace(" ", "+"))
    except ValueError:
        at = None
    if at is None or at.tzinfo is None:
        raise ValidationError({"at": ["Give a moment with its zone, such as 2026-11-24T12:00:00Z."]})
    state = history.as_of(record, at)
    fields = {name.removesuffix("_id"): _plain(value) for name, value in (state or {}).items()}
    return Response({"record": record.number, "at": at, "existed": state is not None, "fields": fields})


def _plain(value: Any) -> Any:
    """A span of time by its two ends."""
    return {"start": value.lower, "end": value.upper} if isinstance(value, Range) else value


def _record(request: Request, others: set[str]) -> Any:
    known = {"record", *others}
    if unknown := sorted(set(request.query_params) - known - {"format"}):
        raise ValidationError({name: [f"Unknown. Known are: {', '.join(sorted(known))}."] for name in unknown})
    number = request.query_params.get("record", "")
    if not number:
        raise ValidationError({"record": ["Say which record, by its number."]})
    record = subjects.called(number, actor_of(request))
    if record is None or not hasattr(record, "pgh_event_model"):
        raise Http404
    return record
