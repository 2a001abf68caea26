from typing import ClassVar

from cmdb.models import (
    ConfigurationItem,
    Relation,
    RelationGroup,
    RelationProposal,
)
from itsm.kernel.filters import RecordFilter, RefFilter


class RelationFilter(RecordFilter):
    source = RefFilter(queryset=ConfigurationItem.objects)
    target = RefFilter(queryset=ConfigurationItem.objects)

    class Meta:
        model = Relation
        fields: ClassVar = ["type"]


class RelationGroupFilter(RecordFilter):
    search_fields = ("name", "ci__name")
    ordering_fields = ("id", "name", "needs")
    ci = RefFilter(queryset=ConfigurationItem.objects)

    class Meta:
        model = RelationGroup
        fields: ClassVar = ["name"]


class RelationProposalFilter(RecordFilter):
    search_fields = ("source__name", "target__name", "evidence")
    ordering_fields = ("id", "state", "created_at", "updated_at")
    source = RefFilter(queryset=ConfigurationItem.objects)
    target = RefFilter(queryset=ConfigurationItem.objects)

    class Meta:
        model = RelationProposal
        fields: ClassVar = ["state", "type", "evidence"]
