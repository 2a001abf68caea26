"""REST: imports that the program fetches by itself."""

from typing import Any

from django.utils import timezone
from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from cmdb.actions import IMPORT_SCHEDULE_ACTIONS
from cmdb.api.imports import ImportRunSerializer
from cmdb.filters.imports import ImportScheduleFilter
from cmdb.importing.readers import READERS
from cmdb.models import ImportProfile, ImportRun, ImportSchedule
from cmdb.operations import import_schedules
from cmdb.queries import imports as ask
from itsm.kernel.api.base import CreateRecord, DeleteRecord, RecordViewSet, UpdateRecord
from itsm.kernel.api.serializers import PersonField, RecordSerializer, RefField, Strict


class LastRunSerializer(serializers.Serializer):
    id = serializers.IntegerField()
    number = serializers.CharField()
    state = serializers.ChoiceField(ImportRun.State.choices)


class ImportScheduleSerializer(RecordSerializer):
    profile = RefField(read_only=True)
    owner = PersonField(read_only=True)
    has_token = serializers.BooleanField(read_only=True, help_text="The token itself is never shown.")
    last_run = serializers.SerializerMethodField()

    class Meta:
        model = ImportSchedule
        fields = (
            *RecordSerializer.BASE, "name", "source", "format", "address", "has_token", "profile", "options",
            "retire_missing", "leave_out_broken", "dry_run", "recurrence", "time_zone", "first_start", "owner",
            "enabled", "next_at", "failing_since", "last_run", "actions",
        )  # fmt: skip

    @extend_schema_field(LastRunSerializer(allow_null=True))
    def get_last_run(self, schedule: Any) -> dict[str, Any] | None:
        if schedule.last_id is None:
            return None
        number = f"{ImportRun.PREFIX}-{schedule.last_id}"
        return {"id": schedule.last_id, "number": number, "state": schedule.last_state}


class ImportScheduleChanges(Strict):
    name = serializers.CharField(max_length=100)
    format = serializers.ChoiceField([(code, reader.label) for code, reader in READERS.items()])
    address = serializers.CharField(
        max_length=500,
        help_text="NetBox's own address, or that of the file: https://, public or in WEBHOOK_ALLOWED_RANGES.",
    )
    source = serializers.RegexField("^[^:]+$", max_length=60, required=False, help_text="Left out: the profile's.")
    token = serializers.CharField(
        max_length=import_schedules.LONGEST_TOKEN,
        required=False,
        allow_blank=True,
        write_only=True,
        help_text="Kept encrypted and never shown; empty: none.",
    )
    profile = RefField(ImportProfile.objects, required=False, allow_null=True)
    options = serializers.DictField(required=False, help_text="What the reader is told beside the profile.")
    retire_missing = serializers.BooleanField(required=False)
    leave_out_broken = serializers.BooleanField(required=False)
    dry_run = serializers.BooleanField(required=False, help_text="Only show what would be done.")
    recurrence = serializers.CharField(
        max_length=300, required=False, allow_blank=True, help_text="RRULE; empty: only when asked."
    )
    time_zone = serializers.CharField(max_length=63, required=False, help_text="The wall clock that it follows.")
    first_start = serializers.DateTimeField(required=False, help_text="Left out: now.")
    owner = PersonField(
        required=False, help_text="It runs with their rights, and they hear of failures. Left out: you."
    )
    enabled = serializers.BooleanField(required=False)


class ImportScheduleViewSet(CreateRecord, UpdateRecord, DeleteRecord, RecordViewSet):
    """Sources that the program fetches by itself: a NetBox over REST, or a file at an address."""

    queryset = ask.schedules()
    serializer_class = ImportScheduleSerializer
    filterset_class = ImportScheduleFilter
    record_actions = IMPORT_SCHEDULE_ACTIONS
    create_arguments = ImportScheduleChanges
    update_arguments = ImportScheduleChanges

    def perform_create(self, data: dict[str, Any]) -> ImportSchedule:
        return import_schedules.create(actor=self.actor, now=timezone.now(), **data)

    def perform_update(self, record: ImportSchedule, data: dict[str, Any]) -> ImportSchedule:
        return import_schedules.update(schedule_id=record.pk, actor=self.actor, now=timezone.now(), **data)

    def perform_delete(self, record: ImportSchedule) -> None:
        import_schedules.remove(schedule_id=record.pk, actor=self.actor)

    @extend_schema(request=None, responses={202: ImportRunSerializer})
    @action(detail=True, methods=["post"])
    def run(self, request: Request, pk: str) -> Response:
        """Fetch it now; the answer is the import, of which you may ask again."""
        schedule = self.get_object()
        with self.as_seen(schedule):
            found = import_schedules.run(schedule_id=schedule.pk, actor=self.actor)
        run = ask.listed().get(pk=found.pk)
        return Response(ImportRunSerializer(run, context=self.get_serializer_context()).data, status=202)
