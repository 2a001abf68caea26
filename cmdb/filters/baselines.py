from typing import ClassVar

import django_filters

from cmdb.models import (
    Baseline,
    Service,
)
from itsm.kernel.filters import RecordFilter, RefFilter


class BaselineFilter(RecordFilter):
    search_fields = ("name", "of_number")
    ordering_fields = ("id", "name", "taken_at", "ci_count")
    service = RefFilter(queryset=Service.objects)
    of_number = django_filters.CharFilter(lookup_expr="iexact", label="Taken before (RFC-7)")

    class Meta:
        model = Baseline
        fields: ClassVar = ["scope", "automatic"]
