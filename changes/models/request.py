"""Requests for change, the models they are made from, and the CIs they touch."""

from datetime import datetime, timedelta
from typing import Any, ClassVar

import pghistory
from django.conf import settings
from django.contrib.postgres.fields import ArrayField, DateTimeRangeField
from django.contrib.postgres.indexes import GinIndex, GistIndex, OpClass
from django.db import models
from django.db.models import Q, Value
from django.db.models.functions import Upper
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from changes.models.proposal import ChangeProposal
from cmdb.models import ConfigurationItem, Service
from itsm.kernel.actor import Actor
from itsm.kernel.lifecycle import Lifecycle
from itsm.kernel.models import Numbered, Record, RecordQuerySet
from itsm.kernel.roles import Role
from itsm.kernel.searching import words_index

REVIEW_HOURS, LATER_HOURS = 120, 72  # where the model sets no other time


class ChangeModelQuerySet(RecordQuerySet):
    NAMED_BY = "code"

    def planned(self) -> "ChangeModelQuerySet":
        """Those that people raise changes from, by name."""
        return self.filter(type__in=ChangeModel.PLANNED).order_by("name", "pk")


@pghistory.track()
class ChangeModel(Record):
    """The agreed way to make one kind of change: its tasks, durations and policy."""

    class Type(models.TextChoices):
        STANDARD = "standard", _("Standard")
        NORMAL = "normal", _("Normal")
        EMERGENCY = "emergency", _("Emergency")
        UNAUTHORISED = "unauthorised", _("Unauthorised")

    class BackOut(models.TextChoices):
        FAILED = "failed", _("as not successful")
        SUCCESSFUL = "successful", _("as successful")
        LEFT_OUT = "left_out", _("not at all")

    # What people raise and plan; the rest is only found.
    PLANNED: ClassVar = (Type.STANDARD, Type.NORMAL, Type.EMERGENCY)

    code = models.SlugField(max_length=60, unique=True)
    name = models.CharField(max_length=120)
    type = models.CharField(max_length=20, choices=Type)
    description = models.TextField(blank=True)
    tasks = models.JSONField(
        default=list, blank=True, help_text="Task template: [{title, instructions, offset_minutes, duration_minutes}]"
    )
    window_minutes = models.PositiveIntegerField(default=60, help_text="Usual length of the window.")
    windows = models.CharField(
        "when it is made", max_length=300, blank=True, default="", db_default="",
        help_text="Such as Mon–Thu 20:00–24:00; Sat 08:00–18:00. Empty: at any time.",
    )  # fmt: skip
    policy_name = models.CharField(max_length=120, help_text="The policy that says who must authorise it.")
    pre_authorised = models.BooleanField(default=False)
    required_fields = ArrayField(
        models.CharField(max_length=40), default=list, db_default=[], blank=True,
        help_text="What a request must say to be submitted.",
    )  # fmt: skip
    questions = models.JSONField(
        default=list, db_default=Value([], models.JSONField()), blank=True,
        help_text="[{code, text, kind, choices, required}]; kind: text, yes_no, number, choice.",
    )  # fmt: skip
    later_fields = ArrayField(
        models.CharField(max_length=40), default=list, db_default=[], blank=True,
        help_text="What an emergency may leave unsaid until it is over.",
    )  # fmt: skip
    later_hours = models.PositiveIntegerField(
        "said within (hours)", null=True, blank=True,
        help_text="After its end, what was left unsaid; empty: three days.",
    )  # fmt: skip
    review_hours = models.PositiveIntegerField(
        "review within (hours)", null=True, blank=True,
        help_text="After its end; empty: five days.",
    )  # fmt: skip
    review_percent = models.PositiveSmallIntegerField(
        "reviewed (%)", null=True, blank=True,
        help_text="Of those that no rule sends to a review. Empty: all; of pre-authorised ones none.",
    )  # fmt: skip
    clean_back_out = models.CharField(
        "a clean back-out counts", max_length=20, choices=BackOut, default=BackOut.FAILED, db_default=BackOut.FAILED
    )

    objects = ChangeModelQuerySet.as_manager()

    class Meta(Record.Meta):
        constraints: ClassVar = [
            models.CheckConstraint(
                name="only_standard_is_pre_authorised", condition=Q(pre_authorised=False) | Q(type="standard")
            ),
            models.CheckConstraint(
                name="only_emergencies_are_said_later", condition=Q(later_fields=[]) | Q(type="emergency")
            ),
            models.CheckConstraint(
                name="review_percent_is_a_share", condition=Q(review_percent__isnull=True) | Q(review_percent__lte=100)
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def slug(self) -> str:
        return self.code

    @property
    def ref(self) -> str:
        return self.code

    def review_due(self, ended: datetime) -> datetime:
        """When the review of a change that ended then is due."""
        return ended + timedelta(hours=REVIEW_HOURS if self.review_hours is None else self.review_hours)

    def later_due(self, ended: datetime) -> datetime:
        """Until when a change that ended then must say what it left unsaid."""
        return ended + self.later_within

    @property
    def later_within(self) -> timedelta:
        """How long after its end what was left unsaid may be said."""
        return timedelta(hours=LATER_HOURS if self.later_hours is None else self.later_hours)

    def get_absolute_url(self) -> str:
        return reverse("changes:model-detail", args=[self.code])


class ChangeRequestQuerySet(RecordQuerySet):
    def visible_to(self, actor: Actor) -> "ChangeRequestQuerySet":
        """All but confidential ones, which only those involved and those who decide may see."""
        if actor.is_system or actor.holds(Role.CHANGE_MANAGER):
            return self
        if actor.user_id is None:
            return self.none()
        if actor.holds_anywhere(Role.CAB_MEMBER):
            return self
        roles = {role for role, _ in actor.assignments}
        all_, me = self.model._base_manager, actor.user_id
        mine = all_.filter(Q(tasks__assignee=me) | Q(authorisations__role__in=roles, confidential=True))
        asked = all_.filter(consultations__owner=me, confidential=True)
        involved = Q(requested_by=me) | Q(pk__in=mine.values("pk")) | Q(pk__in=asked.values("pk"))
        return self.filter(Q(confidential=False) | involved)


@pghistory.track()
class ChangeRequest(Numbered):
    """A request for change (RFC): one reviewed, scheduled alteration of CIs."""

    PREFIX = "RFC"

    class Status(models.TextChoices):
        DRAFT = "draft", _("Draft")
        ASSESSMENT = "assessment", _("In assessment")
        BUILDING = "building", _("Building")
        SCHEDULED = "scheduled", _("Scheduled")
        IMPLEMENTING = "implementing", _("Implementing")
        REVIEW = "review", _("In review")
        CLOSED = "closed", _("Closed")
        REJECTED = "rejected", _("Rejected")
        CANCELLED = "cancelled", _("Cancelled")

    class Outcome(models.TextChoices):
        SUCCESSFUL = "successful", _("Successful")
        WITH_ISSUES = "with_issues", _("Successful with issues")
        BACKED_OUT = "backed_out", _("Backed out")
        FAILED = "failed", _("Failed")

    class ReviewWhy(models.TextChoices):
        FAILED = "failed", _("It failed")
        BACKED_OUT = "backed_out", _("It was backed out")
        EMERGENCY = "emergency", _("It was an emergency")
        UNAUTHORISED = "unauthorised", _("Nobody was asked")
        SAMPLE = "sample", _("It is in the sample")

    class Level(models.IntegerChoices):
        LOW = 1, _("Low")
        MEDIUM = 2, _("Medium")
        HIGH = 3, _("High")

    CATEGORIES: ClassVar = {Level.LOW: "minor", Level.MEDIUM: "significant", Level.HIGH: "major"}

    LIFECYCLE = Lifecycle(
        "status",
        {
            Status.DRAFT: frozenset({Status.ASSESSMENT, Status.CANCELLED}),
            Status.ASSESSMENT: frozenset(
                {Status.BUILDING, Status.SCHEDULED, Status.REJECTED, Status.DRAFT, Status.CANCELLED}
            ),
            Status.BUILDING: frozenset({Status.SCHEDULED, Status.ASSESSMENT, Status.REJECTED, Status.CANCELLED}),
            Status.SCHEDULED: frozenset({Status.IMPLEMENTING, Status.ASSESSMENT, Status.CANCELLED}),
            Status.IMPLEMENTING: frozenset({Status.REVIEW}),
            Status.REVIEW: frozenset({Status.CLOSED}),
            Status.REJECTED: frozenset({Status.DRAFT}),
            Status.CLOSED: frozenset({Status.REVIEW}),  # what it brought was rolled back later
            Status.CANCELLED: frozenset(),
        },
        path=(
            Status.DRAFT,
            Status.ASSESSMENT,
            Status.BUILDING,
            Status.SCHEDULED,
            Status.IMPLEMENTING,
            Status.REVIEW,
            Status.CLOSED,
        ),
    )
    # Holding a place in the calendar: what another change may collide with.
    IN_CALENDAR: ClassVar = (Status.ASSESSMENT, Status.BUILDING, Status.SCHEDULED, Status.IMPLEMENTING)
    # Nothing is decided, acknowledged or done any more.
    ENDED: ClassVar = (Status.REVIEW, Status.CLOSED, Status.REJECTED, Status.CANCELLED)
    # Where a change waits for decisions.
    DECIDABLE: ClassVar = (Status.ASSESSMENT, Status.BUILDING)
    # Plan, CIs and window may still be changed; after assessment this makes given authorisations fall.
    PLANNABLE: ClassVar = (Status.DRAFT, Status.ASSESSMENT, Status.BUILDING, Status.SCHEDULED)

    title = models.CharField(max_length=200)
    reason = models.TextField(blank=True)
    model = models.ForeignKey(ChangeModel, on_delete=models.PROTECT, related_name="changes")
    type = models.CharField(max_length=20, choices=ChangeModel.Type)
    status = models.CharField(max_length=20, choices=Status, default=Status.DRAFT)
    outcome = models.CharField(max_length=20, choices=Outcome, blank=True)
    proposal = models.ForeignKey(
        ChangeProposal, null=True, blank=True, on_delete=models.PROTECT, related_name="requests"
    )
    requested_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="requested_changes"
    )
    services = models.ManyToManyField(Service, related_name="changes", blank=True)
    cis = models.ManyToManyField(ConfigurationItem, through="AffectedCI", related_name="changes")
    likelihood = models.PositiveSmallIntegerField(choices=Level, default=Level.LOW)
    impact = models.PositiveSmallIntegerField(choices=Level, default=Level.LOW)
    computed_risk = models.PositiveSmallIntegerField(
        choices=Level, null=True, blank=True, help_text="From what is known; null: never computed."
    )
    risk_parts = models.JSONField(
        default=list, db_default=Value([], models.JSONField()), blank=True,
        help_text="What it was computed from: [{code, points, why}].",
    )  # fmt: skip
    window: Any = DateTimeRangeField(null=True, blank=True)  # bounded by constraint: its ends are there
    check_minutes = models.PositiveIntegerField("checking (min)", default=0)
    back_out_minutes = models.PositiveIntegerField("back-out (min)", default=0)
    margin_minutes = models.PositiveIntegerField("safety margin (min)", default=10)
    back_out_trigger = models.TextField(blank=True)
    back_out_steps = models.TextField(blank=True)
    back_out_tried = models.CharField(
        "back-out tried",
        max_length=200,
        blank=True,
        default="",
        db_default="",
        help_text="Where and when, and how it went.",
    )
    answers = models.JSONField(
        default=dict,
        db_default=Value({}, models.JSONField()),
        blank=True,
        help_text="To the model's questions, by code.",
    )
    started_at = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)
    submitted_at = models.DateTimeField(null=True, blank=True)
    backing_out_at = models.DateTimeField(null=True, blank=True, help_text="Since when it is on its way back.")
    backing_out_why = models.TextField(blank=True, db_default="", default="")
    backed_out_cleanly = models.BooleanField(
        null=True, blank=True, help_text="Within its window, and nothing failed on the way back; null: not said."
    )
    review_why = models.CharField(
        max_length=20, choices=ReviewWhy, blank=True, db_default="", default="",
        help_text="The rule by which it must be reviewed; empty: it need not be.",
    )  # fmt: skip
    review_due_at = models.DateTimeField(null=True, blank=True)
    review_reminded_at = models.DateTimeField(null=True, blank=True)
    later_due_at = models.DateTimeField(
        null=True, blank=True, help_text="Until when must be said what its model lets be said afterwards."
    )
    later_said_at = models.DateTimeField(null=True, blank=True, help_text="When the last of it was said.")
    later_reminded_at = models.DateTimeField(null=True, blank=True)
    cab_required = models.BooleanField(default=False)
    confidential = models.BooleanField(default=False)
    copied_from = models.ForeignKey("self", null=True, blank=True, on_delete=models.SET_NULL, related_name="copies")
    cleared = models.JSONField(
        default=list, db_default=Value([], models.JSONField()), blank=True,
        help_text="What a copy left behind, as it was no longer true.",
    )  # fmt: skip
    source = models.CharField(max_length=60, blank=True, help_text="Where an imported record came from.")
    external_key = models.CharField(max_length=100, blank=True)

    objects = ChangeRequestQuerySet.as_manager()

    class Meta(Numbered.Meta):
        verbose_name = "change request"
        constraints: ClassVar = [
            models.CheckConstraint(
                name="change_window_is_bounded",
                condition=Q(window__isnull=True)
                | Q(window__isempty=False, window__lower_inf=False, window__upper_inf=False),
            ),
            models.CheckConstraint(
                name="change_has_an_outcome_when_done",
                condition=~Q(status__in=["review", "closed"]) | ~Q(outcome="") | ~Q(source="") | Q(type="unauthorised"),
            ),
            # Found done: never planned, never carried out, and no success.
            models.CheckConstraint(
                name="unauthorised_is_only_reviewed",
                condition=~Q(type="unauthorised")
                | Q(status__in=["review", "closed"], outcome="", window__isnull=True)
                | ~Q(source=""),
            ),
            models.UniqueConstraint(
                fields=["source", "external_key"], name="change_imported_once", condition=~Q(external_key="")
            ),
        ]
        indexes: ClassVar = [
            GistIndex(fields=["window"], name="change_by_window"),
            models.Index(fields=["status", "-id"], name="change_by_status"),
            models.Index(fields=["type", "-id"], name="change_by_type"),
            models.Index(
                fields=["model", "-finished_at", "-id"],
                name="change_by_model_end",
                condition=Q(finished_at__isnull=False),
            ),
            models.Index(
                fields=["review_due_at"],
                name="change_review_is_due",
                condition=Q(status="review", review_reminded_at__isnull=True),
            ),
            models.Index(
                fields=["later_due_at"],
                name="change_is_owed_words",
                condition=Q(later_due_at__isnull=False, later_said_at__isnull=True),
            ),
            models.Index(
                fields=["model", "finished_at"], name="change_went_back", condition=Q(backed_out_cleanly=True)
            ),
            models.Index(fields=["finished_at"], name="change_by_end", condition=Q(finished_at__isnull=False)),
            GinIndex(OpClass(Upper("title"), name="gin_trgm_ops"), name="change_title_words"),
            words_index("change_by_words", "title", "external_key"),
        ]

    @property
    def display(self) -> str:
        return f"{self.number} {self.title}"

    def get_absolute_url(self) -> str:
        return reverse("changes:request-detail", args=[self.number])

    @property
    def starts_at(self) -> datetime | None:
        return self.window.lower if self.window else None

    @property
    def ends_at(self) -> datetime | None:
        return self.window.upper if self.window else None

    @property
    def last_safe_moment(self) -> datetime | None:
        """The last instant at which backing out still ends within the window, with the margin."""
        if self.ends_at is None:
            return None
        return self.ends_at - timedelta(minutes=self.back_out_minutes + self.margin_minutes)

    @property
    def risk(self) -> "ChangeRequest.Level":
        """The higher of what people estimate and of what is computed."""
        return self.Level(max(self.estimated_risk, self.computed_risk or self.Level.LOW))

    @property
    def estimated_risk(self) -> "ChangeRequest.Level":
        """Likelihood × impact: up to 2 low, up to 4 medium, above high."""
        product = self.likelihood * self.impact
        return self.Level.LOW if product <= 2 else self.Level.MEDIUM if product <= 4 else self.Level.HIGH

    @property
    def category(self) -> str:
        """A normal change is minor, significant or major, by its risk; of others there is one kind."""
        return self.CATEGORIES[self.risk] if self.type == ChangeModel.Type.NORMAL else ""


@pghistory.track()
class AffectedCI(models.Model):
    """A CI that the change touches (not merely impacts)."""

    change = models.ForeignKey(ChangeRequest, on_delete=models.CASCADE, related_name="affected")
    ci = models.ForeignKey(ConfigurationItem, on_delete=models.PROTECT, related_name="affected_by")

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["change", "ci"], name="ci_affected_once")]

    def __str__(self) -> str:
        return f"{self.change} touches {self.ci}"
