"""REST: meetings with their packs, and the improvement register."""

from typing import Any

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from changes.models import ChangeRequest
from cmdb.models import Service
from itsm.kernel.api.base import CreateRecord, RecordViewSet, UpdateRecord
from itsm.kernel.api.serializers import PersonField, RecordSerializer, RefField, Strict
from transition.actions.operation import IMPROVEMENT_ACTIONS, MEETING_ACTIONS, SERIES_ACTIONS
from transition.filters.operation import ImprovementFilter, MeetingFilter, MeetingSeriesFilter
from transition.models import Improvement, Incident, Meeting, MeetingSeries
from transition.operations import improvements, meetings
from transition.queries.measures import in_words
from transition.queries.meetings import improvements as listed_improvements
from transition.queries.meetings import listed, series


class MeetingSeriesSerializer(RecordSerializer):
    service = serializers.SlugRelatedField(slug_field="slug", read_only=True)

    class Meta:
        model = MeetingSeries
        fields = (
            *RecordSerializer.BASE, "service", "kind", "at", "time_zone", "pack_minutes_before", "active", "actions"
        )  # fmt: skip


class Agreement(Strict):
    """A daily meeting at this wall-clock time; agreeing again moves it."""

    service = RefField(Service.objects)
    kind = serializers.ChoiceField(MeetingSeries.Kind.choices)
    at = serializers.TimeField()
    time_zone = serializers.CharField(max_length=63, required=False)
    pack_minutes_before = serializers.IntegerField(min_value=0, max_value=720, required=False)


class MeetingSeriesViewSet(CreateRecord, RecordViewSet):
    queryset = series()
    serializer_class = MeetingSeriesSerializer
    filterset_class = MeetingSeriesFilter
    record_actions = SERIES_ACTIONS
    create_arguments = Agreement

    def perform_create(self, data: dict[str, Any]) -> MeetingSeries:
        return meetings.agree(actor=self.actor, **data)

    @extend_schema(request=None, responses={200: MeetingSeriesSerializer})
    @action(detail=True, methods=["post"])
    def end(self, request: Request, pk: str) -> Response:
        """It is no longer held."""
        found = self.get_object()
        with self.as_seen(found):
            return self.answer(meetings.end(series_id=found.pk, actor=self.actor))


class MeetingSerializer(RecordSerializer):
    service = serializers.CharField(source="series.service.slug", read_only=True)
    kind = serializers.CharField(source="series.kind", read_only=True)

    class Meta:
        model = Meeting
        fields = (*RecordSerializer.BASE, "service", "kind", "starts_at", "pack_at", "minutes", "actions")


class Minutes(Strict):
    minutes = serializers.CharField(allow_blank=True)


class MeetingAction(Strict):
    title = serializers.CharField(max_length=200)
    text = serializers.CharField(required=False, allow_blank=True)


class MeetingViewSet(RecordViewSet):
    queryset = listed()
    serializer_class = MeetingSerializer
    filterset_class = MeetingFilter
    record_actions = MEETING_ACTIONS

    @extend_schema(responses={200: dict})
    @action(detail=True, pagination_class=None, filterset_class=None)
    def pack(self, request: Request, pk: str) -> Response:
        """The pack as a worker wrote it: sections of lines, each with its link."""
        meeting = self.get_object()
        return Response({"meeting": meeting.number, "written_at": meeting.pack_at, **meeting.pack})

    @extend_schema(request=Minutes, responses={200: MeetingSerializer})
    @action(detail=True, methods=["post"])
    def minute(self, request: Request, pk: str) -> Response:
        """Write the minutes."""
        meeting = self.get_object()
        with self.as_seen(meeting):
            return self.answer(meetings.minute(meeting_id=meeting.pk, actor=self.actor, **self.arguments(Minutes)))

    @extend_schema(request=MeetingAction, responses={201: dict})
    @action(detail=True, methods=["post"])
    def act(self, request: Request, pk: str) -> Response:
        """Make a line of the pack an improvement."""
        made = meetings.act(meeting_id=self.get_object().pk, actor=self.actor, **self.arguments(MeetingAction))
        return Response({"id": made.pk, "number": made.number, "display": made.display}, status=201)


class ImprovementSerializer(RecordSerializer):
    service = serializers.SlugRelatedField(slug_field="slug", read_only=True)
    owner = PersonField(read_only=True)
    incident = RefField(read_only=True)
    follow_up = RefField(read_only=True)
    counts = serializers.SerializerMethodField(help_text="The measure in words.")

    class Meta:
        model = Improvement
        fields = (
            *RecordSerializer.BASE, "title", "text", "service", "level", "state", "owner", "incident", "follow_up",
            "measure", "counts", "baseline", "target", "actual", "check_on", "actions",
        )  # fmt: skip

    def get_counts(self, improvement: Improvement) -> str:
        return in_words(improvement.measure)


class NewImprovement(Strict):
    title = serializers.CharField(max_length=200)
    text = serializers.CharField(required=False, allow_blank=True)
    service = RefField(Service.objects, required=False, allow_null=True)
    level = serializers.ChoiceField(Improvement.Level.choices, required=False)
    owner = PersonField(required=False, allow_null=True)
    incident = RefField(Incident.objects, required=False, allow_null=True)
    follow_up = RefField(ChangeRequest.objects, required=False, allow_null=True)
    measure = serializers.CharField(max_length=200, required=False, allow_blank=True)
    baseline = serializers.DecimalField(12, 3, required=False, allow_null=True)
    target = serializers.DecimalField(12, 3, required=False, allow_null=True)
    check_on = serializers.DateField(required=False, allow_null=True)


class ImprovementEdit(Strict):
    title = serializers.CharField(max_length=200)
    text = serializers.CharField(allow_blank=True)
    service = RefField(Service.objects, allow_null=True)
    level = serializers.ChoiceField(Improvement.Level.choices)
    owner = PersonField(allow_null=True)
    follow_up = RefField(ChangeRequest.objects, allow_null=True)
    measure = serializers.CharField(max_length=200, allow_blank=True)
    baseline = serializers.DecimalField(12, 3, allow_null=True)
    target = serializers.DecimalField(12, 3, allow_null=True)
    check_on = serializers.DateField(allow_null=True)


class Dropping(Strict):
    reason = serializers.CharField(required=False, allow_blank=True)


class Done(Strict):
    check_on = serializers.DateField(required=False, allow_null=True)


class Figure(Strict):
    actual = serializers.DecimalField(12, 3, required=False, allow_null=True)


class ImprovementViewSet(CreateRecord, UpdateRecord, RecordViewSet):
    queryset = listed_improvements()
    serializer_class = ImprovementSerializer
    filterset_class = ImprovementFilter
    record_actions = IMPROVEMENT_ACTIONS
    create_arguments = NewImprovement
    update_arguments = ImprovementEdit

    def perform_create(self, data: dict[str, Any]) -> Improvement:
        return improvements.log(actor=self.actor, **data)

    def perform_update(self, record: Improvement, data: dict[str, Any]) -> Improvement:
        return improvements.update(improvement_id=record.pk, actor=self.actor, **data)

    def _do(self, operate: Any, **arguments: Any) -> Response:
        improvement = self.get_object()
        with self.as_seen(improvement):
            return self.answer(operate(improvement_id=improvement.pk, actor=self.actor, **arguments))

    @extend_schema(request=None, responses={200: ImprovementSerializer})
    @action(detail=True, methods=["post"])
    def approve(self, request: Request, pk: str) -> Response:
        """It is worth doing."""
        return self._do(improvements.approve)

    @extend_schema(request=None, responses={200: ImprovementSerializer})
    @action(detail=True, methods=["post"])
    def start(self, request: Request, pk: str) -> Response:
        """Somebody is at it."""
        return self._do(improvements.start)

    @extend_schema(request=Done, responses={200: ImprovementSerializer})
    @action(detail=True, methods=["post"])
    def finish(self, request: Request, pk: str) -> Response:
        """It is done; whether it worked is measured on its check date."""
        return self._do(improvements.finish, **self.arguments(Done))

    @extend_schema(request=Figure, responses={200: ImprovementSerializer})
    @action(detail=True, methods=["post"])
    def check(self, request: Request, pk: str) -> Response:
        """Measure again, and say whether it worked."""
        return self._do(improvements.check, now=timezone.now(), **self.arguments(Figure))

    @extend_schema(request=Dropping, responses={200: ImprovementSerializer})
    @action(detail=True, methods=["post"])
    def drop(self, request: Request, pk: str) -> Response:
        """Give it up."""
        return self._do(improvements.drop, **self.arguments(Dropping))
