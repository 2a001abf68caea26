"""REST: webhook endpoints and the messages to them, for administrators. Here, because an endpoint names a service."""

import json
from typing import Any

from django.db.models import OuterRef, Subquery
from django.http import Http404
from django.urls import reverse
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from cmdb.models import Service
from itsm.kernel.api.base import RecordViewSet, UpdateRecord, etag
from itsm.kernel.api.serializers import MessageSerializer, PersonField, RecordSerializer, RefField, Strict
from itsm.kernel.errors import InvalidInput
from itsm.kernel.models import WebhookDelivery, WebhookEndpoint
from itsm.kernel.outbox_filter import STATES
from itsm.kernel.permissions import require
from itsm.kernel.webhooks import operations, rules
from itsm.kernel.webhooks.actions import DELIVERY_ACTIONS, WEBHOOK_ACTIONS
from itsm.kernel.webhooks.filters import WebhookDeliveryFilter, WebhookFilter


class WebhookSerializer(RecordSerializer):
    owner = PersonField(read_only=True)
    service = serializers.CharField(source="service_slug", read_only=True, allow_null=True)
    failing_since = serializers.DateTimeField(source="health.failing_since", read_only=True, allow_null=True)
    paused_until = serializers.DateTimeField(source="health.paused_until", read_only=True, allow_null=True)

    class Meta:
        model = WebhookEndpoint
        fields = (
            *RecordSerializer.BASE, "name", "url", "patterns", "format", "service", "owner", "state", "reason",
            "rotated_at", "previous_until", "failing_since", "paused_until", "actions",
        )  # fmt: skip


class WebhookWithSecret(WebhookSerializer):
    secret = serializers.CharField(read_only=True, help_text="What verifies signatures. It cannot be had again.")

    class Meta(WebhookSerializer.Meta):
        fields = (*WebhookSerializer.Meta.fields, "secret")


class WebhookChanges(Strict):
    name = serializers.CharField(max_length=100)
    url = serializers.CharField(max_length=500, help_text="https://, at a public address or in WEBHOOK_ALLOWED_RANGES.")
    patterns = serializers.ListField(
        child=serializers.CharField(max_length=120),
        allow_empty=False,
        max_length=100,
        help_text="Names of events, as changes.task.added; changes.* for all of an app, * for all.",
    )
    format = serializers.ChoiceField(WebhookEndpoint.Format.choices, required=False, help_text="Whose words are used.")
    service = RefField(Service.objects, required=False, allow_null=True)
    owner = PersonField(required=False, help_text="Only what this user may see is sent. Left out: you.")

    def validate(self, data: dict[str, Any]) -> dict[str, Any]:
        if "service" in data:
            service = data.pop("service")
            data["service_id"] = service.pk if service else None
        return data


class DisableArguments(Strict):
    reason = serializers.CharField(max_length=300)


class AttemptSerializer(serializers.Serializer):
    at = serializers.DateTimeField()
    status = serializers.IntegerField(allow_null=True)
    answer = serializers.CharField(help_text="Its first 2,000 bytes.")
    problem = serializers.CharField()
    milliseconds = serializers.IntegerField()


class WebhookDeliverySerializer(MessageSerializer):
    ON_DETAIL = ("payload", "log", "actions")

    state = serializers.ChoiceField(list(STATES), read_only=True)
    payload = serializers.SerializerMethodField(help_text="The body as it is sent.")
    log = AttemptSerializer(source="in_order", many=True, read_only=True)

    class Meta:
        model = WebhookDelivery
        fields = (
            *MessageSerializer.BASE, "endpoint", "event", "message_id", "name", "subject", "state", "attempts",
            "created_at", "due_at", "done_at", "parked_at", "problem", "payload", "log", "actions",
        )  # fmt: skip

    def get_url(self, delivery: WebhookDelivery) -> str:
        return self.context["request"].build_absolute_uri(reverse("api:webhook-delivery-detail", args=[delivery.pk]))

    def get_payload(self, delivery: WebhookDelivery) -> dict[str, Any]:
        return dict(json.loads(delivery.body))


class ForAdministrators(RecordViewSet):
    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        require(rules.may_manage, self.actor)


class WebhookViewSet(UpdateRecord, ForAdministrators):
    """Who is told of events by HTTP; administrators only. A secret is in one answer and nowhere else."""

    queryset = (
        WebhookEndpoint.objects.select_related("owner", "health")
        .annotate(service_slug=Subquery(Service.objects.filter(pk=OuterRef("service_id")).values("slug")))
        .order_by("pk")
    )
    serializer_class = WebhookSerializer
    filterset_class = WebhookFilter
    record_actions = WEBHOOK_ACTIONS
    update_arguments = WebhookChanges
    lookup_value_regex = r"\d{1,18}"

    def _once(self, key: str, handler: Any) -> Any:
        """An answer with a secret must not be kept for 24 hours."""
        if self.action in ("create", "rotate"):
            raise InvalidInput.at("Idempotency-Key", "A webhook's secret is shown once; send this without the header.")
        return super()._once(key, handler)

    @extend_schema(request=WebhookChanges, responses={201: WebhookWithSecret})
    def create(self, request: Request) -> Response:
        """Make an endpoint; its `secret` is in this answer."""
        endpoint, secret = operations.create(actor=self.actor, **self.arguments(WebhookChanges))
        return self._with_secret(endpoint, secret, 201)

    def perform_update(self, record: WebhookEndpoint, data: dict[str, Any]) -> WebhookEndpoint:
        return operations.update(endpoint_id=record.pk, actor=self.actor, **data)

    @extend_schema(request=None, responses={200: WebhookWithSecret})
    @action(detail=True, methods=["post"])
    def rotate(self, request: Request, pk: str) -> Response:
        """A new `secret`; for a day both sign."""
        endpoint = self.get_object()
        with self.as_seen(endpoint):
            return self._with_secret(
                *operations.rotate(endpoint_id=endpoint.pk, actor=self.actor, now=timezone.now()), 200
            )

    def _drawn(self, deliveries: Any, **how: Any) -> Any:
        return WebhookDeliverySerializer(deliveries, context={"request": self.request}, **how).data

    def _with_secret(self, endpoint: WebhookEndpoint, secret: str, status: int) -> Response:
        fresh: Any = self.get_queryset().get(pk=endpoint.pk)
        fresh.secret = secret
        headers = {"ETag": etag(fresh), "Cache-Control": "no-store"}
        if status == 201:
            headers["Location"] = self.path_of(fresh)
        body = WebhookWithSecret(fresh, context=self.get_serializer_context()).data
        return Response(body, status=status, headers=headers)

    @extend_schema(request=DisableArguments, responses={200: WebhookSerializer})
    @action(detail=True, methods=["post"])
    def disable(self, request: Request, pk: str) -> Response:
        """Send nothing any more; what waits goes out when it is enabled."""
        endpoint = self.get_object()
        said = self.arguments(DisableArguments)
        with self.as_seen(endpoint):
            return self.answer(operations.disable(endpoint_id=endpoint.pk, actor=self.actor, **said))

    @extend_schema(request=None, responses={200: WebhookSerializer})
    @action(detail=True, methods=["post"])
    def enable(self, request: Request, pk: str) -> Response:
        """Send again, what waited first."""
        endpoint = self.get_object()
        with self.as_seen(endpoint):
            return self.answer(operations.enable(endpoint_id=endpoint.pk, actor=self.actor))

    @extend_schema(request=None, responses={202: WebhookDeliverySerializer})
    @action(detail=True, methods=["post"])
    def ping(self, request: Request, pk: str) -> Response:
        """Send a message of the type `ping`; ask for the delivery to see what came of it."""
        endpoint = self.get_object()
        with self.as_seen(endpoint):
            delivery = operations.ping(endpoint_id=endpoint.pk, actor=self.actor)
        return Response(self._drawn(delivery), status=202)

    @extend_schema(operation_id="webhooks_own_deliveries_list", responses={200: WebhookDeliverySerializer(many=True)})
    @action(detail=True, filterset_class=None)
    def deliveries(self, request: Request, pk: str) -> Response:
        """What was sent to it, or waits to be; `webhooks/deliveries/?endpoint=` can be asked for less."""
        found = WebhookDelivery.objects.filter(endpoint=self.get_object()).order_by("-pk")
        page = self.paginate_queryset(found)
        return self.get_paginated_response(self._drawn(page, many=True))


class WebhookDeliveryViewSet(ForAdministrators):
    """Messages to endpoints, with the body and each attempt; administrators only. Kept for 30 days."""

    queryset = WebhookDelivery.objects.order_by("-pk")
    serializer_class = WebhookDeliverySerializer
    record_actions = DELIVERY_ACTIONS
    filterset_class = WebhookDeliveryFilter
    lookup_value_regex = r"\d{1,18}"

    def get_object(self) -> WebhookDelivery:
        found = self.get_queryset().filter(pk=self.kwargs["pk"]).first()
        if found is None:
            raise Http404
        return found

    @extend_schema(request=None, responses={200: WebhookDeliverySerializer})
    @action(detail=True, methods=["post"], url_path="send-again")
    def send_again(self, request: Request, pk: str) -> Response:
        """The same message with the same id, now, and with all its attempts."""
        operations.send_again(delivery_id=self.get_object().pk, actor=self.actor)
        return Response(self.get_serializer(self.get_object()).data)
