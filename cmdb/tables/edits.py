import django_tables2 as tables
from django.utils.functional import cached_property

from cmdb.models import CIEdit
from cmdb.queries.labels import Labels
from itsm.kernel.tables import RecordTable, VerdictColumn

EDIT_KINDS = {"proposed": "open", "accepted": "ok", "sent_back": "block", "withdrawn": "none"}


class CIEditTable(RecordTable):
    number = tables.Column(order_by="id", linkify=True)
    ci = tables.Column(orderable=False, linkify=True, verbose_name="CI")
    fields = tables.Column(accessor="changes", orderable=False, verbose_name="Fields")
    state = VerdictColumn(EDIT_KINDS)
    proposed_by = tables.Column(orderable=False)
    decided_by = tables.Column(orderable=False)

    class Meta(RecordTable.Meta):
        model = CIEdit
        fields = ("number", "ci", "fields", "state", "proposed_by", "created_at", "decided_by")

    @cached_property
    def labels(self) -> Labels:
        return Labels()

    def render_fields(self, value: dict[str, object]) -> str:
        return ", ".join(map(self.labels, value))
