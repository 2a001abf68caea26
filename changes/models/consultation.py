"""What the owners of impacted services say about a change before it is made."""

from typing import ClassVar

import pghistory
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from changes.models.request import ChangeRequest
from itsm.kernel.models import Record


@pghistory.track()
class Consultation(Record):
    """The view of one owner, asked for or not. No authorisation: an objection is a failed check.

    It is good for the plan that the owner saw: `fingerprint` is the change's at that time.
    """

    class View(models.TextChoices):
        NO_OBJECTION = "no_objection", _("No objection")
        OBJECTION = "objection", _("Objection")

    change = models.ForeignKey(ChangeRequest, on_delete=models.CASCADE, related_name="consultations")
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="consultations")
    asked_at = models.DateTimeField(null=True, blank=True)
    view = models.CharField(max_length=20, choices=View, blank=True, default="", db_default="")
    comment = models.TextField(blank=True, default="", db_default="")
    said_at = models.DateTimeField(null=True, blank=True)
    fingerprint = models.CharField(max_length=64, blank=True, default="", db_default="")
    ledger_sequence = models.BigIntegerField(null=True, blank=True)

    class Meta(Record.Meta):
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["change", "owner"], name="one_consultation_of_an_owner"),
            models.CheckConstraint(name="view_at_a_time", condition=Q(view="") ^ Q(said_at__isnull=False)),
            models.CheckConstraint(name="objection_says_why", condition=~Q(view="objection", comment="")),
            models.CheckConstraint(name="asked_or_said", condition=Q(asked_at__isnull=False) | ~Q(view="")),
        ]
        indexes: ClassVar = [
            models.Index(fields=["owner"], name="consultation_waiting", condition=Q(view="")),
        ]

    def __str__(self) -> str:
        return f"{self.owner} on {self.change}"
