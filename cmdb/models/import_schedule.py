"""From where a source is fetched by itself, and when."""

from typing import Any, ClassVar

import pghistory
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse

from cmdb.models.imports import ImportProfile
from itsm.kernel.models import Numbered


@pghistory.track(exclude=["token"])
class ImportSchedule(Numbered):
    """An import that the program fetches: where from, read how, how often, and who answers for it.

    The token is sealed (see `kernel.sealing`). Without a recurrence it runs when somebody asks for it, only.
    """

    PREFIX = "IMS"

    name = models.CharField(max_length=100, unique=True)
    source = models.CharField(max_length=60, help_text="What the source is called; its keys are unique within.")
    format = models.CharField(max_length=40)
    address = models.CharField(max_length=500, help_text="NetBox's own address, or that of the file.")
    token = models.TextField(blank=True, editable=False)
    profile = models.ForeignKey(
        ImportProfile, null=True, blank=True, on_delete=models.PROTECT, related_name="schedules", verbose_name="profile"
    )
    options = models.JSONField(default=dict, blank=True)
    retire_missing = models.BooleanField(
        default=False, help_text="CIs which the source knew and no longer names are retired."
    )
    leave_out_broken = models.BooleanField(default=False, help_text="Rows that cannot be taken in hold back no other.")
    dry_run = models.BooleanField(default=False, help_text="Shows what would be done, and waits for somebody.")
    recurrence = models.CharField(
        max_length=300, blank=True, help_text="RRULE, such as FREQ=DAILY; empty: when asked only."
    )
    time_zone = models.CharField(max_length=63, default="UTC", help_text="The wall clock that it follows.")
    first_start = models.DateTimeField()
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="import_schedules",
        help_text="Answers for it: it runs with their rights, and they are told when it fails.",
    )  # fmt: skip
    enabled = models.BooleanField(default=True)
    next_at = models.DateTimeField(null=True, blank=True, editable=False)
    failing_since = models.DateTimeField(null=True, blank=True, editable=False)

    class Meta(Numbered.Meta):
        verbose_name = "scheduled import"
        constraints: ClassVar = [
            models.CheckConstraint(
                name="import_schedule_rests_when_disabled", condition=Q(enabled=True) | Q(next_at__isnull=True)
            )
        ]
        indexes: ClassVar = [
            models.Index(fields=["next_at"], name="import_schedule_due", condition=Q(next_at__isnull=False))
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def has_token(self) -> bool:
        return bool(self.token)

    @property
    def told(self) -> dict[str, Any]:
        """What the reader is told: by the profile, and beyond it."""
        return (self.profile.options if self.profile else {}) | self.options

    def get_absolute_url(self) -> str:
        return reverse("cmdb:import-schedule-detail", args=[self.number])
