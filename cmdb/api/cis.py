"""REST: classes, CIs, relations."""

from datetime import datetime
from typing import Any, ClassVar

from django.utils import timezone
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from cmdb.actions import CI_ACTIONS, CLASS_ACTIONS
from cmdb.api import impact
from cmdb.filters import CIClassFilter, ConfigurationItemFilter, RelationFilter
from cmdb.keys import Key
from cmdb.models import CIClass, ConfigurationItem, Relation
from cmdb.operations import cis, classes, relations
from cmdb.queries import cis as ask
from itsm.kernel.api import story
from itsm.kernel.api.base import CreateRecord, DeleteRecord, RecordViewSet, UpdateRecord
from itsm.kernel.api.serializers import PersonField, RecordSerializer, RefField, Strict
from itsm.kernel.models import Team


class CIClassSerializer(RecordSerializer):
    parent = RefField(read_only=True)

    class Meta:
        model = CIClass
        fields = (*RecordSerializer.BASE, "code", "name", "kind", "parent", "schema", "reason_required", "actions")


class ClassChanges(Strict):
    name = serializers.CharField(max_length=100)
    kind = serializers.ChoiceField(CIClass.Kind.choices, required=False)
    parent = RefField(CIClass.objects, required=False, allow_null=True)
    schema = serializers.DictField(required=False)
    reason_required = serializers.BooleanField(required=False)


class NewCIClass(ClassChanges):
    code = serializers.SlugField(max_length=60)


class CIClassViewSet(CreateRecord, UpdateRecord, RecordViewSet):
    queryset = CIClass.objects.select_related("parent").order_by("pk")
    serializer_class = CIClassSerializer
    filterset_class = CIClassFilter
    record_actions = CLASS_ACTIONS
    create_arguments = NewCIClass
    update_arguments = ClassChanges

    def perform_create(self, data: dict[str, Any]) -> CIClass:
        return classes.create(actor=self.actor, **data)

    def perform_update(self, record: CIClass, data: dict[str, Any]) -> CIClass:
        return classes.update(class_id=record.pk, actor=self.actor, **data)


class KeySerializer(Strict):
    """The name by which another tool knows the CI."""

    source = serializers.RegexField("^[^:]+$", max_length=60)
    key = serializers.CharField(max_length=200)

    def to_internal_value(self, data: Any) -> Key:
        return Key(**super().to_internal_value(data))


class ConfigurationItemSerializer(RecordSerializer):
    ci_class = serializers.SlugRelatedField(slug_field="code", read_only=True)
    owner = PersonField(read_only=True)
    verified_by = PersonField(read_only=True)
    support_team = RefField(read_only=True)
    external_keys = KeySerializer(many=True, read_only=True)

    class Meta:
        model = ConfigurationItem
        fields = (
            *RecordSerializer.BASE, "ci_class", "name", "environment", "status", "version", "owner", "support_team",
            "criticality", "attributes", "external_keys", "verified_at", "verified_by", "actions",
        )  # fmt: skip


class CIChanges(Strict):
    ci_class = serializers.SlugRelatedField(slug_field="code", queryset=CIClass.objects.all())
    name = serializers.CharField(max_length=200)
    environment = serializers.CharField(max_length=40, required=False, allow_blank=True)
    version = serializers.CharField(max_length=80, required=False, allow_blank=True)
    owner = PersonField(required=False, allow_null=True)
    support_team = RefField(Team.objects, required=False, allow_null=True)
    criticality = serializers.ChoiceField(ConfigurationItem.Criticality.choices, required=False)
    attributes = serializers.DictField(required=False)
    external_keys = serializers.ListField(child=KeySerializer(), required=False, max_length=100)


class CIUpdate(CIChanges):
    reason = serializers.CharField(
        required=False, allow_blank=True, max_length=500, help_text="Kept in the history; some classes demand it."
    )


class NewCI(CIChanges):
    status = serializers.ChoiceField(ConfigurationItem.Status.choices, required=False)


class MoveArguments(Strict):
    to = serializers.ChoiceField(ConfigurationItem.Status.choices)
    reason = serializers.CharField(required=False, allow_blank=True, max_length=500)


class ConfigurationItemViewSet(CreateRecord, UpdateRecord, RecordViewSet):
    queryset = ask.listed().prefetch_related("external_keys")
    serializer_class = ConfigurationItemSerializer
    filterset_class = ConfigurationItemFilter
    record_actions = CI_ACTIONS
    create_arguments = NewCI
    update_arguments = CIUpdate
    own_parameters: ClassVar = {"at"}

    def perform_create(self, data: dict[str, Any]) -> ConfigurationItem:
        return cis.create(actor=self.actor, **data)

    def perform_update(self, record: ConfigurationItem, data: dict[str, Any]) -> ConfigurationItem:
        return cis.update(ci_id=record.pk, actor=self.actor, **data)

    @extend_schema(request=None, responses={200: ConfigurationItemSerializer})
    @action(detail=True, methods=["post"])
    def verify(self, request: Request, pk: str) -> Response:
        """Say that the record was compared with reality and is true."""
        ci = self.get_object()
        with self.as_seen(ci):
            return self.answer(cis.verify(ci_id=ci.pk, actor=self.actor, now=timezone.now()))

    @extend_schema(request=MoveArguments, responses={200: ConfigurationItemSerializer})
    @action(detail=True, methods=["post"])
    def move(self, request: Request, pk: str) -> Response:
        """Move the CI along its lifecycle."""
        ci = self.get_object()
        with self.as_seen(ci):
            return self.answer(cis.move(ci_id=ci.pk, actor=self.actor, **self.arguments(MoveArguments)))

    @extend_schema(parameters=[impact.ImpactArguments, *impact.PAGES], responses={200: dict})
    @action(detail=True, pagination_class=None, filterset_class=None)
    def impact(self, request: Request, pk: str) -> Any:
        """What a failure of this CI hits (downstream) or whose failure hits it (upstream).

        Totals of all in reach come first, then a page of the CIs, each with its distance and one shortest path.
        With `with` several fail together. A CI behind a group of relations is hit when the group has lost more
        than it can spare; upstream, `alone` says whether the CI hits by itself.
        """
        return impact.answer(request, self.get_object())

    @extend_schema(
        parameters=[OpenApiParameter("limit", int), OpenApiParameter("offset", int)], responses={200: story.ANSWER}
    )
    @action(detail=True, pagination_class=None, filterset_class=None)
    def history(self, request: Request, pk: str) -> Response:
        """What changed in it and in its relations: when, by whom, through what, because of what; newest first."""
        return story.story_page(request, self.get_object())

    @extend_schema(parameters=[OpenApiParameter("at", datetime, required=True)], responses={200: story.STATE})
    @action(detail=True, pagination_class=None, filterset_class=None, url_path="as-of")
    def as_of(self, request: Request, pk: str) -> Response:
        """The CI as it was at that moment, and its relations then."""
        return story.state_as_of(request, self.get_object())


class RelationSerializer(RecordSerializer):
    source = RefField(ConfigurationItem.objects)
    target = RefField(ConfigurationItem.objects)
    group = RefField(read_only=True)

    class Meta:
        model = Relation
        fields = (*RecordSerializer.BASE, "source", "type", "target", "group")


class NewRelation(Strict):
    source = RefField(ConfigurationItem.objects)
    type = serializers.ChoiceField(Relation.Type.choices)
    target = RefField(ConfigurationItem.objects)


class RelationViewSet(CreateRecord, DeleteRecord, RecordViewSet):
    queryset = Relation.objects.select_related("source", "target", "group__ci").order_by("-pk")
    serializer_class = RelationSerializer
    filterset_class = RelationFilter
    create_arguments = NewRelation

    def perform_create(self, data: dict[str, Any]) -> Relation:
        return relations.relate(actor=self.actor, **data)

    def perform_delete(self, record: Relation) -> None:
        relations.remove(relation_id=record.pk, actor=self.actor)
