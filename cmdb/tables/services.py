import django_tables2 as tables

from cmdb.models import Service
from itsm.kernel.tables import RecordTable, VerdictColumn

SERVICE_KINDS = {"live": "ok", "pipeline": "open", "retired": "none"}


class ServiceTable(RecordTable):
    name = tables.Column(linkify=True)
    status = VerdictColumn(SERVICE_KINDS)
    owner = tables.Column(orderable=False)
    support_team = tables.Column(orderable=False)

    class Meta(RecordTable.Meta):
        model = Service
        fields = ("name", "status", "sub_state", "owner", "support_team", "hours", "delivery_model")
