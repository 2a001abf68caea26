"""REST: what changed in any record, and what it was at a moment."""

from datetime import datetime
from typing import Any

from django.http import Http404
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.decorators import api_view
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from itsm.kernel import subjects
from itsm.kernel.api.authentication import actor_of
from itsm.kernel.api.story import ANSWER, STATE, state_as_of, story_page

RECORD = OpenApiParameter("record", str, required=True, description="The record's number, such as `RFC-12`.")


@extend_schema(parameters=[RECORD, OpenApiParameter("limit", int), OpenApiParameter("offset", int)], responses=ANSWER)
@api_view(["GET"])
def story(request: Request) -> Response:
    """Who changed what, through what and why; newest first."""
    return story_page(request, _record(request, {"limit", "offset"}))


@extend_schema(parameters=[RECORD, OpenApiParameter("at", datetime, required=True)], responses=STATE)
@api_view(["GET"])
def as_of(request: Request) -> Response:
    """The record's own fields as they were at that moment, and how it was linked."""
    return state_as_of(request, _record(request, {"at"}))


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
