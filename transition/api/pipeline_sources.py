"""REST: the tools that send events, for administrators. A secret is in one answer and nowhere else."""

from typing import Any

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from cmdb.models import Service
from itsm.kernel.api.base import RecordViewSet, UpdateRecord, etag
from itsm.kernel.api.serializers import RecordSerializer, RefField, Strict
from itsm.kernel.errors import InvalidInput
from itsm.kernel.permissions import require
from transition.actions.pipeline import SOURCE_ACTIONS
from transition.filters.pipeline import PipelineSourceFilter
from transition.models import PipelineSource, SourceName
from transition.operations import pipeline_sources
from transition.queries.pipeline import sources
from transition.rules import pipeline as rules


class NameSerializer(serializers.ModelSerializer):
    service = serializers.SlugRelatedField(slug_field="slug", read_only=True)

    class Meta:
        model = SourceName
        fields = ("external", "service")


class PipelineSourceSerializer(RecordSerializer):
    names = NameSerializer(many=True, read_only=True)
    environments = serializers.DictField(child=serializers.CharField(), read_only=True)

    class Meta:
        model = PipelineSource
        fields = (*RecordSerializer.BASE, "name", "kind", "names", "environments", "state", "rotated_at", "actions")


class SourceWithSecret(PipelineSourceSerializer):
    secret = serializers.CharField(read_only=True, help_text="What the webhooks are signed with. It is shown once.")

    class Meta(PipelineSourceSerializer.Meta):
        fields = (*PipelineSourceSerializer.Meta.fields, "secret")


class Called(Strict):
    external = serializers.CharField(max_length=300, help_text="The repository, or the tool's own id of the service.")
    service = RefField(Service.objects)

    def validate(self, said: dict[str, Any]) -> dict[str, Any]:
        """Both, also in a PATCH: a name is said anew as a whole."""
        if missing := [name for name in ("external", "service") if name not in said]:
            raise serializers.ValidationError({name: ["This field is required."] for name in missing})
        return said


class SourceChanges(Strict):
    name = serializers.CharField(max_length=100)
    names = serializers.ListField(child=Called(), required=False, max_length=1000)
    environments = serializers.DictField(
        child=serializers.CharField(max_length=40), required=False, help_text="Its name of an environment: ours."
    )

    def validate(self, said: dict[str, Any]) -> dict[str, Any]:
        if "names" in said:
            said["names"] = [(name["external"], name["service"]) for name in said["names"]]
        return said


class NewSource(SourceChanges):
    kind = serializers.ChoiceField(PipelineSource.Kind.choices)


class PipelineSourceViewSet(UpdateRecord, RecordViewSet):
    """Which tools send events, and what their names mean here; administrators only."""

    queryset = sources()
    serializer_class = PipelineSourceSerializer
    filterset_class = PipelineSourceFilter
    record_actions = SOURCE_ACTIONS
    update_arguments = SourceChanges
    lookup_value_regex = r"\d{1,18}"

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        require(rules.may_manage_sources, self.actor)

    def _once(self, key: str, handler: Any) -> Any:
        """An answer with a secret must not be kept for 24 hours."""
        if self.action in ("create", "rotate"):
            raise InvalidInput.at("Idempotency-Key", "A secret is shown once; send this without the header.")
        return super()._once(key, handler)

    @extend_schema(request=NewSource, responses={201: SourceWithSecret})
    def create(self, request: Request) -> Response:
        """Register a tool; the `secret` for its webhooks is in this answer."""
        source, secret = pipeline_sources.create(actor=self.actor, **self.arguments(NewSource))
        return self._with_secret(source, secret, 201)

    def perform_update(self, record: PipelineSource, data: dict[str, Any]) -> PipelineSource:
        return pipeline_sources.update(source_id=record.pk, actor=self.actor, **data)

    @extend_schema(request=None, responses={200: SourceWithSecret})
    @action(detail=True, methods=["post"])
    def rotate(self, request: Request, pk: str) -> Response:
        """A new `secret`; the one before is good for nothing from now on."""
        source = self.get_object()
        with self.as_seen(source):
            done = pipeline_sources.rotate(source_id=source.pk, actor=self.actor, now=timezone.now())
        return self._with_secret(*done, 200)

    @extend_schema(request=None, responses={200: PipelineSourceSerializer})
    @action(detail=True, methods=["post"])
    def disable(self, request: Request, pk: str) -> Response:
        """Refuse its webhooks from now on."""
        return self._do(pipeline_sources.disable)

    @extend_schema(request=None, responses={200: PipelineSourceSerializer})
    @action(detail=True, methods=["post"])
    def enable(self, request: Request, pk: str) -> Response:
        """Take its webhooks again."""
        return self._do(pipeline_sources.enable)

    def _do(self, operate: Any) -> Response:
        source = self.get_object()
        with self.as_seen(source):
            return self.answer(operate(source_id=source.pk, actor=self.actor))

    def _with_secret(self, source: PipelineSource, secret: str, status: int) -> Response:
        fresh: Any = self.get_queryset().get(pk=source.pk)
        fresh.secret = secret
        headers = {"ETag": etag(fresh), "Cache-Control": "no-store"}
        if status == 201:
            headers["Location"] = self.path_of(fresh)
        return Response(
            SourceWithSecret(fresh, context=self.get_serializer_context()).data, status=status, headers=headers
        )
