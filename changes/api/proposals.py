"""REST: change proposals."""

from typing import Any

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from changes.actions import PROPOSAL_ACTIONS
from changes.api.fields import Comment
from changes.criteria import MARKS
from changes.filters import ChangeProposalFilter
from changes.models import ChangeModel, ChangeProposal
from changes.models.proposal import AUTHORITIES
from changes.operations import proposals
from changes.queries.proposals import listed
from cmdb.models import ConfigurationItem, Service
from itsm.kernel.api.base import CreateRecord, RecordViewSet, UpdateRecord
from itsm.kernel.api.serializers import PersonField, RecordSerializer, RefField, RefListField, Strict


class ChangeProposalSerializer(RecordSerializer):
    sponsor = PersonField(read_only=True)
    requested_by = PersonField(read_only=True)
    decided_by = PersonField(read_only=True)
    services = serializers.SlugRelatedField(slug_field="slug", many=True, read_only=True)

    class Meta:
        model = ChangeProposal
        fields = (
            *RecordSerializer.BASE, "title", "outcome_wanted", "why_now", "value", "value_low_eur",
            "value_high_eur", "cost_low_eur", "cost_high_eur", "risks", "deadline", "sponsor", "requested_by",
            "services", "status", "assessment", "marks", "authority", "decided_by", "decided_at", "decision_comment",
            "deferred_until", "realised_at", "check_on", "cost_actual_eur", "value_actual_eur", "benefit_reached",
            "actions",
        )  # fmt: skip


class ProposalChanges(Strict):
    title = serializers.CharField(max_length=200)
    outcome_wanted = serializers.CharField()
    sponsor = PersonField()
    why_now = serializers.CharField(required=False, allow_blank=True)
    value = serializers.CharField(required=False, allow_blank=True)
    value_low_eur = serializers.DecimalField(14, 2, min_value=0, required=False, allow_null=True)
    value_high_eur = serializers.DecimalField(14, 2, min_value=0, required=False, allow_null=True)
    cost_low_eur = serializers.DecimalField(14, 2, min_value=0, required=False, allow_null=True)
    cost_high_eur = serializers.DecimalField(14, 2, min_value=0, required=False, allow_null=True)
    risks = serializers.CharField(required=False, allow_blank=True)
    deadline = serializers.DateField(required=False, allow_null=True)
    services = RefListField(Service.objects, required=False, max_length=100)


class Marks(Strict):
    """1 is weak, 2 fair, 3 strong."""

    worth = serializers.ChoiceField(list(MARKS))
    certainty = serializers.ChoiceField(list(MARKS))
    risk = serializers.ChoiceField(list(MARKS))
    fit = serializers.ChoiceField(list(MARKS))
    ability = serializers.ChoiceField(list(MARKS))


class Assessment(Strict):
    assessment = serializers.CharField()
    marks = Marks()
    authority = serializers.ChoiceField(AUTHORITIES, required=False, help_text="Who decides; by size unless said.")


class Deferral(Strict):
    until = serializers.DateField()
    comment = serializers.CharField()


class Realisation(Strict):
    benefit_reached = serializers.CharField(required=False, allow_blank=True)
    check_on = serializers.DateField(required=False, help_text="When it is looked what it brought; in 90 days.")


class Benefit(Strict):
    benefit_reached = serializers.CharField(required=False, allow_blank=True)
    cost_actual_eur = serializers.DecimalField(14, 2, min_value=0, required=False, allow_null=True)
    value_actual_eur = serializers.DecimalField(14, 2, min_value=0, required=False, allow_null=True)


class WithdrawnProposal(Strict):
    reason = serializers.CharField(required=False, allow_blank=True)


class Spawn(Strict):
    """What to make: `request` (an RFC) or `requirement`; then that record's own fields."""

    kind = serializers.CharField(default="request")
    title = serializers.CharField(max_length=200, required=False)
    model = RefField(ChangeModel.objects, required=False)
    cis = RefListField(ConfigurationItem.objects, required=False, max_length=1000)
    code = serializers.CharField(max_length=40, required=False)
    text = serializers.CharField(required=False)


class ChangeProposalViewSet(CreateRecord, UpdateRecord, RecordViewSet):
    queryset = listed()
    serializer_class = ChangeProposalSerializer
    filterset_class = ChangeProposalFilter
    record_actions = PROPOSAL_ACTIONS
    create_arguments = ProposalChanges
    update_arguments = ProposalChanges

    def perform_create(self, data: dict[str, Any]) -> ChangeProposal:
        return proposals.draft(actor=self.actor, **data)

    def perform_update(self, record: ChangeProposal, data: dict[str, Any]) -> ChangeProposal:
        return proposals.update(proposal_id=record.pk, actor=self.actor, **data)

    def _do(self, operate: Any, **arguments: Any) -> Response:
        proposal = self.get_object()
        with self.as_seen(proposal):
            return self.answer(operate(proposal_id=proposal.pk, actor=self.actor, **arguments))

    @extend_schema(request=None, responses={200: ChangeProposalSerializer})
    @action(detail=True, methods=["post"])
    def submit(self, request: Request, pk: str) -> Response:
        """Hand the proposal in."""
        return self._do(proposals.submit)

    @extend_schema(request=Assessment, responses={200: ChangeProposalSerializer})
    @action(detail=True, methods=["post"])
    def assess(self, request: Request, pk: str) -> Response:
        """Write down what its worth, cost and risks were found to be."""
        return self._do(proposals.assess, **self.arguments(Assessment))

    @extend_schema(request=Comment, responses={200: ChangeProposalSerializer})
    @action(detail=True, methods=["post"])
    def authorise(self, request: Request, pk: str) -> Response:
        """Let the business have it."""
        return self._do(proposals.authorise, now=timezone.now(), **self.arguments(Comment))

    @extend_schema(request=Comment, responses={200: ChangeProposalSerializer})
    @action(detail=True, methods=["post"])
    def decline(self, request: Request, pk: str) -> Response:
        """Say no, and why."""
        return self._do(proposals.decline, now=timezone.now(), **({"comment": ""} | self.arguments(Comment)))

    @extend_schema(request=Deferral, responses={200: ChangeProposalSerializer})
    @action(detail=True, methods=["post"])
    def defer(self, request: Request, pk: str) -> Response:
        """Not now: until a day."""
        return self._do(proposals.defer, now=timezone.now(), **self.arguments(Deferral))

    @extend_schema(request=WithdrawnProposal, responses={200: ChangeProposalSerializer})
    @action(detail=True, methods=["post"])
    def withdraw(self, request: Request, pk: str) -> Response:
        """Take it back."""
        return self._do(proposals.withdraw, **self.arguments(WithdrawnProposal))

    @extend_schema(request=Spawn, responses={201: dict})
    @action(detail=True, methods=["post"])
    def spawn(self, request: Request, pk: str) -> Response:
        """Make an RFC or a requirement from an authorised proposal."""
        proposal = self.get_object()
        with self.as_seen(proposal):
            made = proposals.spawn(proposal_id=proposal.pk, actor=self.actor, **self.arguments(Spawn))
        return Response(
            {"id": made.pk, "number": made.number, "display": getattr(made, "display", str(made))}, status=201
        )

    @extend_schema(request=Realisation, responses={200: ChangeProposalSerializer})
    @action(detail=True, methods=["post"])
    def realise(self, request: Request, pk: str) -> Response:
        """Say that what was wanted is there."""
        return self._do(proposals.realise, now=timezone.now(), **self.arguments(Realisation))

    @extend_schema(request=Benefit, responses={200: ChangeProposalSerializer})
    @action(detail=True, methods=["post"])
    def close(self, request: Request, pk: str) -> Response:
        """Close it against the benefit actually reached."""
        return self._do(proposals.close, **self.arguments(Benefit))
