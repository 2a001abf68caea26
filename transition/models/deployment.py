"""Deployments, as pipelines ask for them, and the evidence they bring."""

from datetime import datetime
from typing import ClassVar

import pghistory
from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from changes.models import ChangeRequest
from cmdb.models import Service
from itsm.kernel.lifecycle import Lifecycle
from itsm.kernel.models import Numbered
from itsm.kernel.searching import words_index
from transition.models.plan import Requirement
from transition.models.stream import StreamRun


@pghistory.track()
class Deployment(Numbered):
    """One version of an artifact moved into an environment of a service."""

    PREFIX = "DEP"

    class State(models.TextChoices):
        REQUESTED = "requested", _("Requested")
        AUTHORISED = "authorised", _("Authorised")
        REFUSED = "refused", _("Refused")
        RUNNING = "running", _("Running")
        SUCCEEDED = "succeeded", _("Succeeded")
        FAILED = "failed", _("Failed")
        ROLLED_BACK = "rolled_back", _("Rolled back")
        LAPSED = "lapsed", _("Lapsed")

    LIFECYCLE = Lifecycle(
        "state",
        {
            State.REQUESTED: frozenset({State.AUTHORISED, State.REFUSED}),
            State.AUTHORISED: frozenset({State.RUNNING, State.REFUSED, State.LAPSED}),
            State.RUNNING: frozenset({State.SUCCEEDED, State.FAILED, State.ROLLED_BACK}),
            State.SUCCEEDED: frozenset({State.ROLLED_BACK}),
            State.FAILED: frozenset({State.ROLLED_BACK}),
            State.REFUSED: frozenset(),
            State.LAPSED: frozenset(),
            State.ROLLED_BACK: frozenset(),
        },
        path=(State.REQUESTED, State.AUTHORISED, State.RUNNING, State.SUCCEEDED),
    )

    class Decision(models.TextChoices):
        AUTHORISED = "authorised", _("Authorised")
        PENDING = "pending", _("Pending")
        REFUSED = "refused", _("Refused")
        NOT_ASKED = "not_asked", _("Never asked for")

    class Mode(models.TextChoices):
        """How the pipeline stands to the gate."""

        ASK = "ask", _("Waits for the answer")
        RECEIPT = "receipt", _("Only tells, and goes on")
        SEEN = "seen", _("Seen, never asked for")

    service = models.ForeignKey(Service, on_delete=models.PROTECT, related_name="deployments")
    environment = models.CharField(max_length=40)
    artifact = models.CharField(max_length=300)
    version = models.CharField(max_length=80)
    artifact_digest = models.CharField(max_length=200, blank=True, db_default="", default="")
    commits = models.JSONField(default=list, blank=True)
    pipeline_run = models.CharField(max_length=500, blank=True)
    requirements = models.ManyToManyField(Requirement, related_name="deployments", blank=True)
    requested_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="deployments"
    )
    requested_at = models.DateTimeField()
    change = models.OneToOneField(
        ChangeRequest, null=True, blank=True, on_delete=models.PROTECT, related_name="deployment"
    )
    run = models.OneToOneField(StreamRun, null=True, blank=True, on_delete=models.SET_NULL, related_name="deployment")
    mode = models.CharField(max_length=20, choices=Mode, db_default="ask", default=Mode.ASK)
    decision = models.CharField(max_length=20, choices=Decision, default=Decision.PENDING)
    reasons = models.JSONField(default=list, help_text="Each rule looked at: {rule, asked, found, verdict}.")
    policy_version = models.CharField(max_length=120, blank=True)
    decided_at = models.DateTimeField(null=True, blank=True)
    evidence_digest = models.CharField(max_length=64, blank=True, db_default="", default="")
    state = models.CharField(max_length=20, choices=State, default=State.REQUESTED)
    started_at = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)
    rolled_back_at = models.DateTimeField(null=True, blank=True)
    rolled_back_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    roll_back_reason = models.TextField(blank=True, db_default="", default="")

    class Meta(Numbered.Meta):
        indexes: ClassVar = [
            models.Index(fields=["service", "environment", "-finished_at"], name="deployment_of_a_service"),
            models.Index(fields=["state", "-id"], name="deployment_by_state"),
            models.Index(
                fields=["artifact_digest", "environment"],
                name="deployment_by_digest",
                condition=~models.Q(artifact_digest=""),
            ),
            models.Index(
                fields=["finished_at"],
                name="deployment_in_production",
                condition=models.Q(environment="production", finished_at__isnull=False),
            ),
            words_index("deployment_by_words", "artifact", "version"),
        ]

    @property
    def display(self) -> str:
        return f"{self.number} {self.artifact} {self.version}"

    @property
    def valid_until(self) -> datetime | None:
        """When its authorisation runs out."""
        return self.change.window.upper if self.change is not None and self.change.window else None

    def get_absolute_url(self) -> str:
        return reverse("transition:deployment-detail", args=[self.number])


class Evidence(models.Model):
    """What a pipeline showed: tests passed, findings of a scan."""

    deployment = models.ForeignKey(Deployment, on_delete=models.CASCADE, related_name="evidence")
    kind = models.CharField(max_length=40)
    name = models.CharField(max_length=120, blank=True)
    figures = models.JSONField(default=dict)
    digest = models.CharField(max_length=64)
    inconclusive = models.CharField(max_length=300, blank=True, db_default="", default="")

    def __str__(self) -> str:
        return f"{self.kind} {self.name}"
