"""REST: baselines, what they hold, and what has become different."""

from typing import Any, ClassVar

from django.utils import timezone
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from cmdb.filters.baselines import BaselineFilter
from cmdb.models import Baseline, BaselineItem, BaselineRelation, Service
from cmdb.operations import baselines
from cmdb.queries import baselines as ask
from itsm.kernel.api.base import CreateRecord, RecordViewSet
from itsm.kernel.api.serializers import PersonField, RecordSerializer, RefField, Strict


class BaselineSerializer(RecordSerializer):
    service = RefField(read_only=True)
    taken_by = PersonField(read_only=True)

    class Meta:
        model = Baseline
        fields = (
            *RecordSerializer.BASE, "name", "scope", "service", "query", "of_kind", "of_id", "of_number", "note",
            "automatic", "taken_at", "taken_by", "ci_count", "relation_count", "actions",
        )  # fmt: skip


class NewBaseline(Strict):
    name = serializers.CharField(max_length=200)
    service = RefField(Service.objects, required=False)
    query = serializers.CharField(
        required=False, allow_blank=True, max_length=2000,
        help_text="In place of a service: a filter of `cmdb/cis/`, such as `status=live&ci_class=server`.",
    )  # fmt: skip
    note = serializers.CharField(required=False, allow_blank=True)


class BaselineItemSerializer(serializers.ModelSerializer):
    ci = serializers.IntegerField(source="ci_id")
    number = serializers.SerializerMethodField()

    class Meta:
        model = BaselineItem
        fields = ("ci", "number", "state")

    def get_number(self, item: BaselineItem) -> str:
        return f"CI-{item.ci_id}"


class BaselineRelationSerializer(serializers.ModelSerializer):
    source = serializers.IntegerField(source="source_id")
    target = serializers.IntegerField(source="target_id")

    class Meta:
        model = BaselineRelation
        fields = ("source", "source_name", "type", "target", "target_name")


class DifferenceSerializer(serializers.Serializer):
    kind = serializers.ChoiceField([(kind, kind) for kind in ask.KINDS])
    ci = serializers.IntegerField(source="ci_id")
    number = serializers.CharField()
    name = serializers.CharField()
    field = serializers.CharField(help_text="A field, `attributes.<name>`, or the type of a relation; empty for a CI.")
    was = serializers.JSONField(allow_null=True)
    now = serializers.JSONField(allow_null=True)
    other = serializers.IntegerField(source="other_id", allow_null=True, help_text="The other end of a relation.")
    other_name = serializers.CharField()


class BaselineViewSet(CreateRecord, RecordViewSet):
    """Baselines are taken and read; nobody alters or removes one."""

    queryset = ask.listed()
    serializer_class = BaselineSerializer
    filterset_class = BaselineFilter
    create_arguments = NewBaseline
    own_parameters: ClassVar = {"with"}

    def perform_create(self, data: dict[str, Any]) -> Baseline:
        return baselines.take(actor=self.actor, now=timezone.now(), **data)

    @extend_schema(responses={200: BaselineItemSerializer(many=True)})
    @action(detail=True, filterset_class=None)
    def items(self, request: Request, pk: str) -> Response:
        """The CIs as they were, in the order of their ids."""
        found = BaselineItem.objects.filter(baseline=self.get_object()).order_by("ci_id", "pk")
        return self._page(found, BaselineItemSerializer)

    @extend_schema(responses={200: BaselineRelationSerializer(many=True)})
    @action(detail=True, filterset_class=None)
    def relations(self, request: Request, pk: str) -> Response:
        """The relations that the CIs had."""
        found = BaselineRelation.objects.filter(baseline=self.get_object()).order_by("source_id", "pk")
        return self._page(found, BaselineRelationSerializer)

    @extend_schema(
        parameters=[OpenApiParameter("with", str, description="Another baseline by id or number, or `now` (usual).")],
        responses={200: DifferenceSerializer(many=True)},
    )
    @action(detail=True, filterset_class=None)
    def diff(self, request: Request, pk: str) -> Response:
        """What is not the same in another baseline, or now: CIs, fields, attributes and relations."""
        found = ask.diff_of(self.get_object(), self._other(request.query_params.get("with", "now")))
        return self._page(found.rows, DifferenceSerializer)

    def _other(self, said: str) -> Baseline | None:
        if said == "now":
            return None
        other = self.get_queryset().by_ref(said).first()
        if other is None:
            raise ValidationError({"with": [f"There is no baseline {said[:40]!r}. Give its id or number, or now."]})
        return other  # type: ignore[no-any-return]

    def _page(self, rows: Any, serializer: type[serializers.BaseSerializer]) -> Response:
        page = self.paginate_queryset(rows)
        return self.get_paginated_response(serializer(page, many=True).data)
