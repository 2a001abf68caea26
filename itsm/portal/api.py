"""REST: search over everything."""

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.decorators import api_view
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from itsm.kernel.api.authentication import actor_of
from itsm.portal.queries.search import find


@extend_schema(parameters=[OpenApiParameter("q", str, required=True)], responses={200: dict})
@api_view(["GET"])
def search(request: Request) -> Response:
    """Records by number or words, grouped by kind."""
    words = request.query_params.get("q", "").replace("\x00", "")
    if not words:
        raise ValidationError({"q": ["Say what to search for."]})
    groups = find(words, actor_of(request))
    return Response(
        {
            "results": [
                {
                    "kind": group.kind,
                    "records": [
                        {
                            "id": r.pk,
                            "number": r.number,
                            "display": str(getattr(r, "display", r)),
                            "page": r.get_absolute_url(),
                        }
                        for r in group.records
                    ],
                }
                for group in groups
            ]
        }
    )
