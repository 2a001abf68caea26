"""Filters of pipeline events and their sources."""

from typing import ClassVar

from itsm.kernel.filters import RecordFilter
from transition.filters.delivery import ServiceChoice
from transition.models import PipelineEvent, PipelineSource


class PipelineEventFilter(RecordFilter):
    search_fields = ("event_id", "source", "subject", "type", "problem")
    ordering_fields = ("id", "received_at", "occurred_at", "type")
    service = ServiceChoice("service")

    class Meta:
        model = PipelineEvent
        fields: ClassVar = {
            "state": ["exact", "in"],
            "type": ["exact"],
            "known_as": ["exact"],
            "source": ["exact"],
            "event_id": ["exact"],
            "subject": ["exact"],
            "received_at": ["gte", "lt"],
            "occurred_at": ["gte", "lt"],
        }


class PipelineSourceFilter(RecordFilter):
    search_fields = ("name", "names__external")
    ordering_fields = ("id", "name")

    class Meta:
        model = PipelineSource
        fields: ClassVar = {"kind": ["exact"], "state": ["exact"]}
