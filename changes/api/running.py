"""REST: what goes on while a change is implemented."""

from typing import Any

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from changes.actions import EXTENSION_ACTIONS
from changes.api.fields import Reason
from changes.filters import WindowExtensionFilter
from changes.models import RunQuestion, WindowExtension
from changes.operations import running
from changes.queries.running import extensions
from changes.queries.sheet import sheet_of
from itsm.kernel.api.base import RecordViewSet
from itsm.kernel.api.serializers import PersonField, RecordSerializer, RefField, Strict


class QuestionSerializer(serializers.ModelSerializer):
    freeze = RefField(read_only=True, allow_null=True)
    answered_by = PersonField(read_only=True, allow_null=True)

    class Meta:
        model = RunQuestion
        fields = ("kind", "freeze", "moment", "asked_at", "answer", "reason", "answered_by", "answered_at")


class WindowExtensionSerializer(RecordSerializer):
    change = RefField(read_only=True)
    asked_by = PersonField(read_only=True)
    decided_by = PersonField(read_only=True, allow_null=True)

    class Meta:
        model = WindowExtension
        fields = (
            *RecordSerializer.BASE, "change", "before", "until", "reason", "state", "asked_by", "asked_at",
            "decided_by", "decided_at", "comment", "actions",
        )  # fmt: skip


class ExtendArguments(Strict):
    until = serializers.DateTimeField(help_text="The new end of the window, at most 24 hours later.")
    reason = serializers.CharField()


class AnswerArguments(Strict):
    answer = serializers.ChoiceField(RunQuestion.Answer.choices)
    reason = serializers.CharField()


class ExtensionDecision(Strict):
    decision = serializers.ChoiceField([("granted", "Granted"), ("refused", "Refused")])
    comment = serializers.CharField(required=False, allow_blank=True)


class WindowExtensionViewSet(RecordViewSet):
    queryset = extensions()
    serializer_class = WindowExtensionSerializer
    filterset_class = WindowExtensionFilter
    record_actions = EXTENSION_ACTIONS

    @extend_schema(request=ExtensionDecision, responses={200: WindowExtensionSerializer})
    @action(detail=True, methods=["post"])
    def decide(self, request: Request, pk: str) -> Response:
        """Grant the time or refuse it."""
        found = self.get_object()
        with self.as_seen(found):
            done = running.decide_extension(
                extension_id=found.pk, actor=self.actor, now=timezone.now(), **self.arguments(ExtensionDecision)
            )
        return self.answer(done)


class Running:
    """The part of a change's resource that is about its implementation."""

    _do: Any
    get_object: Any
    arguments: Any
    actor: Any
    get_serializer: Any

    @extend_schema(responses={200: dict})
    @action(detail=True, pagination_class=None, filterset_class=None, url_path="run-sheet")
    def run_sheet(self, request: Request, pk: str) -> Response:
        """What is to be done now and by whom, the clock, and what somebody has to say."""
        sheet = sheet_of(self.get_object(), timezone.now())
        change = sheet.change
        ref = RefField().to_representation
        return Response(
            {
                "now": sheet.now, "status": change.status, "started_at": change.started_at, "ends_at": change.ends_at,
                "last_safe_moment": change.last_safe_moment, "backing_out_at": change.backing_out_at,
                "next": [ref(task) for task in sheet.next],
                "tasks": [
                    ref(line.task) | {
                        "phase": line.task.phase, "state": line.task.state, "starts_at": line.task.starts_at,
                        "ends_at": line.task.ends_at, "is_late": line.is_late,
                        "p50_minutes": line.learnt.p50_minutes if line.learnt else None,
                        "p90_minutes": line.learnt.p90_minutes if line.learnt else None,
                    }
                    for line in sheet.lines
                ],
                "questions": QuestionSerializer(sheet.questions, many=True).data,
                "extension": ref(sheet.extension) if sheet.extension else None,
            }
        )  # fmt: skip

    @extend_schema(request=ExtendArguments, responses={200: dict})
    @action(detail=True, methods=["post"])
    def extend(self, request: Request, pk: str) -> Response:
        """Ask for a later end of the window while it is implemented."""
        return self._do(running.extend, now=timezone.now(), **self.arguments(ExtendArguments))

    @extend_schema(request=Reason, responses={200: dict})
    @action(detail=True, methods=["post"], url_path="begin-back-out")
    def begin_back_out(self, request: Request, pk: str) -> Response:
        """Turn back: from now on the tasks of the way back are done."""
        return self._do(running.begin_back_out, now=timezone.now(), **self.arguments(Reason))

    @extend_schema(request=AnswerArguments, responses={200: dict})
    @action(detail=True, methods=["post"], url_path="answer")
    def answer_(self, request: Request, pk: str) -> Response:
        """Say whether to go on, hold or back out, now that the window is over or a freeze has begun."""
        return self._do(running.answer, now=timezone.now(), **self.arguments(AnswerArguments))
