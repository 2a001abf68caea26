"""REST: delivery streams, their periods and runs."""

from datetime import timedelta
from typing import Any, ClassVar
from zoneinfo import ZoneInfo

from django.utils import timezone
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from changes.api.fields import Reason
from changes.models import ChangeModel
from itsm.kernel.api.base import CreateRecord, RecordViewSet, UpdateRecord
from itsm.kernel.api.serializers import PersonField, RecordSerializer, RefField, RefListField, Strict
from itsm.kernel.roles import Role
from transition.actions.delivery import STREAM_ACTIONS
from transition.filters.delivery import PeriodFilter, RunFilter, StreamFilter
from transition.models import DeliveryItem, DeliveryStream, StreamPeriod, StreamRun, TransitionPlan
from transition.operations import runs, streams
from transition.queries import board, cover
from transition.queries import streams as ask

MAX_BOARD_DAYS = 100


class StreamSerializer(RecordSerializer):
    plan = RefField(read_only=True)
    service = RefField(source="plan.service", read_only=True)
    owner = PersonField(read_only=True)
    feeds = RefField(read_only=True)
    change_model = RefField(read_only=True)
    roles = serializers.ListField(child=serializers.ChoiceField(Role.choices), read_only=True, help_text="Responsible.")
    consulted = serializers.ListField(child=serializers.ChoiceField(Role.choices), read_only=True)
    informed = serializers.ListField(child=serializers.ChoiceField(Role.choices), read_only=True)
    rhythm = serializers.CharField(read_only=True)

    class Meta:
        model = DeliveryStream
        fields = (
            *RecordSerializer.BASE, "plan", "service", "ordinal", "name", "kind", "owner", "accountable", "roles",
            "consulted", "informed", "rhythm",
            "period_days", "period_months", "min_runs", "max_runs", "working_days_only", "time_zone", "country",
            "active_from", "rhythm_from", "resumed_on", "change_model", "feeds", "lag_target_days", "checklist",
            "state", "actions",
        )  # fmt: skip


class StreamChanges(Strict):
    name = serializers.CharField(max_length=200)
    owner = PersonField(required=False, allow_null=True)
    accountable = serializers.ChoiceField(Role.choices, required=False, help_text="Exactly one role answers for it.")
    roles = serializers.ListField(child=serializers.ChoiceField(Role.choices), required=False, help_text="Responsible.")
    consulted = serializers.ListField(child=serializers.ChoiceField(Role.choices), required=False)
    informed = serializers.ListField(child=serializers.ChoiceField(Role.choices), required=False)
    change_model = RefField(ChangeModel.objects, required=False, allow_null=True)
    feeds = RefField(DeliveryStream.objects, required=False, allow_null=True)
    lag_target_days = serializers.IntegerField(min_value=0, max_value=365, required=False, allow_null=True)
    checklist = serializers.ListField(child=serializers.CharField(max_length=300), required=False)


class Rhythm(Strict):
    period_days = serializers.IntegerField(min_value=1, max_value=366, required=False, allow_null=True)
    period_months = serializers.IntegerField(min_value=1, max_value=12, required=False, allow_null=True)
    min_runs = serializers.IntegerField(min_value=0, max_value=1000, required=False)
    max_runs = serializers.IntegerField(min_value=0, max_value=1000, required=False, allow_null=True)
    working_days_only = serializers.BooleanField(required=False)
    country = serializers.CharField(max_length=2, required=False, allow_blank=True)


class NewRhythm(Rhythm):
    reason = serializers.CharField(max_length=500, help_text="For those who relied on the old rhythm.")


class NewStream(StreamChanges, Rhythm):
    plan = RefField(TransitionPlan.objects.select_related("service"))
    ordinal = serializers.IntegerField(min_value=1, max_value=999)
    kind = serializers.ChoiceField(DeliveryStream.Kind.choices)
    active_from = serializers.DateField()
    time_zone = serializers.CharField(max_length=63, required=False)


class NewRun(Strict):
    at = serializers.DateTimeField(required=False)
    outcome = serializers.ChoiceField(StreamRun.Outcome.choices, required=False)
    summary = serializers.CharField(max_length=300, required=False, allow_blank=True)
    evidence = serializers.DictField(required=False)
    items = RefListField(
        DeliveryItem.objects, required=False, max_length=1000, help_text="Items that this run completes."
    )
    origin = serializers.CharField(max_length=100, required=False, help_text="What recorded it; recorded once.")


class StreamViewSet(CreateRecord, UpdateRecord, RecordViewSet):
    queryset = ask.listed()
    serializer_class = StreamSerializer
    filterset_class = StreamFilter
    record_actions = STREAM_ACTIONS
    create_arguments = NewStream
    update_arguments = StreamChanges
    own_parameters: ClassVar = {"from", "to"}

    def perform_create(self, data: dict[str, Any]) -> DeliveryStream:
        return streams.create(actor=self.actor, **data)

    def perform_update(self, record: DeliveryStream, data: dict[str, Any]) -> DeliveryStream:
        return streams.update(stream_id=record.pk, actor=self.actor, **data)

    @extend_schema(request=Reason, responses={200: StreamSerializer})
    @action(detail=True, methods=["post"])
    def pause(self, request: Request, pk: str) -> Response:
        """Promise nothing until it is resumed."""
        stream = self.get_object()
        with self.as_seen(stream):
            return self.answer(
                streams.pause(stream_id=stream.pk, actor=self.actor, now=timezone.now(), **self.arguments(Reason))
            )

    @extend_schema(request=NewRhythm, responses={200: StreamSerializer})
    @action(detail=True, methods=["post"], url_path="change-rhythm")
    def change_rhythm(self, request: Request, pk: str) -> Response:
        """Promise another rhythm from the next period on."""
        stream = self.get_object()
        said = self.arguments(NewRhythm)
        with self.as_seen(stream):
            changed = streams.change_rhythm(stream_id=stream.pk, actor=self.actor, now=timezone.now(), **said)
            return self.answer(changed)

    @extend_schema(request=None, responses={200: StreamSerializer})
    @action(detail=True, methods=["post"])
    def resume(self, request: Request, pk: str) -> Response:
        """Promise the rhythm again, from today's period on."""
        stream = self.get_object()
        with self.as_seen(stream):
            return self.answer(streams.resume(stream_id=stream.pk, actor=self.actor, now=timezone.now()))

    @extend_schema(request=Reason, responses={200: StreamSerializer})
    @action(detail=True, methods=["post"])
    def end(self, request: Request, pk: str) -> Response:
        """End the stream for good."""
        stream = self.get_object()
        with self.as_seen(stream):
            return self.answer(
                streams.end(stream_id=stream.pk, actor=self.actor, now=timezone.now(), **self.arguments(Reason))
            )

    @extend_schema(request=NewRun, responses={200: StreamSerializer})
    @action(detail=True, methods=["post"], url_path="record-run")
    def record_run(self, request: Request, pk: str) -> Response:
        """Record a delivery; it counts for the period that holds `at` (now, unless given)."""
        stream = self.get_object()
        with self.as_seen(stream):
            run = runs.record_run(stream_id=stream.pk, actor=self.actor, now=timezone.now(), **self.arguments(NewRun))
        answer = self.answer(stream)
        answer.data["run"] = RunSerializer(run, context=self.get_serializer_context()).data
        return answer

    @extend_schema(responses={200: dict})
    @action(detail=True, pagination_class=None, filterset_class=None)
    def cover(self, request: Request, pk: str) -> Response:
        """The days of the next two weeks on which nobody covers a role of the stream."""
        return Response(_lacks(self.get_object()))

    @extend_schema(
        parameters=[OpenApiParameter("from", str, description="First day."), OpenApiParameter("to", str)],
        responses={200: dict},
    )
    @action(detail=True, pagination_class=None, filterset_class=None)
    def board(self, request: Request, pk: str) -> Response:
        """The stream's lane over days: what was promised, what came, what lies ahead."""
        stream = self.get_object()
        arguments = BoardDays(data=request.query_params)
        arguments.is_valid(raise_exception=True)
        now = timezone.now()
        today = now.astimezone(ZoneInfo(stream.time_zone)).date()
        first, after = board.default_days(today)
        first = arguments.validated_data.get("from", first)
        after = arguments.validated_data["to"] + timedelta(days=1) if "to" in arguments.validated_data else after
        if not timedelta(0) < after - first <= timedelta(days=MAX_BOARD_DAYS):
            raise serializers.ValidationError({"to": [f"Ask for 1 to {MAX_BOARD_DAYS} days."]})
        return Response(board_json(board.board_of([stream], first=first, after=after, now=now, today=today)))


def _lacks(stream: DeliveryStream) -> dict[str, Any]:
    today = timezone.localdate()
    after = today + cover.AHEAD
    lacks = cover.gaps([stream], today, after).of(stream.pk)
    return {"from": today, "to": after - timedelta(days=1),
            "uncovered": [{"role": lack.role, "days": lack.days, "text": lack.text} for lack in lacks]}  # fmt: skip


class BoardDays(serializers.Serializer):
    def get_fields(self) -> dict[str, serializers.Field]:
        return {"from": serializers.DateField(required=False), "to": serializers.DateField(required=False)}


def board_json(found: board.Board) -> dict[str, Any]:
    """Days from `from` to `to`, both shown; cells tile each lane."""
    return {
        "from": found.first,
        "to": found.last,
        "today": found.today,
        "lanes": [
            {
                "stream": {"id": lane.stream.pk, "number": lane.stream.number, "display": lane.stream.display},
                "cells": [
                    {
                        "from": cell.first,
                        "to": cell.after - timedelta(days=1),
                        "state": cell.state,
                        "period": cell.period.number if cell.period else None,
                        "runs": [run.number for run in cell.runs],
                        "uncovered_roles": cell.uncovered,
                        "text": cell.title,
                    }
                    for cell in lane.cells
                ],
            }
            for lane in found.lanes
        ],
    }


class PeriodSerializer(RecordSerializer):
    stream = RefField(read_only=True)
    starts_at = serializers.DateTimeField(read_only=True)
    ends_at = serializers.DateTimeField(read_only=True)
    run_count = serializers.IntegerField(read_only=True)

    class Meta:
        model = StreamPeriod
        fields = (
            *RecordSerializer.BASE, "stream", "starts_at", "ends_at", "expected_min", "expected_max", "state",
            "run_count", "closed_at", "actions",
        )  # fmt: skip


class PeriodViewSet(RecordViewSet):
    """Opened and judged by the clockwork; nobody writes them."""

    queryset = ask.periods()
    serializer_class = PeriodSerializer
    filterset_class = PeriodFilter


class RunSerializer(RecordSerializer):
    stream = RefField(read_only=True)
    period = RefField(read_only=True)
    by = PersonField(read_only=True)

    class Meta:
        model = StreamRun
        fields = (
            *RecordSerializer.BASE, "stream", "period", "at", "by", "outcome", "summary", "evidence", "origin",
            "actions",
        )  # fmt: skip


class NewRunOfAStream(NewRun):
    stream = RefField(DeliveryStream.objects)


class RunViewSet(CreateRecord, RecordViewSet):
    queryset = ask.runs()
    serializer_class = RunSerializer
    filterset_class = RunFilter
    create_arguments = NewRunOfAStream

    def perform_create(self, data: dict[str, Any]) -> StreamRun:
        stream = data.pop("stream")
        return runs.record_run(stream_id=stream.pk, actor=self.actor, now=timezone.now(), **data)
