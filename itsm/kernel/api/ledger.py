"""REST: the ledger, to read, to verify, and its signed checkpoints."""

from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from itsm.kernel import checkpoints, ledger
from itsm.kernel.api.base import RecordViewSet
from itsm.kernel.api.serializers import MessageSerializer, PersonField, RecordSerializer
from itsm.kernel.ledger_filter import CheckpointFilter, LedgerFilter
from itsm.kernel.models import LedgerCheckpoint, LedgerEntry

AT_ONCE = 100_000


class LedgerEntrySerializer(RecordSerializer):
    id = serializers.IntegerField(read_only=True)
    revision = serializers.IntegerField(read_only=True)
    created_at = serializers.DateTimeField(read_only=True)
    updated_at = serializers.DateTimeField(read_only=True)
    user = PersonField(read_only=True)

    class Meta:
        model = LedgerEntry
        fields = (
            *RecordSerializer.BASE, "sequence", "at", "actor", "user", "on_behalf_of", "subject_type", "subject_id",
            "subject", "decision", "comment", "policy_version", "evidence_digest", "details", "previous_hash", "hash",
            "actions",
        )  # fmt: skip


class Walk(serializers.Serializer):
    """Which part of the chain to verify."""

    after = serializers.IntegerField(min_value=0, default=0, help_text="Begin after this entry.")
    limit = serializers.IntegerField(min_value=1, max_value=AT_ONCE, default=AT_ONCE, help_text="How many at most.")


class VerdictSerializer(serializers.Serializer):
    intact = serializers.BooleanField(help_text="No broken entry in this part.")
    examined = serializers.IntegerField(help_text="How many entries of this part hold.")
    upto = serializers.IntegerField(help_text="The last entry that holds.")
    next_after = serializers.IntegerField(allow_null=True, help_text="Ask again with this `after`; null at the end.")
    broken_at = serializers.IntegerField(allow_null=True, help_text="The first broken entry.")
    problem = serializers.CharField(allow_blank=True)


class LedgerViewSet(RecordViewSet):
    """Every authorisation, waiver, risk acceptance and gate decision; append-only."""

    queryset = LedgerEntry.objects.select_related("user").order_by("-sequence")
    serializer_class = LedgerEntrySerializer
    filterset_class = LedgerFilter

    @extend_schema(parameters=[Walk], responses={200: VerdictSerializer})
    @action(detail=False, pagination_class=None, filterset_class=None)
    def verify(self, request: Request) -> Response:
        """Walk the chain and name the first broken entry; a long chain in parts, by `next_after`."""
        part = Walk(data=request.query_params)
        part.is_valid(raise_exception=True)
        verdict = ledger.verify(**part.validated_data)
        goes_on = verdict.intact and verdict.examined == part.validated_data["limit"]
        return Response(
            {
                "intact": verdict.intact,
                "examined": verdict.examined,
                "upto": verdict.upto,
                "next_after": verdict.upto if goes_on else None,
                "broken_at": verdict.broken_at,
                "problem": verdict.problem,
            }
        )


class CheckpointSerializer(MessageSerializer):
    holds = serializers.SerializerMethodField()

    class Meta:
        model = LedgerCheckpoint
        fields = (*MessageSerializer.BASE, "sequence", "hash", "at", "key", "signature", "holds", "actions")

    def get_holds(self, checkpoint: LedgerCheckpoint) -> bool | None:
        """Whether the signature is ours and the entry still the signed one; null where no key is set."""
        return checkpoints.holds(checkpoint)


class CheckpointViewSet(RecordViewSet):
    """Signed words on what the last entry was. Keep them elsewhere: they find a chain rewritten as a whole."""

    queryset = checkpoints.with_present_hash().order_by("-pk")
    serializer_class = CheckpointSerializer
    filterset_class = CheckpointFilter
    lookup_value_regex = r"\d{1,18}"

    def get_object(self) -> LedgerCheckpoint:
        """One checkpoint, with the fields that `verify_ledger --checkpoint` reads."""
        return get_object_or_404(self.get_queryset(), pk=self.kwargs["pk"])
