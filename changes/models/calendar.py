"""What else goes on: operational jobs and freezes."""

from typing import Any, ClassVar

import pghistory
from django.conf import settings
from django.contrib.postgres.fields import ArrayField, DateTimeRangeField
from django.contrib.postgres.indexes import GistIndex
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from cmdb.models import CIClass, ConfigurationItem, Service
from itsm.kernel.models import Numbered
from itsm.kernel.roles import Role

# Beyond, a sum of times may be no time any more.
YEARS = range(1970, 9000)
NO_YEAR = f"Give a year from {YEARS[0]} to {YEARS[-1]}."


@pghistory.track()
class OperationalJob(Numbered):
    """A backup, batch or maintenance that runs on CIs, once or again and again (RFC 5545 RRULE)."""

    PREFIX = "JOB"

    class Kind(models.TextChoices):
        BACKUP = "backup", _("Backup")
        BATCH = "batch", _("Batch")
        MAINTENANCE = "maintenance", _("Maintenance")

    name = models.CharField(max_length=200)
    kind = models.CharField(max_length=20, choices=Kind, default=Kind.BATCH)
    cis = models.ManyToManyField(ConfigurationItem, related_name="jobs")
    first_start = models.DateTimeField()
    recurrence = models.CharField(max_length=300, blank=True, help_text="RRULE, such as FREQ=DAILY; empty: once.")
    time_zone = models.CharField(max_length=63, default="UTC", help_text="The wall clock that the job follows.")
    duration_minutes = models.PositiveIntegerField("duration (min)")
    effect = models.CharField(max_length=300, blank=True, help_text="What others notice while it runs.")
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="operational_jobs"
    )
    active = models.BooleanField(default=True)

    class Meta(Numbered.Meta):
        verbose_name = "operational job"
        constraints: ClassVar = [models.CheckConstraint(name="job_lasts", condition=Q(duration_minutes__gte=1))]

    @property
    def display(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("changes:job-detail", args=[self.number])


@pghistory.track()
class Freeze(Numbered):
    """A time in which changes are barred, save by exception: everywhere, or on what its scope names."""

    PREFIX = "FRZ"

    name = models.CharField(max_length=200)
    reason = models.TextField(blank=True)
    window: Any = DateTimeRangeField()  # bounded by constraint: its ends are there
    services = models.ManyToManyField(Service, related_name="freezes", blank=True)
    cis = models.ManyToManyField(ConfigurationItem, related_name="freezes", blank=True, help_text="Applications, say.")
    classes = models.ManyToManyField(CIClass, related_name="freezes", blank=True)
    environments = ArrayField(models.CharField(max_length=40), default=list, db_default=[], blank=True)
    everywhere = models.BooleanField(default=False)
    override_role = models.CharField(max_length=40, choices=Role, default=Role.CHANGE_MANAGER)
    emergency_lane = models.BooleanField(default=True, help_text="Emergency changes may pass.")

    class Meta(Numbered.Meta):
        constraints: ClassVar = [
            models.CheckConstraint(
                name="freeze_window_is_bounded",
                condition=Q(window__isempty=False, window__lower_inf=False, window__upper_inf=False),
            )
        ]
        indexes: ClassVar = [GistIndex(fields=["window"], name="freeze_by_window")]

    @property
    def display(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("changes:freeze-detail", args=[self.number])
