"""REST: incidents, their suspects and causes."""

from typing import Any

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from changes.models import ChangeRequest
from cmdb.models import ConfigurationItem, Service
from itsm.kernel.api.base import CreateRecord, RecordViewSet
from itsm.kernel.api.serializers import PersonField, RecordSerializer, RefField, Strict
from transition.actions.operation import INCIDENT_ACTIONS
from transition.filters.operation import IncidentFilter
from transition.models import Incident
from transition.operations import incidents
from transition.queries.incidents import listed, visible_changes


class IncidentSerializer(RecordSerializer):
    service = serializers.SlugRelatedField(slug_field="slug", read_only=True)
    ci = RefField(read_only=True)
    caused_by = RefField(read_only=True)
    reported_by = PersonField(read_only=True)

    class Meta:
        model = Incident
        fields = (
            *RecordSerializer.BASE, "title", "text", "service", "ci", "priority", "heightened", "confidential", "state",
            "opened_at", "resolved_at", "reported_by", "cause", "caused_by", "source", "external_key", "actions",
        )  # fmt: skip


class NewIncident(Strict):
    title = serializers.CharField(max_length=200)
    opened_at = serializers.DateTimeField(default=timezone.now)
    text = serializers.CharField(required=False, allow_blank=True)
    service = RefField(Service.objects, required=False, allow_null=True)
    ci = RefField(ConfigurationItem.objects, required=False, allow_null=True)
    priority = serializers.IntegerField(min_value=1, max_value=5, required=False)
    confidential = serializers.BooleanField(required=False)
    source = serializers.CharField(max_length=60, required=False, allow_blank=True)
    external_key = serializers.CharField(max_length=100, required=False, allow_blank=True)


class Cause(Strict):
    change = RefField(ChangeRequest.objects)


class Dismissal(Strict):
    """Without a change: no change caused it."""

    change = RefField(ChangeRequest.objects, required=False, allow_null=True)


class IncidentViewSet(CreateRecord, RecordViewSet):
    queryset = listed()
    serializer_class = IncidentSerializer
    filterset_class = IncidentFilter
    record_actions = INCIDENT_ACTIONS
    create_arguments = NewIncident

    def perform_create(self, data: dict[str, Any]) -> Incident:
        return incidents.report(actor=self.actor, **data)

    def _do(self, operate: Any, **arguments: Any) -> Response:
        incident = self.get_object()
        with self.as_seen(incident):
            return self.answer(operate(incident_id=incident.pk, actor=self.actor, **arguments))

    @extend_schema(responses={200: dict})
    @action(detail=True, pagination_class=None, filterset_class=None)
    def suspects(self, request: Request, pk: str) -> Response:
        """The changes that could have caused it, ranked, with the reasons."""
        found = self.get_object().suspects.select_related("change").order_by("-score", "pk")
        seen = visible_changes(found, self.actor)
        return Response(
            {
                "results": [
                    {
                        "change": RefField().to_representation(s.change),
                        "title": s.change.title if s.change_id in seen else "",
                        "score": s.score,
                        "reasons": s.reasons,
                        "verdict": s.verdict,
                    }
                    for s in found
                ]
            }
        )

    @extend_schema(request=Cause, responses={200: IncidentSerializer})
    @action(detail=True, methods=["post"], url_path="confirm-cause")
    def confirm_cause(self, request: Request, pk: str) -> Response:
        """Say that this change did it."""
        return self._do(incidents.confirm_cause, **self.arguments(Cause))

    @extend_schema(request=Dismissal, responses={200: IncidentSerializer})
    @action(detail=True, methods=["post"], url_path="dismiss-cause")
    def dismiss_cause(self, request: Request, pk: str) -> Response:
        """Say that this change, or no change at all, did it."""
        return self._do(incidents.dismiss_cause, **self.arguments(Dismissal))

    @extend_schema(request=None, responses={200: IncidentSerializer})
    @action(detail=True, methods=["post"])
    def resolve(self, request: Request, pk: str) -> Response:
        """It works again."""
        return self._do(incidents.resolve, now=timezone.now())
