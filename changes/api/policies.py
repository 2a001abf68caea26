"""REST: policies."""

from typing import Any

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from changes import rules
from changes.actions import POLICY_ACTIONS
from changes.filters import PolicyFilter
from changes.models import ChangeRequest, Policy
from changes.operations import policies
from changes.queries.backtest import backtest
from changes.queries.bench import try_out
from itsm.kernel.api.base import CreateRecord, RecordViewSet
from itsm.kernel.api.serializers import PersonField, RecordSerializer, RefField, Strict
from itsm.kernel.permissions import require


class PolicySerializer(RecordSerializer):
    drafted_by = PersonField(read_only=True)
    enforced_by = PersonField(read_only=True)

    class Meta:
        model = Policy
        fields = (
            *RecordSerializer.BASE, "name", "title", "version", "state", "rules", "drafted_by", "enforced_by",
            "in_force_since", "retired_at", "actions",
        )  # fmt: skip


class NewPolicy(Strict):
    name = serializers.SlugField(max_length=120)
    title = serializers.CharField(max_length=200)
    rules = serializers.ListField(child=serializers.DictField(), max_length=200)


class Span(Strict):
    """Of when the changes were submitted; without it, the 90 days until now."""

    since = serializers.DateTimeField(required=False)
    until = serializers.DateTimeField(required=False)


class BacktestDifferenceSerializer(serializers.Serializer):
    change = RefField(read_only=True)
    outcome = serializers.CharField(source="change.outcome", read_only=True)
    kind = serializers.ChoiceField(["less", "more", "other", "devolved", "refused"])
    was = serializers.ListField(child=serializers.CharField())
    would = serializers.ListField(child=serializers.CharField())
    rule = serializers.CharField(help_text="The rule that would have decided.")
    minutes = serializers.IntegerField(help_text="How much sooner the last answer would have been there.")


class BacktestSerializer(serializers.Serializer):
    policy = RefField(read_only=True)
    since = serializers.DateTimeField()
    until = serializers.DateTimeField()
    examined = serializers.IntegerField()
    imported = serializers.IntegerField(help_text="Of these compared with the version in force: nobody was asked here.")
    different = serializers.IntegerField()
    kinds = serializers.DictField(child=serializers.IntegerField())
    let_through = serializers.IntegerField(help_text="Changes that went wrong, of which it would have asked less.")
    stopped = serializers.IntegerField(help_text="Changes that went wrong, of which it would have asked more.")
    minutes_saved = serializers.IntegerField(help_text="Of waiting for answers that it would not have asked for.")
    differences = BacktestDifferenceSerializer(many=True, help_text="The first 200.")


class Bench(Strict):
    """A change, or facts of one that does not exist yet; what is said of the facts counts before the change's own."""

    request = RefField(ChangeRequest.objects, required=False)
    facts = serializers.DictField(child=serializers.JSONField(), required=False)


class LookedSerializer(serializers.Serializer):
    asked = serializers.CharField()
    found = serializers.CharField()
    verdict = serializers.ChoiceField(["ok", "warn", "block", "inconclusive", "unknown", "not_applicable"])
    consequence = serializers.CharField(help_text="What follows: block, ask, warn, or nothing.")
    fix = serializers.CharField()


class RuleLookSerializer(serializers.Serializer):
    number = serializers.IntegerField()
    name = serializers.CharField()
    fits = serializers.BooleanField()
    decides = serializers.BooleanField()
    reached = serializers.BooleanField(help_text="Whether no rule before it decides.")
    looked = LookedSerializer(many=True, source="conditions")


class AskedAuthoritySerializer(serializers.Serializer):
    role = serializers.CharField()
    quorum = serializers.IntegerField()
    within_hours = serializers.IntegerField(allow_null=True)
    point = serializers.CharField()


class TriedSerializer(serializers.Serializer):
    policy = RefField(read_only=True)
    request = RefField(read_only=True, source="change", allow_null=True)
    facts = serializers.DictField()
    decision = serializers.ChoiceField(["authorise", "ask", "refuse"], source="ruling.decision")
    rule = serializers.CharField(source="ruling.rule")
    require = AskedAuthoritySerializer(many=True, source="ruling.require")
    rules = RuleLookSerializer(many=True)


class PolicyViewSet(CreateRecord, RecordViewSet):
    queryset = Policy.objects.select_related("drafted_by", "enforced_by").order_by("-pk")
    serializer_class = PolicySerializer
    filterset_class = PolicyFilter
    record_actions = POLICY_ACTIONS
    create_arguments = NewPolicy

    def perform_create(self, data: dict[str, Any]) -> Policy:
        return policies.draft(actor=self.actor, **data)

    @extend_schema(request=None, responses={200: PolicySerializer})
    @action(detail=True, methods=["post"])
    def enforce(self, request: Request, pk: str) -> Response:
        """Put a draft in force, by another person than its author; the version that was in force is retired."""
        policy = self.get_object()
        with self.as_seen(policy):
            return self.answer(policies.enforce(policy_id=policy.pk, actor=self.actor, now=timezone.now()))

    @extend_schema(request=Bench, responses={200: TriedSerializer})
    @action(detail=True, methods=["post"], url_path="test-bench")
    def test_bench(self, request: Request, pk: str) -> Response:
        """What this version would ask for a change, or for these facts: every rule looked at. It writes nothing."""
        said = self.arguments(Bench)
        tried = try_out(self.get_object(), change=said.get("request"), facts=said.get("facts"))
        return Response(TriedSerializer(tried).data)

    @extend_schema(request=Span, responses={200: BacktestSerializer})
    @action(detail=True, methods=["post"])
    def backtest(self, request: Request, pk: str) -> Response:
        """What this version would have asked for the changes of the past. It writes nothing."""
        policy = self.get_object()
        require(rules.may_edit_policy, self.actor, policy)
        found = backtest(
            policy, actor=self.actor, now=timezone.now(), **{"since": None, "until": None} | self.arguments(Span)
        )
        return Response(BacktestSerializer(found).data)
