"""Audits: what was found in reality beside what is recorded, and what became of each discrepancy."""

from typing import ClassVar

import pghistory
from django.conf import settings
from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import models
from django.db.models import Q
from django.db.models.functions import Upper
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from cmdb.models.ci import ConfigurationItem
from cmdb.models.work import Chunk, Progress
from itsm.kernel.lifecycle import Lifecycle
from itsm.kernel.models import Numbered


@pghistory.track()
class Audit(Numbered):
    """A discovered state, as one source handed it in, compared with the record by a worker."""

    PREFIX = "AUD"

    class State(models.TextChoices):
        QUEUED = "queued", _("Queued")
        COMPARING = "comparing", _("Comparing")
        OPEN = "open", _("To be resolved")
        CLOSED = "closed", _("Closed")
        FAILED = "failed", _("Failed")
        CANCELLED = "cancelled", _("Cancelled")

    LIFECYCLE = Lifecycle(
        "state",
        {
            State.QUEUED: frozenset({State.COMPARING, State.CANCELLED, State.FAILED}),
            State.COMPARING: frozenset({State.OPEN, State.CLOSED, State.CANCELLED, State.FAILED}),
            State.OPEN: frozenset({State.CLOSED, State.CANCELLED}),
            State.CLOSED: frozenset(),
            State.FAILED: frozenset(),
            State.CANCELLED: frozenset(),
        },
        path=(State.QUEUED, State.COMPARING, State.OPEN, State.CLOSED),
    )
    # What a worker takes up, also when the one before it died.
    FOR_WORKERS: ClassVar = (State.QUEUED, State.COMPARING)

    name = models.CharField(max_length=200)
    source = models.CharField(max_length=60, help_text="The tool that looked, as external keys name it.")
    query = models.TextField(
        "expected are", blank=True, help_text="A filter of the list of CIs; empty: those that the source knows."
    )
    observed_at = models.DateTimeField("seen", help_text="When reality was looked at.")
    verify_matches = models.BooleanField(
        "what agrees is verified", default=True, help_text="A CI without any discrepancy counts as verified then."
    )
    format = models.CharField(max_length=40)
    options = models.JSONField(default=dict, blank=True)
    file_name = models.CharField(max_length=200, blank=True)
    file_size = models.PositiveBigIntegerField(default=0)
    digest = models.CharField(max_length=64, blank=True, help_text="SHA-256 of the file.")
    state = models.CharField(max_length=20, choices=State, default=State.QUEUED)
    counts = models.JSONField(default=dict, blank=True)
    problems = models.JSONField(default=list, blank=True, help_text="What could not be read: [{row, column, message}].")
    problem_count = models.PositiveIntegerField(default=0)
    failure = models.TextField(blank=True)
    requested_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    started_at = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)

    class Meta(Numbered.Meta):
        constraints: ClassVar = [
            models.CheckConstraint(name="audit_failure_is_told", condition=~Q(state="failed") | ~Q(failure=""))
        ]
        indexes: ClassVar = [
            models.Index(fields=["id"], name="audit_for_workers", condition=Q(state__in=["queued", "comparing"]))
        ]

    @property
    def display(self) -> str:
        return f"{self.number} {self.name}"

    def get_absolute_url(self) -> str:
        return reverse("cmdb:audit-detail", args=[self.number])


class AuditProgress(Progress):
    audit = models.OneToOneField(Audit, on_delete=models.CASCADE, primary_key=True, related_name="progress")


class AuditChunk(Chunk):
    """Kept until the comparison is over."""

    audit = models.ForeignKey(Audit, on_delete=models.CASCADE, related_name="chunks", db_index=False)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["audit", "ordinal"], name="audit_chunk_once")]


@pghistory.track(pghistory.UpdateEvent())
class Discrepancy(Numbered):
    """One thing that is not in reality as it is recorded, and what became of it."""

    PREFIX = "DIS"

    class Kind(models.TextChoices):
        MISSING = "missing", _("Missing")
        UNEXPECTED = "unexpected", _("Unexpected")
        DIFFERENT = "different", _("Different")
        RELATION_MISSING = "relation_missing", _("Relation missing")
        RELATION_UNEXPECTED = "relation_unexpected", _("Relation unexpected")

    class State(models.TextChoices):
        OPEN = "open", _("Open")
        AUTHORISED = "authorised", _("Explained by a change")
        RESOLVED = "resolved", _("Resolved")

    class Resolution(models.TextChoices):
        UPDATED = "updated", _("Record updated")
        PROPOSED = "proposed", _("Update proposed")
        RFC = "rfc", _("RFC raised")
        UNAUTHORISED = "unauthorised", _("Unauthorised change")
        IGNORED = "ignored", _("Ignored")

    # What is raised of it, or by what it is explained, is no record of this app: kind and id name it.
    audit = models.ForeignKey(Audit, on_delete=models.CASCADE, related_name="discrepancies", db_index=False)
    kind = models.CharField(max_length=20, choices=Kind)
    row = models.CharField(max_length=200, blank=True, help_text="Where in what was found.")
    key = models.CharField(max_length=200, blank=True)
    ci = models.ForeignKey(
        ConfigurationItem, null=True, blank=True, on_delete=models.DO_NOTHING, db_constraint=False,
        related_name="discrepancies", verbose_name="CI",
    )  # fmt: skip
    ci_name = models.CharField("CI is called", max_length=200)
    field = models.CharField(max_length=250, blank=True, help_text="Field, attributes.<name>, or type of relation.")
    other = models.ForeignKey(
        ConfigurationItem, null=True, blank=True, on_delete=models.DO_NOTHING, db_constraint=False, related_name="+",
        db_index=False,
    )  # fmt: skip
    other_name = models.CharField(max_length=200, blank=True)
    expected = models.JSONField(null=True, blank=True)
    found = models.JSONField(null=True, blank=True)
    explained_kind = models.CharField(max_length=60, blank=True)
    explained_id = models.BigIntegerField(null=True, blank=True)
    explained_by = models.CharField(max_length=40, blank=True, help_text="The change that explains it, by its number.")
    state = models.CharField(max_length=20, choices=State, default=State.OPEN)
    resolution = models.CharField(max_length=20, choices=Resolution, blank=True)
    reason = models.CharField(max_length=500, blank=True)
    ignored_until = models.DateField(null=True, blank=True)
    raised = models.CharField(max_length=40, blank=True, help_text="What was made of it, by its number.")
    raised_kind = models.CharField(max_length=60, blank=True)
    raised_id = models.BigIntegerField(null=True, blank=True)
    resolved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    resolved_at = models.DateTimeField(null=True, blank=True)

    class Meta(Numbered.Meta):
        verbose_name_plural = "discrepancies"
        constraints: ClassVar = [
            models.CheckConstraint(
                name="discrepancy_resolved_in_some_way",
                condition=Q(state="resolved") & ~Q(resolution="") | ~Q(state="resolved") & Q(resolution=""),
            ),
            models.CheckConstraint(
                name="discrepancy_ignored_for_a_reason",
                condition=~Q(resolution="ignored") | ~Q(reason="") & Q(ignored_until__isnull=False),
            ),
            models.CheckConstraint(
                name="discrepancy_names_its_change", condition=~Q(state="authorised") | ~Q(explained_by="")
            ),
            models.CheckConstraint(
                name="discrepancy_names_what_was_raised",
                condition=~Q(resolution__in=["proposed", "rfc", "unauthorised"]) | ~Q(raised=""),
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["audit", "state", "id"], name="discrepancy_of_an_audit"),
            models.Index(fields=["ci", "field"], name="discrepancy_ignored", condition=Q(resolution="ignored")),
            models.Index(
                fields=["key"], name="discrepancy_ignored_key", condition=Q(resolution="ignored", ci__isnull=True)
            ),
            GinIndex(OpClass(Upper("ci_name"), name="gin_trgm_ops"), name="discrepancy_ci_words"),
        ]

    @property
    def display(self) -> str:
        return f"{self.number} {self.ci_name} {self.field}".strip()

    def get_absolute_url(self) -> str:
        return reverse("cmdb:audit-discrepancies", args=[f"{Audit.PREFIX}-{self.audit_id}"]) + f"?id={self.pk}"
