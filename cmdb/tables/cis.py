import django_tables2 as tables
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.html import format_html

from cmdb.models import CIClass, ConfigurationItem
from cmdb.queries import verification
from itsm.kernel.tables import ChooseColumn, RecordTable, VerdictColumn
from itsm.kernel.templatetags._time import when

CI_KINDS = {"live": "ok", "planned": "none", "building": "open", "testing": "open", "retired": "none", "lost": "block"}


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
