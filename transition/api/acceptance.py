"""REST: acceptance reviews and gaps."""

from typing import Any

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from cmdb.models import Service
from itsm.kernel.api.base import CreateRecord, RecordViewSet
from itsm.kernel.api.serializers import PersonField, RecordSerializer, RefField, RefListField, Strict
from transition.actions.operation import GAP_ACTIONS, REVIEW_ACTIONS
from transition.filters.operation import AcceptanceCriterionFilter, AcceptanceReviewFilter, GapFilter
from transition.models import (
    AcceptanceCriterion,
    AcceptanceReview,
    CriterionResult,
    DeliveryStream,
    Gap,
    ReleasePackage,
    Requirement,
)
from transition.operations import acceptance, gaps
from transition.queries.acceptance import criteria, reviews
from transition.queries.gaps import listed as listed_gaps


class AcceptanceCriterionSerializer(RecordSerializer):
    class Meta:
        model = AcceptanceCriterion
        fields = (*RecordSerializer.BASE, "code", "text", "delivery_model", "actions")


class NewCriterion(Strict):
    code = serializers.SlugField(max_length=60)
    text = serializers.CharField(max_length=300)
    delivery_model = serializers.ChoiceField(Service.DeliveryModel.choices, required=False, allow_blank=True)


class AcceptanceCriterionViewSet(CreateRecord, RecordViewSet):
    """What support asks before it takes a service over: of every service, or of one delivery model."""

    queryset = criteria()
    serializer_class = AcceptanceCriterionSerializer
    filterset_class = AcceptanceCriterionFilter
    create_arguments = NewCriterion

    def perform_create(self, data: dict[str, Any]) -> AcceptanceCriterion:
        return acceptance.define_criterion(actor=self.actor, **data)


class CriterionResultSerializer(serializers.ModelSerializer):
    criterion = serializers.SlugRelatedField(slug_field="code", read_only=True)
    answered_by = PersonField(read_only=True)

    class Meta:
        model = CriterionResult
        fields = ("criterion", "result", "note", "answered_by")


class AcceptanceReviewSerializer(RecordSerializer):
    service = serializers.SlugRelatedField(slug_field="slug", read_only=True)
    package = RefField(read_only=True)
    stream = RefField(read_only=True)
    decided_by = PersonField(read_only=True)
    requirements = serializers.SlugRelatedField(slug_field="code", many=True, read_only=True)
    results = CriterionResultSerializer(many=True, read_only=True)

    class Meta:
        model = AcceptanceReview
        fields = (
            *RecordSerializer.BASE, "service", "package", "stream", "requirements", "results", "state", "decided_by",
            "decided_at", "comment", "actions",
        )  # fmt: skip


class NewReview(Strict):
    service = RefField(Service.objects)
    package = RefField(ReleasePackage.objects, required=False, allow_null=True)
    stream = RefField(DeliveryStream.objects, required=False, allow_null=True)
    requirements = RefListField(Requirement.objects, required=False, max_length=1000)


class Acceptance(Strict):
    comment = serializers.CharField(required=False, allow_blank=True)


class PushBack(Strict):
    title = serializers.CharField(max_length=200)
    severity = serializers.ChoiceField(Gap.Severity.choices)
    comment = serializers.CharField(required=False, allow_blank=True)
    owner = PersonField(required=False, allow_null=True)
    due = serializers.DateField(required=False, allow_null=True)


class Answer(Strict):
    criterion = serializers.SlugRelatedField(slug_field="code", queryset=AcceptanceCriterion.objects.all())
    result = serializers.ChoiceField(CriterionResult.Result.choices)
    note = serializers.CharField(required=False, allow_blank=True)


class AcceptanceReviewViewSet(CreateRecord, RecordViewSet):
    queryset = reviews().prefetch_related("requirements", "results__criterion", "results__answered_by")
    serializer_class = AcceptanceReviewSerializer
    filterset_class = AcceptanceReviewFilter
    record_actions = REVIEW_ACTIONS
    create_arguments = NewReview

    def perform_create(self, data: dict[str, Any]) -> AcceptanceReview:
        return acceptance.open_review(actor=self.actor, **data)

    def _do(self, operate: Any, arguments: dict[str, Any]) -> Response:
        review = self.get_object()
        with self.as_seen(review):
            return self.answer(operate(review_id=review.pk, actor=self.actor, **arguments))

    @extend_schema(request=Acceptance, responses={200: AcceptanceReviewSerializer})
    @action(detail=True, methods=["post"])
    def accept(self, request: Request, pk: str) -> Response:
        """Take it over; refused while a critical gap stands."""
        return self._do(acceptance.accept, {"now": timezone.now(), **self.arguments(Acceptance)})

    @extend_schema(request=PushBack, responses={200: AcceptanceReviewSerializer})
    @action(detail=True, methods=["post"], url_path="push-back")
    def push_back(self, request: Request, pk: str) -> Response:
        """Say what is missing."""
        return self._do(acceptance.push_back, {"now": timezone.now(), **self.arguments(PushBack)})

    @extend_schema(request=Answer, responses={200: AcceptanceReviewSerializer})
    @action(detail=True, methods=["post"], url_path="answer", url_name="answer")
    def answer_criterion(self, request: Request, pk: str) -> Response:
        """Say what was found of one criterion."""
        return self._do(acceptance.answer, self.arguments(Answer))


class GapSerializer(RecordSerializer):
    service = serializers.SlugRelatedField(slug_field="slug", read_only=True)
    review = RefField(read_only=True)
    owner = PersonField(read_only=True)
    pushed_back_by = PersonField(read_only=True)
    carried_until = serializers.DateTimeField(read_only=True, help_text="How long its risk is accepted.")

    class Meta:
        model = Gap
        fields = (
            *RecordSerializer.BASE, "service", "review", "title", "severity", "owner", "due", "state", "carried_until",
            "pushed_back_by", "actions",
        )  # fmt: skip


class NewGap(Strict):
    service = RefField(Service.objects)
    title = serializers.CharField(max_length=200)
    severity = serializers.ChoiceField(Gap.Severity.choices)
    review = RefField(AcceptanceReview.objects, required=False, allow_null=True)
    owner = PersonField(required=False, allow_null=True)
    due = serializers.DateField(required=False, allow_null=True)


class Closing(Strict):
    reason = serializers.CharField(required=False, allow_blank=True)


class Risk(Strict):
    until = serializers.DateTimeField()
    reason = serializers.CharField()


class GapViewSet(CreateRecord, RecordViewSet):
    queryset = listed_gaps()
    serializer_class = GapSerializer
    filterset_class = GapFilter
    record_actions = GAP_ACTIONS
    create_arguments = NewGap

    def perform_create(self, data: dict[str, Any]) -> Gap:
        return gaps.name(actor=self.actor, **data)

    @extend_schema(request=Closing, responses={200: GapSerializer})
    @action(detail=True, methods=["post"])
    def close(self, request: Request, pk: str) -> Response:
        """What was missing is there."""
        gap = self.get_object()
        with self.as_seen(gap):
            return self.answer(gaps.close(gap_id=gap.pk, actor=self.actor, **self.arguments(Closing)))

    @extend_schema(request=Risk, responses={200: GapSerializer})
    @action(detail=True, methods=["post"], url_path="accept-risk")
    def accept_risk(self, request: Request, pk: str) -> Response:
        """Take the risk upon oneself until a moment."""
        gap = self.get_object()
        with self.as_seen(gap):
            return self.answer(
                gaps.accept_risk(gap_id=gap.pk, actor=self.actor, now=timezone.now(), **self.arguments(Risk))
            )
