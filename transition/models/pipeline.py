"""What pipelines tell: their events as they came in, where from, and what is kept of what they said."""

from typing import Any, ClassVar

import pghistory
from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from cmdb.models import Service
from itsm.kernel.actor import Actor
from itsm.kernel.lifecycle import Lifecycle
from itsm.kernel.models import Record, RecordQuerySet


class PipelineSourceQuerySet(RecordQuerySet):
    def active(self) -> "PipelineSourceQuerySet":
        return self.filter(state=PipelineSource.State.ACTIVE)


@pghistory.track(exclude=["secret"])
class PipelineSource(Record):
    """A tool that tells what its pipelines do, and what its names mean here. The secret is sealed."""

    class Kind(models.TextChoices):
        GITHUB = "github", _("GitHub")
        GITLAB = "gitlab", _("GitLab")
        CDEVENTS = "cdevents", _("CDEvents")

    class State(models.TextChoices):
        ACTIVE = "active", _("Active")
        DISABLED = "disabled", _("Disabled")

    LIFECYCLE = Lifecycle(
        "state", {State.ACTIVE: frozenset({State.DISABLED}), State.DISABLED: frozenset({State.ACTIVE})}
    )

    name = models.CharField(max_length=100, unique=True)
    kind = models.CharField(max_length=20, choices=Kind)
    environments = models.JSONField(default=dict, blank=True, help_text="What it calls an environment: our name.")
    state = models.CharField(max_length=20, choices=State, default=State.ACTIVE)
    secret = models.TextField(blank=True)
    rotated_at = models.DateTimeField(null=True, blank=True)

    objects = PipelineSourceQuerySet.as_manager()

    class Meta(Record.Meta):
        verbose_name = "source of pipeline events"

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("transition:pipeline-source-detail", args=[self.pk])


@pghistory.track()
class SourceName(Record):
    """What a source calls a service: the name of its repository, or its own id of the service."""

    source = models.ForeignKey(PipelineSource, on_delete=models.CASCADE, related_name="names")
    external = models.CharField(max_length=300)
    service = models.ForeignKey(Service, on_delete=models.CASCADE, related_name="pipeline_names")

    class Meta(Record.Meta):
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["source", "external"], name="name_of_a_source_once"),
        ]

    def __str__(self) -> str:
        return f"{self.external} is {self.service}"


class PipelineEventQuerySet(RecordQuerySet):
    def visible_to(self, actor: Actor) -> "PipelineEventQuerySet":
        return self if actor.kind != "nobody" else self.none()

    def waiting(self) -> "PipelineEventQuerySet":
        return self.filter(state=PipelineEvent.State.WAITING)


class PipelineEvent(models.Model):
    """One event as it came in, kept before anything is done about it; a worker says later what became of it.

    `lane` is what it is about, as a digest: events of one lane are worked off in the order in which they came.
    """

    PREFIX = "EVT"

    class State(models.TextChoices):
        WAITING = "waiting", _("Waiting")
        APPLIED = "applied", _("Applied")
        KEPT = "kept", _("Kept only")
        PARKED = "parked", _("Parked")

    source = models.CharField(max_length=400)
    event_id = models.CharField("event's id", max_length=200)
    type = models.CharField(max_length=250)
    subject = models.CharField(max_length=500, blank=True)
    occurred_at = models.DateTimeField(null=True)
    payload = models.JSONField()
    origin = models.ForeignKey(PipelineSource, null=True, on_delete=models.SET_NULL, related_name="received")
    received_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    received_at = models.DateTimeField(db_default=Now())
    lane = models.CharField(max_length=32)
    known_as = models.CharField(max_length=60, blank=True)
    state = models.CharField(max_length=10, choices=State, default=State.WAITING)
    attempts = models.PositiveSmallIntegerField(default=0, db_default=0)
    due_at = models.DateTimeField(db_default=Now())
    processed_at = models.DateTimeField(null=True)
    problem = models.CharField(max_length=1000, blank=True)
    effects = models.JSONField(default=list, help_text="What became of it: {text, kind, id, number}.")
    service = models.ForeignKey(Service, null=True, on_delete=models.SET_NULL, related_name="pipeline_events")

    objects = PipelineEventQuerySet.as_manager()

    class Meta:
        verbose_name = "pipeline event"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["source", "event_id"], name="pipeline_event_once"),
        ]
        indexes: ClassVar = [
            models.Index(fields=["id"], name="pipeline_event_waiting", condition=Q(state="waiting")),
            models.Index(fields=["-id"], name="pipeline_event_parked", condition=Q(state="parked")),
            models.Index(fields=["service", "-id"], name="pipeline_event_of_a_service", condition=~Q(service=None)),
            models.Index(fields=["type", "-id"], name="pipeline_event_by_type"),
            models.Index(fields=["received_at"], name="pipeline_event_age"),
        ]

    def __str__(self) -> str:
        return self.number

    def get_absolute_url(self) -> str:
        return reverse("transition:pipeline-event-detail", args=[self.number])

    @property
    def number(self) -> str:
        return f"{self.PREFIX}-{self.pk}"

    @property
    def display(self) -> str:
        return f"{self.number} {self.short_type}"

    @property
    def short_type(self) -> str:
        return self.known_as or self.type

    @property
    def data(self) -> Any:
        return self.payload.get("data")


class CodeCommit(models.Model):
    """A commit to a service's code: when it was made, and the requirements that it or its merge request names."""

    service = models.ForeignKey(Service, on_delete=models.CASCADE, related_name="code_commits")
    sha = models.CharField(max_length=64)
    at = models.DateTimeField(null=True)
    text = models.CharField(max_length=300, blank=True)
    requirements = models.ManyToManyField("transition.Requirement", related_name="code_commits", blank=True)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["service", "sha"], name="commit_of_a_service_once")]

    def __str__(self) -> str:
        return self.sha[:12]


class PipelineProof(models.Model):
    """What tests or a run of a pipeline showed, kept until a deployment names that run."""

    event = models.OneToOneField(PipelineEvent, null=True, on_delete=models.SET_NULL, related_name="proof")
    service = models.ForeignKey(Service, on_delete=models.CASCADE, related_name="proofs")
    kind = models.CharField(max_length=40)
    name = models.CharField(max_length=120, blank=True)
    outcome = models.CharField(max_length=20)
    environment = models.CharField(max_length=300, blank=True)
    runs = ArrayField(models.CharField(max_length=500), default=list)
    at = models.DateTimeField()

    class Meta:
        indexes: ClassVar = [GinIndex(fields=["runs"], name="proof_by_run")]

    def __str__(self) -> str:
        return f"{self.kind} {self.name}: {self.outcome}"

    @property
    def as_evidence(self) -> dict[str, Any]:
        """As a pipeline would show it itself; what ended without a result proves nothing."""
        figures = {"success": {"failed": 0}, "failure": {"failed": 1}}.get(self.outcome, {})
        return {"kind": self.kind, "name": self.name, "outcome": self.outcome, "source": "pipeline events", **figures}
