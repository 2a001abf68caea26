"""REST: operational jobs, freezes, and the calendar."""

from datetime import timedelta
from typing import Any

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.decorators import api_view
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from changes.actions import FREEZE_ACTIONS, JOB_ACTIONS
from changes.api.fields import WindowField
from changes.filters import FreezeFilter, OperationalJobFilter
from changes.models import Freeze, OperationalJob
from changes.operations import freezes, jobs
from changes.queries import calendar as ask
from changes.queries import timeline
from changes.queries.freezes import listed as listed_freezes
from changes.queries.jobs import listed as listed_jobs
from cmdb.models import CIClass, ConfigurationItem, Service
from itsm.kernel.api.authentication import actor_of
from itsm.kernel.api.base import CreateRecord, RecordViewSet, UpdateRecord
from itsm.kernel.api.serializers import PersonField, RecordSerializer, RefField, RefListField, Strict
from itsm.kernel.roles import Role

LONGEST = timedelta(days=400)


class OperationalJobSerializer(RecordSerializer):
    owner = PersonField(read_only=True)
    cis = serializers.ListField(child=RefField(read_only=True), source="cis.all", read_only=True)

    class Meta:
        model = OperationalJob
        fields = (
            *RecordSerializer.BASE, "name", "kind", "cis", "first_start", "recurrence", "time_zone",
            "duration_minutes", "effect", "owner", "active", "actions",
        )  # fmt: skip


class JobChanges(Strict):
    name = serializers.CharField(max_length=200)
    first_start = serializers.DateTimeField()
    duration_minutes = serializers.IntegerField(min_value=1, max_value=100_000)
    kind = serializers.ChoiceField(OperationalJob.Kind.choices, required=False)
    cis = RefListField(ConfigurationItem.objects, required=False, max_length=1000)
    recurrence = serializers.CharField(max_length=300, required=False, allow_blank=True)
    time_zone = serializers.CharField(max_length=63, required=False)
    effect = serializers.CharField(max_length=300, required=False, allow_blank=True)
    owner = PersonField(required=False, allow_null=True)
    active = serializers.BooleanField(required=False)


class OperationalJobViewSet(CreateRecord, UpdateRecord, RecordViewSet):
    queryset = listed_jobs()
    serializer_class = OperationalJobSerializer
    filterset_class = OperationalJobFilter
    record_actions = JOB_ACTIONS
    create_arguments = JobChanges
    update_arguments = JobChanges

    def perform_create(self, data: dict[str, Any]) -> OperationalJob:
        return jobs.create(actor=self.actor, **data)

    def perform_update(self, record: OperationalJob, data: dict[str, Any]) -> OperationalJob:
        return jobs.update(job_id=record.pk, actor=self.actor, **data)


class FreezeSerializer(RecordSerializer):
    window = WindowField()
    services = serializers.SlugRelatedField(slug_field="slug", many=True, read_only=True)
    cis = serializers.ListField(child=RefField(read_only=True), source="cis.all", read_only=True)
    classes = serializers.SlugRelatedField(slug_field="code", many=True, read_only=True)

    class Meta:
        model = Freeze
        fields = (
            *RecordSerializer.BASE, "name", "reason", "window", "everywhere", "services", "cis", "classes",
            "environments", "override_role",
            "emergency_lane", "actions",
        )  # fmt: skip


class FreezeChanges(Strict):
    name = serializers.CharField(max_length=200)
    start = serializers.DateTimeField()
    end = serializers.DateTimeField()
    reason = serializers.CharField(required=False, allow_blank=True)
    everywhere = serializers.BooleanField(required=False)
    services = RefListField(Service.objects, required=False, max_length=1000)
    cis = RefListField(ConfigurationItem.objects, required=False, max_length=1000)
    classes = RefListField(CIClass.objects, required=False, max_length=100)
    environments = serializers.ListField(child=serializers.CharField(max_length=40), required=False, max_length=50)
    override_role = serializers.ChoiceField(Role.choices, required=False)
    emergency_lane = serializers.BooleanField(required=False)


class FreezeViewSet(CreateRecord, UpdateRecord, RecordViewSet):
    queryset = listed_freezes()
    serializer_class = FreezeSerializer
    filterset_class = FreezeFilter
    record_actions = FREEZE_ACTIONS
    create_arguments = FreezeChanges
    update_arguments = FreezeChanges

    def perform_create(self, data: dict[str, Any]) -> Freeze:
        return freezes.create(actor=self.actor, **data)

    def perform_update(self, record: Freeze, data: dict[str, Any]) -> Freeze:
        return freezes.update(freeze_id=record.pk, actor=self.actor, **data)


class Between(serializers.Serializer):
    """A stretch of time; what else is named is refused."""

    def get_fields(self) -> dict[str, Any]:
        """`from` is a word of the language, so it cannot be declared as an attribute."""
        return {"from": serializers.DateTimeField(), "to": serializers.DateTimeField(), **super().get_fields()}

    def validate(self, said: dict[str, Any]) -> dict[str, Any]:
        if not said["from"] < said["to"] <= said["from"] + LONGEST:
            raise ValidationError({"to": ["It must lie after `from`, at most 400 days."]})
        return said


class CalendarArguments(Between):
    layers = serializers.MultipleChoiceField(choices=list(ask.labels), required=False)
    service = RefField(Service.objects, required=False)
    ci = RefField(ConfigurationItem.objects, required=False)


FROM_TO = [
    OpenApiParameter("from", str, required=True, description="RFC 3339."),
    OpenApiParameter("to", str, required=True, description="RFC 3339; at most 400 days later."),
]


@extend_schema(
    parameters=[
        *FROM_TO,
        OpenApiParameter("layers", str, many=True, enum=list(ask.labels), description="Without: change, job, freeze."),
        OpenApiParameter("service", str),
        OpenApiParameter("ci", str),
    ],
    responses={200: dict},
)
@api_view(["GET"])
def calendar(request: Request) -> Response:
    """Changes, runs of jobs, freezes, meetings and runs of streams that overlap [from, to)."""
    query = {name: request.query_params[name] for name in request.query_params if name != "layers"}
    layers = [layer for said in request.query_params.getlist("layers") for layer in said.split(",")]
    reader = CalendarArguments(data=query | ({"layers": layers} if layers else {}))
    reader.is_valid(raise_exception=True)
    asked = reader.validated_data
    found = ask.entries(
        asked["from"],
        asked["to"],
        actor=actor_of(request),
        layers=asked.get("layers") or ask.USUAL,
        service=asked.get("service"),
        ci=asked.get("ci"),
    )
    return Response(
        {
            "count": len(found),
            "results": [
                {
                    "layer": entry.layer,
                    "id": entry.id or None,
                    "number": entry.number,
                    "title": entry.title,
                    "start": entry.start,
                    "end": entry.end,
                    "page": entry.url,
                }
                for entry in found
            ],
        }
    )


@extend_schema(parameters=FROM_TO, responses={200: dict})
@api_view(["GET"])
def outages(request: Request) -> Response:
    """The projected service outage: what changes and maintenance in [from, to) may take of the agreed time.

    The busiest services, at most 60; windows count once where they overlap, and only in agreed hours.
    """
    reader = Between(data=request.query_params)
    reader.is_valid(raise_exception=True)
    start, end = reader.validated_data["from"], reader.validated_data["to"]
    rows = timeline.by_service(ask.entries(start, end, actor=actor_of(request)))
    found = [
        {
            "service": one.service.slug,
            "changes": one.changes,
            "planned_minutes": round(one.planned.total_seconds() / 60),
            "agreed_minutes": round(one.agreed.total_seconds() / 60),
            "percent": one.percent,
        }
        for one in timeline.outages(rows, start, end)
    ]
    return Response({"count": len(found), "results": found})
