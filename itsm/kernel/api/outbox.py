"""REST: deliveries of events, for administrators: what failed and why, and sending it again."""

from typing import Any

from django.http import Http404
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from itsm.kernel import outbox
from itsm.kernel.actions import Action
from itsm.kernel.api.base import RecordViewSet
from itsm.kernel.api.serializers import MessageSerializer
from itsm.kernel.models import EventDelivery
from itsm.kernel.outbox_filter import DeliveryFilter
from itsm.kernel.permissions import require


class EventOfDelivery(serializers.Serializer):
    id = serializers.IntegerField()
    name = serializers.CharField()
    version = serializers.IntegerField()
    subject_type = serializers.CharField()
    subject_id = serializers.IntegerField()
    subject = serializers.CharField()
    actor = serializers.CharField()
    occurred_at = serializers.DateTimeField()
    payload = serializers.DictField()


def _is_parked(delivery: EventDelivery) -> str | None:
    return None if delivery.parked_at else f"It is {delivery.state}, not parked; nothing to send again."


ACTIONS = (Action("send-again", "Send again", outbox.may_send_again, unless=_is_parked, primary=True),)


class DeliverySerializer(MessageSerializer):
    event = EventOfDelivery(read_only=True)
    state = serializers.ChoiceField(["waiting", "failing", "parked", "done"], read_only=True)

    class Meta:
        model = EventDelivery
        fields = (
            *MessageSerializer.BASE, "event", "subscriber", "state", "attempts", "due_at", "done_at", "parked_at",
            "problem", "actions",
        )  # fmt: skip


class DeliveryViewSet(RecordViewSet):
    """What each subscriber has had of an event, or still has to; administrators only."""

    queryset = EventDelivery.objects.select_related("event").order_by("-pk")
    serializer_class = DeliverySerializer
    filterset_class = DeliveryFilter
    lookup_value_regex = r"\d{1,18}"
    record_actions = ACTIONS

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        require(outbox.may_see, self.actor)

    def get_object(self) -> EventDelivery:
        found = self.get_queryset().filter(pk=self.kwargs["pk"]).first()
        if found is None:
            raise Http404
        return found

    @extend_schema(request=None, responses={200: DeliverySerializer})
    @action(detail=True, methods=["post"], url_path="send-again")
    def send_again(self, request: Request, pk: str) -> Response:
        """Try a parked delivery anew, with all its attempts."""
        outbox.send_again(delivery_id=self.get_object().pk, actor=self.actor)
        return Response(self.get_serializer(self.get_object()).data)
