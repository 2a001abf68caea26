"""Changes that come again and again: the template that they are made from, and what was made of it."""

from datetime import timedelta
from typing import ClassVar

import pghistory
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse

from changes.models.request import ChangeModel, ChangeRequest
from cmdb.models import ConfigurationItem, Service
from itsm.kernel.actor import Actor
from itsm.kernel.models import Numbered, RecordQuerySet
from itsm.kernel.roles import Role


class RecurringChangeQuerySet(RecordQuerySet):
    def visible_to(self, actor: Actor) -> "RecurringChangeQuerySet":
        """All but those made from a confidential request that the actor may not see."""
        if actor.is_system or actor.holds(Role.CHANGE_MANAGER):
            return self
        if actor.user_id is None:
            return self.none()
        seen = ChangeRequest.objects.visible_to(actor)
        return self.filter(Q(template__isnull=True) | Q(template__in=seen.values("pk")))


@pghistory.track()
class RecurringChange(Numbered):
    """An RRULE on the wall clock of a zone; each coming is a request of its own, made some days ahead.

    Made from a request, each is a copy of it (what is no longer true is cleared); made from a model, each begins
    with the model's tasks and what stands here.
    """

    PREFIX = "REC"

    title = models.CharField(max_length=200)
    model = models.ForeignKey(ChangeModel, on_delete=models.PROTECT, related_name="recurring")
    template = models.ForeignKey(
        ChangeRequest, null=True, blank=True, on_delete=models.PROTECT, related_name="recurring",
        help_text="The request that each is copied from.",
    )  # fmt: skip
    reason = models.TextField(blank=True)
    services = models.ManyToManyField(Service, related_name="recurring_changes", blank=True)
    cis = models.ManyToManyField(ConfigurationItem, related_name="recurring_changes", blank=True)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="recurring_changes"
    )
    first_start = models.DateTimeField()
    recurrence = models.CharField(max_length=300, help_text="RRULE, such as FREQ=MONTHLY;BYDAY=2SU.")
    time_zone = models.CharField(max_length=63, default="UTC", help_text="The wall clock that it follows.")
    duration_minutes = models.PositiveIntegerField("window (min)", default=60)
    ahead_days = models.PositiveSmallIntegerField("made so many days ahead", default=14)
    active = models.BooleanField(default=True)
    made_until = models.DateTimeField(
        null=True, blank=True, editable=False, help_text="What begins before this was made, or left out."
    )

    objects = RecurringChangeQuerySet.as_manager()

    class Meta(Numbered.Meta):
        verbose_name = "recurring change"
        constraints: ClassVar = [
            models.CheckConstraint(name="recurring_change_lasts", condition=Q(duration_minutes__gte=1)),
            models.CheckConstraint(name="recurring_change_made_ahead", condition=Q(ahead_days__range=(1, 366))),
            models.CheckConstraint(name="recurring_change_recurs", condition=~Q(recurrence="")),
        ]
        indexes: ClassVar = [
            models.Index(fields=["made_until"], name="recurring_change_to_make", condition=Q(active=True))
        ]

    @property
    def display(self) -> str:
        return f"{self.number} {self.title}"

    @property
    def lasts(self) -> timedelta:
        return timedelta(minutes=self.duration_minutes)

    def get_absolute_url(self) -> str:
        return reverse("changes:recurring-detail", args=[self.number])


class Occurrence(models.Model):
    """One coming of a recurring change: the request that was made for it, or why it is skipped; once, however often
    the job runs."""

    recurring = models.ForeignKey(RecurringChange, on_delete=models.CASCADE, related_name="occurrences")
    starts_at = models.DateTimeField()
    change = models.OneToOneField(
        ChangeRequest, null=True, blank=True, on_delete=models.CASCADE, related_name="occurrence"
    )
    skipped_because = models.CharField(max_length=300, blank=True, default="", db_default="")
    skipped_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["recurring", "starts_at"], name="occurrence_made_once"),
            models.CheckConstraint(
                name="occurrence_made_or_skipped",
                condition=Q(change__isnull=False, skipped_because="")
                | (Q(change__isnull=True) & ~Q(skipped_because="")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.recurring} at {self.starts_at}"
