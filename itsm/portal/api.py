"""REST: search over everything."""

from typing import Any

from drf_spectacular.utils import OpenApiParameter, extend_schema, inline_serializer
from rest_framework import serializers
from rest_framework.decorators import api_view
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.reverse import reverse

from itsm.kernel.api.authentication import actor_of
from itsm.kernel.api.pagination import whole
from itsm.portal.queries.search import KINDS, PER_KIND, Kind, find

NAMES = [kind.name for kind in KINDS]
MOST = 50
PARAMETERS = [
    OpenApiParameter("q", str, required=True, description="A number (`RFC-12`) or words, each by its beginning."),
    OpenApiParameter("kind", str, enum=NAMES, description="Only these kinds, separated by commas."),
    OpenApiParameter("limit", int, description=f"How many of each kind; {PER_KIND} unless said, at most {MOST}."),
]
FOUND = inline_serializer(
    "Found",
    {
        "kind": serializers.ChoiceField(NAMES),
        "id": serializers.IntegerField(),
        "number": serializers.CharField(),
        "display": serializers.CharField(),
        "url": serializers.URLField(),
        "page": serializers.CharField(help_text="The address of its page."),
    },
    many=True,
)
ANSWER = inline_serializer(
    "FoundRecords",
    {
        "count": serializers.IntegerField(),
        "next": serializers.URLField(allow_null=True),
        "previous": serializers.URLField(allow_null=True),
        "results": FOUND,
    },
)


@extend_schema(parameters=PARAMETERS, responses={200: ANSWER})
@api_view(["GET"])
def search(request: Request) -> Response:
    """Records by number or words, the best of each kind together; what the caller may not see is not found."""
    words = _words(request)
    most = min(whole(request, "limit", PER_KIND, 1), MOST)
    groups = find(words, actor_of(request), most, _kinds(request))
    results = [_drawn(group.kind, record, request) for group in groups for record in group.records]
    return Response({"count": len(results), "next": None, "previous": None, "results": results})


def _words(request: Request) -> str:
    if unknown := sorted(set(request.query_params) - {"q", "kind", "limit", "format"}):
        raise ValidationError({name: ["Unknown filter. Known are: kind, limit, q."] for name in unknown})
    words = request.query_params.get("q", "").replace("\x00", "").strip()[:200]
    if not words:
        raise ValidationError({"q": ["Say what to search for."]})
    return words


def _kinds(request: Request) -> list[Kind]:
    asked = [name for name in request.query_params.get("kind", "").split(",") if name]
    if unknown := sorted(set(asked) - set(NAMES)):
        raise ValidationError({"kind": [f"Unknown: {', '.join(unknown)}. Known are: {', '.join(NAMES)}."]})
    return [kind for kind in KINDS if kind.name in asked or not asked]


def _drawn(kind: Kind, record: Any, request: Request) -> dict[str, Any]:
    return {
        "kind": kind.name,
        "id": record.pk,
        "number": record.number,
        "display": getattr(record, "display", "") or str(record),
        "url": reverse(f"api:{kind.name}-detail", args=[record.pk], request=request),
        "page": record.get_absolute_url(),
    }
