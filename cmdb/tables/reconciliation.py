from functools import cached_property

import django_tables2 as tables

from cmdb.models import Conflict, SourcePrecedence
from cmdb.queries.labels import Labels
from cmdb.reconciling.words import shown
from itsm.kernel.tables import RecordTable, VerdictColumn

CONFLICT_KINDS = {"open": "warn", "decided": "ok", "agreed": "none"}


class ConflictTable(RecordTable):
    number = tables.Column(order_by="id", linkify=True)
    ci = tables.Column(orderable=False, linkify=lambda record: record.ci.get_absolute_url(), verbose_name="CI")
    field_label = tables.Column(orderable=False, verbose_name="Field")
    words = tables.Column(orderable=False, verbose_name="Who says what")
    state = VerdictColumn(CONFLICT_KINDS)
    decided_by = tables.Column(orderable=False)

    @cached_property
    def labels(self) -> Labels:
        return Labels()

    def render_field_label(self, record: Conflict) -> str:
        return self.labels(record.field)

    def render_ci(self, record: Conflict) -> str:
        return record.ci.name

    def render_words(self, value: dict[str, object], record: Conflict) -> str:
        return " · ".join(f"{source}: {shown(said, record.field)}" for source, said in value.items())

    class Meta(RecordTable.Meta):
        model = Conflict
        fields = ("number", "ci", "field_label", "words", "state", "decided_by", "updated_at")


class SourcePrecedenceTable(RecordTable):
    field_label = tables.Column(orderable=False, linkify=True, verbose_name="Field")
    scope = tables.Column(orderable=False, verbose_name="Of")
    order = tables.Column(orderable=False, verbose_name="Whose word counts")

    class Meta(RecordTable.Meta):
        model = SourcePrecedence
        fields = ("field_label", "scope", "order", "updated_at")
