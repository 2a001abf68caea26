"""REST: recurring changes."""

from collections.abc import Callable
from typing import Any

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from changes.actions import RECURRING_ACTIONS
from changes.filters import RecurringChangeFilter
from changes.models import ChangeModel, ChangeRequest, Occurrence, RecurringChange
from changes.operations import recurring
from changes.queries.recurring import coming, listed, made_for, skipped
from cmdb.models import ConfigurationItem, Service
from itsm.kernel.api.base import CreateRecord, RecordViewSet, UpdateRecord
from itsm.kernel.api.schema import results_of
from itsm.kernel.api.serializers import PersonField, RecordSerializer, RefField, RefListField, Strict


class RecurringChangeSerializer(RecordSerializer):
    model = serializers.SlugRelatedField(slug_field="code", read_only=True)
    template = serializers.SerializerMethodField(help_text="The request that each is copied from, if you may see it.")
    owner = PersonField(read_only=True)
    services = serializers.SlugRelatedField(slug_field="slug", many=True, read_only=True)

    class Meta:
        model = RecurringChange
        fields = (
            *RecordSerializer.BASE, "title", "model", "template", "reason", "services", "cis", "owner", "first_start",
            "recurrence", "time_zone", "duration_minutes", "ahead_days", "active", "made_until", "actions",
        )  # fmt: skip

    def get_fields(self) -> dict[str, Any]:
        fields = super().get_fields()
        if "cis" in fields:
            fields["cis"] = serializers.ListField(child=RefField(read_only=True), source="cis.all", read_only=True)
        return fields

    def get_template(self, record: RecurringChange) -> str | None:
        return f"{ChangeRequest.PREFIX}-{record.template_id}" if record.template_id else None


class RecurringChanges(Strict):
    title = serializers.CharField(max_length=200, required=False)
    reason = serializers.CharField(required=False, allow_blank=True)
    services = RefListField(Service.objects, required=False, max_length=100)
    cis = RefListField(ConfigurationItem.objects, required=False, max_length=1000)
    owner = PersonField(required=False)
    first_start = serializers.DateTimeField()
    recurrence = serializers.CharField(max_length=300)
    time_zone = serializers.CharField(max_length=63, required=False)
    duration_minutes = serializers.IntegerField(min_value=1, max_value=7 * 24 * 60, required=False)
    ahead_days = serializers.IntegerField(min_value=1, max_value=366, required=False)
    active = serializers.BooleanField(required=False)


class NewRecurring(RecurringChanges):
    """From a request (`template`), which is copied each time, or from a `model`."""

    model = RefField(ChangeModel.objects, required=False)
    template = RefField(ChangeRequest.objects, required=False)


class OneComing(Strict):
    starts_at = serializers.DateTimeField()


class SkipArguments(OneComing):
    reason = serializers.CharField(max_length=300)


class MadeSerializer(serializers.Serializer):
    starts_at = serializers.DateTimeField()
    change = RefField(read_only=True, allow_null=True, help_text="Null where it is yet to be made, or skipped.")
    skipped_because = serializers.CharField(help_text="Empty: it is not skipped.")


class RecurringChangeViewSet(CreateRecord, UpdateRecord, RecordViewSet):
    queryset = listed().order_by("-pk")
    serializer_class = RecurringChangeSerializer
    filterset_class = RecurringChangeFilter
    record_actions = RECURRING_ACTIONS
    create_arguments = NewRecurring
    update_arguments = RecurringChanges

    def perform_create(self, data: dict[str, Any]) -> RecurringChange:
        return recurring.create(actor=self.actor, now=timezone.now(), **data)

    def perform_update(self, record: RecurringChange, data: dict[str, Any]) -> RecurringChange:
        return recurring.update(recurring_id=record.pk, actor=self.actor, now=timezone.now(), **data)

    @extend_schema(request=None, responses={200: RecurringChangeSerializer})
    @action(detail=True, methods=["post"])
    def make(self, request: Request, pk: str) -> Response:
        """Make at once what is due within the days ahead; what was made already is not made again."""
        record = self.get_object()
        with self.as_seen(record):
            return self.answer(recurring.make_now(recurring_id=record.pk, actor=self.actor, now=timezone.now()))

    @extend_schema(responses={200: results_of(MadeSerializer)})
    @action(detail=True, pagination_class=None, filterset_class=None)
    def occurrences(self, request: Request, pk: str) -> Response:
        """The requests made for it that you may see, the last first, and when it comes next."""
        record = self.get_object()
        now = timezone.now()
        ahead = [Occurrence(starts_at=at) for at in coming(record, now)]
        rows = [*ahead, *skipped(record, now), *made_for(record, self.actor)]
        return Response({"results": MadeSerializer(rows, many=True).data})

    @extend_schema(request=SkipArguments, responses={200: RecurringChangeSerializer})
    @action(detail=True, methods=["post"])
    def skip(self, request: Request, pk: str) -> Response:
        """Leave out the one that begins then; it must not be made yet."""
        return self._on_one(recurring.skip, **self.arguments(SkipArguments))

    @extend_schema(request=OneComing, responses={200: RecurringChangeSerializer})
    @action(detail=True, methods=["post"], url_path="take-back")
    def take_back(self, request: Request, pk: str) -> Response:
        """Let a skipped one come after all."""
        return self._on_one(recurring.take_back, **self.arguments(OneComing))

    def _on_one(self, operate: Callable[..., RecurringChange], **said: Any) -> Response:
        record = self.get_object()
        with self.as_seen(record):
            return self.answer(operate(recurring_id=record.pk, actor=self.actor, now=timezone.now(), **said))
