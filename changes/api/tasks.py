"""REST: tasks of changes."""

from dataclasses import asdict
from typing import Any

from django.utils import timezone
from drf_spectacular.utils import extend_schema, inline_serializer
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from changes.actions import TASK_ACTIONS
from changes.api.fields import Reason
from changes.filters import ChangeTaskFilter
from changes.models import ChangeModel, ChangeRequest, ChangeTask
from changes.operations import tasks
from changes.queries.durations import learnt
from changes.queries.tasks import listed
from cmdb.models import ConfigurationItem
from itsm.kernel.api.base import CreateRecord, DeleteRecord, RecordViewSet, UpdateRecord
from itsm.kernel.api.serializers import PersonField, RecordSerializer, RefField, Strict


class ChangeTaskSerializer(RecordSerializer):
    change = RefField(read_only=True)
    assignee = PersonField(read_only=True)
    predecessor = RefField(read_only=True)
    ci = RefField(read_only=True)
    starts_at = serializers.DateTimeField(read_only=True)

    class Meta:
        model = ChangeTask
        fields = (
            *RecordSerializer.BASE, "change", "phase", "order", "title", "instructions", "assignee", "offset_minutes",
            "duration_minutes", "predecessor", "ci", "state", "starts_at", "acknowledged_at", "started_at",
            "finished_at", "note", "actions",
        )  # fmt: skip


class TaskChanges(Strict):
    title = serializers.CharField(max_length=200)
    instructions = serializers.CharField(required=False, allow_blank=True)
    assignee = PersonField(required=False, allow_null=True)
    phase = serializers.ChoiceField(ChangeTask.Phase.choices, required=False)
    order = serializers.IntegerField(min_value=1, max_value=10_000, required=False)
    offset_minutes = serializers.IntegerField(min_value=0, max_value=100_000, required=False)
    duration_minutes = serializers.IntegerField(min_value=0, max_value=100_000, required=False)
    predecessor = RefField(ChangeTask.objects, required=False, allow_null=True)
    ci = RefField(ConfigurationItem.objects, required=False, allow_null=True)


class NewTask(TaskChanges):
    """A task of the change in the path."""


class NewTaskOfChange(TaskChanges):
    change = RefField(ChangeRequest.objects)


class Note(Strict):
    note = serializers.CharField(required=False, allow_blank=True)


class HandOver(Strict):
    to = PersonField()
    note = serializers.CharField(required=False, allow_blank=True)


class OfModel(Strict):
    model = RefField(ChangeModel.objects)


DURATIONS = inline_serializer(
    "TaskDurations",
    {
        "results": inline_serializer(
            "TaskDuration",
            {
                "title": serializers.CharField(),
                "times": serializers.IntegerField(),
                "p50_minutes": serializers.IntegerField(help_text="Half of them took at most so long."),
                "p90_minutes": serializers.IntegerField(help_text="Nine of ten took at most so long."),
            },
            many=True,
        )
    },
)


class ChangeTaskViewSet(CreateRecord, UpdateRecord, DeleteRecord, RecordViewSet):
    queryset = listed()
    serializer_class = ChangeTaskSerializer
    filterset_class = ChangeTaskFilter
    record_actions = TASK_ACTIONS
    create_arguments = NewTaskOfChange
    update_arguments = TaskChanges

    def get_queryset(self) -> Any:
        queryset = super().get_queryset()
        actor = getattr(self, "actor", None)
        return queryset.filter(change__in=ChangeRequest.objects.visible_to(actor)) if actor else queryset

    def perform_create(self, data: dict[str, Any]) -> ChangeTask:
        return tasks.add(change_id=data.pop("change").pk, actor=self.actor, **data)

    def perform_update(self, record: ChangeTask, data: dict[str, Any]) -> ChangeTask:
        return tasks.update(task_id=record.pk, actor=self.actor, **data)

    def perform_delete(self, record: ChangeTask) -> None:
        tasks.remove(task_id=record.pk, actor=self.actor)

    def _do(self, operate: Any, **arguments: Any) -> Response:
        task = self.get_object()
        with self.as_seen(task):
            return self.answer(operate(task_id=task.pk, actor=self.actor, **arguments))

    @extend_schema(parameters=[OfModel], responses={200: DURATIONS})
    @action(detail=False, pagination_class=None, filterset_class=None)
    def durations(self, request: Request) -> Response:
        """How long the tasks of a model's changes really took within the last year, by title."""
        reader = OfModel(data=request.query_params.dict())
        reader.is_valid(raise_exception=True)
        found = learnt(reader.validated_data["model"].pk, timezone.now())
        return Response({"results": [asdict(took) for took in found.values()]})

    @extend_schema(request=None, responses={200: ChangeTaskSerializer})
    @action(detail=True, methods=["post"])
    def acknowledge(self, request: Request, pk: str) -> Response:
        """I know what to do, and I will do it."""
        return self._do(tasks.acknowledge, now=timezone.now())

    @extend_schema(request=None, responses={200: ChangeTaskSerializer})
    @action(detail=True, methods=["post"])
    def start(self, request: Request, pk: str) -> Response:
        """Begin."""
        return self._do(tasks.start, now=timezone.now())

    @extend_schema(request=Note, responses={200: ChangeTaskSerializer})
    @action(detail=True, methods=["post"])
    def finish(self, request: Request, pk: str) -> Response:
        """It is done."""
        return self._do(tasks.finish, now=timezone.now(), **self.arguments(Note))

    @extend_schema(request=Reason, responses={200: ChangeTaskSerializer})
    @action(detail=True, methods=["post"])
    def skip(self, request: Request, pk: str) -> Response:
        """It need not be done, and why."""
        return self._do(tasks.skip, **self.arguments(Reason))

    @extend_schema(request=Reason, responses={200: ChangeTaskSerializer})
    @action(detail=True, methods=["post"])
    def fail(self, request: Request, pk: str) -> Response:
        """It could not be done, and why."""
        return self._do(tasks.fail, now=timezone.now(), **self.arguments(Reason))

    @extend_schema(request=HandOver, responses={200: ChangeTaskSerializer})
    @action(detail=True, methods=["post"], url_path="hand-over")
    def hand_over(self, request: Request, pk: str) -> Response:
        """Give it to somebody else, who has to acknowledge it anew."""
        return self._do(tasks.hand_over, **self.arguments(HandOver))
