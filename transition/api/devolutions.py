"""REST: earned devolutions; POST grants one, `revoke/` takes it back."""

from typing import Any

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from itsm.kernel.api.base import CreateRecord, RecordViewSet
from itsm.kernel.api.serializers import PersonField, RecordSerializer, RefField, Strict
from transition.actions.operation import DEVOLUTION_ACTIONS
from transition.filters.operation import DevolutionFilter
from transition.models import DeliveryStream, Devolution
from transition.operations import devolutions
from transition.queries.devolutions import listed


class DevolutionSerializer(RecordSerializer):
    stream = RefField(read_only=True)
    change_model = serializers.SlugRelatedField(slug_field="code", read_only=True)
    granted_by = PersonField(read_only=True)
    revoked_by = PersonField(read_only=True)

    class Meta:
        model = Devolution
        fields = (
            *RecordSerializer.BASE, "stream", "change_model", "criticality", "days", "min_deployments",
            "max_failed_percent", "state", "granted_by", "granted_at", "granted_on", "grant_entry", "revoked_at",
            "revoked_by", "revoked_because", "revoke_entry", "actions",
        )  # fmt: skip


class DevolutionTerms(Strict):
    """Let the pipeline of a code stream decide alone, while its record holds these terms."""

    stream = RefField(DeliveryStream.objects)
    days = serializers.IntegerField(min_value=1, max_value=365, required=False)
    min_deployments = serializers.IntegerField(min_value=1, max_value=10_000, required=False)
    max_failed_percent = serializers.DecimalField(max_digits=4, decimal_places=1, required=False, min_value=0)


class WhyTakenBack(Strict):
    reason = serializers.CharField(max_length=300)


class DevolutionViewSet(CreateRecord, RecordViewSet):
    queryset = listed()
    serializer_class = DevolutionSerializer
    filterset_class = DevolutionFilter
    record_actions = DEVOLUTION_ACTIONS
    create_arguments = DevolutionTerms

    def perform_create(self, data: dict[str, Any]) -> Devolution:
        return devolutions.grant(stream_id=data.pop("stream").pk, actor=self.actor, now=timezone.now(), **data)

    @extend_schema(request=WhyTakenBack, responses={200: DevolutionSerializer})
    @action(detail=True, methods=["post"])
    def revoke(self, request: Request, pk: str) -> Response:
        """Take it back: from the next request on, people decide."""
        devolution = self.get_object()
        with self.as_seen(devolution):
            done = devolutions.revoke(
                devolution_id=devolution.pk, actor=self.actor, now=timezone.now(), **self.arguments(WhyTakenBack)
            )
        return self.answer(done)
