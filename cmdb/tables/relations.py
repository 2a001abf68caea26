import django_tables2 as tables

from cmdb.models import RelationProposal
from itsm.kernel.tables import RecordTable, VerdictColumn

PROPOSAL_KINDS = {"open": "open", "accepted": "ok", "dismissed": "none"}


class RelationProposalTable(RecordTable):
    number = tables.Column(order_by="id", linkify=True)
    sentence = tables.Column(orderable=False, verbose_name="Relation")
    evidence = tables.Column(orderable=False)
    state = VerdictColumn(PROPOSAL_KINDS)
    decided_by = tables.Column(orderable=False)

    class Meta(RecordTable.Meta):
        model = RelationProposal
        fields = ("number", "sentence", "evidence", "state", "decided_by", "created_at")
