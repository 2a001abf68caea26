"""A change model's way to being pre-authorised: proposed, shown to be safe, approved, reviewed, revoked."""

from datetime import timedelta
from typing import ClassVar

import pghistory
from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from changes.models.request import ChangeModel
from itsm.kernel.lifecycle import Lifecycle
from itsm.kernel.models import Numbered


def _person() -> models.ForeignKey:
    return models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )


@pghistory.track()
class PreAuthorisation(Numbered):
    """One attempt of a model to become standard, and how long it stays so.

    Approved once its latest `safe_runs_needed` changes all went well; lost when `failures_revoke` of its latest
    `OF_LATEST` went wrong, when its yearly review is not done, or by hand.
    """

    PREFIX = "PRE"
    OF_LATEST: ClassVar = 20
    REVIEWED_EVERY: ClassVar = timedelta(days=365)
    GRACE: ClassVar = timedelta(days=30)

    class State(models.TextChoices):
        PROPOSED = "proposed", _("Proposed")
        APPROVED = "approved", _("Approved")
        DECLINED = "declined", _("Declined")
        WITHDRAWN = "withdrawn", _("Withdrawn")
        REVOKED = "revoked", _("Revoked")

    STANDING: ClassVar = (State.PROPOSED, State.APPROVED)
    LIFECYCLE = Lifecycle(
        "state",
        {
            State.PROPOSED: frozenset({State.APPROVED, State.DECLINED, State.WITHDRAWN}),
            State.APPROVED: frozenset({State.REVOKED}),
            State.DECLINED: frozenset(),
            State.WITHDRAWN: frozenset(),
            State.REVOKED: frozenset(),
        },
        path=(State.PROPOSED, State.APPROVED),
    )

    model = models.ForeignKey(ChangeModel, on_delete=models.PROTECT, related_name="pre_authorisations")
    state = models.CharField(max_length=20, choices=State, default=State.PROPOSED)
    reason = models.TextField("why it is safe")
    safe_runs_needed = models.PositiveSmallIntegerField(default=5)
    failures_revoke = models.PositiveSmallIntegerField(default=3)
    type_before = models.CharField(max_length=20, choices=ChangeModel.Type)
    proposed_by = _person()
    proposed_at = models.DateTimeField()
    propose_entry = models.BigIntegerField("ledger entry of the proposal")
    decided_by = _person()
    decided_at = models.DateTimeField(null=True, blank=True)
    decide_comment = models.TextField(blank=True)
    decide_entry = models.BigIntegerField("ledger entry of the decision", null=True, blank=True)
    shown = models.JSONField(default=list, blank=True, help_text="The changes that it was approved on, by number.")
    review_due_at = models.DateTimeField(null=True, blank=True)
    review_reminded_at = models.DateTimeField(null=True, blank=True)
    reviewed_by = _person()
    reviewed_at = models.DateTimeField(null=True, blank=True)
    review_comment = models.TextField(blank=True)
    review_entry = models.BigIntegerField("ledger entry of the last review", null=True, blank=True)
    revoked_by = _person()
    revoked_at = models.DateTimeField(null=True, blank=True)
    revoked_because = models.CharField(max_length=300, blank=True)
    revoke_entry = models.BigIntegerField("ledger entry of the revocation", null=True, blank=True)

    class Meta(Numbered.Meta):
        verbose_name = "pre-authorisation"
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["model"], name="one_standing_pre_authorisation", condition=Q(state__in=["proposed", "approved"])
            ),
            models.CheckConstraint(
                name="pre_authorisation_decided_by_another",
                condition=Q(proposed_by__isnull=True)
                | Q(decided_by__isnull=True)
                | Q(state="withdrawn")
                | ~Q(proposed_by=F("decided_by")),
            ),
            models.CheckConstraint(
                name="pre_authorisation_says_when",
                condition=Q(state="proposed", decided_at__isnull=True)
                | Q(state__in=["approved", "declined", "withdrawn"], decided_at__isnull=False, revoked_at__isnull=True)
                | Q(state="revoked", decided_at__isnull=False, revoked_at__isnull=False),
            ),
            models.CheckConstraint(
                name="pre_authorisation_terms",
                condition=Q(safe_runs_needed__range=(1, 100), failures_revoke__range=(1, 20)),
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["review_due_at"], name="pre_authorisation_due", condition=Q(state="approved"))
        ]

    @property
    def display(self) -> str:
        return f"{self.number} {self.model.name}"

    def get_absolute_url(self) -> str:
        return f"{reverse('changes:model-detail', args=[self.model.code])}#standard"
