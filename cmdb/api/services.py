"""REST: services."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from cmdb.actions import SERVICE_ACTIONS
from cmdb.filters import ServiceFilter
from cmdb.models import ConfigurationItem, Service
from cmdb.operations import services
from cmdb.queries.services import listed
from itsm.kernel.api.base import CreateRecord, RecordViewSet, UpdateRecord
from itsm.kernel.api.serializers import PersonField, RecordSerializer, RefField, Strict
from itsm.kernel.models import Team


class ServiceSerializer(RecordSerializer):
    ci = RefField(read_only=True)
    owner = PersonField(read_only=True)
    sponsor = PersonField(read_only=True)
    support_team = RefField(read_only=True)

    class Meta:
        model = Service
        fields = (
            *RecordSerializer.BASE, "slug", "name", "summary", "ci", "status", "sub_state", "owner", "sponsor",
            "support_team", "hours", "sla_targets", "delivery_model", "support_access", "actions",
        )  # fmt: skip


class ServiceChanges(Strict):
    name = serializers.CharField(max_length=200)
    summary = serializers.CharField(required=False, allow_blank=True)
    owner = PersonField(required=False, allow_null=True)
    sponsor = PersonField(required=False, allow_null=True)
    support_team = RefField(Team.objects, required=False, allow_null=True)
    hours = serializers.CharField(max_length=100, required=False, allow_blank=True)
    sla_targets = serializers.DictField(required=False)
    delivery_model = serializers.ChoiceField(Service.DeliveryModel.choices, required=False)
    support_access = serializers.CharField(required=False, allow_blank=True)


class NewService(ServiceChanges):
    slug = serializers.SlugField(max_length=80, required=False)
    criticality = serializers.ChoiceField(ConfigurationItem.Criticality.choices, required=False)


class TransitionArguments(Strict):
    to = serializers.ChoiceField(Service.SubState.choices)
    reason = serializers.CharField(required=False, allow_blank=True)


class ServiceViewSet(CreateRecord, UpdateRecord, RecordViewSet):
    queryset = listed()
    serializer_class = ServiceSerializer
    filterset_class = ServiceFilter
    record_actions = SERVICE_ACTIONS
    create_arguments = NewService
    update_arguments = ServiceChanges

    def perform_create(self, data: dict[str, Any]) -> Service:
        return services.define(actor=self.actor, **data)

    def perform_update(self, record: Service, data: dict[str, Any]) -> Service:
        return services.update(service_id=record.pk, actor=self.actor, **data)

    @extend_schema(request=TransitionArguments, responses={200: ServiceSerializer})
    @action(detail=True, methods=["post"])
    def transition(self, request: Request, pk: str) -> Response:
        """Pass a transition point of the portfolio."""
        service = self.get_object()
        with self.as_seen(service):
            return self.answer(
                services.transition(service_id=service.pk, actor=self.actor, **self.arguments(TransitionArguments))
            )
