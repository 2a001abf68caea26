"""What the business wants, in its own words."""

from typing import ClassVar

import pghistory
from django.conf import settings
from django.db import models
from django.db.models import F, Q, Value
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from cmdb.models import Service
from itsm.kernel.lifecycle import Lifecycle
from itsm.kernel.models import Numbered
from itsm.kernel.roles import Role
from itsm.kernel.searching import words_index

# Who may be asked to decide on a proposal.
AUTHORITIES = [
    (role.value, role.label)
    for role in (Role.CHANGE_MANAGER, Role.CAB_MEMBER, Role.BUSINESS_RELATIONSHIP_MANAGER, Role.SERVICE_OWNER)
]


@pghistory.track()
class ChangeProposal(Numbered):
    """A change as its sponsor sees it: an outcome, its worth and its price; no technical word."""

    PREFIX = "PRP"

    class Status(models.TextChoices):
        DRAFT = "draft", _("Draft")
        SUBMITTED = "submitted", _("Submitted")
        ASSESSMENT = "assessment", _("In assessment")
        AUTHORISED = "authorised", _("Authorised")
        IN_DELIVERY = "in_delivery", _("In delivery")
        REALISED = "realised", _("Realised")
        CLOSED = "closed", _("Closed")
        DECLINED = "declined", _("Declined")
        DEFERRED = "deferred", _("Deferred")
        WITHDRAWN = "withdrawn", _("Withdrawn")

    LIFECYCLE = Lifecycle(
        "status",
        {
            Status.DRAFT: frozenset({Status.SUBMITTED, Status.WITHDRAWN}),
            Status.SUBMITTED: frozenset({Status.ASSESSMENT, Status.DECLINED, Status.DEFERRED, Status.WITHDRAWN}),
            Status.ASSESSMENT: frozenset({Status.AUTHORISED, Status.DECLINED, Status.DEFERRED, Status.WITHDRAWN}),
            Status.DEFERRED: frozenset({Status.SUBMITTED, Status.WITHDRAWN}),
            Status.AUTHORISED: frozenset({Status.IN_DELIVERY, Status.WITHDRAWN}),
            Status.IN_DELIVERY: frozenset({Status.REALISED, Status.WITHDRAWN}),
            Status.REALISED: frozenset({Status.CLOSED}),
            Status.DECLINED: frozenset(),
            Status.WITHDRAWN: frozenset(),
            Status.CLOSED: frozenset(),
        },
        path=(
            Status.DRAFT,
            Status.SUBMITTED,
            Status.ASSESSMENT,
            Status.AUTHORISED,
            Status.IN_DELIVERY,
            Status.REALISED,
            Status.CLOSED,
        ),
    )

    title = models.CharField(max_length=200)
    outcome_wanted = models.TextField(help_text="What will people be able to do that they cannot do today?")
    why_now = models.TextField(blank=True)
    value = models.TextField(blank=True, help_text="What is it worth, and to whom?")
    value_low_eur = models.DecimalField("worth from (EUR)", max_digits=14, decimal_places=2, null=True, blank=True)
    value_high_eur = models.DecimalField("worth to (EUR)", max_digits=14, decimal_places=2, null=True, blank=True)
    cost_low_eur = models.DecimalField("cost from (EUR)", max_digits=14, decimal_places=2, null=True, blank=True)
    cost_high_eur = models.DecimalField("cost to (EUR)", max_digits=14, decimal_places=2, null=True, blank=True)
    risks = models.TextField(blank=True, help_text="What could go wrong for the business?")
    deadline = models.DateField(null=True, blank=True)
    sponsor = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="sponsored_proposals")
    requested_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="requested_proposals"
    )
    services = models.ManyToManyField(Service, related_name="proposals", blank=True)
    status = models.CharField(max_length=20, choices=Status, default=Status.DRAFT)
    assessment = models.TextField(blank=True)
    marks = models.JSONField(
        default=dict, db_default=Value({}, models.JSONField()), blank=True,
        help_text="How it stands on each criterion: {criterion: 1 (weak) to 3 (strong)}.",
    )  # fmt: skip
    authority = models.CharField(
        max_length=40, choices=AUTHORITIES, default=Role.CHANGE_MANAGER, db_default=Role.CHANGE_MANAGER,
        help_text="Who decides on it.",
    )  # fmt: skip
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    decided_at = models.DateTimeField(null=True, blank=True)
    decision_comment = models.TextField(blank=True)
    deferred_until = models.DateField(null=True, blank=True)
    realised_at = models.DateTimeField(null=True, blank=True)
    check_on = models.DateField(null=True, blank=True, help_text="When it is looked whether the benefit is there.")
    reminded_at = models.DateTimeField(null=True, blank=True)
    cost_actual_eur = models.DecimalField("cost (EUR)", max_digits=14, decimal_places=2, null=True, blank=True)
    value_actual_eur = models.DecimalField("worth (EUR)", max_digits=14, decimal_places=2, null=True, blank=True)
    benefit_reached = models.TextField(blank=True)

    class Meta(Numbered.Meta):
        verbose_name = "change proposal"
        constraints: ClassVar = [
            models.CheckConstraint(
                name="proposal_cost_range",
                condition=Q(cost_low_eur__isnull=True)
                | Q(cost_high_eur__isnull=True)
                | Q(cost_low_eur__lte=F("cost_high_eur")),
            ),
            models.CheckConstraint(
                name="proposal_value_range",
                condition=Q(value_low_eur__isnull=True)
                | Q(value_high_eur__isnull=True)
                | Q(value_low_eur__lte=F("value_high_eur")),
            ),
            models.CheckConstraint(
                name="proposal_closed_against_its_benefit", condition=~Q(status="closed") | ~Q(benefit_reached="")
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["status"], name="proposal_by_status"),
            models.Index(
                fields=["check_on"],
                name="proposal_check_is_due",
                condition=Q(status="realised", reminded_at__isnull=True),
            ),
            words_index("proposal_by_words", "title", "outcome_wanted"),
        ]

    @property
    def display(self) -> str:
        return f"{self.number} {self.title}"

    def get_absolute_url(self) -> str:
        return reverse("changes:proposal-detail", args=[self.number])
