"""REST: what changed in a record, and what it was at a moment; shared by all that tell it."""

from typing import Any

from django.db.backends.postgresql.psycopg_any import Range
from django.utils.dateparse import parse_datetime
from drf_spectacular.utils import inline_serializer
from rest_framework import serializers
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.utils.urls import replace_query_param

from itsm.kernel import history
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
        "because": inline_serializer(
            "HistoryCause",
            {
                "kind": serializers.CharField(),
                "id": serializers.IntegerField(),
                "number": serializers.CharField(),
                "url": serializers.CharField(),
            },
            allow_null=True,
            help_text="The change, deployment, import or audit that it was done for.",
        ),
        "label": serializers.CharField(help_text="`insert`, `update` or `delete`."),
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
        "links": serializers.ListField(
            child=serializers.CharField(), help_text="How it was linked to others, each as a sentence."
        ),
    },
)


def story_page(request: Request, record: Any) -> Response:
    """One page of the record's story, newest first."""
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
    changes = [
        {"field": field, "before": _plain(before), "after": _plain(after)} for field, before, after in entry["changes"]
    ]
    said = {name: entry[name] for name in ("at", "who", "through", "reason", "because", "label")}
    return {**said, "changes": changes}


def state_as_of(request: Request, record: Any) -> Response:
    """The record as it was at the moment that the request names."""
    said = request.query_params.get("at", "")
    try:
        at = parse_datetime(said.replace(" ", "+"))
    except ValueError:
        at = None
    if at is None or at.tzinfo is None:
        raise ValidationError({"at": ["Give a moment with its zone, such as 2026-11-24T12:00:00Z."]})
    state = history.as_of(record, at)
    fields = {name.removesuffix("_id"): _plain(value) for name, value in (state or {}).items()}
    links = history.links_of(record, at) if state is not None else []
    return Response({"record": record.number, "at": at, "existed": state is not None, "fields": fields, "links": links})


def _plain(value: Any) -> Any:
    """A span of time by its two ends."""
    return {"start": value.lower, "end": value.upper} if isinstance(value, Range) else value
