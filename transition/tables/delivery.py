"""Lists of plans, requirements, packages, streams, periods and runs."""

from collections.abc import Sequence
from typing import Any

import django_tables2 as tables
from django.utils.html import format_html
from django.utils.safestring import SafeString

from cmdb.models import Service
from itsm.kernel.tables import RecordTable, VerdictColumn
from itsm.kernel.templatetags._time import day, when
from itsm.kernel.templatetags.slipway import percent
from transition import pictures
from transition.models import (
    DeliveryStream,
    Need,
    ReleasePackage,
    Requirement,
    StreamPeriod,
    StreamRun,
    TransitionPlan,
)

REQUIREMENT_KINDS = {"open": "none", "built": "open", "deployed": "ok", "withdrawn": "none"}
PACKAGE_KINDS = {"planned": "none", "building": "open", "accepted": "open", "deployed": "ok", "early_life": "warn",
                 "closed": "ok", "cancelled": "none"}  # fmt: skip
STREAM_KINDS = {"active": "ok", "paused": "warn", "ended": "none"}
PERIOD_KINDS = {"open": "open", "met": "ok", "missed": "block", "excess": "warn", "not_expected": "none"}
NEED_KINDS = {"open": "open", "met": "ok", "void": "none"}
RUN_KINDS = {"done": "ok", "with_issues": "warn", "failed": "block"}
NUM: dict[str, Any] = {"td": {"class": "num right"}, "th": {"class": "right"}}


class WhenColumn(tables.Column):
    """How long ago, with the exact time on hover."""

    def render(self, value: Any) -> Any:
        return when(value)


class DayColumn(tables.Column):
    def render(self, value: Any) -> str:
        return day(value)


class DashboardTable(RecordTable):
    """Services with a transition plan, each leading to its dashboard."""

    name = tables.Column(linkify=("transition:dashboard", [tables.A("slug")]))
    status = VerdictColumn({"live": "ok", "pipeline": "open", "retired": "none"})
    style = tables.Column(accessor="plan__get_style_display", verbose_name="Way", orderable=False)
    kept = tables.Column(empty_values=(), verbose_name="Cadence kept, 12 weeks", orderable=False)
    owed = tables.Column(accessor="debt", verbose_name="Transition debt", orderable=False)
    deployments = tables.Column(empty_values=(), verbose_name="Deployments a week", orderable=False)
    missed_periods = tables.Column(verbose_name="Periods missed, 30 d", attrs=NUM, orderable=False)
    owner = tables.Column(orderable=False)

    class Meta(RecordTable.Meta):
        model = Service
        fields = ("name", "status", "style", "kept", "owed", "deployments", "missed_periods", "owner")

    def render_kept(self, record: Any) -> SafeString:
        return _spark(percent(record.line.kept_now), record.line.kept, 1.0)

    def value_kept(self, record: Any) -> str:
        return percent(record.line.kept_now)

    def render_owed(self, record: Any, value: int) -> SafeString:
        return _spark(str(value), record.line.debt)

    def value_owed(self, value: int) -> int:
        return value

    def render_deployments(self, record: Any) -> SafeString:
        return _spark(str(record.line.deployments[-1]), record.line.deployments)

    def value_deployments(self, record: Any) -> int:
        return record.line.deployments[-1]  # type: ignore[no-any-return]


def _spark(figure: str, values: Sequence[float | None], most: float | None = None) -> SafeString:
    """A small line of the weeks, and the figure of today."""
    return format_html(
        '<svg class="spark" viewBox="0 0 240 44" preserveAspectRatio="none" aria-hidden="true">'
        '<polyline points="{}"/></svg><span class="num">{}</span>',
        pictures.line(values, most), figure,
    )  # fmt: skip


class PlanTable(RecordTable):
    number = tables.Column(order_by="id", linkify=True)
    service = tables.Column(order_by="service__name", linkify=lambda record: record.get_absolute_url())
    requirement_count = tables.Column(verbose_name="Requirements", attrs=NUM, orderable=False)
    package_count = tables.Column(verbose_name="Packages", attrs=NUM, orderable=False)
    stream_count = tables.Column(verbose_name="Streams", attrs=NUM, orderable=False)

    class Meta(RecordTable.Meta):
        model = TransitionPlan
        fields = ("number", "service", "style", "requirement_count", "package_count", "stream_count")


class RequirementTable(RecordTable):
    code = tables.Column(linkify=True)
    text = tables.Column(linkify=True, orderable=False)
    service = tables.Column(accessor="plan__service__name", orderable=False)
    status = VerdictColumn(REQUIREMENT_KINDS)
    documented = tables.Column(accessor="is_documented", orderable=False)
    accepted = tables.Column(accessor="is_accepted", orderable=False)
    deployed_at = WhenColumn(verbose_name="Live since")

    class Meta(RecordTable.Meta):
        model = Requirement
        fields = ("code", "text", "service", "kind", "priority", "status", "documented", "accepted", "deployed_at")

    def render_documented(self, value: bool, record: Requirement) -> SafeString | str:
        return _owed(record, value, "documented")

    def render_accepted(self, value: bool, record: Requirement) -> SafeString | str:
        return _owed(record, value, "accepted")


def _owed(requirement: Requirement, there: bool, word: str) -> SafeString | str:
    """Green when it is there, red when a live functional requirement lacks it."""
    if there:
        return format_html('<span class="v ok">{}</span>', word)
    is_due = requirement.status == "deployed" and requirement.kind == "functional"
    return format_html('<span class="v block">not {}</span>', word) if is_due else "–"


class PackageTable(RecordTable):
    number = tables.Column(order_by="id", linkify=True)
    name = tables.Column(linkify=True)
    service = tables.Column(accessor="plan__service__name", orderable=False)
    state = VerdictColumn(PACKAGE_KINDS)
    target_date = DayColumn(verbose_name="Target")
    done = tables.Column(empty_values=(), orderable=False, attrs=NUM)
    els_days = tables.Column(verbose_name="ELS days", attrs=NUM, orderable=False)

    class Meta(RecordTable.Meta):
        model = ReleasePackage
        fields = ("number", "name", "service", "state", "target_date", "done", "els_days")

    def render_done(self, record: Any) -> str:
        return f"{record.done_count} of {record.item_count}"


class StreamTable(RecordTable):
    ordinal = tables.Column(verbose_name="No.", attrs=NUM)
    name = tables.Column(linkify=True)
    service = tables.Column(accessor="plan__service__name", orderable=False)
    rhythm = tables.Column(orderable=False)
    state = VerdictColumn(STREAM_KINDS)
    record = tables.Column(empty_values=(), verbose_name="Kept, 30 d", orderable=False, attrs=NUM)
    owner = tables.Column(orderable=False)

    class Meta(RecordTable.Meta):
        model = DeliveryStream
        fields = ("ordinal", "name", "service", "kind", "rhythm", "state", "record", "owner")

    def render_record(self, record: Any) -> str:
        return f"{record.met} of {record.judged}" if record.judged else "–"


class PeriodTable(RecordTable):
    number = tables.Column(order_by="id", linkify=True)
    stream = tables.Column(accessor="stream__display", linkify=lambda record: record.stream.get_absolute_url(),
                           orderable=False)  # fmt: skip
    service = tables.Column(accessor="stream__plan__service__name", orderable=False)
    span = tables.Column(accessor="days", order_by="span", verbose_name="Period", linkify=True)
    state = VerdictColumn(PERIOD_KINDS)
    run_count = tables.Column(verbose_name="Runs", attrs=NUM, orderable=False)
    expected = tables.Column(empty_values=(), orderable=False, attrs=NUM)

    class Meta(RecordTable.Meta):
        model = StreamPeriod
        fields = ("number", "stream", "service", "span", "state", "run_count", "expected")

    def render_expected(self, record: StreamPeriod) -> str:
        if not record.expected_min and record.expected_max is None:
            return "–"
        most = record.expected_max
        return f"{record.expected_min}–{most}" if most else f"at least {record.expected_min}"


class RunTable(RecordTable):
    number = tables.Column(order_by="id", linkify=True)
    at = WhenColumn()
    stream = tables.Column(accessor="stream__display", linkify=lambda record: record.stream.get_absolute_url(),
                           orderable=False)  # fmt: skip
    service = tables.Column(accessor="stream__plan__service__name", orderable=False)
    outcome = VerdictColumn(RUN_KINDS)
    summary = tables.Column(orderable=False)
    by = tables.Column(orderable=False)

    class Meta(RecordTable.Meta):
        model = StreamRun
        fields = ("number", "at", "stream", "service", "outcome", "summary", "by")


class NeedTable(RecordTable):
    number = tables.Column(order_by="id", linkify=True)
    what = tables.Column(accessor="ci__name", linkify=lambda record: subject_of(record).get_absolute_url(),
                         orderable=False, verbose_name="Of what")  # fmt: skip
    stream = tables.Column(accessor="stream__display", linkify=lambda record: record.stream.get_absolute_url(),
                           orderable=False)  # fmt: skip
    service = tables.Column(accessor="stream__plan__service__name", orderable=False)
    state = VerdictColumn(NEED_KINDS)
    arisen_at = WhenColumn(verbose_name="Since")
    due = DayColumn()
    ended_at = WhenColumn(verbose_name="Ended")

    class Meta(RecordTable.Meta):
        model = Need
        fields = ("number", "what", "stream", "service", "state", "arisen_at", "due", "ended_at")


def subject_of(need: Need) -> Any:
    """What a reader wants to see of a need: the requirement, where the CI stands for one."""
    return getattr(need.ci, "requirement", None) or need.ci
