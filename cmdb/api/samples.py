"""REST: random samples, and the CIs that were drawn."""

from typing import Any

from django.utils import timezone
from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from cmdb.actions import SAMPLE_ACTIONS, SAMPLED_CI_ACTIONS
from cmdb.filters.audits import SampledCIFilter, SampleFilter
from cmdb.models import Sample, SampledCI
from cmdb.operations import samples
from cmdb.queries import samples as ask
from itsm.kernel.api.base import CreateRecord, RecordViewSet
from itsm.kernel.api.serializers import PersonField, RecordSerializer, RefField, Strict


class AccuracySerializer(serializers.Serializer):
    share = serializers.FloatField(help_text="Of true records among those that were answered.")
    low = serializers.FloatField(help_text="Where the share of all begins, with 95 % confidence (Wilson).")
    high = serializers.FloatField(help_text="Where it ends.")


class SampleSerializer(RecordSerializer):
    requested_by = PersonField(read_only=True, allow_null=True)
    size = serializers.IntegerField(read_only=True, help_text="How many were drawn.")
    true = serializers.IntegerField(read_only=True)
    wrong = serializers.IntegerField(read_only=True)
    accuracy = serializers.SerializerMethodField()

    class Meta:
        model = Sample
        fields = (
            *RecordSerializer.BASE, "name", "query", "population", "size", "due_on", "state", "drawn_at", "closed_at",
            "requested_by", "true", "wrong", "accuracy", "actions",
        )  # fmt: skip

    @extend_schema_field(AccuracySerializer(allow_null=True))
    def get_accuracy(self, sample: Sample) -> Any:
        found = ask.accuracy_of(sample)
        return found and AccuracySerializer(found).data


class SampledCISerializer(RecordSerializer):
    sample = RefField(read_only=True)
    ci = RefField(read_only=True)
    asked = PersonField(read_only=True, allow_null=True)
    answered_by = PersonField(read_only=True, allow_null=True)

    class Meta:
        model = SampledCI
        fields = (
            *RecordSerializer.BASE, "sample", "ci", "asked", "verdict", "note", "answered_by", "answered_at", "actions",
        )  # fmt: skip


class NewSample(Strict):
    name = serializers.CharField(max_length=200)
    size = serializers.IntegerField(min_value=1, max_value=samples.MOST)
    due_on = serializers.DateField()
    query = serializers.CharField(
        required=False, allow_blank=True, max_length=2000, help_text="A filter of the list of CIs; else all live ones."
    )


class SampleAnswer(Strict):
    verdict = serializers.ChoiceField([choice for choice in SampledCI.Verdict.choices if choice[0]])
    note = serializers.CharField(required=False, allow_blank=True, max_length=500, help_text="What is wrong.")


class SampleViewSet(CreateRecord, RecordViewSet):
    """CIs drawn by lot, and how true the record is by them."""

    queryset = ask.listed()
    serializer_class = SampleSerializer
    filterset_class = SampleFilter
    record_actions = SAMPLE_ACTIONS

    create_arguments = NewSample

    def perform_create(self, data: dict[str, Any]) -> Sample:
        """Draw CIs by lot; each is sent to whoever answers for it."""
        return samples.draw(actor=self.actor, now=timezone.now(), **data)

    @extend_schema(request=None, responses={200: SampleSerializer})
    @action(detail=True, methods=["post"])
    def close(self, request: Request, pk: str) -> Response:
        """Count no more answers."""
        sample = self.get_object()
        with self.as_seen(sample):
            return self.answer(samples.close(sample_id=sample.pk, actor=self.actor, now=timezone.now()))


class SampledCIViewSet(RecordViewSet):
    """What was asked of whom, and what they said."""

    queryset = ask.sampled()
    serializer_class = SampledCISerializer
    filterset_class = SampledCIFilter
    record_actions = SAMPLED_CI_ACTIONS

    @extend_schema(request=SampleAnswer, responses={200: SampledCISerializer})
    @action(detail=True, methods=["post"], url_path="answer")
    def say(self, request: Request, pk: str) -> Response:
        """Say whether the record is true; a true one is verified by it."""
        sampled = self.get_object()
        with self.as_seen(sampled):
            said = self.arguments(SampleAnswer)
            return self.answer(samples.answer(sampled_id=sampled.pk, actor=self.actor, now=timezone.now(), **said))
