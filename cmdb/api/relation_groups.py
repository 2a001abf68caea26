"""REST: redundancy as groups of relations, and the relations that are proposed."""

from typing import Any

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from cmdb.actions import RELATION_PROPOSAL_ACTIONS
from cmdb.filters.relations import RelationGroupFilter, RelationProposalFilter
from cmdb.models import ConfigurationItem, Relation, RelationGroup, RelationProposal
from cmdb.operations import groups, relation_proposals
from cmdb.queries import groups as ask
from itsm.kernel.api.base import CreateRecord, DeleteRecord, RecordViewSet, UpdateRecord
from itsm.kernel.api.serializers import PersonField, RecordSerializer, RefField, RefListField, Strict


class RelationGroupSerializer(RecordSerializer):
    ci = RefField(read_only=True)
    relations = serializers.ListField(source="relations.all", child=RefField(), read_only=True)

    class Meta:
        model = RelationGroup
        fields = (*RecordSerializer.BASE, "ci", "name", "needs", "relations", "actions")


class GroupChanges(Strict):
    name = serializers.CharField(max_length=100)
    needs = serializers.IntegerField(min_value=1, max_value=10_000)
    relations = RefListField(Relation.objects, max_length=1000)


class NewRelationGroup(GroupChanges):
    ci = RefField(ConfigurationItem.objects)


class RelationGroupViewSet(CreateRecord, UpdateRecord, DeleteRecord, RecordViewSet):
    queryset = ask.listed()
    serializer_class = RelationGroupSerializer
    filterset_class = RelationGroupFilter
    create_arguments = NewRelationGroup
    update_arguments = GroupChanges

    def perform_create(self, data: dict[str, Any]) -> RelationGroup:
        return groups.form(actor=self.actor, **data)

    def perform_update(self, record: RelationGroup, data: dict[str, Any]) -> RelationGroup:
        return groups.update(group_id=record.pk, actor=self.actor, **data)

    def perform_delete(self, record: RelationGroup) -> None:
        groups.dissolve(group_id=record.pk, actor=self.actor)


class RelationProposalSerializer(RecordSerializer):
    source = RefField(read_only=True)
    target = RefField(read_only=True)
    relation = RefField(read_only=True)
    decided_by = PersonField(read_only=True)

    class Meta:
        model = RelationProposal
        fields = (
            *RecordSerializer.BASE, "source", "type", "target", "evidence", "why", "state", "relation", "decided_by",
            "decided_at", "reason", "actions",
        )  # fmt: skip


class AcceptArguments(Strict):
    type = serializers.ChoiceField(Relation.Type.choices, required=False)
    target = RefField(ConfigurationItem.objects, required=False)
    reason = serializers.CharField(required=False, allow_blank=True, max_length=400)


class DismissArguments(Strict):
    reason = serializers.CharField(max_length=500)


class RelationProposalViewSet(RecordViewSet):
    queryset = ask.proposals()
    serializer_class = RelationProposalSerializer
    filterset_class = RelationProposalFilter
    record_actions = RELATION_PROPOSAL_ACTIONS

    @extend_schema(request=AcceptArguments, responses={200: RelationProposalSerializer})
    @action(detail=True, methods=["post"])
    def accept(self, request: Request, pk: str) -> Response:
        """Add the relation, or a better one from the same CI; its history names the evidence."""
        return self._do(relation_proposals.accept, AcceptArguments)

    @extend_schema(request=DismissArguments, responses={200: RelationProposalSerializer})
    @action(detail=True, methods=["post"])
    def dismiss(self, request: Request, pk: str) -> Response:
        """Say that there is no such relation, and why."""
        return self._do(relation_proposals.dismiss, DismissArguments)

    def _do(self, perform: Any, arguments: type[serializers.Serializer]) -> Response:
        proposal = self.get_object()
        with self.as_seen(proposal):
            said = self.arguments(arguments)
            return self.answer(perform(proposal_id=proposal.pk, actor=self.actor, now=timezone.now(), **said))
