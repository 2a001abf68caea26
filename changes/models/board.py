"""Boards that advise on changes and decide about them: who sits there, when they meet, what they look at."""

from datetime import datetime, timedelta
from typing import Any, ClassVar

import pghistory
import pgtrigger
from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from changes.models.authorisation import Authorisation
from changes.models.request import ChangeModel, ChangeRequest
from cmdb.models import Service
from itsm.kernel.actor import Actor
from itsm.kernel.lifecycle import Lifecycle
from itsm.kernel.models import Numbered, Record, RecordQuerySet
from itsm.kernel.roles import Role


@pghistory.track()
class Board(Numbered):
    """A change advisory board: it decides the authorisations of one role, for the changes in its scope.

    Its rhythm is an RRULE on the wall clock of its zone; a board without one (an ECAB) meets when it is called.
    """

    PREFIX = "BRD"

    class Kind(models.TextChoices):
        CAB = "cab", _("Change advisory board (CAB)")
        ECAB = "ecab", _("Emergency board (ECAB)")

    class DecidesBy(models.TextChoices):
        VOTES = "votes", _("The majority of the votes, with a quorum")
        CHAIR = "chair", _("The chair, who has heard the members")

    name = models.CharField(max_length=120, unique=True)
    kind = models.CharField(max_length=10, choices=Kind, default=Kind.CAB)
    purpose = models.TextField(blank=True)
    role = models.CharField(
        max_length=40, choices=Role, default=Role.CAB_MEMBER, help_text="Whose authorisations it decides."
    )
    decides_by = models.CharField(max_length=10, choices=DecidesBy, default=DecidesBy.VOTES)
    quorum = models.PositiveSmallIntegerField(default=1, help_text="So many must have voted before votes count.")
    types = ArrayField(
        models.CharField(max_length=20, choices=ChangeModel.Type),
        default=list, blank=True, help_text="The types of change that it looks at; none: all.",
    )  # fmt: skip
    services = models.ManyToManyField(Service, related_name="boards", blank=True, help_text="None: all services.")
    least_risk = models.PositiveSmallIntegerField(choices=ChangeRequest.Level, default=ChangeRequest.Level.LOW)
    horizon_days = models.PositiveSmallIntegerField(
        null=True, blank=True, help_text="Only changes that begin within so many days after the meeting; empty: all."
    )
    first_start = models.DateTimeField("first meeting", null=True, blank=True)
    recurrence = models.CharField(max_length=300, blank=True, help_text="RRULE, such as FREQ=WEEKLY;BYDAY=TU.")
    time_zone = models.CharField(max_length=63, default="UTC", help_text="The wall clock that it meets by.")
    duration_minutes = models.PositiveSmallIntegerField("duration (min)", default=60)
    item_minutes = models.PositiveSmallIntegerField("for each item (min)", default=10)
    fixed_minutes_before = models.PositiveIntegerField(
        "agenda fixed (min before)", default=24 * 60, help_text="Afterwards, what comes is marked as late."
    )
    active = models.BooleanField(default=True)

    class Meta(Numbered.Meta):
        constraints: ClassVar = [
            models.CheckConstraint(name="board_quorum", condition=Q(quorum__gte=1)),
            models.CheckConstraint(name="board_meets_for_a_while", condition=Q(duration_minutes__gte=1)),
            models.CheckConstraint(name="item_takes_a_while", condition=Q(item_minutes__gte=1)),
            models.CheckConstraint(
                name="rhythm_has_a_beginning", condition=Q(recurrence="") | Q(first_start__isnull=False)
            ),
        ]

    @property
    def display(self) -> str:
        return self.name

    @cached_property
    def seated(self) -> "list[BoardSeat]":
        """Who sits there, the chair first; read once."""
        order = list(BoardSeat.Seat.values)
        return sorted(self.seats.all(), key=lambda one: (order.index(one.seat), str(one.user), one.pk))

    @property
    def chair(self) -> Any:
        return next((one.user for one in self.seated if one.seat == BoardSeat.Seat.CHAIR), None)

    def get_absolute_url(self) -> str:
        return reverse("changes:board-detail", args=[self.number])


@pghistory.track(pghistory.InsertEvent(), pghistory.UpdateEvent(), pghistory.DeleteEvent())
class BoardSeat(models.Model):
    """A person on a board, and what for."""

    class Seat(models.TextChoices):
        CHAIR = "chair", _("Chair")
        DEPUTY = "deputy", _("Deputy chair")
        MEMBER = "member", _("Member")
        SECRETARY = "secretary", _("Secretary, without a vote")

    CHAIRS: ClassVar = (Seat.CHAIR, Seat.DEPUTY)
    VOTES: ClassVar = (*CHAIRS, Seat.MEMBER)
    RUNS: ClassVar = (*CHAIRS, Seat.SECRETARY)

    board = models.ForeignKey(Board, on_delete=models.CASCADE, related_name="seats")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="board_seats")
    seat = models.CharField(max_length=20, choices=Seat, default=Seat.MEMBER)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["board", "user"], name="one_seat_a_person"),
            models.UniqueConstraint(fields=["board"], name="one_chair", condition=Q(seat="chair")),
        ]

    def __str__(self) -> str:
        return f"{self.user}, {self.get_seat_display().lower()} of {self.board}"


@pghistory.track(pghistory.InsertEvent(), pghistory.UpdateEvent(), pghistory.DeleteEvent())
class BoardMeeting(Numbered):
    """One meeting of a board. Until `agenda_due_at` its agenda fills by the board's rule; then it is fixed."""

    PREFIX = "BMT"

    class State(models.TextChoices):
        PLANNED = "planned", _("Planned")
        FIXED = "fixed", _("Agenda fixed")
        CLOSED = "closed", _("Closed")
        CANCELLED = "cancelled", _("Cancelled")

    LIVE: ClassVar = (State.PLANNED, State.FIXED)
    LIFECYCLE = Lifecycle(
        "state",
        {
            State.PLANNED: frozenset({State.FIXED, State.CANCELLED}),
            State.FIXED: frozenset({State.CLOSED, State.CANCELLED}),
            State.CLOSED: frozenset(),
            State.CANCELLED: frozenset(),
        },
        path=(State.PLANNED, State.FIXED, State.CLOSED),
    )

    board = models.ForeignKey(Board, on_delete=models.PROTECT, related_name="meetings")
    starts_at = models.DateTimeField()
    duration_minutes = models.PositiveSmallIntegerField(default=60)
    agenda_due_at = models.DateTimeField("agenda fixed at")
    state = models.CharField(max_length=20, choices=State, default=State.PLANNED)
    reason = models.TextField(blank=True, help_text="Why it was called, or cancelled.")
    by_rhythm = models.BooleanField(default=False)
    notes = models.TextField(blank=True, help_text="What the minutes say beside what writes itself.")
    fixed_at = models.DateTimeField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)

    class Meta(Numbered.Meta):
        constraints: ClassVar = [models.UniqueConstraint(fields=["board", "starts_at"], name="board_meets_once")]
        indexes: ClassVar = [
            models.Index(fields=["agenda_due_at"], name="board_agenda_is_due", condition=Q(state="planned")),
            models.Index(fields=["starts_at"], name="board_meeting_live", condition=Q(state__in=["planned", "fixed"])),
        ]

    @property
    def display(self) -> str:
        return f"{self.board.name}, {timezone.localtime(self.starts_at):%a %-d %b %H:%M}"

    @property
    def ends_at(self) -> datetime:
        return self.starts_at + timedelta(minutes=self.duration_minutes)

    def get_absolute_url(self) -> str:
        return reverse("changes:meeting-detail", args=[self.number])


class AgendaItemQuerySet(RecordQuerySet):
    def visible_to(self, actor: Actor) -> "AgendaItemQuerySet":
        """Those of changes that the actor may see."""
        return self.filter(change__in=ChangeRequest.objects.visible_to(actor))


@pghistory.track(pghistory.InsertEvent(), pghistory.UpdateEvent(), pghistory.DeleteEvent())
class AgendaItem(Record):
    """A change on the agenda of a meeting, and what came of it there."""

    class State(models.TextChoices):
        WAITING = "waiting", _("Waiting")
        OPEN = "open", _("Open now")
        AUTHORISED = "authorised", _("Authorised")
        REJECTED = "rejected", _("Rejected")
        MORE_INFORMATION = "more_information", _("More information asked")
        DEFERRED = "deferred", _("Deferred")
        WITHDRAWN = "withdrawn", _("Withdrawn")

    PENDING: ClassVar = (State.WAITING, State.OPEN)

    meeting = models.ForeignKey(BoardMeeting, on_delete=models.CASCADE, related_name="items")
    change = models.ForeignKey(ChangeRequest, on_delete=models.CASCADE, related_name="agenda_items")
    authorisation = models.ForeignKey(
        Authorisation, null=True, blank=True, on_delete=models.SET_NULL, related_name="agenda_items",
        help_text="What was decided here.",
    )  # fmt: skip
    position = models.PositiveSmallIntegerField(default=0)
    state = models.CharField(max_length=20, choices=State, default=State.WAITING)
    late = models.BooleanField(default=False, help_text="Came after the agenda was fixed.")
    reason = models.TextField(blank=True, help_text="Why it was put on the agenda, or taken off.")
    added_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    added_at = models.DateTimeField()
    reading = models.URLField("pre-reading", blank=True, max_length=500)
    note = models.TextField(blank=True, help_text="What the minutes say of it beside the decision.")
    opened_at = models.DateTimeField(null=True, blank=True)
    settled_at = models.DateTimeField(null=True, blank=True)
    settled_by = models.CharField(max_length=200, blank=True)
    comment = models.TextField(blank=True)

    objects = AgendaItemQuerySet.as_manager()

    class Meta(Record.Meta):
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["meeting", "change"], name="change_once_on_an_agenda", condition=~Q(state="withdrawn")
            ),
            models.UniqueConstraint(fields=["meeting"], name="one_item_is_open", condition=Q(state="open")),
        ]
        indexes: ClassVar = [
            models.Index(fields=["state", "meeting"], name="agenda_item_waits", condition=Q(state="waiting"))
        ]

    def __str__(self) -> str:
        return f"RFC-{self.change_id} on BMT-{self.meeting_id}"

    @property
    def is_pending(self) -> bool:
        return self.state in self.PENDING

    def get_absolute_url(self) -> str:
        return f"{reverse('changes:meeting-detail', args=[f'BMT-{self.meeting_id}'])}?item={self.pk}"


class BoardVote(models.Model):
    """One voice about a change as it was planned then; it is not counted any more when the plan is another."""

    class Choice(models.TextChoices):
        AUTHORISED = "authorised", _("For")
        REJECTED = "rejected", _("Against")
        ABSTAINED = "abstained", _("Abstains")

    item = models.ForeignKey(AgendaItem, on_delete=models.CASCADE, related_name="votes")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="board_votes")
    on_behalf_of = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="board_votes_by_others"
    )
    vote = models.CharField(max_length=20, choices=Choice)
    comment = models.TextField(blank=True)
    at = models.DateTimeField()
    fingerprint = models.CharField(max_length=64)
    ledger_sequence = models.BigIntegerField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                F("item"), F("fingerprint"), Coalesce("on_behalf_of", "by"), name="a_voice_votes_once"
            ),
            models.UniqueConstraint(fields=["item", "fingerprint", "by"], name="a_person_votes_once"),
        ]
        triggers: ClassVar = [pgtrigger.Protect(name="votes_stay", operation=pgtrigger.Update)]

    def __str__(self) -> str:
        return f"{self.by}: {self.vote}"
