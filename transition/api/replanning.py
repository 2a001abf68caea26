"""REST: what is said to cut a package or let it go over into streams, and each item's way."""

from collections.abc import Sequence
from typing import Any

from drf_spectacular.utils import inline_serializer
from rest_framework import serializers

from itsm.kernel.api.serializers import RefField, RefListField, Strict
from transition.models import DeliveryItem, DeliveryStream
from transition.queries.replanning import Way


class NewSlice(Strict):
    name = serializers.CharField(max_length=200)
    target_date = serializers.DateField()
    items = RefListField(DeliveryItem.objects, max_length=1000)
    ordinal = serializers.IntegerField(
        min_value=1, max_value=999, required=False, help_text="Left out: the next one of the plan."
    )
    els_days = serializers.IntegerField(
        min_value=0, max_value=999, required=False, help_text="Left out: as of the package that is cut."
    )


class Replan(Strict):
    preview = serializers.BooleanField(default=False, help_text="Only tell where each item would go.")
    reason = serializers.CharField(required=False, allow_blank=True, max_length=2000)


class NewSlices(Replan):
    slices = serializers.ListField(child=NewSlice(), min_length=1, max_length=20)


class IntoStreams(Replan):
    streams = serializers.DictField(
        child=RefField(DeliveryStream.objects), required=False,
        help_text="Stream by kind of item, where it is not the plan's first one of a fitting kind.",
    )  # fmt: skip


WAYS = inline_serializer(
    "WaysOfItems",
    {
        "preview": serializers.BooleanField(help_text="Always true: nothing was changed."),
        "ways": inline_serializer(
            "WayOfItem",
            {
                "item": RefField(read_only=True),
                "kind": serializers.ChoiceField(DeliveryItem.Kind.choices),
                "to": serializers.CharField(help_text="The smaller package or the stream; empty: it stays."),
                "due_before": serializers.DateField(allow_null=True),
                "due_after": serializers.DateField(allow_null=True, help_text="None: by the stream's rhythm."),
                "why": serializers.CharField(help_text="Why it stays."),
            },
            many=True,
        ),
        "moving": serializers.IntegerField(),
        "staying": serializers.IntegerField(),
        "missing": serializers.IntegerField(help_text="How many have no stream to go to; it would be refused."),
    },
)


def told(ways: Sequence[Way]) -> dict[str, Any]:
    rows = [
        {
            "item": RefField().to_representation(way.item), "kind": way.item.kind, "to": way.to_name,
            "due_before": way.due_before, "due_after": way.due_after, "why": way.why,
        } for way in ways
    ]  # fmt: skip
    moving = sum(way.to is not None for way in ways)
    missing = sum(way.missing for way in ways)
    counts = {"moving": moving, "staying": len(ways) - moving - missing, "missing": missing}
    return {"preview": True, "ways": rows, **counts}
