"""REST: plans and requirements."""

from typing import Any

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from changes.api.fields import Reason
from changes.models import ChangeProposal
from cmdb.models import ConfigurationItem, Service
from itsm.kernel.api.base import CreateRecord, RecordViewSet, UpdateRecord
from itsm.kernel.api.serializers import RecordSerializer, RefField, Strict
from transition.actions.delivery import PLAN_ACTIONS, REQUIREMENT_ACTIONS
from transition.filters.delivery import PlanFilter, RequirementFilter
from transition.models import Requirement, TransitionPlan
from transition.operations import plans, requirements
from transition.queries import plans as ask_plans
from transition.queries import requirements as ask


class PlanSerializer(RecordSerializer):
    service = RefField(read_only=True)

    class Meta:
        model = TransitionPlan
        fields = (*RecordSerializer.BASE, "service", "style", "strategy", "policy_name", "actions")


class PlanChanges(Strict):
    style = serializers.ChoiceField(TransitionPlan.Style.choices, required=False)
    strategy = serializers.CharField(required=False, allow_blank=True)
    policy_name = serializers.CharField(max_length=120, required=False, allow_blank=True)


class NewPlan(PlanChanges):
    service = RefField(Service.objects)


class PlanViewSet(CreateRecord, UpdateRecord, RecordViewSet):
    queryset = ask_plans.listed()
    serializer_class = PlanSerializer
    filterset_class = PlanFilter
    record_actions = PLAN_ACTIONS
    create_arguments = NewPlan
    update_arguments = PlanChanges

    def perform_create(self, data: dict[str, Any]) -> TransitionPlan:
        return plans.create(actor=self.actor, **data)

    def perform_update(self, record: TransitionPlan, data: dict[str, Any]) -> TransitionPlan:
        return plans.update(plan_id=record.pk, actor=self.actor, **data)


class RequirementSerializer(RecordSerializer):
    plan = RefField(read_only=True)
    service = RefField(source="plan.service", read_only=True)
    ci = RefField(read_only=True)
    proposal = RefField(read_only=True)
    source_document = RefField(read_only=True)
    is_documented = serializers.BooleanField(read_only=True)
    is_accepted = serializers.BooleanField(read_only=True)

    class Meta:
        model = Requirement
        fields = (
            *RecordSerializer.BASE, "plan", "service", "ci", "code", "text", "kind", "priority", "status", "proposal",
            "source_document", "built_at", "deployed_at", "is_documented", "is_accepted", "actions",
        )  # fmt: skip


class RequirementChanges(Strict):
    text = serializers.CharField()
    priority = serializers.IntegerField(min_value=1, max_value=5, required=False)
    proposal = RefField(ChangeProposal.objects, required=False, allow_null=True)
    source_document = RefField(ConfigurationItem.objects, required=False, allow_null=True)


class NewRequirement(RequirementChanges):
    plan = RefField(TransitionPlan.objects.select_related("service"))
    code = serializers.CharField(max_length=40)
    kind = serializers.ChoiceField(Requirement.Kind.choices, default="functional")


class RequirementViewSet(CreateRecord, UpdateRecord, RecordViewSet):
    queryset = ask.with_standing(ask.listed())
    serializer_class = RequirementSerializer
    filterset_class = RequirementFilter
    record_actions = REQUIREMENT_ACTIONS
    create_arguments = NewRequirement
    update_arguments = RequirementChanges

    def perform_create(self, data: dict[str, Any]) -> Requirement:
        return requirements.add(actor=self.actor, **data)

    def perform_update(self, record: Requirement, data: dict[str, Any]) -> Requirement:
        return requirements.update(requirement_id=record.pk, actor=self.actor, **data)

    @extend_schema(request=None, responses={200: RequirementSerializer})
    @action(detail=True, methods=["post"], url_path="mark-built")
    def mark_built(self, request: Request, pk: str) -> Response:
        """Say that it is built."""
        found = self.get_object()
        with self.as_seen(found):
            return self.answer(requirements.mark_built(requirement_id=found.pk, actor=self.actor, now=timezone.now()))

    @extend_schema(request=None, responses={200: RequirementSerializer})
    @action(detail=True, methods=["post"], url_path="mark-deployed")
    def mark_deployed(self, request: Request, pk: str) -> Response:
        """Say that it is live."""
        found = self.get_object()
        with self.as_seen(found):
            requirements.mark_deployed(requirement_ids=[found.pk], actor=self.actor, now=timezone.now())
            return self.answer(found)

    @extend_schema(request=Reason, responses={200: RequirementSerializer})
    @action(detail=True, methods=["post"])
    def withdraw(self, request: Request, pk: str) -> Response:
        """Take a requirement back that is not live."""
        found = self.get_object()
        with self.as_seen(found):
            return self.answer(
                requirements.withdraw(requirement_id=found.pk, actor=self.actor, **self.arguments(Reason))
            )
