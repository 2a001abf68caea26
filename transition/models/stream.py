"""Delivery streams: a purpose, a rhythm, the periods that follow from it, and what was delivered in each."""

from datetime import date, datetime, timedelta
from typing import Any, ClassVar

import pghistory
from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import ArrayField, DateTimeRangeField, RangeOperators
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Upper
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from changes.models import ChangeModel
from itsm.kernel.lifecycle import Lifecycle
from itsm.kernel.models import Numbered
from itsm.kernel.roles import Role
from itsm.kernel.searching import words_index
from itsm.kernel.workdays import WorkCalendar
from transition.cadence import Cadence, day_of
from transition.models.clock import CLOCK_TRIGGERS
from transition.models.plan import TransitionPlan

NAMED_PERIODS = {1: "daily", 2: "every other day", 7: "a week", 14: "a fortnight"}


def rhythm_of(period_days: int | None, least: int, most: int | None, period_months: int | None = None) -> str:
    if not period_days and not period_months:
        return "as required"
    if period_months:
        named = "a month" if period_months == 1 else f"every {period_months} months"
    else:
        named = NAMED_PERIODS.get(period_days or 0, f"every {period_days} days")
    if (least, most) == (1, None) and not named.startswith("a "):
        return named
    runs = str(least) if most == least else f"{least}–{most}" if most else f"at least {least}"
    return f"{runs} {named}"


@pghistory.track()
class DeliveryStream(Numbered):
    """A flow of small deliverables with its own rhythm; see transition.cadence for the rhythm."""

    PREFIX = "STR"

    class Kind(models.TextChoices):
        CODE = "code", _("Code")
        KNOWLEDGE = "knowledge", _("Knowledge")
        ACCEPTANCE_TEST = "acceptance_test", _("Acceptance")
        HARDWARE = "hardware", _("Hardware")
        EARLY_LIFE = "early_life", _("ELS & CSI")

    class State(models.TextChoices):
        ACTIVE = "active", _("Active")
        PAUSED = "paused", _("Paused")
        ENDED = "ended", _("Ended")

    LIFECYCLE = Lifecycle(
        "state",
        {
            State.ACTIVE: frozenset({State.PAUSED, State.ENDED}),
            State.PAUSED: frozenset({State.ACTIVE, State.ENDED}),
            State.ENDED: frozenset(),
        },
        path=(State.ACTIVE, State.PAUSED, State.ENDED),
    )

    plan = models.ForeignKey(TransitionPlan, on_delete=models.PROTECT, related_name="streams")
    ordinal = models.PositiveSmallIntegerField("stream number")
    name = models.CharField(max_length=200)
    kind = models.CharField(max_length=20, choices=Kind)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="owned_streams"
    )
    roles = ArrayField(models.CharField(max_length=40, choices=Role), default=list, verbose_name="responsible")
    accountable = models.CharField(
        max_length=40, choices=Role, default=Role.SERVICE_OWNER, db_default="service_owner",
        help_text="Answers for it; exactly one role does.",
    )  # fmt: skip
    consulted = ArrayField(models.CharField(max_length=40, choices=Role), default=list, db_default=[], blank=True)
    informed = ArrayField(models.CharField(max_length=40, choices=Role), default=list, db_default=[], blank=True)
    period_days = models.PositiveSmallIntegerField(null=True, blank=True, help_text="Empty: as required.")
    period_months = models.PositiveSmallIntegerField(null=True, blank=True)
    min_runs = models.PositiveSmallIntegerField(default=1)
    max_runs = models.PositiveSmallIntegerField(null=True, blank=True)
    working_days_only = models.BooleanField(default=True)
    time_zone = models.CharField(max_length=63, default="UTC")
    country = models.CharField(max_length=2, blank=True, help_text="For public holidays; empty: none.")
    active_from = models.DateField()
    rhythm_from = models.DateField(
        null=True, blank=True, help_text="Since when this rhythm is promised, where there was another before."
    )
    resumed_on = models.DateField(null=True, blank=True, help_text="No period begins before it.")
    change_model = models.ForeignKey(
        ChangeModel, null=True, blank=True, on_delete=models.PROTECT, related_name="streams"
    )
    feeds = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.SET_NULL, related_name="fed_by", help_text="Hands over to."
    )
    lag_target_days = models.PositiveSmallIntegerField(
        null=True, blank=True, help_text="How soon the fed stream must follow (working days)."
    )
    checklist = models.JSONField(default=list, blank=True)
    state = models.CharField(max_length=20, choices=State, default=State.ACTIVE)

    class Meta(Numbered.Meta):
        verbose_name = "delivery stream"
        indexes: ClassVar = [words_index("stream_by_words", "name")]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["plan", "ordinal"], name="stream_number_once"),
            models.CheckConstraint(
                name="stream_min_within_max", condition=Q(max_runs__isnull=True) | Q(max_runs__gte=F("min_runs"))
            ),
            models.CheckConstraint(name="stream_has_one_accountable", condition=Q(accountable__in=Role.values)),
            models.CheckConstraint(
                name="stream_role_in_one_part",
                condition=~Q(roles__overlap=F("consulted"))
                & ~Q(roles__overlap=F("informed"))
                & ~Q(consulted__overlap=F("informed")),
            ),
            models.CheckConstraint(
                name="stream_days_or_months", condition=Q(period_days__isnull=True) | Q(period_months__isnull=True)
            ),
        ]
        triggers: ClassVar = [*Numbered.Meta.triggers, *CLOCK_TRIGGERS]

    @property
    def display(self) -> str:
        return f"{self.ordinal} {self.get_kind_display()}"

    @property
    def has_periods(self) -> bool:
        return bool(self.period_days or self.period_months)

    def cadence(self, calendar: WorkCalendar) -> Cadence:
        """Its rhythm, by the organisation's days of work there (`organisation.calendar(said, stream.country)`)."""
        return Cadence(
            self.active_from, self.period_days, self.working_days_only, self.time_zone, calendar,
            self.period_months, self.rhythm_from,
        )  # fmt: skip

    @property
    def rhythm(self) -> str:
        """The promise in words: daily, every other day, 1–2 a week, a month, as required."""
        return rhythm_of(self.period_days, self.min_runs, self.max_runs, self.period_months)

    def get_absolute_url(self) -> str:
        return reverse("transition:stream-detail", args=[self.number])


class StreamClock(models.Model):
    """When the next period of a stream begins; a row for each active one with a rhythm, set back by a trigger.

    Workers find what is due here, and never walk the streams.
    """

    stream = models.OneToOneField(DeliveryStream, primary_key=True, on_delete=models.CASCADE, related_name="clock")
    next_at = models.DateTimeField(db_index=True)

    def __str__(self) -> str:
        return f"{self.stream_id}: {self.next_at}"


@pghistory.track()
class StreamPeriod(Numbered):
    """One beat of a stream: [start, end), how many runs are expected, and what became of it."""

    PREFIX = "PER"

    class State(models.TextChoices):
        OPEN = "open", _("Open")
        MET = "met", _("Met")
        MISSED = "missed", _("Missed")
        EXCESS = "excess", _("Excess")
        NOT_EXPECTED = "not_expected", _("Not expected")

    stream = models.ForeignKey(DeliveryStream, on_delete=models.CASCADE, related_name="periods")
    span: Any = DateTimeRangeField()  # bounded by constraint: its ends are there
    expected_min = models.PositiveSmallIntegerField()
    expected_max = models.PositiveSmallIntegerField(null=True, blank=True)
    state = models.CharField(max_length=20, choices=State, default=State.OPEN)
    closed_at = models.DateTimeField(null=True, blank=True)

    class Meta(Numbered.Meta):
        verbose_name = "stream period"
        constraints: ClassVar = [
            models.CheckConstraint(
                name="period_span_is_bounded",
                condition=Q(span__isempty=False, span__lower_inf=False, span__upper_inf=False),
            ),
            ExclusionConstraint(
                name="periods_of_a_stream_do_not_overlap",
                expressions=[("stream", RangeOperators.EQUAL), ("span", RangeOperators.OVERLAPS)],
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["stream"], name="period_open", condition=Q(state="open")),
            models.Index(Upper("span"), name="period_ends", condition=Q(state="open")),
            models.Index(fields=["state", "-id"], name="period_by_state"),
        ]

    @property
    def display(self) -> str:
        return f"{self.stream.display}, {self.days}"

    @property
    def starts_at(self) -> datetime:
        assert self.span.lower is not None  # a constraint bounds it
        return self.span.lower

    @property
    def ends_at(self) -> datetime:
        assert self.span.upper is not None
        return self.span.upper

    @property
    def first_day(self) -> date:
        return day_of(self.starts_at, self.stream.time_zone)

    @property
    def after_day(self) -> date:
        """The first day that is no longer part of it."""
        return day_of(self.ends_at, self.stream.time_zone)

    @property
    def days(self) -> str:
        """From midnight to midnight, said in days: Wed 18 – Thu 19 Nov 2026."""
        first, last = self.first_day, self.after_day - timedelta(days=1)
        if first == last:
            return f"{first:%a} {first.day} {first:%b %Y}"
        same_month = (first.year, first.month) == (last.year, last.month)
        start = f"{first:%a} {first.day}" if same_month else f"{first:%a} {first.day} {first:%b}"
        return f"{start} – {last:%a} {last.day} {last:%b %Y}"

    def get_absolute_url(self) -> str:
        return reverse("transition:period-detail", args=[self.number])


@pghistory.track()
class StreamRun(Numbered):
    """One delivery of a stream."""

    PREFIX = "RUN"

    class Outcome(models.TextChoices):
        DONE = "done", _("Done")
        WITH_ISSUES = "with_issues", _("Done with issues")
        FAILED = "failed", _("Failed")

    stream = models.ForeignKey(DeliveryStream, on_delete=models.CASCADE, related_name="runs")
    period = models.ForeignKey(StreamPeriod, null=True, blank=True, on_delete=models.SET_NULL, related_name="runs")
    at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    outcome = models.CharField(max_length=20, choices=Outcome, default=Outcome.DONE)
    summary = models.CharField(max_length=300, blank=True)
    evidence = models.JSONField(default=dict, blank=True)
    origin = models.CharField(max_length=100, blank=True, help_text="What recorded it, such as deployment:17; once.")

    class Meta(Numbered.Meta):
        verbose_name = "run"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["stream", "origin"], name="run_of_an_origin_once", condition=~Q(origin=""))
        ]
        indexes: ClassVar = [
            models.Index(fields=["stream", "at"], name="run_by_time"),
            models.Index(fields=["at"], name="run_in_calendar"),
        ]

    @property
    def display(self) -> str:
        return self.summary or self.number

    def get_absolute_url(self) -> str:
        return reverse("transition:run-detail", args=[self.number])
