"""The daily feedback loop: meetings whose pack writes itself, and the improvement register."""

from typing import ClassVar

import pghistory
from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from changes.models import ChangeRequest
from cmdb.models import Service
from itsm.kernel.lifecycle import Lifecycle
from itsm.kernel.models import Numbered, Record
from itsm.kernel.searching import words_index
from transition.models.incident import Incident


@pghistory.track()
class MeetingSeries(Record):
    """A daily sunrise or sunset meeting of a service, at a wall-clock time."""

    class Kind(models.TextChoices):
        SUNRISE = "sunrise", _("Sunrise")
        SUNSET = "sunset", _("Sunset")

    service = models.ForeignKey(Service, on_delete=models.CASCADE, related_name="meeting_series")
    kind = models.CharField(max_length=10, choices=Kind)
    at = models.TimeField()
    pack_minutes_before = models.PositiveSmallIntegerField(default=30)
    time_zone = models.CharField(max_length=63, default="UTC")
    active = models.BooleanField(default=True)

    class Meta(Record.Meta):
        constraints: ClassVar = [models.UniqueConstraint(fields=["service", "kind"], name="one_series_of_a_kind")]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} of {self.service}"


@pghistory.track()
class Meeting(Numbered):
    """One meeting: its pack (written by a worker), its minutes and actions."""

    PREFIX = "MTG"

    series = models.ForeignKey(MeetingSeries, on_delete=models.PROTECT, related_name="meetings")
    starts_at = models.DateTimeField()
    pack = models.JSONField(default=dict, help_text="Sections of lines, each {text, link}, as of `pack_at`.")
    pack_at = models.DateTimeField(null=True, blank=True)
    minutes = models.TextField(blank=True)

    class Meta(Numbered.Meta):
        constraints: ClassVar = [models.UniqueConstraint(fields=["series", "starts_at"], name="meeting_once")]
        indexes: ClassVar = [models.Index(fields=["starts_at"], name="meeting_in_calendar")]

    @property
    def display(self) -> str:
        return f"{self.number} {self.series}"

    def get_absolute_url(self) -> str:
        return reverse("transition:meeting-detail", args=[self.number])


@pghistory.track()
class Improvement(Numbered):
    """An entry of the CSI register: what to make better, how it is measured, and whether it worked."""

    PREFIX = "IMP"

    class Level(models.TextChoices):
        OPERATIONAL = "operational", _("Operational")
        TACTICAL = "tactical", _("Tactical")
        STRATEGIC = "strategic", _("Strategic")

    class State(models.TextChoices):
        LOGGED = "logged", _("Logged")
        APPROVED = "approved", _("Approved")
        DOING = "doing", _("Doing")
        CHECKING = "checking", _("Checking")
        WORKED = "worked", _("Worked")
        DID_NOT_WORK = "did_not_work", _("Did not work")
        DROPPED = "dropped", _("Dropped")

    LIFECYCLE = Lifecycle(
        "state",
        {
            State.LOGGED: frozenset({State.APPROVED, State.DROPPED}),
            State.APPROVED: frozenset({State.DOING, State.DROPPED}),
            State.DOING: frozenset({State.CHECKING, State.DROPPED}),
            State.CHECKING: frozenset({State.WORKED, State.DID_NOT_WORK}),
            State.DID_NOT_WORK: frozenset({State.DOING}),
            State.WORKED: frozenset(),
            State.DROPPED: frozenset(),
        },
        path=(State.LOGGED, State.APPROVED, State.DOING, State.CHECKING, State.WORKED),
    )

    title = models.CharField(max_length=200)
    text = models.TextField(blank=True)
    service = models.ForeignKey(Service, null=True, blank=True, on_delete=models.PROTECT, related_name="improvements")
    level = models.CharField(max_length=20, choices=Level, default=Level.OPERATIONAL)
    state = models.CharField(max_length=20, choices=State, default=State.LOGGED)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="improvements"
    )
    incident = models.ForeignKey(Incident, null=True, blank=True, on_delete=models.PROTECT, related_name="improvements")
    meeting = models.ForeignKey(Meeting, null=True, blank=True, on_delete=models.PROTECT, related_name="improvements")
    follow_up = models.ForeignKey(
        ChangeRequest, null=True, blank=True, on_delete=models.PROTECT, related_name="improvements"
    )
    measure = models.CharField(
        max_length=200, blank=True, help_text="What is counted, such as missed periods in 30 days."
    )
    baseline = models.DecimalField(max_digits=12, decimal_places=3, null=True, blank=True)
    target = models.DecimalField(max_digits=12, decimal_places=3, null=True, blank=True)
    actual = models.DecimalField(max_digits=12, decimal_places=3, null=True, blank=True)
    check_on = models.DateField(null=True, blank=True)
    origin = models.CharField(max_length=100, blank=True, help_text="What proposed it, such as period:17; once.")

    class Meta(Numbered.Meta):
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["origin"], name="improvement_proposed_once", condition=~models.Q(origin=""))
        ]
        indexes: ClassVar = [words_index("improvement_by_words", "title", "text")]

    @property
    def display(self) -> str:
        return f"{self.number} {self.title}"

    def get_absolute_url(self) -> str:
        return reverse("transition:improvement-detail", args=[self.number])
