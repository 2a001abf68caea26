"""What the lists show, and the verdict that each state is drawn as."""

from typing import Any

import django_tables2 as tables
from django.utils.html import format_html

from changes.models import (
    Board,
    BoardMeeting,
    ChangeModel,
    ChangeProposal,
    ChangeRequest,
    Freeze,
    OperationalJob,
    Policy,
    RecurringChange,
)
from itsm.kernel.recurrence import in_words
from itsm.kernel.tables import RecordTable, VerdictColumn
from itsm.kernel.templatetags import _time

REQUEST_KINDS = {
    "draft": "none",
    "assessment": "open",
    "building": "open",
    "scheduled": "open",
    "implementing": "warn",
    "review": "open",
    "closed": "ok",
    "rejected": "block",
    "cancelled": "none",
}
OUTCOME_KINDS = {"successful": "ok", "with_issues": "warn", "backed_out": "warn", "failed": "block"}
PROPOSAL_KINDS = {
    "draft": "none",
    "submitted": "open",
    "assessment": "open",
    "authorised": "ok",
    "in_delivery": "open",
    "realised": "ok",
    "closed": "ok",
    "declined": "block",
    "deferred": "warn",
    "withdrawn": "none",
}
MEETING_KINDS = {"planned": "open", "fixed": "warn", "closed": "ok", "cancelled": "none"}
ITEM_KINDS = {
    "waiting": "none",
    "open": "open",
    "authorised": "ok",
    "rejected": "block",
    "more_information": "warn",
    "deferred": "warn",
    "withdrawn": "none",
}
POLICY_KINDS = {"draft": "none", "in_force": "ok", "retired": "none"}
TASK_KINDS = {
    "planned": "none",
    "acknowledged": "open",
    "in_progress": "open",
    "done": "ok",
    "skipped": "none",
    "failed": "block",
}


class WindowColumn(tables.Column):
    def render(self, value: Any) -> Any:
        return _time.span(value)


class BasicsColumn(tables.Column):
    """The most serious verdict, as it was computed last; paler while something moved since."""

    def render(self, value: Any) -> Any:
        kind = "" if value.checked_at is None else value.verdict
        word = value.get_verdict_display() if kind else "not examined yet"
        stale = " stale" if value.stale_since else ""
        return format_html('<span class="v {}{}">{}</span>', kind or "none", stale, word)


class ChangeRequestTable(RecordTable):
    number = tables.Column(order_by="id", linkify=True)
    title = tables.Column(linkify=True, orderable=False)
    type = tables.Column(orderable=False)
    status = VerdictColumn(REQUEST_KINDS)
    outcome = VerdictColumn(OUTCOME_KINDS, orderable=False)
    basics = BasicsColumn(accessor="basics", orderable=False)
    window = WindowColumn()
    requested_by = tables.Column(orderable=False)

    class Meta(RecordTable.Meta):
        model = ChangeRequest
        fields = ("number", "title", "type", "status", "outcome", "basics", "window", "requested_by")


class ChangeProposalTable(RecordTable):
    number = tables.Column(order_by="id", linkify=True)
    title = tables.Column(linkify=True, orderable=False)
    status = VerdictColumn(PROPOSAL_KINDS)
    sponsor = tables.Column(orderable=False)
    deadline = tables.Column()

    class Meta(RecordTable.Meta):
        model = ChangeProposal
        fields = ("number", "title", "status", "sponsor", "deadline")

    def render_deadline(self, value: Any) -> str:
        return _time.day(value)


class RhythmColumn(tables.Column):
    """An RRULE in words."""

    def render(self, value: str) -> str:
        return in_words(value)


class JobTable(RecordTable):
    name = tables.Column(linkify=True)
    recurrence = RhythmColumn(orderable=False, verbose_name="Again", empty_values=())
    effect = tables.Column(orderable=False)
    owner = tables.Column(orderable=False)

    class Meta(RecordTable.Meta):
        model = OperationalJob
        fields = ("name", "kind", "first_start", "recurrence", "duration_minutes", "effect", "owner", "active")

    def render_first_start(self, value: Any) -> str:
        return _time.moment(value)

    def render_duration_minutes(self, value: int) -> str:
        return _time.minutes(value)


class FreezeTable(RecordTable):
    name = tables.Column(linkify=True)
    window = WindowColumn()
    everywhere = tables.BooleanColumn(orderable=False)
    emergency_lane = tables.BooleanColumn(orderable=False, verbose_name="Emergency lane")

    class Meta(RecordTable.Meta):
        model = Freeze
        fields = ("name", "window", "everywhere", "emergency_lane", "override_role")


class ChangeModelTable(RecordTable):
    name = tables.Column(linkify=True)
    window_minutes = tables.Column(orderable=False, verbose_name="Usual window")
    policy_name = tables.Column(orderable=False, verbose_name="Policy")

    class Meta(RecordTable.Meta):
        model = ChangeModel
        fields = ("name", "type", "window_minutes", "policy_name", "pre_authorised")

    def render_window_minutes(self, value: int) -> str:
        return _time.minutes(value)


class RecurringChangeTable(RecordTable):
    title = tables.Column(linkify=True)
    model = tables.Column(orderable=False)
    recurrence = RhythmColumn(orderable=False, verbose_name="Rhythm")
    first_start = tables.Column(verbose_name="First")
    owner = tables.Column(orderable=False)

    class Meta(RecordTable.Meta):
        model = RecurringChange
        fields = ("title", "model", "recurrence", "first_start", "owner", "active")

    def render_first_start(self, value: Any) -> str:
        return _time.moment(value)


class PolicyTable(RecordTable):
    title = tables.Column(linkify=True)
    state = VerdictColumn(POLICY_KINDS)
    in_force_since = tables.Column(orderable=False)

    class Meta(RecordTable.Meta):
        model = Policy
        fields = ("title", "name", "version", "state", "in_force_since")

    def render_in_force_since(self, value: Any) -> str:
        return _time.moment(value)


class WaitingTable(ChangeRequestTable):
    """Changes to be decided one after the other."""

    number = tables.Column(order_by="id", linkify=lambda record: f"{record.get_absolute_url()}?queue=1")
    title = tables.Column(orderable=False, linkify=lambda record: f"{record.get_absolute_url()}?queue=1")

    class Meta(ChangeRequestTable.Meta):
        exclude = ("outcome",)


class BoardTable(RecordTable):
    name = tables.Column(linkify=True)
    decides_by = tables.Column(orderable=False)
    quorum = tables.Column(orderable=False)
    chair = tables.Column(orderable=False, accessor="chair")
    recurrence = RhythmColumn(orderable=False, verbose_name="Rhythm")

    class Meta(RecordTable.Meta):
        model = Board
        fields = ("name", "kind", "decides_by", "quorum", "chair", "recurrence", "active")


class MeetingTable(RecordTable):
    board = tables.Column(orderable=False, linkify=lambda record: record.get_absolute_url(), accessor="board__name")
    state = VerdictColumn(MEETING_KINDS, orderable=False)
    starts_at = tables.Column(verbose_name="When")
    on_agenda = tables.Column(orderable=False, verbose_name="On the agenda", attrs={"td": {"class": "num right"}})
    pending = tables.Column(orderable=False, verbose_name="To decide", attrs={"td": {"class": "num right"}})

    class Meta(RecordTable.Meta):
        model = BoardMeeting
        fields = ("board", "state", "starts_at", "on_agenda", "pending")

    def render_starts_at(self, value: Any) -> str:
        return _time.moment(value)
