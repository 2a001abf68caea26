"""REST: what one stream delivered and the next has to follow up on."""

from rest_framework import serializers

from itsm.kernel.api.base import RecordViewSet
from itsm.kernel.api.serializers import RecordSerializer, RefField
from transition.filters.delivery import NeedFilter
from transition.models import Need
from transition.queries import needs as ask


class NeedSerializer(RecordSerializer):
    stream = RefField(read_only=True)
    fed_by = RefField(read_only=True)
    ci = RefField(read_only=True)
    service = RefField(source="stream.plan.service", read_only=True)
    what = serializers.CharField(source="get_what", read_only=True)

    class Meta:
        model = Need
        fields = (
            *RecordSerializer.BASE, "stream", "service", "fed_by", "ci", "what", "arisen_at", "due", "state",
            "ended_at", "escalated_at", "actions",
        )  # fmt: skip


class NeedViewSet(RecordViewSet):
    """They follow from the hand-overs and from what is so; nobody writes them."""

    queryset = ask.listed()
    serializer_class = NeedSerializer
    filterset_class = NeedFilter
