"""What the basics said of a change when it was examined last; while it is planned, a worker keeps this up to date."""

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from changes.models.request import ChangeRequest


class Word(models.TextChoices):
    BLOCK = "block", _("Blocks")
    UNKNOWN = "unknown", _("Unknown")
    WARN = "warn", _("Warns")
    OK = "ok", _("In order")


class BasicsState(models.Model):
    """The most serious verdict on a change. Derived, and computed anew at any time: it has no history.

    It is stale from the moment at which something moved that it depends on, until it was computed again.
    """

    change = models.OneToOneField(ChangeRequest, on_delete=models.CASCADE, related_name="basics", primary_key=True)
    verdict = models.CharField(max_length=10, choices=Word, default=Word.UNKNOWN)
    checked_at = models.DateTimeField(null=True, blank=True)
    stale_since = models.DateTimeField(null=True, blank=True)
    seen = models.CharField(
        max_length=64, blank=True, default="", db_default="", help_text="The change's fingerprint when it was examined."
    )
    barred_by = ArrayField(
        models.CharField(max_length=200), default=list, db_default=[], blank=True, help_text="What was in its way then."
    )

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["verdict"], name="basics_by_verdict"),
            models.Index(fields=["stale_since"], name="basics_stale", condition=Q(stale_since__isnull=False)),
        ]

    def __str__(self) -> str:
        return f"{self.change}: {self.get_verdict_display()}"


class KeptReach(models.Model):
    """What a change that hits very many CIs was found to reach. Derived: a worker finds it anew when something moves.

    It is good for the CIs that the change touched then, as long as its basics are not stale, and for a day.
    """

    change = models.OneToOneField(ChangeRequest, on_delete=models.CASCADE, related_name="+", primary_key=True)
    touched = ArrayField(models.BigIntegerField())
    found = models.JSONField()
    found_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"reach of {self.change}"


class BasicsCheck(models.Model):
    """What one check said. Once the change has begun this is what it said at the beginning."""

    change = models.ForeignKey(ChangeRequest, on_delete=models.CASCADE, related_name="checks")
    code = models.CharField(max_length=60)
    group = models.CharField(max_length=60)
    verdict = models.CharField(max_length=10, choices=Word)
    waived = models.BooleanField(default=False)
    explanation = models.TextField(blank=True)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["change", "code"], name="one_word_of_a_check")]

    def __str__(self) -> str:
        return f"{self.code} of {self.change}: {self.verdict}"
