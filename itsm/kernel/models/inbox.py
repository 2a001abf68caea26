"""What keeps effects exactly-once: the outbox, its receipts, and answers kept for a repeated request."""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from itsm.kernel.models.people import User


class OutboxEvent(models.Model):
    """Something that happened, written with its cause and published by a worker after commit."""

    name = models.CharField(max_length=120)
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
        ]

    def __str__(self) -> str:
        return f"{self.name} {self.subject}"


class EventReceipt(models.Model):
    """A subscriber has had its effect of an event; written in the effect's own transaction."""

    event = models.ForeignKey(OutboxEvent, on_delete=models.CASCADE, related_name="receipts")
    subscriber = models.CharField(max_length=200)
    at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["event", "subscriber"], name="one_effect_of_an_event")]

    def __str__(self) -> str:
        return f"{self.subscriber} had {self.event_id}"


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
