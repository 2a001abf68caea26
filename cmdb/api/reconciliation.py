"""REST: where sources disagree, and the rules that say whose word counts."""

from typing import Any

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from cmdb.actions import CONFLICT_ACTIONS, PRECEDENCE_ACTIONS
from cmdb.filters.reconciliation import ConflictFilter, SourcePrecedenceFilter
from cmdb.models import CIClass, ConfigurationItem, Conflict, SourcePrecedence
from cmdb.operations import conflicts, precedences
from cmdb.queries import reconciliation as ask
from itsm.kernel.api.base import CreateRecord, DeleteRecord, RecordViewSet, UpdateRecord
from itsm.kernel.api.serializers import PersonField, RecordSerializer, RefField, Strict


class ConflictSerializer(RecordSerializer):
    ci = RefField(read_only=True)
    words = serializers.DictField(read_only=True, help_text="Source → what it says.")
    precedence = RefField(read_only=True)
    decided_by = PersonField(read_only=True)

    class Meta:
        model = Conflict
        fields = (
            *RecordSerializer.BASE, "ci", "field", "words", "state", "chosen", "source", "precedence", "decided_by",
            "decided_at", "reason", "actions",
        )  # fmt: skip


class ConflictDecision(Strict):
    """Either a source or a value."""

    source = serializers.CharField(max_length=60, required=False, help_text="One of those that say something.")
    value = serializers.JSONField(required=False, allow_null=True, help_text="What is true, whoever says what.")
    for_class = serializers.BooleanField(required=False, help_text="Decide so for all CIs of the class.")
    reason = serializers.CharField(max_length=500)


class ConflictViewSet(RecordViewSet):
    """Fields of which sources say different things, with no rule whose word counts."""

    queryset = ask.conflicts()
    serializer_class = ConflictSerializer
    filterset_class = ConflictFilter
    record_actions = CONFLICT_ACTIONS

    @extend_schema(request=ConflictDecision, responses={200: ConflictSerializer})
    @action(detail=True, methods=["post"])
    def decide(self, request: Request, pk: str) -> Response:
        """Say whose word counts, or what is true; the decision becomes a rule."""
        conflict = self.get_object()
        with self.as_seen(conflict):
            said = self.arguments(ConflictDecision)
            return self.answer(conflicts.decide(conflict_id=conflict.pk, actor=self.actor, now=timezone.now(), **said))


class SourcePrecedenceSerializer(RecordSerializer):
    ci = RefField(read_only=True)
    ci_class = serializers.SlugRelatedField(slug_field="code", read_only=True)
    sources = serializers.ListField(child=serializers.CharField(), read_only=True)

    class Meta:
        model = SourcePrecedence
        fields = (*RecordSerializer.BASE, "ci", "ci_class", "field", "sources", "actions")


class PrecedenceChanges(Strict):
    sources = serializers.ListField(
        child=serializers.CharField(max_length=60), max_length=50, help_text="The one that counts first; `people` too."
    )
    field = serializers.CharField(max_length=200, required=False, allow_blank=True)


class NewPrecedence(PrecedenceChanges):
    ci = RefField(ConfigurationItem.objects, required=False, allow_null=True)
    ci_class = serializers.SlugRelatedField(
        slug_field="code", queryset=CIClass.objects.all(), required=False, allow_null=True
    )


class SourcePrecedenceViewSet(CreateRecord, UpdateRecord, DeleteRecord, RecordViewSet):
    """Whose word counts for a field: of one CI, of a class, or of every CI."""

    queryset = ask.precedences()
    serializer_class = SourcePrecedenceSerializer
    filterset_class = SourcePrecedenceFilter
    record_actions = PRECEDENCE_ACTIONS
    create_arguments = NewPrecedence
    update_arguments = PrecedenceChanges

    def perform_create(self, data: dict[str, Any]) -> SourcePrecedence:
        return precedences.create(actor=self.actor, **data)

    def perform_update(self, record: SourcePrecedence, data: dict[str, Any]) -> SourcePrecedence:
        return precedences.update(precedence_id=record.pk, actor=self.actor, **data)

    def perform_delete(self, record: SourcePrecedence) -> None:
        precedences.remove(precedence_id=record.pk, actor=self.actor)


def words(ci: ConfigurationItem) -> Response:
    """Who says what of the CI."""
    found = ask.words_of(ci, ci.external_keys.order_by("source", "key"))
    return Response({
        "ci": ci.number,
        "sources": [{"source": each.source, "key": each.key, "said_at": each.at} for each in found.speakers],
        "fields": [
            {
                "field": line.field,
                "recorded": line.recorded,
                "disagree": line.disagree,
                "words": [
                    {"source": word.source, "value": word.value, "counts": word.counts} for word in line.words if word
                ],
                "conflict": line.conflict.number if line.conflict else None,
            }
            for line in found.lines
        ],
    })  # fmt: skip
