"""REST: deployments; POST asks *may I deploy?*"""

from typing import Any

from django.utils import timezone
from drf_spectacular.utils import OpenApiExample, extend_schema, extend_schema_serializer
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from cmdb.models import Service
from itsm.kernel.api.base import CreateRecord, RecordViewSet
from itsm.kernel.api.serializers import PersonField, RecordSerializer, RefField, Strict
from transition.actions.operation import DEPLOYMENT_ACTIONS
from transition.filters.operation import DeploymentFilter
from transition.models import Deployment, Evidence
from transition.operations import deployments
from transition.queries.deployments import listed


class EvidenceSerializer(serializers.ModelSerializer):
    class Meta:
        model = Evidence
        fields = ("kind", "name", "figures", "digest")


class DeploymentSerializer(RecordSerializer):
    service = serializers.SlugRelatedField(slug_field="slug", read_only=True)
    requirements = serializers.SlugRelatedField(slug_field="code", many=True, read_only=True)
    requested_by = PersonField(read_only=True)
    change = RefField(read_only=True)
    run = RefField(read_only=True)
    evidence = EvidenceSerializer(many=True, read_only=True)
    valid_until = serializers.DateTimeField(read_only=True, help_text="When its authorisation runs out.")

    class Meta:
        model = Deployment
        fields = (
            *RecordSerializer.BASE, "service", "environment", "artifact", "version", "commits", "requirements",
            "pipeline_run", "requested_by", "requested_at", "change", "run", "decision", "reasons", "policy_version",
            "evidence", "state", "valid_until", "started_at", "finished_at", "actions",
        )  # fmt: skip


EXAMPLE = OpenApiExample(
    "May version 1.8.3 go to production?",
    request_only=True,
    value={
        "service": "online-shop",
        "environment": "production",
        "artifact": "registry/online-shop",
        "version": "1.8.3",
        "commits": ["9f2c41d"],
        "requirements": ["a", "b"],
        "pipeline_run": "https://ci.example.org/runs/42",
        "evidence": [
            {"kind": "tests", "name": "unit", "passed": 812, "failed": 0},
            {"kind": "scan", "name": "sast", "critical": 0, "high": 0},
        ],
    },
)


@extend_schema_serializer(examples=[EXAMPLE])
class Question(Strict):
    """May I deploy this version of the artifact, given this evidence?"""

    service = RefField(Service.objects)
    environment = serializers.CharField(max_length=40)
    artifact = serializers.CharField(max_length=300)
    version = serializers.CharField(max_length=80)
    commits = serializers.ListField(child=serializers.CharField(max_length=80), required=False, max_length=1000)
    requirements = serializers.ListField(child=serializers.CharField(max_length=40), required=False, max_length=1000)
    pipeline_run = serializers.CharField(max_length=500, required=False, allow_blank=True)
    evidence = serializers.ListField(child=serializers.DictField(), required=False, max_length=200)


class DeploymentOutcome(Strict):
    outcome = serializers.ChoiceField(["succeeded", "failed", "rolled_back"])


class DeploymentViewSet(CreateRecord, RecordViewSet):
    queryset = listed().prefetch_related("requirements", "evidence")
    serializer_class = DeploymentSerializer
    filterset_class = DeploymentFilter
    record_actions = DEPLOYMENT_ACTIONS
    create_arguments = Question

    def perform_create(self, data: dict[str, Any]) -> Deployment:
        return deployments.request(actor=self.actor, now=timezone.now(), **data)

    def _do(self, operate: Any, **arguments: Any) -> Response:
        deployment = self.get_object()
        with self.as_seen(deployment):
            return self.answer(operate(deployment_id=deployment.pk, actor=self.actor, now=timezone.now(), **arguments))

    @extend_schema(request=None, responses={200: DeploymentSerializer})
    @action(detail=True, methods=["post"])
    def start(self, request: Request, pk: str) -> Response:
        """Use the authorisation: once, and within its window."""
        return self._do(deployments.start)

    @extend_schema(request=DeploymentOutcome, responses={200: DeploymentSerializer})
    @action(detail=True, methods=["post"])
    def finish(self, request: Request, pk: str) -> Response:
        """Say how it ended."""
        return self._do(deployments.finish, **self.arguments(DeploymentOutcome))
