"""REST: deployments; POST asks *may I deploy?*"""

from typing import Any, ClassVar

from django.utils import timezone
from drf_spectacular.utils import OpenApiExample, extend_schema, extend_schema_serializer
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from cmdb.models import Service
from itsm.kernel.api.base import CreateRecord, RecordViewSet, etag
from itsm.kernel.api.serializers import PersonField, RecordSerializer, RefField, Strict
from transition.actions.operation import DEPLOYMENT_ACTIONS
from transition.filters.operation import DeploymentFilter
from transition.models import Deployment, Evidence
from transition.operations import deployments
from transition.queries.deployments import drawn
from transition.queries.gate import service_named
from transition.waiting import ROOM

DIGEST = r"^[A-Za-z0-9][A-Za-z0-9+._-]{1,30}:[0-9A-Za-z=_-]{16,160}$"
AGAIN = "2"  # seconds


class EvidenceSerializer(serializers.ModelSerializer):
    class Meta:
        model = Evidence
        fields = ("kind", "name", "figures", "digest", "inconclusive")

    def to_representation(self, piece: dict[str, Any]) -> dict[str, Any]:
        """The database has drawn it."""
        return piece


class DeploymentSerializer(RecordSerializer):
    service = serializers.SlugRelatedField(slug_field="slug", read_only=True)
    requirements = serializers.ListField(child=serializers.CharField(), source="requirement_codes", read_only=True)
    requested_by = PersonField(read_only=True)
    rolled_back_by = PersonField(read_only=True)
    change = RefField(read_only=True)
    run = RefField(read_only=True)
    evidence = EvidenceSerializer(many=True, source="pieces", read_only=True)
    valid_until = serializers.DateTimeField(read_only=True, help_text="When its authorisation runs out.")

    class Meta:
        model = Deployment
        fields = (
            *RecordSerializer.BASE, "service", "environment", "artifact", "version", "artifact_digest", "commits",
            "requirements", "pipeline_run", "mode", "requested_by", "requested_at", "change", "run", "decision",
            "decided_at", "reasons", "policy_version", "evidence", "evidence_digest", "state", "valid_until",
            "started_at", "finished_at", "rolled_back_at", "rolled_back_by", "roll_back_reason", "actions",
        )  # fmt: skip


class AnswerSerializer(serializers.ModelSerializer):
    """The gate's answer alone, for those who wait for it."""

    change = RefField(read_only=True)
    number = serializers.CharField(read_only=True)
    valid_until = serializers.DateTimeField(read_only=True)

    class Meta:
        model = Deployment
        fields = ("id", "number", "decision", "decided_at", "state", "valid_until", "change", "reasons")


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


class AskedService(RefField):
    """Everybody who may ask sees every service; the pipeline waits for this one."""

    def _found(self, ref: str | int) -> Service | None:
        return service_named(ref)


@extend_schema_serializer(examples=[EXAMPLE])
class Question(Strict):
    """May I deploy this version of the artifact, given this evidence?"""

    service = AskedService(Service.objects.all())
    environment = serializers.CharField(max_length=40)
    artifact = serializers.CharField(max_length=300)
    version = serializers.CharField(max_length=80)
    artifact_digest = serializers.RegexField(
        DIGEST, max_length=200, required=False, help_text="Such as sha256:…; binds the authorisation to it."
    )
    mode = serializers.ChoiceField(
        [("ask", "Wait for the answer"), ("receipt", "Only tell, and go on")], required=False, default="ask"
    )
    commits = serializers.ListField(child=serializers.CharField(max_length=80), required=False, max_length=1000)
    requirements = serializers.ListField(child=serializers.CharField(max_length=40), required=False, max_length=1000)
    pipeline_run = serializers.CharField(max_length=500, required=False, allow_blank=True)
    evidence = serializers.ListField(child=serializers.DictField(), required=False, max_length=200)


class Bound(Strict):
    """What is deployed; it must be what was asked for."""

    artifact_digest = serializers.RegexField(DIGEST, max_length=200, required=False)
    commits = serializers.ListField(child=serializers.CharField(max_length=80), required=False, max_length=1000)


class DeploymentOutcome(Strict):
    outcome = serializers.ChoiceField(["succeeded", "failed", "rolled_back"])
    reason = serializers.CharField(required=False, allow_blank=True, max_length=2000)


class Wait(serializers.Serializer):
    wait = serializers.IntegerField(
        min_value=0, max_value=60, required=False, default=0, help_text="Seconds to wait for the decision, at most."
    )


class WhyRolledBack(Strict):
    reason = serializers.CharField(max_length=2000)


class DeploymentViewSet(CreateRecord, RecordViewSet):
    queryset = drawn()
    serializer_class = DeploymentSerializer
    filterset_class = DeploymentFilter
    record_actions = DEPLOYMENT_ACTIONS
    create_arguments = Question
    own_parameters: ClassVar = {"wait"}

    def perform_create(self, data: dict[str, Any]) -> Deployment:
        return deployments.request(actor=self.actor, now=timezone.now(), **data)

    def fresh(self, record: Deployment) -> Deployment:
        """What was just asked for is at hand as it was written: nothing needs to be read again."""
        return record if hasattr(record, "pieces") else super().fresh(record)

    def _do(self, operate: Any, **arguments: Any) -> Response:
        deployment = self.get_object()
        with self.as_seen(deployment):
            return self.answer(operate(deployment_id=deployment.pk, actor=self.actor, now=timezone.now(), **arguments))

    def _waited(self, request: Request) -> tuple[Deployment, dict[str, str]]:
        """The deployment once it is decided, or when the time is up; where too many wait, when to ask again."""
        asked = Wait(data=request.query_params)
        asked.is_valid(raise_exception=True)
        deployment = self.get_object()
        seconds = asked.validated_data["wait"]
        if not seconds or deployment.state != Deployment.State.REQUESTED:
            return deployment, {}
        if ROOM.wait(deployment.pk, seconds):
            return self.get_object(), {}
        return deployment, {"Retry-After": AGAIN}

    @extend_schema(parameters=[Wait])
    def retrieve(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """One deployment; with `wait`, answered once it is decided, or after so many seconds."""
        if "wait" not in request.query_params:
            return super().retrieve(request, *args, **kwargs)
        deployment, headers = self._waited(request)
        return Response(self.get_serializer(deployment).data, headers={"ETag": etag(deployment), **headers})

    @extend_schema(parameters=[Wait], responses={200: AnswerSerializer})
    @action(detail=True, pagination_class=None, filterset_class=None)
    def decision(self, request: Request, pk: str) -> Response:
        """The answer alone; with `wait`, once it is there, or after so many seconds."""
        deployment, headers = self._waited(request)
        return Response(AnswerSerializer(deployment, context=self.get_serializer_context()).data, headers=headers)

    @extend_schema(request=Bound, responses={200: DeploymentSerializer})
    @action(detail=True, methods=["post"])
    def start(self, request: Request, pk: str) -> Response:
        """Use the authorisation: once, within its window, and for what it was given."""
        return self._do(deployments.start, **self.arguments(Bound))

    @extend_schema(request=DeploymentOutcome, responses={200: DeploymentSerializer})
    @action(detail=True, methods=["post"])
    def finish(self, request: Request, pk: str) -> Response:
        """Say how it ended."""
        return self._do(deployments.finish, **self.arguments(DeploymentOutcome))

    @extend_schema(request=WhyRolledBack, responses={200: DeploymentSerializer})
    @action(detail=True, methods=["post"], url_path="roll-back")
    def roll_back(self, request: Request, pk: str) -> Response:
        """It was taken back: say why; its change and its run are judged anew."""
        return self._do(deployments.roll_back, **self.arguments(WhyRolledBack))
