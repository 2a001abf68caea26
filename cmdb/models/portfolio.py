"""What became of a service in the portfolio: the points it passed, and what was waived for it."""

from typing import ClassVar

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from cmdb.models.service import Service


class PointPassed(models.Model):
    """A transition point that a service passed: by whom, why, and what each of its criteria found then.

    `findings` are [{code, label, met, message, waived_by, waived_because}]; a service that was entered where it was
    has passed the point `adopted`, which asks nothing.
    """

    service = models.ForeignKey(Service, on_delete=models.PROTECT, related_name="points_passed", db_index=False)
    point = models.CharField(max_length=20)
    from_step = models.CharField(max_length=20, choices=Service.SubState, blank=True)
    to_step = models.CharField(max_length=20, choices=Service.SubState)
    at = models.DateTimeField(db_default=Now())
    actor = models.CharField(max_length=200)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    reason = models.TextField(blank=True)
    findings = models.JSONField(default=list)
    ledger_sequence = models.BigIntegerField(null=True, help_text="Where a person passed it.")

    class Meta:
        verbose_name = _("point passed")
        indexes: ClassVar = [models.Index(fields=["service", "-id"], name="points_of_a_service")]
        triggers: ClassVar = [pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)]

    def __str__(self) -> str:
        return f"{self.service_id}: {self.point}"


class CriterionWaiver(models.Model):
    """Somebody takes an unmet criterion upon themselves for the next time that the service passes this point.

    It is for what was found (`fingerprint`), and falls when something else is found; also in the ledger.
    """

    service = models.ForeignKey(Service, on_delete=models.PROTECT, related_name="criterion_waivers", db_index=False)
    point = models.CharField(max_length=20)
    criterion = models.CharField(max_length=60)
    fingerprint = models.CharField(max_length=64)
    found = models.TextField()
    reason = models.TextField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    ledger_sequence = models.BigIntegerField()

    class Meta:
        verbose_name = _("waived criterion")
        constraints: ClassVar = [models.CheckConstraint(name="criterion_waiver_says_why", condition=~Q(reason=""))]
        indexes: ClassVar = [models.Index(fields=["service", "point", "-id"], name="criterion_waivers_of_a_service")]
        triggers: ClassVar = [pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)]

    def __str__(self) -> str:
        return f"{self.service_id}: {self.criterion} at {self.point}"
