"""REST: the transition points of a service."""

from typing import Any

from django.utils import timezone
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from cmdb.api.service_fields import ServiceSerializer
from cmdb.models import PointPassed, Service
from cmdb.operations import points as operations
from cmdb.portfolio import points
from cmdb.portfolio.points import Point
from cmdb.queries.points import Examined, ahead, barring, passed
from itsm.kernel.api.serializers import PersonField, Strict
from itsm.kernel.permissions import allowed


class TransitionArguments(Strict):
    to = serializers.ChoiceField(Service.SubState.choices)
    reason = serializers.CharField(
        required=False, allow_blank=True, max_length=2000, help_text="Asked for where it is a step back."
    )


class CriterionWaiverArguments(Strict):
    point = serializers.ChoiceField([(point.code, point.label) for point in points.POINTS])
    criterion = serializers.CharField(max_length=60)
    reason = serializers.CharField(max_length=2000)


class CriterionFound(serializers.Serializer):
    code = serializers.CharField()
    label = serializers.CharField()
    met = serializers.BooleanField(allow_null=True, help_text="Null where it does not apply.")
    message = serializers.CharField()
    waived_by = serializers.CharField()
    waived_because = serializers.CharField()


class PointAhead(serializers.Serializer):
    code = serializers.CharField()
    label = serializers.CharField()
    meaning = serializers.CharField()
    to = serializers.CharField()
    who = serializers.CharField(help_text="Who may pass it.")
    allowed = serializers.BooleanField(help_text="Whether the caller is one of them.")
    open = serializers.BooleanField(help_text="Whether nothing bars it.")
    criteria = CriterionFound(many=True)


class PassedSerializer(serializers.ModelSerializer):
    by = PersonField(read_only=True, allow_null=True)
    label = serializers.SerializerMethodField()
    findings = CriterionFound(many=True)

    class Meta:
        model = PointPassed
        fields = ("point", "label", "from_step", "to_step", "at", "actor", "by", "reason", "findings",
                  "ledger_sequence")  # fmt: skip

    def get_label(self, passage: PointPassed) -> str:
        return points.label_of(passage.point)


class TransitionPreview(serializers.Serializer):
    status = serializers.CharField()
    sub_state = serializers.CharField()
    points = PointAhead(many=True)
    passed = PassedSerializer(many=True, help_text="The latest first.")


class PassesPoints:
    """Of the viewset of services: what is ahead, what was passed, the passage, and a waiver."""

    @extend_schema(
        parameters=[OpenApiParameter("to", str, description="Only the point that leads to this step.")],
        responses={200: TransitionPreview},
    )
    @action(detail=True, methods=["get"], pagination_class=None, filterset_class=None)
    def transition(self: Any, request: Request, pk: str) -> Response:
        """The transition points ahead, with what each would find now, and those that were passed."""
        service = self.get_object()
        if unknown := sorted(set(request.query_params) - {"to", "format"}):
            raise ValidationError({name: ["Unknown parameter. Known: to."] for name in unknown})
        to = request.query_params.get("to")
        if to is not None and to not in Service.SubState.values:
            raise ValidationError({"to": [f"Unknown step. Known: {', '.join(Service.SubState.values)}."]})
        ways = [self._ahead(service, *way) for way in ahead(service, timezone.now()) if to in (None, way[0].to)]
        return Response(
            {
                "status": service.status,
                "sub_state": service.sub_state,
                "points": ways,
                "passed": PassedSerializer(passed(service), many=True).data,
            }
        )

    @extend_schema(request=TransitionArguments, responses={200: ServiceSerializer})
    @transition.mapping.post
    def pass_point(self: Any, request: Request, pk: str) -> Response:
        """Pass a transition point; 409 `criteria_unmet` with the criteria that bar it."""
        service = self.get_object()
        with self.as_seen(service):
            said = self.arguments(TransitionArguments)
            return self.answer(
                operations.pass_point(service_id=service.pk, actor=self.actor, now=timezone.now(), **said)
            )

    @extend_schema(request=CriterionWaiverArguments, responses={200: ServiceSerializer})
    @action(detail=True, methods=["post"], url_path="waive-criterion")
    def waive_criterion(self: Any, request: Request, pk: str) -> Response:
        """Take an unmet criterion of a point ahead upon oneself; it goes into the ledger."""
        service = self.get_object()
        with self.as_seen(service):
            said = self.arguments(CriterionWaiverArguments)
            operations.waive(service_id=service.pk, actor=self.actor, now=timezone.now(), **said)
        return self.answer(service)

    def _ahead(self: Any, service: Service, point: Point, examined: list[Examined]) -> dict[str, Any]:
        return {
            "code": point.code,
            "label": point.label,
            "meaning": point.meaning,
            "to": point.to,
            "who": point.who,
            "allowed": allowed(point.rule, self.actor, service),
            "open": not barring(examined),
            "criteria": [each.as_dict for each in examined],
        }
