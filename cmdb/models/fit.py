"""Which CIs do not fit what their class asks since it was changed, and how far the search for them has come."""

from typing import ClassVar

from django.db import models

from cmdb.models.ci import CIClass, ConfigurationItem


class Misfit(models.Model):
    """A CI whose attributes do not fit its class; gone as soon as they do."""

    ci = models.OneToOneField(
        ConfigurationItem,
        on_delete=models.DO_NOTHING,
        db_constraint=False,
        primary_key=True,
        related_name="misfit",
    )
    problems = models.JSONField(help_text="Where and what: [[place, sentence], …].")

    def __str__(self) -> str:
        return f"{self.ci} does not fit"


class FitCheck(models.Model):
    """The CIs of a class, and of those below it, examined after it was changed; part by part, in the order of ids."""

    ci_class = models.OneToOneField(CIClass, on_delete=models.CASCADE, related_name="fit_check")
    total = models.PositiveIntegerField()
    examined = models.PositiveIntegerField(default=0)
    misfits = models.PositiveIntegerField(default=0)
    upto = models.BigIntegerField(default=0)
    started_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["started_at"], name="fit_check_open", condition=models.Q(finished_at__isnull=True))
        ]

    def __str__(self) -> str:
        return f"{self.examined} of {self.total} CIs of {self.ci_class}"
