"""REST: events of pipelines. Taken in as CloudEvents and kept first; what became of one is asked for afterwards."""

from typing import Any

from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.http import Http404
from django.urls import reverse
from drf_spectacular.utils import PolymorphicProxySerializer, extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from itsm.kernel.api.base import RecordViewSet
from itsm.kernel.api.schema import Schema
from itsm.kernel.api.serializers import MessageSerializer, RefField, Strict
from itsm.kernel.permissions import require
from transition.actions.pipeline import EVENT_ACTIONS
from transition.filters.pipeline import PipelineEventFilter
from transition.models import PipelineEvent
from transition.operations import pipeline_events
from transition.operations.pipeline_events import Receipt
from transition.pipeline import cloudevents
from transition.pipeline.problems import TooLarge
from transition.queries.pipeline import listed
from transition.rules import pipeline as rules

MOST_BYTES = settings.DATA_UPLOAD_MAX_MEMORY_SIZE
EVENT = {
    "type": "object",
    "required": ["specversion", "id", "source", "type"],
    "properties": {
        "specversion": {"type": "string", "enum": ["1.0"]},
        "id": {"type": "string", "example": "a7c1-42"},
        "source": {"type": "string", "example": "/ci/online-shop"},
        "type": {"type": "string", "example": "dev.cdevents.service.deployed.0.3.0"},
        "subject": {"type": "string", "example": "online-shop"},
        "time": {"type": "string", "format": "date-time"},
        "datacontenttype": {"type": "string", "example": "application/json"},
        "data": {},
    },
}
BODIES = {
    "application/cloudevents+json": EVENT,
    "application/cloudevents-batch+json": {"type": "array", "items": EVENT, "maxItems": cloudevents.MOST_IN_A_BATCH},
    "application/json": {"description": "The data alone, with the attributes in ce- headers."},
}


class EventSchema(Schema):
    """What is posted here is no record of ours, nor is a list of it one."""

    def _take_lists(self, operation: dict[str, Any]) -> None:
        if self.action != "create":
            super()._take_lists(operation)


class PipelineEventSerializer(MessageSerializer):
    ON_DETAIL = ("payload", "actions")

    service = serializers.SlugRelatedField(slug_field="slug", read_only=True, allow_null=True)
    origin = RefField(read_only=True, allow_null=True)

    class Meta:
        model = PipelineEvent
        fields = (
            *MessageSerializer.BASE, "source", "event_id", "type", "subject", "occurred_at", "received_at", "origin",
            "service", "state", "attempts", "due_at", "processed_at", "problem", "effects", "payload", "actions",
        )  # fmt: skip


class ReceiptSerializer(serializers.Serializer):
    id = serializers.IntegerField()
    number = serializers.CharField()
    url = serializers.CharField(help_text="Where to ask what became of it.")
    source = serializers.CharField()
    event_id = serializers.CharField()
    known = serializers.BooleanField(help_text="It was taken in before; nothing follows from it again.")


RECEIPTS = PolymorphicProxySerializer(
    component_name="Receipts",
    serializers=[ReceiptSerializer, ReceiptSerializer(many=True)],
    resource_type_field_name=None,
    many=False,
)


class RetryArguments(Strict):
    ids = serializers.ListField(child=serializers.IntegerField(min_value=1), min_length=1, max_length=1000)


class Retried(serializers.Serializer):
    retried = serializers.IntegerField()


def address(request: Request, pk: int) -> str:
    return str(request.build_absolute_uri(reverse("api:pipeline-event-detail", args=[pk])))


def receipts(request: Request, kept: list[Receipt], in_batch: bool) -> Response:
    """202: kept, and where to look."""
    root = request.build_absolute_uri(reverse("api:pipeline-event-list"))
    said: list[dict[str, Any]] = [
        {"id": r.id, "number": r.number, "url": f"{root}{r.id}/", "source": r.source, "event_id": r.event_id,
         "known": r.known}
        for r in kept
    ]  # fmt: skip
    if in_batch:
        return Response(said, status=202)
    return Response(said[0], status=202, headers={"Location": str(said[0]["url"])})


def body_of(request: Any) -> bytes:
    """The bytes as they came. Raises TooLarge."""
    said = request.headers.get("Content-Length", "")
    try:
        if said.isdecimal() and int(said) > MOST_BYTES:
            raise RequestDataTooBig
        return bytes(request.body)
    except RequestDataTooBig:
        raise TooLarge(f"At most {MOST_BYTES:,} bytes a request; send the events in several.") from None


class PipelineEventViewSet(RecordViewSet):
    """What pipelines told, and what became of it."""

    queryset = listed()
    serializer_class = PipelineEventSerializer
    filterset_class = PipelineEventFilter
    record_actions = EVENT_ACTIONS
    schema = EventSchema()

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        if request.method == "POST":
            body_of(request)  # before anything reads it
        super().initial(request, *args, **kwargs)

    def get_object(self) -> PipelineEvent:
        found = self.get_queryset().by_ref(self.kwargs["pk"]).first()
        if found is None:
            raise Http404
        return found

    @extend_schema(request=BODIES, responses={202: RECEIPTS})
    def create(self, request: Request) -> Response:
        """Take in one CloudEvent (structured or binary), or a batch: all of it or none, errors by position.

        A batch answers with a list of receipts. Sending an event again does nothing and answers the same.
        """
        require(rules.may_send, self.actor)
        kind = request.headers.get("Content-Type", "")
        events, in_batch = cloudevents.read(kind, dict(request.headers), body_of(request))
        return receipts(request, pipeline_events.receive(events=events, in_batch=in_batch, actor=self.actor), in_batch)

    @extend_schema(request=None, responses={200: PipelineEventSerializer})
    @action(detail=True, methods=["post"])
    def retry(self, request: Request, pk: str) -> Response:
        """Try a parked event anew."""
        pipeline_events.retry(event_id=self.get_object().pk, actor=self.actor)
        return Response(self.get_serializer(self.get_object()).data)

    @extend_schema(operation_id="transition_events_retry_all", request=RetryArguments, responses={200: Retried})
    @action(detail=False, methods=["post"], url_path="retry", filterset_class=None, pagination_class=None)
    def retry_all(self, request: Request) -> Response:
        """Try all of these that are parked anew."""
        ids = self.arguments(RetryArguments)["ids"]
        return Response({"retried": pipeline_events.retry_all(event_ids=ids, actor=self.actor)})
