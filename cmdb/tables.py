import django_tables2 as tables
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.html import format_html

from cmdb.models import Baseline, CIClass, CIEdit, ConfigurationItem, RelationProposal, Service
from cmdb.queries import verification
from cmdb.queries.labels import Labels
from itsm.kernel.tables import ChooseColumn, RecordTable, VerdictColumn
from itsm.kernel.templatetags._time import when

PROPOSAL_KINDS = {"open": "open", "accepted": "ok", "dismissed": "none"}
CI_KINDS = {"live": "ok", "planned": "none", "building": "open", "testing": "open", "retired": "none", "lost": "block"}
EDIT_KINDS = {"proposed": "open", "accepted": "ok", "sent_back": "block", "withdrawn": "none"}
SERVICE_KINDS = {"live": "ok", "pipeline": "open", "retired": "none"}


class CIClassTable(RecordTable):
    name = tables.Column(linkify=True)
    parent = tables.Column(orderable=False, linkify=True, verbose_name="A kind of")

    class Meta(RecordTable.Meta):
        model = CIClass
        fields = ("name", "code", "kind", "parent")


class ConfigurationItemTable(RecordTable):
    number = tables.Column(order_by="id", linkify=True)
    name = tables.Column(linkify=True)
    status = VerdictColumn(CI_KINDS)
    ci_class = tables.Column(orderable=False, verbose_name="Class")
    owner = tables.Column(orderable=False)
    verified_at = tables.Column(empty_values=(), verbose_name="Verified")

    @cached_property
    def terms(self) -> dict[int, int]:
        return verification.terms()

    def render_verified_at(self, record: ConfigurationItem) -> str:
        """The colour of its age, and since when."""
        days = self.terms.get(record.ci_class_id, verification.USUAL_DAYS)
        kind, word = verification.VERDICTS[verification.age_of(record, days, timezone.now())]
        since = when(record.verified_at) if record.verified_at else ""
        return format_html('<span class="v {}">{}</span> <span class="muted small">{}</span>', kind, word, since)

    class Meta(RecordTable.Meta):
        model = ConfigurationItem
        fields = ("number", "name", "ci_class", "environment", "status", "criticality", "owner", "verified_at")


class ChoosingCITable(ConfigurationItemTable):
    """For those who may do something with many at once."""

    pick = ChooseColumn("picks")

    class Meta(ConfigurationItemTable.Meta):
        sequence = ("pick", "...")


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


class ServiceTable(RecordTable):
    name = tables.Column(linkify=True)
    status = VerdictColumn(SERVICE_KINDS)
    owner = tables.Column(orderable=False)
    support_team = tables.Column(orderable=False)

    class Meta(RecordTable.Meta):
        model = Service
        fields = ("name", "status", "sub_state", "owner", "support_team", "hours", "delivery_model")


class RelationProposalTable(RecordTable):
    number = tables.Column(order_by="id", linkify=True)
    sentence = tables.Column(orderable=False, verbose_name="Relation")
    evidence = tables.Column(orderable=False)
    state = VerdictColumn(PROPOSAL_KINDS)
    decided_by = tables.Column(orderable=False)

    class Meta(RecordTable.Meta):
        model = RelationProposal
        fields = ("number", "sentence", "evidence", "state", "decided_by", "created_at")
