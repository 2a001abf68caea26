"""Service acceptance: criteria, the review against them, and the gaps that push back."""

from typing import ClassVar

import pghistory
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from cmdb.models import Service
from itsm.kernel.lifecycle import Lifecycle
from itsm.kernel.models import Numbered, Record
from itsm.kernel.searching import words_index
from transition.models.package import ReleasePackage
from transition.models.stream import DeliveryStream


@pghistory.track()
class AcceptanceCriterion(Record):
    """A question that operations want answered before they take a service over."""

    code = models.SlugField(max_length=60, unique=True)
    text = models.CharField(max_length=300)
    delivery_model = models.CharField(max_length=20, choices=Service.DeliveryModel, blank=True, help_text="Empty: any.")

    def __str__(self) -> str:
        return self.text


@pghistory.track()
class AcceptanceReview(Numbered):
    """The support team's answer for a service, a package or a stream: accepted or pushed back."""

    PREFIX = "ACR"

    class State(models.TextChoices):
        OPEN = "open", _("Open")
        ACCEPTED = "accepted", _("Accepted")
        PUSHED_BACK = "pushed_back", _("Pushed back")

    LIFECYCLE = Lifecycle(
        "state",
        {
            State.OPEN: frozenset({State.ACCEPTED, State.PUSHED_BACK}),
            State.PUSHED_BACK: frozenset({State.ACCEPTED}),
            State.ACCEPTED: frozenset(),
        },
        path=(State.OPEN, State.ACCEPTED),
    )

    service = models.ForeignKey(Service, on_delete=models.PROTECT, related_name="acceptance_reviews")
    package = models.ForeignKey(
        ReleasePackage, null=True, blank=True, on_delete=models.PROTECT, related_name="acceptance_reviews"
    )
    stream = models.ForeignKey(
        DeliveryStream, null=True, blank=True, on_delete=models.PROTECT, related_name="acceptance_reviews"
    )
    state = models.CharField(max_length=20, choices=State, default=State.OPEN)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    decided_at = models.DateTimeField(null=True, blank=True)
    comment = models.TextField(blank=True)
    requirements = models.ManyToManyField("transition.Requirement", related_name="acceptance_reviews", blank=True)

    class Meta(Numbered.Meta):
        verbose_name = "acceptance review"

    @property
    def display(self) -> str:
        return f"{self.number} {self.package or self.stream or self.service}"

    def get_absolute_url(self) -> str:
        return reverse("transition:acceptance-detail", args=[self.number])


@pghistory.track()
class CriterionResult(Record):
    """What the review found of one criterion."""

    class Result(models.TextChoices):
        MET = "met", _("Met")
        NOT_MET = "not_met", _("Not met")
        NOT_APPLICABLE = "not_applicable", _("Not applicable")

    review = models.ForeignKey(AcceptanceReview, on_delete=models.CASCADE, related_name="results")
    criterion = models.ForeignKey(AcceptanceCriterion, on_delete=models.PROTECT, related_name="+")
    result = models.CharField(max_length=20, choices=Result)
    note = models.TextField(blank=True)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )

    class Meta(Record.Meta):
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["review", "criterion"], name="criterion_answered_once")
        ]

    def __str__(self) -> str:
        return f"{self.criterion}: {self.result}"


@pghistory.track()
class Gap(Numbered):
    """What is missing before support can take over; a critical one blocks going live."""

    PREFIX = "GAP"

    class Severity(models.TextChoices):
        MINOR = "minor", _("Minor")
        MAJOR = "major", _("Major")
        CRITICAL = "critical", _("Critical")

    class State(models.TextChoices):
        OPEN = "open", _("Open")
        CLOSED = "closed", _("Closed")
        RISK_ACCEPTED = "risk_accepted", _("Risk accepted")

    LIFECYCLE = Lifecycle(
        "state",
        {
            State.OPEN: frozenset({State.CLOSED, State.RISK_ACCEPTED}),
            State.RISK_ACCEPTED: frozenset({State.OPEN, State.CLOSED}),
            State.CLOSED: frozenset(),
        },
        path=(State.OPEN, State.CLOSED),
    )

    service = models.ForeignKey(Service, on_delete=models.PROTECT, related_name="gaps")
    review = models.ForeignKey(AcceptanceReview, null=True, blank=True, on_delete=models.PROTECT, related_name="gaps")
    title = models.CharField(max_length=200)
    severity = models.CharField(max_length=20, choices=Severity)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="gaps"
    )
    due = models.DateField(null=True, blank=True)
    state = models.CharField(max_length=20, choices=State, default=State.OPEN)
    pushed_back_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )

    class Meta(Numbered.Meta):
        indexes: ClassVar = [
            models.Index(fields=["service", "state", "severity"], name="gap_of_a_service"),
            words_index("gap_by_words", "title"),
        ]

    @property
    def display(self) -> str:
        return f"{self.number} {self.title}"

    def get_absolute_url(self) -> str:
        return reverse("transition:gap-detail", args=[self.number])


@pghistory.track()
class RiskAcceptance(Record):
    """An authority takes a gap's risk upon themselves until a date; also in the ledger."""

    gap = models.ForeignKey(Gap, on_delete=models.CASCADE, related_name="risk_acceptances")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    until = models.DateTimeField()
    reason = models.TextField()
    at = models.DateTimeField()
    ledger_sequence = models.BigIntegerField()

    class Meta(Record.Meta):
        constraints: ClassVar = [models.CheckConstraint(name="risk_acceptance_says_why", condition=~Q(reason=""))]

    def __str__(self) -> str:
        return f"{self.gap} accepted by {self.by}"
