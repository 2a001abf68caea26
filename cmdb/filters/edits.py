from typing import ClassVar

import django_filters

from cmdb.models import (
    CIEdit,
    ConfigurationItem,
)
from itsm.kernel.filters import RecordFilter, RefFilter


class CIEditFilter(RecordFilter):
    search_fields = ("ci__name", "reason")
    ordering_fields = ("id", "created_at", "decided_at")
    ci = RefFilter(queryset=ConfigurationItem.objects, label="CI")
    proposed_by = django_filters.CharFilter("proposed_by__username", label="Proposed by")

    class Meta:
        model = CIEdit
        fields: ClassVar = ["state"]
