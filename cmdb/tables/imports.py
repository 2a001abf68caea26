"""Lists of imports, and of what each found."""

from typing import Any

import django_tables2 as tables
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from cmdb.models import ImportDifference, ImportProblem, ImportProfile, ImportRun, ImportSchedule
from itsm.kernel.recurrence import in_words
from itsm.kernel.tables import RecordTable, VerdictColumn

IMPORT_KINDS = {
    "fetching": "open", "uploaded": "open", "queued": "open", "reading": "open", "previewed": "warn",
    "merging": "open", "done": "ok", "rolling_back": "open", "rolled_back": "none", "failed": "block",
    "cancelled": "none",
}  # fmt: skip
RHYTHMS = {
    "": "Only when asked", "FREQ=HOURLY": "Every hour", "FREQ=DAILY": "Every day",
    "FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR": "On workdays", "FREQ=WEEKLY": "Every week", "FREQ=MONTHLY": "Every month",
}  # fmt: skip
DONE = {"created": "created", "changed": "changed", "retired": "retired"}
TO_DO = {"created": "to create", "changed": "to change", "retired": "to retire"}
WORD_KINDS = {"added": "ok", "removed": "warn", "upgraded": "open", "downgraded": "warn"}
DIFFERENCE_KINDS = {"created": "ok", "changed": "open", "retired": "warn", "related": "ok", "unrelated": "warn"}


class ImportRunTable(RecordTable):
    number = tables.Column(order_by="id", linkify=True)
    source = tables.Column(linkify=True)
    state = VerdictColumn(IMPORT_KINDS)
    found = tables.Column(accessor="counts", orderable=False, verbose_name="Found", empty_values=())
    requested_by = tables.Column(orderable=False, verbose_name="By")
    created_at = tables.DateTimeColumn(verbose_name="Handed in", format="D j M Y H:i")

    class Meta(RecordTable.Meta):
        model = ImportRun
        fields = ("number", "source", "state", "file_name", "found", "requested_by", "created_at")

    def render_found(self, record: ImportRun) -> str:
        return summary_of(record) or "–"


def summary_of(run: ImportRun) -> str:
    """What it did or would do, in a few words."""
    words = DONE if run.state in ImportRun.WRITTEN else TO_DO
    said = [f"{run.counts[name]:,} {word}" for name, word in words.items() if run.counts.get(name)]
    said += [f"{run.problem_count:,} broken"] if run.problem_count else []
    return ", ".join(said) or ("no difference" if run.counts else "")


class ImportProfileTable(RecordTable):
    name = tables.Column(linkify=True)

    class Meta(RecordTable.Meta):
        model = ImportProfile
        fields = ("name", "source", "encoding", "retire_missing", "updated_at")


class ImportScheduleTable(RecordTable):
    name = tables.Column(linkify=True)
    state = tables.Column(accessor="pk", orderable=False)
    rhythm = tables.Column(accessor="recurrence", orderable=False, verbose_name="How often", empty_values=())
    next_at = tables.DateTimeColumn(verbose_name="Next", format="D j M Y H:i")
    last_id = tables.Column(orderable=False, verbose_name="Last run")
    owner = tables.Column(orderable=False, verbose_name="Answers for it")

    class Meta(RecordTable.Meta):
        model = ImportSchedule
        fields = ("name", "source", "state", "rhythm", "next_at", "last_id", "owner")

    def render_state(self, record: ImportSchedule) -> str:
        return format_html('<span class="v {}">{}</span>', *state_of(record))

    def render_rhythm(self, record: ImportSchedule) -> str:
        return rhythm_of(record)

    def render_last_id(self, record: Any) -> str:
        number, state = f"{ImportRun.PREFIX}-{record.last_id}", ImportRun.State(record.last_state)
        url = reverse("cmdb:import-detail", args=[number])
        return format_html(
            '<a href="{}">{}</a> <span class="v {}">{}</span>', url, number, IMPORT_KINDS[state], state.label
        )


def state_of(schedule: ImportSchedule) -> tuple[str, str]:
    """How it does, as a verdict's kind and word."""
    if not schedule.enabled:
        return "none", "Paused"
    if schedule.failing_since:
        return "block", "Fails"
    return ("ok", "Scheduled") if schedule.next_at else ("none", "When asked")


def rhythm_of(schedule: ImportSchedule) -> str:
    return RHYTHMS.get(schedule.recurrence) or in_words(schedule.recurrence)


class ImportProblemTable(RecordTable):
    row = tables.Column(verbose_name="Where", attrs={"td": {"class": "nowrap"}})

    class Meta(RecordTable.Meta):
        model = ImportProblem
        fields = ("row", "column", "message")
        orderable = False


class ImportDifferenceTable(RecordTable):
    """Over the rows of `queries.imports.named`."""

    kind = tables.Column(accessor="difference__get_kind_display", verbose_name="What")
    ci = tables.Column(empty_values=(), verbose_name="CI", attrs={"td": {"class": "links"}})
    changes = tables.Column(empty_values=(), verbose_name="Difference", attrs={"td": {"class": "links"}})
    row = tables.Column(accessor="difference__row", verbose_name="In the file", attrs={"td": {"class": "nowrap"}})
    undone = tables.Column(accessor="difference__undone", verbose_name="Rolled back")

    class Meta(RecordTable.Meta):
        orderable = False
        sequence = ("kind", "ci", "changes", "row", "undone")

    def render_kind(self, value: str, record: dict[str, Any]) -> str:
        return format_html('<span class="v {}">{}</span>', *kind_of(record["difference"]))

    def render_ci(self, record: dict[str, Any]) -> str:
        return _linked(record["ci"], record["difference"].label)

    def render_changes(self, record: dict[str, Any]) -> str:
        row = record["difference"]
        if row.type:
            return format_html("{} {}", record["relation"], _linked(record["other"], row.other))
        said = format_html_join("", "<div>{}: <del>{}</del> → <ins>{}</ins></div>", record["changes"])
        return format_html('<div class="changes">{}</div>', said) if said else "–"


def kind_of(difference: ImportDifference) -> tuple[str, str]:
    """As a verdict's kind and word: of a bill of materials in its own words."""
    if difference.word:
        return WORD_KINDS[difference.word], difference.get_word_display()
    return DIFFERENCE_KINDS[difference.kind], difference.get_kind_display()


def _linked(ci: Any, label: str) -> SafeString:
    if ci is None:
        return format_html("{}", label)
    return format_html('<a href="{}">{}</a> <span class="small muted">{}</span>', ci.get_absolute_url(), ci, ci.number)
