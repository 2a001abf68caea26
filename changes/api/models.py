"""REST: change models, and their way to being standard."""

from typing import Any

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from changes.actions import MODEL_ACTIONS, PRE_AUTHORISATION_ACTIONS
from changes.api.fields import Comment, Reason
from changes.filters import ChangeModelFilter, PreAuthorisationFilter
from changes.models import ChangeModel, PreAuthorisation
from changes.operations import models, pre_authorisations
from changes.queries.completeness import LATER, REQUIRABLE
from changes.queries.safe_runs import runs_of
from itsm.kernel.api.base import CreateRecord, RecordViewSet, UpdateRecord
from itsm.kernel.api.serializers import PersonField, RecordSerializer, RefField, Strict


class ChangeModelSerializer(RecordSerializer):
    class Meta:
        model = ChangeModel
        fields = (
            *RecordSerializer.BASE, "code", "name", "type", "description", "tasks", "window_minutes", "windows",
            "policy_name",
            "pre_authorised", "required_fields", "questions", "review_hours", "review_percent", "clean_back_out",
            "later_fields", "later_hours", "actions",
        )  # fmt: skip


class ModelChanges(Strict):
    name = serializers.CharField(max_length=120)
    type = serializers.ChoiceField(ChangeModel.Type.choices)
    policy_name = serializers.CharField(max_length=120)
    description = serializers.CharField(required=False, allow_blank=True)
    tasks = serializers.ListField(child=serializers.DictField(), required=False, max_length=200)
    window_minutes = serializers.IntegerField(min_value=1, max_value=100_000, required=False)
    windows = serializers.CharField(
        max_length=300, required=False, allow_blank=True, help_text="When it is made: Mon–Thu 20:00–24:00"
    )  # fmt: skip
    pre_authorised = serializers.BooleanField(required=False, help_text="Set by its pre-authorisation alone.")
    required_fields = serializers.ListField(child=serializers.ChoiceField(list(REQUIRABLE)), required=False)
    later_fields = serializers.ListField(
        child=serializers.ChoiceField(list(LATER)), required=False, help_text="What an emergency may say afterwards."
    )
    later_hours = serializers.IntegerField(min_value=0, max_value=100_000, required=False, allow_null=True)
    questions = serializers.ListField(
        child=serializers.DictField(), required=False, max_length=50,
        help_text="{code, text, kind: text, yes_no, number or choice, choices, required}",
    )  # fmt: skip
    review_hours = serializers.IntegerField(min_value=0, max_value=100_000, required=False, allow_null=True)
    review_percent = serializers.IntegerField(min_value=0, max_value=100, required=False, allow_null=True)
    clean_back_out = serializers.ChoiceField(ChangeModel.BackOut.choices, required=False)


class NewModel(ModelChanges):
    code = serializers.SlugField(max_length=60)


class Terms(Strict):
    """Why nobody has to look at each change of this model, and on which terms."""

    reason = serializers.CharField()
    safe_runs_needed = serializers.IntegerField(min_value=1, max_value=100, required=False)
    failures_revoke = serializers.IntegerField(min_value=1, max_value=PreAuthorisation.OF_LATEST, required=False)


class CommentNeeded(Strict):
    comment = serializers.CharField()


class PreAuthorisationSerializer(RecordSerializer):
    model = serializers.SlugRelatedField(slug_field="code", read_only=True)
    proposed_by = PersonField(read_only=True)
    decided_by = PersonField(read_only=True)
    reviewed_by = PersonField(read_only=True)
    revoked_by = PersonField(read_only=True)

    class Meta:
        model = PreAuthorisation
        fields = (
            *RecordSerializer.BASE, "model", "state", "reason", "safe_runs_needed", "failures_revoke", "proposed_by",
            "proposed_at", "propose_entry", "decided_by", "decided_at", "decide_comment", "decide_entry", "shown",
            "review_due_at", "reviewed_by", "reviewed_at", "review_comment", "review_entry", "revoked_by", "revoked_at",
            "revoked_because", "revoke_entry", "actions",
        )  # fmt: skip


class RanSerializer(serializers.Serializer):
    change = RefField(read_only=True, source="*")
    outcome = serializers.CharField()
    finished_at = serializers.DateTimeField()


class SafeRunsSerializer(serializers.Serializer):
    needed = serializers.IntegerField()
    safe = serializers.IntegerField(help_text="So many of the latest went well, without one that did not in between.")
    shown = serializers.BooleanField()
    latest = RanSerializer(many=True, help_text="The latest changes that were carried out and that you may see.")


class ChangeModelViewSet(CreateRecord, UpdateRecord, RecordViewSet):
    queryset = ChangeModel.objects.order_by("pk")
    serializer_class = ChangeModelSerializer
    filterset_class = ChangeModelFilter
    record_actions = MODEL_ACTIONS
    create_arguments = NewModel
    update_arguments = ModelChanges

    def perform_create(self, data: dict[str, Any]) -> ChangeModel:
        return models.create(actor=self.actor, **data)

    def perform_update(self, record: ChangeModel, data: dict[str, Any]) -> ChangeModel:
        return models.update(model_id=record.pk, actor=self.actor, **data)

    @extend_schema(request=Terms, responses={201: PreAuthorisationSerializer})
    @action(detail=True, methods=["post"], url_path="propose-standard")
    def propose_standard(self, request: Request, pk: str) -> Response:
        """Ask that changes of this model need nobody's word any more."""
        model = self.get_object()
        with self.as_seen(model):
            asked = pre_authorisations.propose(
                model_id=model.pk, actor=self.actor, now=timezone.now(), **self.arguments(Terms)
            )
        view = PreAuthorisationViewSet(basename="pre-authorisation", action="list", actor=self.actor)
        context = {"request": request, "view": view}
        return Response(PreAuthorisationSerializer(asked, context=context).data, status=201)


class PreAuthorisationViewSet(RecordViewSet):
    queryset = PreAuthorisation.objects.select_related(
        "model", "proposed_by", "decided_by", "reviewed_by", "revoked_by"
    ).order_by("-pk")  # fmt: skip
    serializer_class = PreAuthorisationSerializer
    filterset_class = PreAuthorisationFilter
    record_actions = PRE_AUTHORISATION_ACTIONS

    def _do(self, operate: Any, arguments: type[Strict]) -> Response:
        asked = self.get_object()
        with self.as_seen(asked):
            done = operate(
                pre_authorisation_id=asked.pk, actor=self.actor, now=timezone.now(), **self.arguments(arguments)
            )
        return self.answer(done)

    @extend_schema(responses={200: SafeRunsSerializer})
    @action(detail=True, pagination_class=None, filterset_class=None)
    def runs(self, request: Request, pk: str) -> Response:
        """The changes of its model that count, and how many of them are shown to have run safely."""
        asked = self.get_object()
        found = runs_of(asked.model, asked.safe_runs_needed)
        seen = type(found)(found.needed, found.seen_by(self.actor), found.safe)
        return Response(SafeRunsSerializer(seen).data)

    @extend_schema(request=Comment, responses={200: PreAuthorisationSerializer})
    @action(detail=True, methods=["post"])
    def approve(self, request: Request, pk: str) -> Response:
        """By another change manager, on changes that all went well: the model is standard."""
        return self._do(pre_authorisations.approve, Comment)

    @extend_schema(request=CommentNeeded, responses={200: PreAuthorisationSerializer})
    @action(detail=True, methods=["post"])
    def decline(self, request: Request, pk: str) -> Response:
        """Say no, and why."""
        return self._do(pre_authorisations.decline, CommentNeeded)

    @extend_schema(request=Reason, responses={200: PreAuthorisationSerializer})
    @action(detail=True, methods=["post"])
    def withdraw(self, request: Request, pk: str) -> Response:
        """Take the proposal back."""
        return self._do(pre_authorisations.withdraw, Reason)

    @extend_schema(request=CommentNeeded, responses={200: PreAuthorisationSerializer})
    @action(detail=True, methods=["post"])
    def review(self, request: Request, pk: str) -> Response:
        """The yearly look: it stays for another year."""
        return self._do(pre_authorisations.review, CommentNeeded)

    @extend_schema(request=Reason, responses={200: PreAuthorisationSerializer})
    @action(detail=True, methods=["post"])
    def revoke(self, request: Request, pk: str) -> Response:
        """Take it back with a reason: from now on its changes are asked about again."""
        return self._do(pre_authorisations.revoke, Reason)
