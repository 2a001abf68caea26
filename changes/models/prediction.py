"""What the CMDB said a change would hit, kept when the change began."""

from typing import ClassVar

import pgtrigger
from django.contrib.postgres.fields import ArrayField
from django.db import models

from changes.models.request import ChangeRequest


class ImpactPrediction(models.Model):
    """The ids of the CIs that the change touched and of those it could hit, as the CMDB had it at that moment."""

    change = models.OneToOneField(ChangeRequest, on_delete=models.CASCADE, related_name="prediction", primary_key=True)
    at = models.DateTimeField()
    touched = ArrayField(models.BigIntegerField())
    impacted = ArrayField(models.BigIntegerField())

    class Meta:
        triggers: ClassVar = [pgtrigger.Protect(name="predictions_stay", operation=pgtrigger.Update)]

    def __str__(self) -> str:
        return f"Predicted impact of {self.change}"
