"""Lists of audits, and of what each found."""

from functools import cached_property
from typing import Any

import django_tables2 as tables
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from cmdb.models import Audit, ConfigurationItem, Discrepancy, Relation, Sample, SampledCI
from cmdb.queries import selection
from cmdb.queries.labels import Labels
from cmdb.queries.samples import accuracy_of
from itsm.kernel import history
from itsm.kernel.tables import ChooseColumn, RecordTable, VerdictColumn

AUDIT_KINDS = {
    "queued": "open", "comparing": "open", "open": "warn", "closed": "ok", "failed": "block", "cancelled": "none",
}  # fmt: skip
DISCREPANCY_KINDS = {"open": "warn", "authorised": "open", "resolved": "ok"}
SAMPLE_KINDS = {"open": "open", "closed": "ok"}
ANSWER_KINDS = {"": "none", "true": "ok", "wrong": "block"}
RIGHT = {"td": {"class": "right num"}, "th": {"class": "right"}}
LONGEST = 80
WRAPPED = 24


class AuditTable(RecordTable):
    number = tables.Column(order_by="id", linkify=True)
    name = tables.Column(linkify=True)
    state = VerdictColumn(AUDIT_KINDS)
    left = tables.Column(orderable=False, verbose_name="Open", attrs=RIGHT)
    agree = tables.Column(accessor="counts__agree", orderable=False, verbose_name="As recorded", attrs=RIGHT)

    def render_agree(self, value: int) -> str:
        return f"{value:,}"

    def render_left(self, value: int) -> str:
        return f"{value:,}"

    class Meta(RecordTable.Meta):
        model = Audit
        fields = ("number", "name", "source", "state", "left", "agree", "observed_at")


class SampleTable(RecordTable):
    number = tables.Column(order_by="id", linkify=True)
    name = tables.Column(linkify=True)
    state = VerdictColumn(SAMPLE_KINDS)
    answered = tables.Column(empty_values=(), orderable=False)
    accuracy = tables.Column(empty_values=(), orderable=False, verbose_name="True (95 %)")

    def render_query(self, value: str) -> str:
        return selection.in_words(value)

    class Meta(RecordTable.Meta):
        model = Sample
        fields = ("number", "name", "query", "state", "answered", "accuracy", "due_on")

    def render_answered(self, record: Any) -> str:
        return f"{record.true + record.wrong} of {record.size}"

    def render_accuracy(self, record: Sample) -> str:
        return str(accuracy_of(record) or "–")


class SampledCITable(RecordTable):
    ci = tables.Column(linkify=True, orderable=False, verbose_name="CI")
    verdict = VerdictColumn(ANSWER_KINDS, orderable=False, verbose_name="Answer", empty_values=())
    note = tables.Column(orderable=False)
    asked = tables.Column(orderable=False, empty_values=())
    answered_by = tables.Column(orderable=False)
    answered_at = tables.DateTimeColumn(orderable=False, format="D j M Y H:i")

    class Meta(RecordTable.Meta):
        model = SampledCI
        fields = ("ci", "verdict", "note", "asked", "answered_by", "answered_at")

    def render_asked(self, record: SampledCI) -> str:
        return str(record.asked or "configuration managers")


class DiscrepancyTable(RecordTable):
    pick = ChooseColumn("picks")
    kind = tables.Column(orderable=False, verbose_name="What")
    ci_name = tables.Column(
        orderable=False, verbose_name="CI",
        attrs={"td": {"class": lambda record: "" if len(record.ci_name) > WRAPPED else "nowrap"}},
    )  # fmt: skip
    field = tables.Column(orderable=False, empty_values=())
    expected = tables.Column(orderable=False, empty_values=(), verbose_name="Recorded")
    found = tables.Column(orderable=False, empty_values=())
    state = VerdictColumn(DISCREPANCY_KINDS, orderable=False)
    outcome = tables.Column(empty_values=(), orderable=False, verbose_name="How")

    class Meta(RecordTable.Meta):
        model = Discrepancy
        fields = ("pick", "kind", "ci_name", "field", "expected", "found", "state", "outcome")

    @cached_property
    def labels(self) -> Labels:
        return Labels()

    def render_ci_name(self, record: Discrepancy) -> str:
        return _linked(record.ci_id, record.ci_name)

    def render_field(self, record: Discrepancy) -> str:
        if record.other_id:
            words = Relation.Type(record.field).label if record.field in Relation.Type.values else record.field
            return format_html("{} {}", words, _linked(record.other_id, record.other_name))
        return self.labels(record.field) if record.field else "–"

    def render_expected(self, record: Discrepancy) -> str:
        return said_of(record, record.expected)

    def render_found(self, record: Discrepancy) -> str:
        return said_of(record, record.found)

    def render_outcome(self, record: Discrepancy) -> str:
        if record.state == Discrepancy.State.AUTHORISED:
            return format_html("by {}", _other(record.explained_kind, record.explained_id, record.explained_by))
        parts: list[Any] = [record.get_resolution_display(), record.reason]
        if record.ignored_until:
            parts.append(f"until {record.ignored_until:%-d %b %Y}")
        words = ", ".join(part for part in parts if part)
        if record.raised:
            return format_html("{} {}", words, _other(record.raised_kind, record.raised_id, record.raised))
        return words or "–"


def said_of(record: Discrepancy, value: Any) -> str:
    """Of a whole CI its class, environment and version say enough."""
    if isinstance(value, dict) and record.kind in (Discrepancy.Kind.MISSING, Discrepancy.Kind.UNEXPECTED):
        value = ", ".join(str(value[name]) for name in ("ci_class", "environment", "version") if value.get(name))
    text = "–" if value in (None, "", [], {}) else str(value)
    return text if len(text) <= LONGEST else f"{text[: LONGEST - 1]}…"


def _linked(pk: int | None, name: str) -> SafeString:
    if pk is None:
        return format_html("{}", name)
    url = reverse("cmdb:ci-detail", args=[f"{ConfigurationItem.PREFIX}-{pk}"])
    return format_html('<a href="{}">{}</a>', url, name)


def _other(kind: str, pk: int | None, number: str) -> SafeString:
    """A record of whatever app, by its number."""
    url = (history.cause_in({"because": {"kind": kind, "id": pk, "number": number}}) or {}).get("url")
    return format_html('<a href="{}">{}</a>', url, number) if url else format_html("{}", number)
