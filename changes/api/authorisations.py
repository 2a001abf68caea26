"""REST: authorisations, and the decision."""

from typing import Any, ClassVar

from django.utils import timezone
from drf_spectacular.utils import OpenApiExample, OpenApiParameter, extend_schema, extend_schema_serializer
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from changes.actions import AUTHORISATION_ACTIONS
from changes.filters import AuthorisationFilter
from changes.models import Authorisation, ChangeRequest, Decision
from changes.operations import authorisations, clocks
from changes.queries.authorisations import listed, waiting_for
from itsm.kernel.api.base import RecordViewSet
from itsm.kernel.api.serializers import PersonField, RecordSerializer, RefField, Strict


class DecisionSerializer(serializers.ModelSerializer):
    by = PersonField(read_only=True)
    on_behalf_of = PersonField(read_only=True, allow_null=True)

    class Meta:
        model = Decision
        fields = ("id", "by", "on_behalf_of", "verdict", "comment", "at", "ledger_sequence")


class AuthorisationSerializer(RecordSerializer):
    change = RefField(read_only=True)
    policy = serializers.CharField(source="policy.__str__", read_only=True)
    decisions = DecisionSerializer(many=True, read_only=True)

    class Meta:
        model = Authorisation
        fields = (
            *RecordSerializer.BASE, "change", "point", "role", "quorum", "state", "policy", "rule", "fingerprint",
            "asked_at", "due_at", "paused_at", "escalated_at", "decided_at", "fell_because", "decisions", "actions",
        )  # fmt: skip


EXAMPLES = [
    OpenApiExample("Authorise", request_only=True, value={"decision": "authorised", "comment": "Agreed in the CAB."}),
    OpenApiExample("Ask", request_only=True, value={"decision": "more_information", "comment": "Was it tried?"}),
]


@extend_schema_serializer(examples=EXAMPLES)
class DecideArguments(Strict):
    decision = serializers.ChoiceField(authorisations.DECISIONS)
    comment = serializers.CharField(required=False, allow_blank=True)


class AnswerAsked(Strict):
    answer = serializers.CharField()


class AuthorisationViewSet(RecordViewSet):
    """What waits for whom; `?mine=true` for what the caller may decide now."""

    queryset = listed()
    serializer_class = AuthorisationSerializer
    filterset_class = AuthorisationFilter
    record_actions = AUTHORISATION_ACTIONS
    own_parameters: ClassVar = {"mine"}

    def get_queryset(self) -> Any:
        queryset = super().get_queryset()
        actor = getattr(self, "actor", None)
        if actor is None:
            return queryset
        queryset = queryset.filter(change__in=ChangeRequest.objects.visible_to(actor))
        if self.request.query_params.get("mine") in ("true", "1"):
            queryset = queryset.filter(pk__in=waiting_for(actor).values("pk"))
        return queryset

    @extend_schema(parameters=[OpenApiParameter("mine", bool)])
    def list(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return super().list(request, *args, **kwargs)

    @extend_schema(request=DecideArguments, responses={200: AuthorisationSerializer})
    @action(detail=True, methods=["post"])
    def decide(self, request: Request, pk: str) -> Response:
        """Authorise, reject or ask; about what was seen, so If-Match is demanded (428 without it)."""
        authorisation = self.get_object()
        with self.as_seen(authorisation, demanded=True):
            decided = authorisations.decide(
                authorisation_id=authorisation.pk,
                actor=self.actor,
                now=timezone.now(),
                **self.arguments(DecideArguments),
            )
        return self.answer(decided)

    @extend_schema(request=AnswerAsked, responses={200: AuthorisationSerializer})
    @action(detail=True, methods=["post"], url_path="answer")
    def say(self, request: Request, pk: str) -> Response:
        """Say what a decider asked for; their clock goes on."""
        authorisation = self.get_object()
        with self.as_seen(authorisation):
            answered = clocks.answer(
                authorisation_id=authorisation.pk, actor=self.actor, now=timezone.now(),
                **self.arguments(AnswerAsked),
            )  # fmt: skip
        return self.answer(answered)
