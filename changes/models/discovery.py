"""What was found done that nobody had authorised."""

from typing import ClassVar

import pghistory
from django.conf import settings
from django.db import models
from django.db.models import Q

from changes.models.request import ChangeRequest
from itsm.kernel.models import Record


@pghistory.track()
class Discovery(Record):
    """How an unauthorised change came to be known: by whom or by what, when, and what shows it.

    `origin` names what it was found by, such as `deployment:12` or `audit:3/77`; one origin has one change.
    """

    change = models.OneToOneField(ChangeRequest, on_delete=models.CASCADE, related_name="discovery")
    origin = models.CharField(max_length=200, blank=True)
    found_at = models.DateTimeField()
    found_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    evidence = models.JSONField(default=dict, blank=True)
    evidence_digest = models.CharField(max_length=64)
    ledger_sequence = models.BigIntegerField()

    class Meta(Record.Meta):
        verbose_name_plural = "discoveries"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["origin"], name="one_change_of_an_origin", condition=~Q(origin=""))
        ]

    def __str__(self) -> str:
        return f"How {self.change} was found"
