"""REST: what an audit found to be otherwise than recorded, and what becomes of it."""

from typing import Any

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from cmdb.actions import DISCREPANCY_ACTIONS
from cmdb.filters.audits import DiscrepancyFilter
from cmdb.models import Discrepancy
from cmdb.operations import discrepancies
from cmdb.queries import audits as ask
from itsm.kernel.api.base import RecordViewSet
from itsm.kernel.api.serializers import PersonField, RecordSerializer, RefField, Strict


class DiscrepancySerializer(RecordSerializer):
    audit = RefField(read_only=True)
    ci = serializers.IntegerField(source="ci_id", read_only=True, allow_null=True)
    other = serializers.IntegerField(source="other_id", read_only=True, allow_null=True)
    expected = serializers.JSONField(read_only=True, allow_null=True)
    found = serializers.JSONField(read_only=True, allow_null=True)
    resolved_by = PersonField(read_only=True)

    class Meta:
        model = Discrepancy
        fields = (
            *RecordSerializer.BASE, "audit", "kind", "row", "key", "ci", "ci_name", "field", "other", "other_name",
            "expected", "found", "explained_by", "state", "resolution", "reason", "ignored_until", "raised",
            "resolved_by", "resolved_at", "actions",
        )  # fmt: skip


class Picks(Strict):
    ids = serializers.ListField(
        child=serializers.IntegerField(min_value=1, max_value=2**62), min_length=1, max_length=discrepancies.MOST
    )


class Ignoring(Picks):
    reason = serializers.CharField(max_length=500)
    until = serializers.DateField()


class Raising(Picks):
    title = serializers.CharField(max_length=200, required=False, allow_blank=True)


class RaisingRFC(Raising):
    model = serializers.CharField(max_length=60, required=False, help_text="A change model's code.")


class DiscrepancyViewSet(RecordViewSet):
    """Each operation takes up to 1,000 discrepancies of one audit, all or none."""

    queryset = ask.discrepancies()
    serializer_class = DiscrepancySerializer
    filterset_class = DiscrepancyFilter
    record_actions = DISCREPANCY_ACTIONS

    def _perform(self, operation: Any, said: dict[str, Any], **more: Any) -> Response:
        return self.answer_all(operation(actor=self.actor, now=timezone.now(), **said, **more))

    @extend_schema(request=Picks, responses={200: DiscrepancySerializer(many=True)})
    @action(detail=False, methods=["post"], url_path="update-record", filterset_class=None)
    def update_record(self, request: Request) -> Response:
        """Let the record say what was found; a CI that is missing becomes lost."""
        return self._perform(discrepancies.update_record, self.arguments(Picks))

    @extend_schema(request=Ignoring, responses={200: DiscrepancySerializer(many=True)})
    @action(detail=False, methods=["post"], filterset_class=None)
    def ignore(self, request: Request) -> Response:
        """Live with it for a reason until a day."""
        return self._perform(discrepancies.ignore, self.arguments(Ignoring))

    @extend_schema(request=RaisingRFC, responses={200: DiscrepancySerializer(many=True)})
    @action(detail=False, methods=["post"], url_path="raise-rfc", filterset_class=None)
    def raise_rfc(self, request: Request) -> Response:
        """One draft RFC that touches the CIs of all of them."""
        return self._perform(discrepancies.raise_change, self.arguments(RaisingRFC), kind="rfc")

    @extend_schema(request=Raising, responses={200: DiscrepancySerializer(many=True)})
    @action(detail=False, methods=["post"], filterset_class=None)
    def unauthorised(self, request: Request) -> Response:
        """One unauthorised change of all of them; it goes straight to review."""
        return self._perform(discrepancies.raise_change, self.arguments(Raising), kind="unauthorised")
