"""REST: boards."""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from changes.actions import BOARD_ACTIONS
from changes.filters import BoardFilter
from changes.models import Board, BoardSeat, ChangeModel, ChangeRequest
from changes.operations import boards
from changes.queries.boards import boards as listed
from cmdb.models import Service
from itsm.kernel.api.base import CreateRecord, RecordViewSet, UpdateRecord
from itsm.kernel.api.serializers import PersonField, RecordSerializer, RefField, Strict
from itsm.kernel.roles import Role


class SeatSerializer(serializers.ModelSerializer):
    person = PersonField(source="user", read_only=True)

    class Meta:
        model = BoardSeat
        fields = ("person", "seat")


class BoardSerializer(RecordSerializer):
    members = serializers.SerializerMethodField(help_text="Who sits there, the chair first.")
    services = serializers.SlugRelatedField(slug_field="slug", many=True, read_only=True)

    class Meta:
        model = Board
        fields = (
            *RecordSerializer.BASE, "name", "kind", "purpose", "role", "decides_by", "quorum", "types", "services",
            "least_risk", "horizon_days", "first_start", "recurrence", "time_zone", "duration_minutes", "item_minutes",
            "fixed_minutes_before", "active", "members", "actions",
        )  # fmt: skip

    @extend_schema_field(SeatSerializer(many=True))
    def get_members(self, board: Board) -> Any:
        return SeatSerializer(board.seated, many=True).data


class BoardSeatArguments(Strict):
    person = PersonField()
    seat = serializers.ChoiceField(BoardSeat.Seat.choices, default=BoardSeat.Seat.MEMBER)


class BoardChanges(Strict):
    name = serializers.CharField(max_length=120)
    kind = serializers.ChoiceField(Board.Kind.choices, required=False)
    purpose = serializers.CharField(required=False, allow_blank=True)
    role = serializers.ChoiceField(Role.choices, required=False, help_text="Whose authorisations it decides.")
    decides_by = serializers.ChoiceField(Board.DecidesBy.choices, required=False)
    quorum = serializers.IntegerField(min_value=1, max_value=1000, required=False)
    types = serializers.ListField(child=serializers.ChoiceField(ChangeModel.Type.choices), required=False)
    services = serializers.ListField(child=RefField(Service.objects), required=False, max_length=1000)
    least_risk = serializers.ChoiceField(ChangeRequest.Level.choices, required=False)
    horizon_days = serializers.IntegerField(min_value=1, max_value=3660, required=False, allow_null=True)
    first_start = serializers.DateTimeField(required=False, allow_null=True)
    recurrence = serializers.CharField(max_length=300, required=False, allow_blank=True)
    time_zone = serializers.CharField(max_length=63, required=False)
    duration_minutes = serializers.IntegerField(min_value=1, max_value=1440, required=False)
    item_minutes = serializers.IntegerField(min_value=1, max_value=1440, required=False)
    fixed_minutes_before = serializers.IntegerField(min_value=0, max_value=60 * 24 * 60, required=False)
    active = serializers.BooleanField(required=False)
    members = serializers.ListField(child=BoardSeatArguments(), required=False, max_length=200)


def _seats(data: dict[str, Any]) -> dict[str, Any]:
    """The members by their seat, as the operations take them."""
    if "members" in data:
        seats: dict[str, list[Any]] = {}
        for one in data.pop("members"):
            seats.setdefault(one["seat"], []).append(one["person"])
        data["members"] = seats
    return data


class BoardViewSet(CreateRecord, UpdateRecord, RecordViewSet):
    """Boards that decide about changes: who sits there, what they look at, when they meet and how they decide."""

    queryset = listed().order_by("-pk")
    serializer_class = BoardSerializer
    filterset_class = BoardFilter
    record_actions = BOARD_ACTIONS
    create_arguments = BoardChanges
    update_arguments = BoardChanges

    def perform_create(self, data: dict[str, Any]) -> Board:
        return boards.establish(actor=self.actor, **_seats(data))

    def perform_update(self, record: Board, data: dict[str, Any]) -> Board:
        return boards.update(board_id=record.pk, actor=self.actor, **_seats(data))
