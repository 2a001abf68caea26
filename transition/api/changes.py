"""REST: of a change, what it was expected to hit and what it hit."""

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from changes.api import ChangeRequestViewSet as ChangeRequests
from itsm.kernel.api.serializers import RefField, Strict
from transition.api.improvements import ImprovementSerializer, ImprovementViewSet
from transition.operations import lessons
from transition.queries.deltas import delta_of


class Lesson(Strict):
    title = serializers.CharField(max_length=200)
    text = serializers.CharField(required=False, help_text="The lessons of the review unless said.")


class ChangeRequestViewSet(ChangeRequests):
    """The requests for change, with what transition knows of them."""

    @extend_schema(responses={200: dict})
    @action(detail=True, pagination_class=None, filterset_class=None, url_path="impact-delta")
    def impact_delta(self, request: Request, pk: str) -> Response:
        """Predicted impact against the incidents put down to the change: precision, recall, and what was unexpected."""
        delta, ref = delta_of(self.get_object(), self.actor), RefField().to_representation
        return Response(
            {
                "predicted_at": delta.prediction.at,
                "touched": len(delta.prediction.touched),
                "predicted": len(delta.prediction.expected),
                "hit": [ref(ci) for ci in delta.hit],
                "foreseen": [ref(ci) for ci in delta.foreseen],
                "unexpected": [ref(ci) for ci in delta.unexpected],
                "precision": delta.precision,
                "recall": delta.recall,
                "incidents": [ref(incident) for incident in delta.incidents],
            }
        )

    @extend_schema(request=Lesson, responses={201: ImprovementSerializer})
    @action(detail=True, methods=["post"], url_path="log-improvement")
    def log_improvement(self, request: Request, pk: str) -> Response:
        """Make the lesson of the review an improvement; once."""
        change = self.get_object()
        with self.as_seen(change):
            made = lessons.log_improvement(change_id=change.pk, actor=self.actor, **self.arguments(Lesson))
        context = self._rows_of(ImprovementViewSet, "improvement")
        return Response(ImprovementSerializer(made, context=context).data, status=201)
