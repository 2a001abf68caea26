"""What people said about a change: waivers before it, the review after it."""

from typing import Any, ClassVar

import pghistory
from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from changes.models.request import ChangeRequest
from itsm.kernel.models import Record
from knowledge.models import Article


@pghistory.track()
class Waiver(Record):
    """A named person takes a failed check upon themselves; also in the ledger.

    It is good for the facts it was given for: `fingerprint` is the change's at that time, `covers` what was wrong
    then, by check. What is wrong since then was not waived.
    """

    change = models.ForeignKey(ChangeRequest, on_delete=models.CASCADE, related_name="waivers")
    check_code = models.CharField(max_length=60)
    reason = models.TextField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    fingerprint = models.CharField(max_length=64)
    covers = models.JSONField(null=True, blank=True, help_text="{check: {what: in words}}; null: all that was wrong.")
    ledger_sequence = models.BigIntegerField()

    class Meta(Record.Meta):
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["change", "check_code", "fingerprint"], name="one_waiver_of_a_check"),
            models.CheckConstraint(name="waiver_says_why", condition=~models.Q(reason="")),
        ]

    def __str__(self) -> str:
        return f"{self.check_code} of {self.change} waived by {self.by}"


@pghistory.track()
class Review(Record):
    """Post-implementation review (PIR); its causes match the basics, so that the checks learn."""

    class Cause(models.TextChoices):
        UNCLEAR_TASKS = "unclear_tasks", _("Unclear tasks")
        ASSUMED_SOMEONE_ELSE = "assumed_someone_else", _("Each assumed that somebody else does it")
        UNEXPECTED_IMPACT = "unexpected_impact", _("Unexpected impact")
        CONCURRENT_ACTIVITY = "concurrent_activity", _("Something else was going on")
        NO_TIME_TO_BACK_OUT = "no_time_to_back_out", _("No time to back out")
        INADEQUATE_TEST = "inadequate_test", _("Inadequate test")
        ENVIRONMENT_DIFFERENCE = "environment_difference", _("Environments differ")
        NOT_AUTHORISED = "not_authorised", _("Nobody was asked")
        EXTERNAL = "external", _("External")
        OTHER = "other", _("Other")

    change = models.OneToOneField(ChangeRequest, on_delete=models.CASCADE, related_name="review")
    objectives_met = models.BooleanField()
    causes = ArrayField(models.CharField(max_length=40, choices=Cause), default=list, blank=True)
    lessons = models.TextField(blank=True)
    outcome = models.CharField(
        max_length=20, choices=ChangeRequest.Outcome, blank=True, default="", db_default="",
        help_text="How it ended, as the review found.",
    )  # fmt: skip
    basics_said: Any = models.JSONField(
        default=list, db_default=[], blank=True,
        help_text="What the checks said when it began: [{code, group, verdict, waived, explanation}].",
    )  # fmt: skip
    article = models.ForeignKey(
        Article,
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        help_text="What the lessons became.",
    )
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"Review of {self.change}"

    @property
    def warned(self) -> list[dict[str, Any]]:
        """What was not in order when the change began."""
        return [said for said in self.basics_said if said["verdict"] != "ok"]
