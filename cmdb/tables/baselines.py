import django_tables2 as tables

from cmdb.models import Baseline
from itsm.kernel.tables import RecordTable


class BaselineTable(RecordTable):
    number = tables.Column(order_by="id", linkify=True)
    name = tables.Column(linkify=True)
    scope = tables.Column(orderable=False, verbose_name="Of", attrs={"td": {"class": "nowrap"}})
    ci_count = tables.Column(verbose_name="CIs", attrs={"td": {"class": "right num"}, "th": {"class": "right"}})
    relation_count = tables.Column(
        orderable=False, verbose_name="Relations", attrs={"td": {"class": "right num"}, "th": {"class": "right"}}
    )
    taken_by = tables.Column(orderable=False, empty_values=(), verbose_name="By")

    def render_taken_by(self, value: object) -> str:
        return str(value or "the program")

    def render_scope(self, record: Baseline) -> str:
        return str(record.service or record.of_number or record.get_scope_display())

    class Meta(RecordTable.Meta):
        model = Baseline
        fields = ("number", "name", "scope", "ci_count", "relation_count", "taken_at", "taken_by")
