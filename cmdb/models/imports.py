"""Imports: how a source's files are read, each run of one, and what it found."""

from typing import ClassVar

import pghistory
from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from cmdb.models.work import Chunk, Progress
from itsm.kernel.lifecycle import Lifecycle
from itsm.kernel.models import Numbered, Record, RecordQuerySet


class ImportProfileQuerySet(RecordQuerySet):
    NAMED_BY = "name"


class Encoding(models.TextChoices):
    UTF_8 = "utf-8", _("UTF-8")
    CP1252 = "cp1252", _("Windows (cp1252)")


@pghistory.track()
class ImportProfile(Record):
    """How to read the tables of one source: which column is what, and what holds for all rows."""

    name = models.CharField(max_length=100, unique=True)
    source = models.CharField(max_length=60, help_text="What the source is called; its keys are unique within.")
    delimiter = models.CharField(max_length=1, blank=True, help_text="Left empty it is found out.")
    encoding = models.CharField(max_length=10, choices=Encoding, default=Encoding.UTF_8)
    columns = models.JSONField(default=dict, help_text="Heading in the file → field, attribute or relation.")
    fixed = models.JSONField(default=dict, blank=True, help_text="Field → value that all rows have.")
    values = models.JSONField(default=dict, blank=True, help_text="Field → word in the file → value.")
    separator = models.CharField(max_length=3, default=";", help_text="Between several keys in one cell.")
    retire_missing = models.BooleanField(
        default=False, help_text="CIs which the source knew and no longer names are retired."
    )

    objects = ImportProfileQuerySet.as_manager()

    class Meta(Record.Meta):
        verbose_name = "import profile"

    def __str__(self) -> str:
        return self.name

    @property
    def ref(self) -> str:
        return str(self.pk)

    def get_absolute_url(self) -> str:
        return reverse("cmdb:import-profile-edit", args=[self.pk])

    @property
    def options(self) -> dict[str, object]:
        """What the reader is told."""
        return {
            name: getattr(self, name) for name in ("delimiter", "encoding", "columns", "fixed", "values", "separator")
        }


@pghistory.track()
class ImportRun(Numbered):
    """One file of one source, on its way into the CMDB. The worker reads it, people decide about it."""

    PREFIX = "IMR"

    class State(models.TextChoices):
        FETCHING = "fetching", _("Being fetched")
        UPLOADED = "uploaded", _("Waits for its columns")
        QUEUED = "queued", _("Queued")
        READING = "reading", _("Reading")
        PREVIEWED = "previewed", _("Previewed")
        MERGING = "merging", _("Merging")
        DONE = "done", _("Done")
        ROLLING_BACK = "rolling_back", _("Rolling back")
        ROLLED_BACK = "rolled_back", _("Rolled back")
        FAILED = "failed", _("Failed")
        CANCELLED = "cancelled", _("Cancelled")

    LIFECYCLE = Lifecycle(
        "state",
        {
            State.FETCHING: frozenset({State.QUEUED, State.CANCELLED, State.FAILED}),
            State.UPLOADED: frozenset({State.QUEUED, State.CANCELLED}),
            State.QUEUED: frozenset({State.READING, State.CANCELLED, State.FAILED}),
            State.READING: frozenset({State.PREVIEWED, State.MERGING, State.CANCELLED, State.FAILED}),
            State.PREVIEWED: frozenset({State.QUEUED, State.MERGING, State.CANCELLED}),
            State.MERGING: frozenset({State.DONE, State.CANCELLED, State.FAILED}),
            State.DONE: frozenset({State.ROLLING_BACK}),
            State.ROLLING_BACK: frozenset({State.ROLLED_BACK, State.DONE}),
            State.FAILED: frozenset({State.QUEUED, State.MERGING}),
            State.CANCELLED: frozenset(),
            State.ROLLED_BACK: frozenset(),
        },
        path=(State.QUEUED, State.READING, State.PREVIEWED, State.MERGING, State.DONE),
    )
    # What a worker takes up, also when the one before it died.
    FOR_WORKERS = (State.QUEUED, State.READING, State.MERGING, State.ROLLING_BACK)
    UNDER_WAY = (State.FETCHING, *FOR_WORKERS)
    # Somebody decides about it: nobody fetches or reads it now.
    WAITING = (State.UPLOADED, State.PREVIEWED, State.FAILED)
    # What it said it would do, it did.
    WRITTEN = (State.DONE, State.ROLLING_BACK, State.ROLLED_BACK)

    source = models.CharField(max_length=60)
    format = models.CharField(max_length=40)
    file_name = models.CharField(max_length=200)
    file_size = models.PositiveBigIntegerField(default=0)
    digest = models.CharField(max_length=64, blank=True, help_text="SHA-256 of the file.")
    file_forgotten_at = models.DateTimeField(null=True, blank=True)
    profile = models.ForeignKey(
        ImportProfile, null=True, blank=True, on_delete=models.SET_NULL, related_name="runs", verbose_name="profile"
    )
    schedule = models.ForeignKey(
        "cmdb.ImportSchedule", null=True, blank=True, on_delete=models.SET_NULL, related_name="runs",
        db_index=False, verbose_name="schedule",
    )  # fmt: skip
    scheduled_for = models.DateTimeField(null=True, blank=True, help_text="When it was due; empty: somebody asked.")
    options = models.JSONField(default=dict, blank=True)
    retire_missing = models.BooleanField(default=False)
    leave_out_broken = models.BooleanField(default=False, help_text="Rows that cannot be taken in hold back no other.")
    dry_run = models.BooleanField(default=True, help_text="Shows what would be done, and waits.")
    requested_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    state = models.CharField(max_length=20, choices=State, default=State.QUEUED)
    counts = models.JSONField(default=dict, blank=True, help_text="How many were created, changed, retired and so on.")
    problem_count = models.PositiveIntegerField(default=0)
    failure = models.TextField(blank=True)
    started_at = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)

    class Meta(Numbered.Meta):
        verbose_name = "import"
        constraints: ClassVar = [
            models.CheckConstraint(
                name="import_failure_is_told", condition=~models.Q(state="failed") | ~models.Q(failure="")
            ),
            models.UniqueConstraint(fields=["schedule", "scheduled_for"], name="import_once_when_due"),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["id"],
                name="import_for_workers",
                condition=models.Q(state__in=["queued", "reading", "merging", "rolling_back"]),
            ),
            models.Index(fields=["id"], name="import_to_fetch", condition=models.Q(state="fetching")),
            models.Index(
                fields=["schedule", "-id"], name="import_by_schedule", condition=models.Q(schedule__isnull=False)
            ),
        ]

    def get_absolute_url(self) -> str:
        return reverse("cmdb:import-detail", args=[self.number])


class ImportProgress(Progress):
    run = models.OneToOneField(ImportRun, on_delete=models.CASCADE, primary_key=True, related_name="progress")


class ImportChunk(Chunk):
    run = models.ForeignKey(ImportRun, on_delete=models.CASCADE, related_name="chunks", db_index=False)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["run", "ordinal"], name="import_chunk_once")]


class ImportProblem(models.Model):
    """Why something in the file could not be taken in, and where it stands."""

    run = models.ForeignKey(ImportRun, on_delete=models.CASCADE, related_name="problems", db_index=False)
    row = models.CharField(max_length=200)
    column = models.CharField(max_length=200, blank=True)
    message = models.CharField(max_length=1000)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["run", "id"], name="import_problem_by_run")]


class ImportDifference(models.Model):
    """What a run changes, or would change. `ci_id` below zero: a CI that is only foreseen."""

    class Kind(models.TextChoices):
        CREATED = "created", _("Created")
        CHANGED = "changed", _("Changed")
        RETIRED = "retired", _("Retired")
        RELATED = "related", _("Related")
        UNRELATED = "unrelated", _("No longer related")
        HEARD = "heard", _("Said otherwise, without effect")

    class Word(models.TextChoices):
        ADDED = "added", _("Added")
        REMOVED = "removed", _("Removed")
        UPGRADED = "upgraded", _("Upgraded")
        DOWNGRADED = "downgraded", _("Downgraded")

    run = models.ForeignKey(ImportRun, on_delete=models.CASCADE, related_name="differences", db_index=False)
    kind = models.CharField(max_length=10, choices=Kind)
    # What it is to a component, where the file is a bill of materials.
    word = models.CharField(max_length=10, choices=Word, blank=True, db_default="")
    row = models.CharField(max_length=200, blank=True)
    ci_id = models.BigIntegerField()
    label = models.CharField(max_length=200)
    type = models.CharField(max_length=20, blank=True)
    other_id = models.BigIntegerField(null=True)
    other = models.CharField(max_length=200, blank=True)
    before = models.JSONField(null=True)
    after = models.JSONField(null=True)
    said_before = models.JSONField(null=True)
    # What became of it when the run was rolled back; empty: nothing yet.
    undone = models.CharField(max_length=200, blank=True)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["run", "kind", "id"], name="import_difference_by_kind"),
            models.Index(fields=["run", "word", "id"], name="import_difference_by_word", condition=~models.Q(word="")),
        ]
