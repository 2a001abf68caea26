"""REST: whether a service is there now, and its targets against what is measured."""

from typing import Any

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from cmdb.models import ServiceTarget
from cmdb.queries.hours import hours_of
from cmdb.queries.levels import as_dict, levels_of


class LevelSerializer(serializers.Serializer):
    measure = serializers.ChoiceField(ServiceTarget.Measure.choices)
    label = serializers.CharField()
    better = serializers.ChoiceField(ServiceTarget.Better.choices)
    target = serializers.FloatField()
    unit = serializers.ChoiceField(ServiceTarget.Unit.choices)
    window = serializers.ChoiceField(ServiceTarget.Window.choices)
    state = serializers.ChoiceField(["met", "missed", "no_data", "not_measured"])
    actual = serializers.FloatField(allow_null=True, help_text="In the target's unit.")
    parts = serializers.DictField(help_text="The counts that it is made of.")
    definition = serializers.CharField(help_text="How it is measured; empty where nobody does.")


class ServiceLevels(serializers.Serializer):
    open_now = serializers.BooleanField(allow_null=True, help_text="Null where no hours are agreed.")
    changes_at = serializers.DateTimeField(allow_null=True, help_text="When it closes, or opens again.")
    zone = serializers.CharField()
    targets = LevelSerializer(many=True)


class TellsLevels:
    """Of the viewset of services."""

    @extend_schema(responses={200: ServiceLevels})
    @action(detail=True, pagination_class=None, filterset_class=None)
    def levels(self: Any, request: Request, pk: str) -> Response:
        """Whether it is there now, and each target over its time against what is measured."""
        service, now = self.get_object(), timezone.now()
        hours = hours_of(service)
        return Response(
            {
                "open_now": hours.is_open(now) if hours.agreed else None,
                "changes_at": hours.changes_at(now) if hours.agreed else None,
                "zone": hours.zone,
                "targets": [as_dict(level) for level in levels_of(service, actor=self.actor, now=now)],
            }
        )
