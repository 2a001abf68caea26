"""REST: a service's dashboard and debt, and the flow of its requirements."""

from typing import Any, ClassVar

from django.utils import timezone
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.viewsets import ViewSet

from cmdb.api import ServiceViewSet as ServiceRecords
from cmdb.models import Service
from itsm.kernel.api.authentication import actor_of
from itsm.kernel.api.serializers import RefField, Strict
from transition.api.streams import board_json
from transition.queries import flow, needs, requirements, streams
from transition.queries.dashboard import dashboard_of
from transition.queries.debt import debt_of, missing


class ServiceViewSet(ServiceRecords):
    """The services of the CMDB, with what transition knows of them."""

    own_parameters: ClassVar = {"from"}

    @extend_schema(responses={200: dict})
    @action(detail=True, pagination_class=None, filterset_class=None)
    def dashboard(self, request: Request, pk: str) -> Response:
        """What a service owner sees: figures, streams board, flow, debt."""
        service = self.get_object()
        found = dashboard_of(service, actor=self.actor, now=timezone.now())
        return Response(
            {
                "service": RefField().to_representation(service),
                "plan": RefField().to_representation(found.plan) if found.plan else None,
                "in_early_life": found.in_early_life,
                "figures": {
                    tile.name: {
                        "label": tile.label,
                        "value": tile.value,
                        "text": f"{tile.figure}, {tile.note}",
                        "parts": tile.parts,
                        "list": request.build_absolute_uri(tile.url) if tile.url else None,
                    }
                    for tile in found.tiles
                },
                "board": board_json(found.board),
                "uncovered": [
                    {"stream": RefField().to_representation(lane), "role": lack.role, "days": lack.days}
                    for lane, lack in found.lacks
                ],
                "flow": [row_json(row) for row in found.flow],
            }
        )

    @extend_schema(responses={200: dict})
    @action(detail=True, pagination_class=None, filterset_class=None)
    def debt(self, request: Request, pk: str) -> Response:
        """What is live but not yet documented or accepted, the latest first."""
        service, now = self.get_object(), timezone.now()
        found = debt_of(service, actor=self.actor, now=now)
        results = [{**row_json(row), "missing": missing(row)} for row in found.rows]
        over_time = needs.stood("service", [service.pk], needs.week_ends(now))[service.pk]
        return Response(
            {
                "count": found.count,
                "oldest_late_days": found.late_days,
                "results": results,
                "needs_over_time": [{"at": point.at, "open": point.count} for point in over_time],
            }
        )


class FlowQuestion(Strict):
    service = RefField(Service.objects)
    late = serializers.BooleanField(default=False)


class FlowViewSet(ViewSet):
    """Each requirement of a service across all stages at once."""

    @extend_schema(
        parameters=[
            OpenApiParameter("service", str, required=True, description="Slug, number or id."),
            OpenApiParameter("late", bool, description="Only what is late."),
        ],
        responses={200: dict},
    )
    def list(self, request: Request) -> Response:
        """The flow matrix; each cell is a state with its age."""
        question = FlowQuestion(data=request.query_params.dict())
        question.is_valid(raise_exception=True)
        service = question.validated_data["service"]
        rows = flow.flow_of(
            requirements.listed().filter(plan__service=service),
            list(streams.listed().filter(plan__service=service)),
            actor=actor_of(request),
            now=timezone.now(),
        )
        if question.validated_data["late"]:
            rows = [row for row in rows if row.late_days]
        return Response({"count": len(rows), "stages": flow.STAGES, "results": [row_json(row) for row in rows]})


def row_json(row: flow.Row) -> dict[str, Any]:
    requirement = row.requirement
    return {
        "requirement": {**RefField().to_representation(requirement), "code": requirement.code,
                        "kind": requirement.kind, "status": requirement.status},
        "late_days": row.late_days,
        "in_debt": row.is_owed,
        "stages": {
            stage: {"state": cell.state, "text": cell.text,
                    "late_days": cell.late_days}
            for stage, cell in row.cells.items()
        },
    }  # fmt: skip
