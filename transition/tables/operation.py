"""Lists of deployments, acceptance, incidents, meetings and improvements."""

from datetime import datetime

import django_tables2 as tables
from django.utils import timezone
from django.utils.html import format_html

from itsm.kernel.tables import RecordTable, VerdictColumn
from transition.models import AcceptanceCriterion, AcceptanceReview, Deployment, Gap, Improvement, Incident, Meeting
from transition.tables.delivery import WhenColumn

DEPLOYMENT_KINDS = {
    "requested": "open", "authorised": "open", "refused": "block", "running": "open", "succeeded": "ok",
    "failed": "block", "rolled_back": "warn", "lapsed": "warn",
}  # fmt: skip
REVIEW_KINDS = {"open": "open", "accepted": "ok", "pushed_back": "block"}
GAP_KINDS = {"open": "block", "closed": "ok", "risk_accepted": "warn"}
ANSWER_KINDS = {"met": "ok", "not_met": "block", "not_applicable": "none"}
SEVERITY_KINDS = {"minor": "none", "major": "warn", "critical": "block"}
INCIDENT_KINDS = {"open": "open", "resolved": "ok"}
CAUSE_KINDS = {"undecided": "unknown", "change": "block", "not_a_change": "ok"}
IMPROVEMENT_KINDS = {
    "logged": "none", "approved": "open", "doing": "open", "checking": "warn", "worked": "ok",
    "did_not_work": "block", "dropped": "none",
}  # fmt: skip


def sign_of(gap: Gap, now: datetime) -> tuple[str, str]:
    """Verdict and word; a risk that nobody carries any longer is open again."""
    carried: datetime | None = gap.carried_until  # type: ignore[attr-defined]  # annotated by the query
    if gap.state == Gap.State.RISK_ACCEPTED and (carried is None or carried <= now):
        return "block", "Acceptance ran out"
    return GAP_KINDS[gap.state], gap.get_state_display()


class GapStateColumn(tables.Column):
    def render(self, record: Gap) -> str:
        return format_html('<span class="v {}">{}</span>', *sign_of(record, timezone.now()))


class DeploymentTable(RecordTable):
    number = tables.Column(order_by="id", linkify=True)
    state = VerdictColumn(DEPLOYMENT_KINDS)
    service = tables.Column(orderable=False, linkify=True)
    requested_at = WhenColumn()
    finished_at = WhenColumn()

    class Meta(RecordTable.Meta):
        model = Deployment
        fields = ("number", "service", "environment", "version", "state", "requested_at", "finished_at")


class AcceptanceReviewTable(RecordTable):
    number = tables.Column(order_by="id", linkify=True)
    state = VerdictColumn(REVIEW_KINDS)
    decided_at = WhenColumn()

    class Meta(RecordTable.Meta):
        model = AcceptanceReview
        fields = ("number", "service", "package", "stream", "state", "decided_by", "decided_at")


class AcceptanceCriterionTable(RecordTable):
    text = tables.Column("What must be so", orderable=False)
    delivery_model = tables.Column("For", empty_values=(), orderable=False)

    class Meta(RecordTable.Meta):
        model = AcceptanceCriterion
        fields = ("code", "text", "delivery_model")

    def render_delivery_model(self, record: AcceptanceCriterion) -> str:
        return record.get_delivery_model_display() if record.delivery_model else "any service"


class GapTable(RecordTable):
    number = tables.Column(order_by="id", linkify=True)
    title = tables.Column(linkify=True, orderable=False)
    severity = VerdictColumn(SEVERITY_KINDS)
    state = GapStateColumn()

    class Meta(RecordTable.Meta):
        model = Gap
        fields = ("number", "title", "service", "severity", "state", "owner", "due")


class IncidentTable(RecordTable):
    number = tables.Column(order_by="id", linkify=True)
    title = tables.Column(linkify=True, orderable=False)
    state = VerdictColumn(INCIDENT_KINDS)
    cause = VerdictColumn(CAUSE_KINDS, orderable=False)
    opened_at = WhenColumn()
    ci = tables.Column(orderable=False, linkify=True, verbose_name="CI")

    class Meta(RecordTable.Meta):
        model = Incident
        fields = ("number", "title", "service", "ci", "priority", "state", "cause", "opened_at")


class MeetingTable(RecordTable):
    number = tables.Column(order_by="id", linkify=True)
    series = tables.Column(orderable=False, linkify=lambda record: record.get_absolute_url())
    starts_at = WhenColumn()
    pack_at = WhenColumn(orderable=False, verbose_name="Pack written")

    class Meta(RecordTable.Meta):
        model = Meeting
        fields = ("number", "series", "starts_at", "pack_at")


class ImprovementTable(RecordTable):
    number = tables.Column(order_by="id", linkify=True)
    title = tables.Column(linkify=True, orderable=False)
    state = VerdictColumn(IMPROVEMENT_KINDS)

    class Meta(RecordTable.Meta):
        model = Improvement
        fields = ("number", "title", "service", "level", "state", "owner", "check_on")
