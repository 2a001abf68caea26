"""Lists of pipeline events and the tools that send them."""

import django_tables2 as tables

from itsm.kernel.tables import RecordTable, VerdictColumn
from transition.models import PipelineEvent, PipelineSource
from transition.tables.delivery import WhenColumn

EVENT_KINDS = {"waiting": "open", "applied": "ok", "kept": "none", "parked": "block"}
SOURCE_KINDS = {"active": "ok", "disabled": "none"}


class PipelineEventTable(RecordTable):
    number = tables.Column("Event", order_by="id", linkify=lambda record: record.get_absolute_url())
    type = tables.Column()
    state = VerdictColumn(EVENT_KINDS, orderable=False)
    subject = tables.Column("About", orderable=False)
    service = tables.Column(orderable=False, linkify=True)
    outcome = tables.Column("What became of it", empty_values=(), orderable=False)
    received_at = WhenColumn()

    class Meta(RecordTable.Meta):
        model = PipelineEvent
        fields = ("number", "type", "state", "subject", "service", "outcome", "received_at")

    def render_type(self, record: PipelineEvent) -> str:
        return record.short_type

    def render_outcome(self, record: PipelineEvent) -> str:
        effects = (
            f"{effect['text']} {effect.get('number', '')}".strip().removesuffix(".") for effect in record.effects
        )
        said = record.problem or "; ".join(effects)
        return (said if len(said) < 160 else f"{said[:160]}…") or self.default


class PipelineSourceTable(RecordTable):
    name = tables.Column(linkify=True)
    state = VerdictColumn(SOURCE_KINDS)
    names = tables.Column("Services", empty_values=(), orderable=False)

    class Meta(RecordTable.Meta):
        model = PipelineSource
        fields = ("name", "kind", "state", "names")

    def render_names(self, record: PipelineSource) -> str:
        return ", ".join(str(name.service) for name in record.names.all()) or self.default
