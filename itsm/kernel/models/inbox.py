"""What keeps effects exactly-once: the outbox, its receipts, and answers kept for a repeated request."""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from itsm.kernel.models.people import User


class OutboxEvent(models.Model):
    """Something that happened, written with its cause and published by a worker after commit."""

    name = models.CharField(max_length=120)
    version = models.PositiveSmallIntegerField(default=1, db_default=1)
    subject_type = models.CharField(max_length=100)
    subject_id = models.BigIntegerField()
    subject = models.CharField(max_length=100)
    actor = models.CharField(max_length=200)
    user_id = models.BigIntegerField(null=True)
    payload = models.JSONField(default=dict)
    occurred_at = models.DateTimeField(db_default=Now())
    published_at = models.DateTimeField(null=True)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["id"], name="outbox_waiting", condition=Q(published_at__isnull=True)),
            models.Index(fields=["occurred_at"], name="outbox_age"),
        ]

    def __str__(self) -> str:
        return f"{self.name} {self.subject}"


class EventDelivery(models.Model):
    """One subscriber's share of an event: what it still has to do, and the receipt once it is done.

    `done_at` is written in the effect's own transaction. `due_at` is when it is tried (again);
    `parked_at` when that was given up and somebody has to look.
    """

    OPEN = Q(done_at__isnull=True, parked_at__isnull=True)

    event = models.ForeignKey(OutboxEvent, on_delete=models.CASCADE, related_name="deliveries")
    subscriber = models.CharField(max_length=200)
    lane = models.CharField(max_length=130)
    attempts = models.PositiveSmallIntegerField(default=0)
    due_at = models.DateTimeField(db_default=Now())
    done_at = models.DateTimeField(null=True)
    parked_at = models.DateTimeField(null=True)
    problem = models.TextField(blank=True)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["event", "subscriber"], name="one_effect_of_an_event")]
        indexes: ClassVar = [
            models.Index(
                fields=["subscriber", "event"],
                name="delivery_open",
                condition=Q(done_at__isnull=True, parked_at__isnull=True),
            ),
            models.Index(
                fields=["subscriber", "lane", "event"],
                name="delivery_lane",
                condition=Q(done_at__isnull=True, parked_at__isnull=True),
            ),
            models.Index(fields=["id"], name="delivery_parked", condition=Q(parked_at__isnull=False)),
        ]

    def __str__(self) -> str:
        return f"{self.event_id} for {self.subscriber}"

    @property
    def state(self) -> str:
        if self.done_at:
            return "done"
        if self.parked_at:
            return "parked"
        return "failing" if self.problem else "waiting"


class StoredAnswer(models.Model):
    """The answer to a POST with an Idempotency-Key, stored in the effect's transaction."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")
    route = models.CharField(max_length=300)
    key = models.CharField(max_length=200)
    fingerprint = models.CharField(max_length=64)
    status = models.PositiveSmallIntegerField()
    headers = models.JSONField(default=dict)
    body = models.BinaryField()
    created_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["user", "route", "key"], name="one_answer_for_a_key")]
        indexes: ClassVar = [models.Index(fields=["created_at"], name="stored_answer_age")]

    def __str__(self) -> str:
        return f"{self.route} {self.key}"
