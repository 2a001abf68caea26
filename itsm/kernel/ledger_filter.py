"""How the ledger is filtered, on its page and in the API."""

from typing import ClassVar

import django_filters

from itsm.kernel.filters import Numbers, RecordFilter
from itsm.kernel.models import LedgerCheckpoint, LedgerEntry


class LedgerFilter(RecordFilter):
    search_fields = ("subject", "actor", "decision", "comment")
    ordering_fields = ("sequence", "at")
    id = Numbers(field_name="sequence", lookup_expr="in", label="Entries")
    created_at__gte = django_filters.IsoDateTimeFilter("at", "gte", label="Not before")
    created_at__lt = django_filters.IsoDateTimeFilter("at", "lt", label="Before")
    subject = django_filters.CharFilter(label="Subject")

    subject_id = django_filters.NumberFilter(label="Subject's id")
    user = django_filters.CharFilter("user__username", label="User")
    policy_version = django_filters.CharFilter(label="Policy version")

    class Meta:
        model = LedgerEntry
        fields: ClassVar = {"decision": ["exact"], "subject_type": ["exact"], "at": ["gte", "lt"]}


class CheckpointFilter(RecordFilter):
    ordering_fields = ("id", "sequence", "at")

    class Meta:
        model = LedgerCheckpoint
        fields: ClassVar = {"at": ["gte", "lt"], "key": ["exact"]}
