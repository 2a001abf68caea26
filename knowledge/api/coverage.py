"""REST: which requirements of a service have a tested article."""

from django.utils import timezone
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.decorators import api_view
from rest_framework.request import Request
from rest_framework.response import Response

from cmdb.models import Service
from itsm.kernel.api.serializers import RefField
from knowledge.queries.coverage import counts_of, coverage_of, requirements_of


class CoverageArguments(serializers.Serializer):
    service = RefField(Service.objects)


@extend_schema(parameters=[OpenApiParameter("service", str, required=True)], responses={200: dict})
@api_view(["GET"])
def coverage(request: Request) -> Response:
    """For each requirement CI of the service: none, draft, in_test, stale or published."""
    reader = CoverageArguments(data=request.query_params.dict())
    reader.is_valid(raise_exception=True)
    cis = requirements_of(reader.validated_data["service"])
    found = coverage_of([ci.pk for ci in cis], today=timezone.localdate())
    return Response(
        {
            "count": len(cis),
            "states": counts_of(found.values()),
            "results": [
                {"ci": ci.number, "name": ci.name, "state": found[ci.pk].state, "article": found[ci.pk].number or None}
                for ci in cis
            ],
        }
    )
