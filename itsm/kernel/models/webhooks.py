"""Who is told of events by HTTP, what was sent to them, and what they answered."""

from typing import ClassVar, Self

import pghistory
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from itsm.kernel.actor import Actor
from itsm.kernel.lifecycle import Lifecycle
from itsm.kernel.models.inbox import OutboxEvent
from itsm.kernel.models.people import User
from itsm.kernel.models.record import Record, RecordQuerySet


class WebhookEndpointQuerySet(RecordQuerySet):
    def visible_to(self, actor: Actor) -> Self:
        return self if actor.is_admin or actor.is_system else self.none()

    def active(self) -> Self:
        return self.filter(state=WebhookEndpoint.State.ACTIVE, owner__is_active=True)


@pghistory.track(exclude=["secret", "previous_secret"])
class WebhookEndpoint(Record):
    """An address that is told of events, as far as its owner may see what they are about.

    The secrets are sealed (see `sealing`). As with roles, `service_id` is a service, which only a higher app knows.
    """

    class State(models.TextChoices):
        ACTIVE = "active", _("Active")
        DISABLED = "disabled", _("Disabled")

    class Format(models.TextChoices):
        STANDARD = "standard", _("Slipway's own")
        CDEVENTS = "cdevents", _("CDEvents")

    LIFECYCLE = Lifecycle(
        "state", {State.ACTIVE: frozenset({State.DISABLED}), State.DISABLED: frozenset({State.ACTIVE})}
    )

    name = models.CharField(max_length=100)
    url = models.CharField(max_length=500)
    patterns = ArrayField(models.CharField(max_length=120))
    format = models.CharField(max_length=20, choices=Format, default=Format.STANDARD, db_default=Format.STANDARD)
    service_id = models.BigIntegerField(null=True, blank=True)
    owner = models.ForeignKey(User, on_delete=models.CASCADE, related_name="webhooks")
    state = models.CharField(max_length=20, choices=State, default=State.ACTIVE)
    reason = models.CharField(max_length=300, blank=True)
    secret = models.TextField()
    previous_secret = models.TextField(blank=True)
    rotated_at = models.DateTimeField(null=True, blank=True)
    previous_until = models.DateTimeField(null=True, blank=True)
    objects = WebhookEndpointQuerySet.as_manager()

    class Meta(Record.Meta):
        constraints: ClassVar = [
            models.CheckConstraint(name="webhook_hears_something", condition=Q(patterns__len__gt=0)),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("webhook-detail", args=[self.pk])


class WebhookHealth(models.Model):
    """How an endpoint does at the moment; beside the record, which changes only when somebody changes it."""

    endpoint = models.OneToOneField(WebhookEndpoint, on_delete=models.CASCADE, primary_key=True, related_name="health")
    failing_since = models.DateTimeField(null=True)
    paused_until = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"{self.endpoint}: {'failing' if self.failing_since else 'well'}"


class WebhookDelivery(models.Model):
    """One message to one endpoint. `due_at` is when it is tried (again), `parked_at` when that was given up."""

    OPEN = Q(done_at__isnull=True, parked_at__isnull=True)

    endpoint = models.ForeignKey(WebhookEndpoint, on_delete=models.CASCADE, related_name="deliveries")
    event = models.ForeignKey(OutboxEvent, null=True, on_delete=models.SET_NULL, related_name="+")
    message_id = models.CharField(max_length=60, unique=True)
    name = models.CharField(max_length=120)
    subject = models.CharField(max_length=100, blank=True)
    body = models.TextField()
    content_type = models.CharField(max_length=60, default="application/json", db_default="application/json")
    created_at = models.DateTimeField(db_default=Now())
    attempts = models.PositiveSmallIntegerField(default=0)
    due_at = models.DateTimeField(db_default=Now())
    done_at = models.DateTimeField(null=True)
    parked_at = models.DateTimeField(null=True)
    problem = models.CharField(max_length=500, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["endpoint", "event"], name="one_message_of_an_event_to_an_endpoint")
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["endpoint", "due_at"],
                name="webhook_open",
                condition=Q(done_at__isnull=True, parked_at__isnull=True),
            ),
            models.Index(fields=["created_at"], name="webhook_age"),
        ]

    def __str__(self) -> str:
        return self.message_id

    @property
    def state(self) -> str:
        if self.done_at:
            return "done"
        if self.parked_at:
            return "parked"
        return "failing" if self.problem else "waiting"

    def in_order(self) -> "models.QuerySet[WebhookAttempt]":
        return self.log.order_by("pk")


class WebhookAttempt(models.Model):
    """What came of sending a message once: the answer's status and beginning, or why there was none."""

    delivery = models.ForeignKey(WebhookDelivery, on_delete=models.CASCADE, related_name="log")
    at = models.DateTimeField(db_default=Now())
    status = models.PositiveSmallIntegerField(null=True)
    answer = models.TextField(blank=True)
    problem = models.CharField(max_length=500, blank=True)
    milliseconds = models.PositiveIntegerField()

    def __str__(self) -> str:
        return f"{self.delivery_id}: {self.status or self.problem}"
