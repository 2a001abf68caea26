"""REST: classes, CIs, relations."""

from datetime import datetime
from typing import Any, ClassVar

from django.utils import timezone
from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from cmdb import rules
from cmdb.actions import CI_ACTIONS, CLASS_ACTIONS
from cmdb.api import impact, reconciliation
from cmdb.api.edits import CIEditSerializer, CIOrEdit, accepted
from cmdb.api.keys import KeySerializer
from cmdb.api.upserts import UpsertCIs
from cmdb.filters.cis import CIClassFilter, ConfigurationItemFilter
from cmdb.filters.relations import RelationFilter
from cmdb.models import CIClass, CIEdit, ConfigurationItem, Relation
from cmdb.models.ci import Criticality
from cmdb.operations import cis, classes, edits, relations, verification
from cmdb.queries import cis as ask
from itsm.kernel.api import bulk, story
from itsm.kernel.api.base import CreateRecord, DeleteRecord, RecordViewSet, UpdateRecord
from itsm.kernel.api.serializers import PersonField, RecordSerializer, RefField, Strict
from itsm.kernel.errors import Stale
from itsm.kernel.models import Team
from itsm.kernel.permissions import require

NUMBER = {"type": "integer", "minimum": 0}
PREVIEW = {
    "total": NUMBER, "examined": NUMBER, "misfits": NUMBER, "results": {"type": "array", "items": {"type": "object"}},
}  # fmt: skip
FIT: dict[str, Any] = {
    "type": "object",
    "nullable": True,
    "properties": {
        "total": NUMBER,
        "examined": NUMBER,
        "misfits": NUMBER,
        "started_at": {"type": "string", "format": "date-time"},
        "finished_at": {"type": "string", "format": "date-time", "nullable": True},
    },
}


class CIClassSerializer(RecordSerializer):
    parent = RefField(read_only=True)
    fit = serializers.SerializerMethodField()

    class Meta:
        model = CIClass
        fields = (
            *RecordSerializer.BASE, "code", "name", "kind", "parent", "schema", "reason_required", "reviewed_from",
            "verify_days", "fit", "actions",
        )  # fmt: skip

    @extend_schema_field(FIT)
    def get_fit(self, ci_class: CIClass) -> dict[str, Any] | None:
        """How far the examination has come that its last change began; null where none was needed."""
        check = getattr(ci_class, "fit_check", None)
        return check and {name: getattr(check, name) for name in FIT["properties"]}


class ClassChanges(Strict):
    name = serializers.CharField(max_length=100)
    kind = serializers.ChoiceField(CIClass.Kind.choices, required=False)
    parent = RefField(CIClass.objects, required=False, allow_null=True)
    schema = serializers.DictField(required=False)
    reason_required = serializers.BooleanField(required=False)
    verify_days = serializers.IntegerField(min_value=1, max_value=3650, required=False, allow_null=True)
    reviewed_from = serializers.ChoiceField(Criticality.choices, required=False, allow_null=True)


class ClassUpdate(ClassChanges):
    accept_misfits = serializers.BooleanField(
        required=False, help_text="Change the schema although there are CIs that it does not fit."
    )


class ClassPreview(Strict):
    """What would be changed."""

    schema = serializers.DictField(required=False)
    parent = RefField(CIClass.objects, required=False, allow_null=True)


class NewCIClass(ClassChanges):
    code = serializers.SlugField(max_length=60)


class CIClassViewSet(CreateRecord, UpdateRecord, RecordViewSet):
    queryset = CIClass.objects.select_related("parent", "fit_check").order_by("pk")
    serializer_class = CIClassSerializer
    filterset_class = CIClassFilter
    record_actions = CLASS_ACTIONS
    create_arguments = NewCIClass
    update_arguments = ClassUpdate

    def perform_create(self, data: dict[str, Any]) -> CIClass:
        return classes.create(actor=self.actor, **data)

    def perform_update(self, record: CIClass, data: dict[str, Any]) -> CIClass:
        return classes.update(class_id=record.pk, actor=self.actor, **data)

    @extend_schema(request=ClassPreview, responses={200: {"type": "object", "properties": PREVIEW}})
    @action(detail=True, methods=["post"])
    def preview(self, request: Request, pk: str) -> Response:
        """Which CIs would no longer fit if the class were changed so; changes nothing."""
        ci_class = self.get_object()
        require(rules.may_edit_class, self.actor, ci_class)
        fit = classes.preview(class_id=ci_class.pk, **self.arguments(ClassPreview))
        results = [
            RefField().to_representation(ci)
            | {"problems": [{"pointer": f"/attributes/{at}", "detail": sentence} for at, sentence in problems]}
            for ci, problems in fit.shown
        ]
        return Response({"total": fit.total, "examined": fit.examined, "misfits": fit.misfits, "results": results})


class ConfigurationItemSerializer(RecordSerializer):
    ci_class = serializers.SlugRelatedField(slug_field="code", read_only=True)
    owner = PersonField(read_only=True)
    verified_by = PersonField(read_only=True)
    support_team = RefField(read_only=True)
    external_keys = serializers.ListField(child=KeySerializer(), source="drawn_keys", read_only=True)

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


class VerifyItem(Strict):
    id = serializers.IntegerField(help_text="Its id, or its number as text.")
    revision = serializers.IntegerField(required=False)


class ConfigurationItemViewSet(UpsertCIs, CreateRecord, UpdateRecord, RecordViewSet):
    queryset = ask.drawn()
    serializer_class = ConfigurationItemSerializer
    filterset_class = ConfigurationItemFilter
    record_actions = CI_ACTIONS
    create_arguments = NewCI
    update_arguments = CIUpdate
    own_parameters: ClassVar = {"at"}

    def perform_create(self, data: dict[str, Any]) -> ConfigurationItem:
        return cis.create(actor=self.actor, **data)

    def perform_update(self, record: ConfigurationItem, data: dict[str, Any]) -> ConfigurationItem | CIEdit:
        return edits.submit(ci_id=record.pk, actor=self.actor, **data)

    @extend_schema(responses={200: ConfigurationItemSerializer, 202: CIEditSerializer})
    def partial_update(self, request: Request, pk: str) -> Response:
        """Change what is named; 202 with the proposal where a second person has to accept it first."""
        ci = self.get_object()
        with self.as_seen(ci):
            return self._done_or_proposed(self.perform_update(ci, self.arguments(self.update_arguments)))

    @extend_schema(responses={200: ConfigurationItemSerializer(many=True), 202: CIOrEdit(many=True)})
    def bulk_update(self, request: Request) -> Response:
        """Change each of a list of `{id, revision?, …}`, all or none; 202 where some of it is proposed only."""
        picked = bulk.Picked(bulk.checked(request.data), self.get_queryset())
        said = self.validated_all(self.update_arguments, picked.arguments())
        done = picked.perform(self.perform_update, said)
        if not any(isinstance(each, CIEdit) for each in done):
            return self.answer_all(done)
        return Response([_outcome(ci, each) for ci, each in zip(picked.records, done, strict=True)], status=202)

    def _done_or_proposed(self, done: ConfigurationItem | CIEdit) -> Response:
        return accepted(done, self) if isinstance(done, CIEdit) else self.answer(done)

    @extend_schema(request=None, responses={200: ConfigurationItemSerializer})
    @action(detail=True, methods=["post"])
    def verify(self, request: Request, pk: str) -> Response:
        """Say that the record was compared with reality and is true."""
        ci = self.get_object()
        with self.as_seen(ci):
            return self.answer(cis.verify(ci_id=ci.pk, actor=self.actor, now=timezone.now()))

    @extend_schema(
        operation_id="cmdb_cis_verify_all",
        request=VerifyItem(many=True),
        responses={200: ConfigurationItemSerializer(many=True)},
    )
    @action(
        detail=False, methods=["post"], url_path="verify", url_name="verify-all", filterset_class=None,
        pagination_class=None,
    )  # fmt: skip
    def verify_all(self, request: Request) -> Response:
        """Say of each of a list of `{id, revision?}` that it is true, all or none."""
        picked = bulk.Picked(bulk.checked(request.data), self.get_queryset())
        self.validated_all(Strict, picked.arguments())
        for record, item in zip(picked.records, picked.items, strict=True):
            if item.get("revision") not in (None, record.revision):
                raise Stale(f"{record.number} has changed since you read it.", revision=record.revision)
        ids = [record.pk for record in picked.records]
        return self.answer_all(verification.verify_all(ci_ids=ids, actor=self.actor, now=timezone.now()))

    @extend_schema(request=MoveArguments, responses={200: ConfigurationItemSerializer, 202: CIEditSerializer})
    @action(detail=True, methods=["post"])
    def move(self, request: Request, pk: str) -> Response:
        """Move the CI along its lifecycle; 202 with the proposal where a second person has to accept it first."""
        ci = self.get_object()
        with self.as_seen(ci):
            done = edits.submit(ci_id=ci.pk, actor=self.actor, **self.arguments(MoveArguments))
            return self._done_or_proposed(done)

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

    @extend_schema(responses={200: dict})
    @action(detail=True, pagination_class=None, filterset_class=None)
    def words(self, request: Request, pk: str) -> Response:
        """Who says what: each source's word on each field, the one that is recorded marked."""
        return reconciliation.words(self.get_object())

    @extend_schema(parameters=[OpenApiParameter("at", datetime, required=True)], responses={200: story.STATE})
    @action(detail=True, pagination_class=None, filterset_class=None, url_path="as-of")
    def as_of(self, request: Request, pk: str) -> Response:
        """The CI as it was at that moment, and its relations then."""
        return story.state_as_of(request, self.get_object())


def _outcome(ci: ConfigurationItem, done: ConfigurationItem | CIEdit) -> dict[str, str | None]:
    edit = done.number if isinstance(done, CIEdit) else None
    return {"ci": ci.number, "outcome": "proposed" if edit else "changed", "edit": edit}


class RelationSerializer(RecordSerializer):
    source = RefField(ConfigurationItem.objects)
    target = RefField(ConfigurationItem.objects)
    group = RefField(read_only=True)

    class Meta:
        model = Relation
        fields = (*RecordSerializer.BASE, "source", "type", "target", "group", "told_by", "actions")


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
