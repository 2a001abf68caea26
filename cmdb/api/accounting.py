"""REST: what became of CIs in a period, with what made each difference."""

from itertools import islice
from typing import Any, ClassVar

from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_serializer
from rest_framework import serializers
from rest_framework.exceptions import ValidationError
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.viewsets import ViewSet

from cmdb.forms.accounting import AccountingForm
from cmdb.queries.accounting import HEADINGS, report_on
from itsm.kernel import export
from itsm.kernel.api import csv
from itsm.kernel.api.pagination import DEFAULT, MOST, whole

KNOWN = {"service", "query", "since", "until", "limit", "offset", "format"}
NAMES = [heading.replace("because of", "because") for heading in HEADINGS]


class AccountingRow(serializers.Serializer):
    at = serializers.DateTimeField()
    ci = serializers.CharField()
    name = serializers.CharField()
    what = serializers.CharField()
    field = serializers.CharField()
    before = serializers.JSONField(allow_null=True)
    after = serializers.JSONField(allow_null=True)
    who = serializers.CharField()
    through = serializers.CharField()
    reason = serializers.CharField()
    because = serializers.CharField(help_text="The number of the change, deployment, import or audit; or empty.")


@extend_schema_serializer(many=False)
class AccountingAnswer(serializers.Serializer):
    more = serializers.BooleanField(help_text="Whether there are further rows; ask with a larger offset.")
    results = AccountingRow(many=True)


class AccountingViewSet(ViewSet):
    """Differences are told, not counted: a report over a million CIs begins at once."""

    renderer_classes: ClassVar = [JSONRenderer, csv.CSVRenderer]

    @extend_schema(
        parameters=[
            OpenApiParameter("service", str, description="Slug, number or id: its CI and what that hangs on."),
            OpenApiParameter("query", str, description="In place of a service: a filter of `cmdb/cis/`."),
            OpenApiParameter("since", {"type": "string", "format": "date"}, required=True),
            OpenApiParameter("until", {"type": "string", "format": "date"}, description="The last day; usually today."),
            OpenApiParameter("limit", int),
            OpenApiParameter("offset", int),
        ],
        responses={200: AccountingAnswer},
    )
    def list(self, request: Request) -> Any:
        """Each difference of the period with who, through what, why and because of what; `?format=csv` for all."""
        if unknown := sorted(set(request.query_params) - KNOWN):
            raise ValidationError({name: [f"Unknown. Known are: {', '.join(sorted(KNOWN))}."] for name in unknown})
        form = AccountingForm(request.query_params.dict())
        if not form.is_valid():
            raise ValidationError({name: [str(e) for e in errors] for name, errors in form.errors.items()})
        rows = report_on(form.cis(), *form.period())
        if isinstance(request.accepted_renderer, csv.CSVRenderer):
            return export.answer(islice(rows, export.MOST), "status-accounting")
        limit, offset = min(whole(request, "limit", DEFAULT, 1), MOST), whole(request, "offset", 0, 0)
        found = list(islice(rows, offset + 1, offset + limit + 2))
        results = [dict(zip(NAMES, row, strict=True)) for row in found[:limit]]
        return Response({"more": len(found) > limit, "results": results})
