"""REST: meetings of boards, with their agenda and what is decided there."""

from typing import Any

from django.utils import timezone
from drf_spectacular.utils import OpenApiExample, extend_schema, extend_schema_field, extend_schema_serializer
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from changes.actions import MEETING_ACTIONS
from changes.api.fields import Reason
from changes.filters import BoardMeetingFilter
from changes.models import AgendaItem, Board, BoardMeeting, BoardVote, ChangeRequest
from changes.operations import agendas, board_decisions, meetings
from changes.queries.boards import agenda_of
from changes.queries.boards import meetings as listed
from changes.queries.minutes import minutes_of
from itsm.kernel.api.base import CreateRecord, RecordViewSet
from itsm.kernel.api.serializers import PersonField, RecordSerializer, RefField, Strict


class VoteSerializer(serializers.ModelSerializer):
    by = PersonField(read_only=True)
    on_behalf_of = PersonField(read_only=True, allow_null=True)

    class Meta:
        model = BoardVote
        fields = ("by", "on_behalf_of", "vote", "comment", "at", "fingerprint", "ledger_sequence")


class AgendaItemSerializer(serializers.ModelSerializer):
    change = RefField(read_only=True)
    title = serializers.CharField(source="change.title", read_only=True)
    added_by = PersonField(read_only=True, allow_null=True)
    authorisation = serializers.SerializerMethodField(help_text="What waits for the board, or what it decided.")
    fingerprint = serializers.SerializerMethodField(help_text="Of the plan that is decided about; send it with a vote.")
    votes = VoteSerializer(many=True, read_only=True)

    class Meta:
        model = AgendaItem
        fields = (
            "id", "change", "title", "position", "state", "late", "reason", "added_by", "added_at", "reading", "note",
            "authorisation", "fingerprint", "opened_at", "settled_at", "settled_by", "comment", "votes",
        )  # fmt: skip

    @extend_schema_field({"type": "string", "nullable": True})
    def get_authorisation(self, item: Any) -> str | None:
        found = item.awaited or item.authorisation
        return found.number if found else None

    @extend_schema_field({"type": "string", "nullable": True})
    def get_fingerprint(self, item: Any) -> str | None:
        return item.awaited.fingerprint if item.awaited else None


class BoardMeetingSerializer(RecordSerializer):
    ON_DETAIL = ("items", "actions")

    board = RefField(read_only=True)
    ends_at = serializers.DateTimeField(read_only=True)
    items = serializers.SerializerMethodField(help_text="The agenda, as far as the caller may see the changes on it.")

    class Meta:
        model = BoardMeeting
        fields = (
            *RecordSerializer.BASE, "board", "starts_at", "ends_at", "agenda_due_at", "state", "reason", "by_rhythm",
            "notes", "fixed_at", "closed_at", "items", "actions",
        )  # fmt: skip

    @extend_schema_field(AgendaItemSerializer(many=True))
    def get_items(self, meeting: BoardMeeting) -> Any:
        actor = self.context["view"].actor
        return AgendaItemSerializer(agenda_of(meeting, actor), many=True).data


class NewMeeting(Strict):
    board = RefField(Board.objects)
    starts_at = serializers.DateTimeField()
    reason = serializers.CharField(required=False, allow_blank=True, default="")
    changes = serializers.ListField(child=RefField(ChangeRequest.objects), required=False, max_length=100)


class NewAgendaItem(Strict):
    change = RefField(ChangeRequest.objects)
    reason = serializers.CharField(required=False, allow_blank=True)
    reading = serializers.URLField(required=False, allow_blank=True, max_length=500)


class OneAgendaItem(Strict):
    item = serializers.IntegerField(min_value=1, max_value=2**63 - 1)


class Withdrawal(OneAgendaItem):
    reason = serializers.CharField()


class AgendaOrder(Strict):
    items = serializers.ListField(child=serializers.IntegerField(min_value=1, max_value=2**63 - 1), max_length=500)


class AgendaNote(OneAgendaItem):
    note = serializers.CharField(required=False, allow_blank=True)
    reading = serializers.URLField(required=False, allow_blank=True, max_length=500)


SEEN = "The fingerprint that the item shows: a vote is about the plan that was read."


@extend_schema_serializer(
    examples=[
        OpenApiExample("For", request_only=True, value={"item": 3, "vote": "authorised", "fingerprint": "9f2c…"}),
    ]
)
class Ballot(OneAgendaItem):
    vote = serializers.ChoiceField(BoardVote.Choice.choices)
    fingerprint = serializers.CharField(max_length=64, help_text=SEEN)
    comment = serializers.CharField(required=False, allow_blank=True)


class Ruling(OneAgendaItem):
    decision = serializers.ChoiceField([(s, AgendaItem.State(s).label) for s in board_decisions.CHAIRS_WORDS])
    fingerprint = serializers.CharField(max_length=64, required=False, default="", allow_blank=True, help_text=SEEN)
    comment = serializers.CharField(required=False, allow_blank=True)


class MeetingNotes(Strict):
    notes = serializers.CharField(allow_blank=True)


class BoardMeetingViewSet(CreateRecord, RecordViewSet):
    """Meetings of boards. They come by the board's rhythm; POST calls one beside it."""

    queryset = listed()
    serializer_class = BoardMeetingSerializer
    filterset_class = BoardMeetingFilter
    record_actions = MEETING_ACTIONS
    create_arguments = NewMeeting

    def perform_create(self, data: dict[str, Any]) -> BoardMeeting:
        return meetings.call(actor=self.actor, now=timezone.now(), **data)

    def _do(self, operate: Any, *, demanded: bool = False, **arguments: Any) -> Response:
        meeting = self.get_object()
        with self.as_seen(meeting, demanded=demanded):
            operate(meeting_id=meeting.pk, actor=self.actor, **arguments)
        return self.answer(meeting)

    def _of_item(self, operate: Any, arguments: dict[str, Any], *, demanded: bool = False, **more: Any) -> Response:
        return self._do(operate, demanded=demanded, item_id=arguments.pop("item"), **arguments, **more)

    @extend_schema(request=None, responses={200: BoardMeetingSerializer})
    @action(detail=True, methods=["post"])
    def fix(self, request: Request, pk: str) -> Response:
        """Fix the agenda before its time; what comes afterwards is marked as late."""
        return self._do(meetings.fix, now=timezone.now())

    @extend_schema(request=NewAgendaItem, responses={200: BoardMeetingSerializer})
    @action(detail=True, methods=["post"], url_path="add-item")
    def add_item(self, request: Request, pk: str) -> Response:
        """Put a change on the agenda by hand; with a reason when the agenda is fixed."""
        return self._do(agendas.add, now=timezone.now(), **self.arguments(NewAgendaItem))

    @extend_schema(request=Withdrawal, responses={200: BoardMeetingSerializer})
    @action(detail=True, methods=["post"], url_path="withdraw-item")
    def withdraw_item(self, request: Request, pk: str) -> Response:
        """Take a change off the agenda, and say why."""
        return self._of_item(agendas.withdraw, self.arguments(Withdrawal), now=timezone.now())

    @extend_schema(request=AgendaOrder, responses={200: BoardMeetingSerializer})
    @action(detail=True, methods=["post"])
    def order(self, request: Request, pk: str) -> Response:
        """Put these items first, in this order."""
        return self._do(agendas.order, **self.arguments(AgendaOrder))

    @extend_schema(request=OneAgendaItem, responses={200: BoardMeetingSerializer})
    @action(detail=True, methods=["post"], url_path="open-item")
    def open_item(self, request: Request, pk: str) -> Response:
        """Take an item up: its clock runs."""
        return self._of_item(agendas.take_up, self.arguments(OneAgendaItem), now=timezone.now())

    @extend_schema(request=AgendaNote, responses={200: BoardMeetingSerializer})
    @action(detail=True, methods=["post"], url_path="note-item")
    def note_item(self, request: Request, pk: str) -> Response:
        """What the minutes say of an item, and what to read before."""
        return self._of_item(agendas.note, self.arguments(AgendaNote))

    @extend_schema(request=Ballot, responses={200: BoardMeetingSerializer})
    @action(detail=True, methods=["post"])
    def vote(self, request: Request, pk: str) -> Response:
        """Vote about the plan that was read, in the meeting or before it; 409 `plan_changed` when it is another now."""
        return self._of_item(board_decisions.vote, self.arguments(Ballot), now=timezone.now())

    @extend_schema(request=Ruling, responses={200: BoardMeetingSerializer})
    @action(detail=True, methods=["post"])
    def decide(self, request: Request, pk: str) -> Response:
        """The chair says what the board decides; about what was seen, so If-Match is demanded (428 without it)."""
        return self._of_item(board_decisions.decide, self.arguments(Ruling), demanded=True, now=timezone.now())

    @extend_schema(request=MeetingNotes, responses={200: BoardMeetingSerializer})
    @action(detail=True, methods=["post"])
    def minute(self, request: Request, pk: str) -> Response:
        """Write what the minutes say beside what writes itself."""
        return self._do(meetings.minute, **self.arguments(MeetingNotes))

    @extend_schema(responses={200: dict})
    @action(detail=True, pagination_class=None, filterset_class=None)
    def minutes(self, request: Request, pk: str) -> Response:
        """The minutes as they write themselves: who took part, each item with its outcome, what was noted."""
        return Response(minutes_of(self.get_object(), self.actor).as_dict())

    @extend_schema(request=None, responses={200: BoardMeetingSerializer})
    @action(detail=True, methods=["post"])
    def close(self, request: Request, pk: str) -> Response:
        """End the meeting; what was not decided is put off."""
        return self._do(meetings.close, now=timezone.now())

    @extend_schema(request=Reason, responses={200: BoardMeetingSerializer})
    @action(detail=True, methods=["post"])
    def cancel(self, request: Request, pk: str) -> Response:
        """It is not held, and why."""
        return self._do(meetings.cancel, now=timezone.now(), **self.arguments(Reason))
