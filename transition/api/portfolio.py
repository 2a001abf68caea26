"""REST: one line for each service that has a transition plan, with its last weeks."""

from typing import Any

from django.utils import timezone
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from cmdb.filters.services import ServiceFilter
from cmdb.models import Service
from itsm.kernel.api.base import RecordViewSet
from itsm.kernel.api.serializers import PersonField, RecordSerializer
from transition.queries.adherence import mondays
from transition.queries.dashboard import planned_services
from transition.queries.portfolio import WEEKS, with_lines


class WeekSerializer(serializers.Serializer):
    monday = serializers.DateField()
    kept = serializers.FloatField(allow_null=True, help_text="Share of the periods that ended in it and were met.")
    needs = serializers.IntegerField(help_text="Open needs at its end.")
    deployments = serializers.IntegerField(help_text="To production, that ended in it.")


class PortfolioSerializer(RecordSerializer):
    owner = PersonField(read_only=True)
    debt = serializers.IntegerField(read_only=True, help_text="Live requirements not yet documented or accepted.")
    missed_periods = serializers.IntegerField(read_only=True, help_text="In the last 30 days.")
    weeks = serializers.SerializerMethodField()

    class Meta:
        model = Service
        fields = (
            *RecordSerializer.BASE, "slug", "status", "owner", "debt", "missed_periods", "weeks", "actions",
        )  # fmt: skip

    @extend_schema_field(WeekSerializer(many=True))
    def get_weeks(self, service: Any) -> list[dict[str, Any]]:
        line = service.line
        weeks = zip(self.context["mondays"], line.kept, line.debt, line.deployments, strict=True)
        return [dict(zip(("monday", "kept", "needs", "deployments"), week, strict=True)) for week in weeks]


class PortfolioViewSet(RecordViewSet):
    """Services that have a transition plan: cadence, debt and deployments of the last twelve weeks."""

    queryset = Service.objects.none()
    serializer_class = PortfolioSerializer
    filterset_class = ServiceFilter

    def get_queryset(self) -> Any:
        return planned_services(timezone.now()).visible_to(self.actor)  # type: ignore[attr-defined]

    def get_serializer_context(self) -> dict[str, Any]:
        return {**super().get_serializer_context(), "mondays": mondays(timezone.now(), WEEKS)}

    def get_serializer(self, *args: Any, **kwargs: Any) -> Any:
        if args:
            with_lines([args[0]] if isinstance(args[0], Service) else args[0], timezone.now())
        return super().get_serializer(*args, **kwargs)
