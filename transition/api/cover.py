"""REST: absences and the rotas of streams."""

from typing import Any

from rest_framework import serializers

from itsm.kernel.api.base import CreateRecord, DeleteRecord, RecordViewSet
from itsm.kernel.api.serializers import PersonField, RecordSerializer, RefField, Strict
from itsm.kernel.roles import Role
from transition.filters.cover import AbsenceFilter, ShiftFilter
from transition.models import Absence, DeliveryStream, Shift
from transition.operations import cover


class AbsenceSerializer(RecordSerializer):
    user = PersonField(read_only=True)
    first = serializers.DateField(read_only=True)
    last = serializers.DateField(read_only=True)

    class Meta:
        model = Absence
        fields = (*RecordSerializer.BASE, "user", "first", "last", "actions")


class NewAbsence(Strict):
    user = PersonField()
    first = serializers.DateField(help_text="The first day away.")
    last = serializers.DateField(help_text="The last day away.")


class AbsenceViewSet(CreateRecord, DeleteRecord, RecordViewSet):
    """Who is away covers no role."""

    queryset = Absence.objects.select_related("user").order_by("-days", "-pk")
    serializer_class = AbsenceSerializer
    filterset_class = AbsenceFilter
    create_arguments = NewAbsence

    def perform_create(self, data: dict[str, Any]) -> Absence:
        return cover.absent(actor=self.actor, **data)

    def perform_delete(self, record: Absence) -> None:
        cover.return_early(absence_id=record.pk, actor=self.actor)


class ShiftSerializer(RecordSerializer):
    stream = RefField(read_only=True)
    user = PersonField(read_only=True)
    first = serializers.DateField(read_only=True)
    last = serializers.DateField(read_only=True)

    class Meta:
        model = Shift
        fields = (*RecordSerializer.BASE, "stream", "role", "user", "first", "last", "actions")


class NewShift(Strict):
    stream = RefField(DeliveryStream.objects.select_related("plan__service"))
    role = serializers.ChoiceField(Role.choices, help_text="One of the stream's roles.")
    user = PersonField()
    first = serializers.DateField()
    last = serializers.DateField()


class ShiftViewSet(CreateRecord, DeleteRecord, RecordViewSet):
    """Who stands for a role of a stream on which days; where there are shifts, only they cover the role."""

    queryset = Shift.objects.select_related("stream__plan__service", "user").order_by("-days", "-pk")
    serializer_class = ShiftSerializer
    filterset_class = ShiftFilter
    create_arguments = NewShift

    def perform_create(self, data: dict[str, Any]) -> Shift:
        return cover.assign_shift(actor=self.actor, **data)

    def perform_delete(self, record: Shift) -> None:
        cover.drop_shift(shift_id=record.pk, actor=self.actor)
