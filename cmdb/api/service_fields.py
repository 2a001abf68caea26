"""What clients read and write of a service."""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from cmdb import service_hours
from cmdb.models import ConfigurationItem, HoursException, Service, ServiceHours, ServiceTarget, SupportAccess
from cmdb.service_hours import DAYS, Unreadable
from itsm.kernel.api.serializers import PersonField, RecordSerializer, RefField, Strict
from itsm.kernel.models import Team

WEEKDAYS = [(name.lower(), name) for name in DAYS]


@extend_schema_field({"type": "string", "pattern": r"^[0-9]{1,2}:[0-9]{2}$", "example": "08:00"})
class ClockField(serializers.Field):
    """A time of day as HH:MM, up to 24:00; a minute of the day inside."""

    default_error_messages = {"wrong": "{problem}"}

    def to_internal_value(self, data: Any) -> int:
        try:
            return service_hours.minute_in(data if isinstance(data, str) else repr(data))
        except Unreadable as error:
            self.fail("wrong", problem=str(error))

    def to_representation(self, value: int) -> str:
        return service_hours.clock(value)


class Opening(Strict):
    """A time in which it is there; closes after it opens."""

    opens = ClockField()
    closes = ClockField()

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if attrs.get("opens") is None or attrs.get("closes") is None:
            return attrs
        try:
            service_hours.int_span(attrs["opens"], attrs["closes"])
        except Unreadable as error:
            raise serializers.ValidationError({"closes": [str(error)]}) from error
        return attrs


class WeeklyHours(Opening):
    day = serializers.ChoiceField(WEEKDAYS)

    def to_representation(self, row: ServiceHours) -> dict[str, Any]:
        opens, closes = map(service_hours.clock, row.minutes)
        return {"day": WEEKDAYS[row.weekday - 1][0], "opens": opens, "closes": closes}


class OtherHours(Opening):
    """A day with other hours than its week says; without times it is closed."""

    day = serializers.DateField()
    name = serializers.CharField(max_length=100, required=False, allow_blank=True)
    opens = ClockField(required=False, allow_null=True)
    closes = ClockField(required=False, allow_null=True)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if (attrs.get("opens") is None) != (attrs.get("closes") is None):
            lacking = "closes" if attrs.get("closes") is None else "opens"
            raise serializers.ValidationError({lacking: ["Give both times, or none where it is closed."]})
        return super().validate(attrs)

    def to_representation(self, row: HoursException) -> dict[str, Any]:
        opens, closes = map(service_hours.clock, row.minutes[0]) if row.minutes else (None, None)
        return {"day": row.day.isoformat(), "name": row.name, "opens": opens, "closes": closes}


class HoursField(Strict):
    """Left out, a part stays as it is."""

    zone = serializers.CharField(
        max_length=63, required=False, allow_blank=True, help_text="An IANA name; empty: the organisation's."
    )
    weekly = WeeklyHours(many=True, required=False)
    exceptions = OtherHours(many=True, required=False)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """As the operation takes it."""
        said: dict[str, Any] = {"zone": attrs["zone"]} if "zone" in attrs else {}
        if "weekly" in attrs:
            numbers = {code: n for n, (code, _) in enumerate(WEEKDAYS, 1)}
            said["week"] = {n: [] for n in numbers.values()}
            for row in attrs["weekly"]:
                said["week"][numbers[row["day"]]].append((row["opens"], row["closes"]))
        if "exceptions" in attrs:
            said["exceptions"] = [
                {
                    "day": row["day"],
                    "name": row.get("name", ""),
                    "span": None if row.get("opens") is None else (row["opens"], row["closes"]),
                }
                for row in attrs["exceptions"]
            ]
        return said

    def to_representation(self, service: Service) -> dict[str, Any]:
        weekly = sorted(service.weekly_hours.all(), key=lambda row: (row.weekday, row.minutes))
        others = sorted(service.hours_exceptions.all(), key=lambda row: row.day)
        return {
            "zone": service.hours_zone,
            "weekly": WeeklyHours(weekly, many=True).data,
            "exceptions": OtherHours(others, many=True).data,
        }


class TargetField(Strict):
    measure = serializers.ChoiceField(ServiceTarget.Measure.choices)
    name = serializers.CharField(
        max_length=100, required=False, allow_blank=True, help_text="What another measure is called."
    )
    better = serializers.ChoiceField(
        ServiceTarget.Better.choices, required=False, help_text="Left out, as is usual for the measure."
    )
    target = serializers.DecimalField(max_digits=12, decimal_places=3, min_value=0, coerce_to_string=False)
    unit = serializers.ChoiceField(ServiceTarget.Unit.choices)
    window = serializers.ChoiceField(ServiceTarget.Window.choices, required=False)


class AccessField(Strict):
    system = serializers.CharField(max_length=120)
    access = serializers.ChoiceField(SupportAccess.Access.choices)
    reason = serializers.CharField(
        max_length=500, required=False, allow_blank=True, help_text="Asked for where access is not there at once."
    )


class ServiceSerializer(RecordSerializer):
    ci = RefField(read_only=True)
    owner = PersonField(read_only=True)
    sponsor = PersonField(read_only=True)
    support_team = RefField(read_only=True)
    service_hours = HoursField(source="*", read_only=True)
    sla_targets = TargetField(source="targets", many=True, read_only=True)
    access = AccessField(many=True, read_only=True)

    class Meta:
        model = Service
        fields = (
            *RecordSerializer.BASE, "slug", "name", "summary", "ci", "status", "sub_state", "owner", "sponsor",
            "support_team", "hours", "service_hours", "sla_targets", "delivery_model", "access", "support_access",
            "actions",
        )  # fmt: skip


class ServiceChanges(Strict):
    name = serializers.CharField(max_length=200)
    summary = serializers.CharField(required=False, allow_blank=True)
    owner = PersonField(required=False, allow_null=True)
    sponsor = PersonField(required=False, allow_null=True)
    support_team = RefField(Team.objects, required=False, allow_null=True)
    hours = serializers.CharField(
        max_length=400, required=False, allow_blank=True,
        help_text=f"The week in words, such as {service_hours.EXAMPLE}; `service_hours` says more.",
    )  # fmt: skip
    service_hours = HoursField(required=False)
    sla_targets = TargetField(many=True, required=False)
    delivery_model = serializers.ChoiceField(Service.DeliveryModel.choices, required=False)
    access = AccessField(many=True, required=False)
    support_access = serializers.CharField(required=False, allow_blank=True)


class NewService(ServiceChanges):
    slug = serializers.SlugField(max_length=80, required=False)
    criticality = serializers.ChoiceField(ConfigurationItem.Criticality.choices, required=False)
    step = serializers.ChoiceField(
        Service.SubState.choices, required=False, help_text="Where a service is that is there already."
    )
