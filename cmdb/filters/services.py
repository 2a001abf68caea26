from typing import ClassVar

import django_filters

from cmdb.models import (
    Service,
)
from itsm.kernel.filters import RecordFilter


class ServiceFilter(RecordFilter):
    search_fields = ("name", "summary", "slug")
    ordering_fields = ("id", "name", "status", "updated_at")
    slug = django_filters.CharFilter()
    owner = django_filters.CharFilter("owner__username", label="Owner")

    class Meta:
        model = Service
        fields: ClassVar = ["status", "sub_state", "delivery_model"]
