"""The append-only, hash-chained record of every decision."""

from datetime import datetime
from typing import ClassVar

import pgtrigger
from django.db import models
from django.db.models import Q

from itsm.kernel.models.people import User
from itsm.kernel.models.record import RecordQuerySet


class LedgerEntry(models.Model):
    """One decision. `hash` covers every other field and the hash before it (see kernel.ledger).

    It is a record as any other, of which there is only ever one revision.
    """

    PREFIX = "LED"

    sequence = models.BigIntegerField(primary_key=True)
    at = models.DateTimeField()
    actor = models.CharField(max_length=200)
    user = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    on_behalf_of = models.CharField(max_length=200, blank=True)
    subject_type = models.CharField(max_length=100)
    subject_id = models.BigIntegerField()
    subject = models.CharField(max_length=100)
    decision = models.CharField(max_length=60)
    comment = models.TextField(blank=True)
    policy_version = models.CharField(max_length=120, blank=True)
    evidence_digest = models.CharField(max_length=64, blank=True)
    details = models.JSONField(default=dict)
    previous_hash = models.CharField(max_length=64)
    hash = models.CharField(max_length=64, unique=True)

    objects = RecordQuerySet.as_manager()

    class Meta:
        indexes: ClassVar = [models.Index(fields=["subject_type", "subject_id"], name="ledger_of_a_subject")]
        constraints: ClassVar = [models.CheckConstraint(name="ledger_starts_at_one", condition=Q(sequence__gte=1))]
        triggers: ClassVar = [
            pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete),
            pgtrigger.Trigger(
                name="never_emptied",
                operation=pgtrigger.Truncate,
                when=pgtrigger.Before,
                level=pgtrigger.Statement,
                func="RAISE EXCEPTION 'pgtrigger: Cannot truncate rows from % table', TG_TABLE_NAME;",
            ),
        ]

    def __str__(self) -> str:
        return f"#{self.sequence} {self.decision} {self.subject}"

    @property
    def id(self) -> int:
        return self.sequence

    @property
    def number(self) -> str:
        return f"{self.PREFIX}-{self.sequence}"

    @property
    def revision(self) -> int:
        return 1

    @property
    def created_at(self) -> datetime:
        return self.at

    @property
    def updated_at(self) -> datetime:
        return self.at


class LedgerCheckpoint(models.Model):
    """A signed word on what the last entry was (see kernel.checkpoints); of use where it is kept elsewhere."""

    sequence = models.BigIntegerField()
    hash = models.CharField(max_length=64)
    at = models.DateTimeField()
    key = models.CharField(max_length=16)
    signature = models.CharField(max_length=100)

    class Meta:
        triggers: ClassVar = [pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)]

    def __str__(self) -> str:
        return f"checkpoint of entry {self.sequence}"
