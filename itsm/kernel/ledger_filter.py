"""How the ledger is filtered, on its page and in the API."""

from typing import ClassVar

import django_filters

from itsm.kernel.filters import RecordFilter
from itsm.kernel.models import LedgerEntry


class LedgerFilter(RecordFilter):
    search_fields = ("subject", "actor", "decision", "comment")
    ordering_fields = ("sequence", "at")
    id = django_filters.BaseInFilter(field_name="sequence", lookup_expr="in", label="Entries")
    subject = django_filters.CharFilter(label="Subject")

    class Meta:
        model = LedgerEntry
        fields: ClassVar = {"decision": ["exact"], "subject_type": ["exact"], "at": ["gte", "lt"]}
