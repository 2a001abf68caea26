"""What broke, and which change may have done it."""

from typing import ClassVar

import pghistory
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from changes.models import ChangeRequest
from cmdb.models import ConfigurationItem, Service
from itsm.kernel.actor import Actor
from itsm.kernel.lifecycle import Lifecycle
from itsm.kernel.models import Numbered, Record, RecordQuerySet
from itsm.kernel.roles import Role
from itsm.kernel.searching import words_index


class IncidentQuerySet(RecordQuerySet):
    def visible_to(self, actor: Actor) -> "IncidentQuerySet":
        """All but confidential ones, which only those involved and those who decide may see."""
        if actor.is_system or actor.holds(Role.CHANGE_MANAGER, Role.SUPPORT_LEAD):
            return self
        if actor.user_id is None:
            return self.none()
        mine = Q(reported_by=actor.user_id) | Q(service__owner=actor.user_id)
        return self.filter(Q(confidential=False) | mine)


@pghistory.track()
class Incident(Numbered):
    """An unplanned interruption or loss of quality; `heightened` while its service is in early life."""

    PREFIX = "INC"

    class State(models.TextChoices):
        OPEN = "open", _("Open")
        RESOLVED = "resolved", _("Resolved")

    class Cause(models.TextChoices):
        UNDECIDED = "undecided", _("Undecided")
        CHANGE = "change", _("Caused by a change")
        NOT_A_CHANGE = "not_a_change", _("Not a change")

    LIFECYCLE = Lifecycle(
        "state",
        {State.OPEN: frozenset({State.RESOLVED}), State.RESOLVED: frozenset({State.OPEN})},
        path=(State.OPEN, State.RESOLVED),
    )

    title = models.CharField(max_length=200)
    text = models.TextField(blank=True)
    service = models.ForeignKey(Service, null=True, blank=True, on_delete=models.PROTECT, related_name="incidents")
    ci = models.ForeignKey(ConfigurationItem, null=True, blank=True, on_delete=models.PROTECT, related_name="incidents")
    priority = models.PositiveSmallIntegerField(default=3)
    heightened = models.BooleanField(default=False)
    confidential = models.BooleanField(default=False)
    state = models.CharField(max_length=20, choices=State, default=State.OPEN)
    opened_at = models.DateTimeField()
    resolved_at = models.DateTimeField(null=True, blank=True)
    reported_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    cause = models.CharField(max_length=20, choices=Cause, default=Cause.UNDECIDED)
    caused_by = models.ForeignKey(
        ChangeRequest, null=True, blank=True, on_delete=models.PROTECT, related_name="caused_incidents"
    )
    cause_decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    source = models.CharField(max_length=60, blank=True)
    external_key = models.CharField(max_length=100, blank=True)

    objects = IncidentQuerySet.as_manager()

    class Meta(Numbered.Meta):
        constraints: ClassVar = [
            models.CheckConstraint(
                name="incident_cause_named", condition=Q(cause="change", caused_by__isnull=False) | ~Q(cause="change")
            ),
            models.CheckConstraint(name="incident_priority_known", condition=Q(priority__range=(1, 5))),
            models.UniqueConstraint(
                fields=["source", "external_key"], name="incident_imported_once", condition=~Q(external_key="")
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["service", "-opened_at"], name="incident_of_a_service"),
            models.Index(fields=["state", "-id"], name="incident_by_state"),
            words_index("incident_by_words", "title", "text", "external_key"),
        ]

    @property
    def display(self) -> str:
        return f"{self.number} {self.title}"

    def get_absolute_url(self) -> str:
        return reverse("transition:incident-detail", args=[self.number])


@pghistory.track()
class Suspect(Record):
    """A change that may have caused an incident: how likely (0–1), and why we think so."""

    class Verdict(models.TextChoices):
        OPEN = "open", _("Open")
        CONFIRMED = "confirmed", _("Confirmed")
        DISMISSED = "dismissed", _("Dismissed")

    incident = models.ForeignKey(Incident, on_delete=models.CASCADE, related_name="suspects")
    change = models.ForeignKey(ChangeRequest, on_delete=models.CASCADE, related_name="suspected_in")
    score = models.DecimalField(max_digits=4, decimal_places=3)
    reasons = models.JSONField(default=list)
    verdict = models.CharField(max_length=20, choices=Verdict, default=Verdict.OPEN)

    class Meta(Record.Meta):
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["incident", "change"], name="suspected_once"),
            models.CheckConstraint(name="suspect_score_range", condition=Q(score__range=(0, 1))),
        ]

    def __str__(self) -> str:
        return f"{self.change} in {self.incident}"
