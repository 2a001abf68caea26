"""Random samples: CIs drawn by lot, whose owners say whether the record is true."""

from typing import ClassVar

import pghistory
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from cmdb.models.ci import ConfigurationItem
from itsm.kernel.lifecycle import Lifecycle
from itsm.kernel.models import Numbered


@pghistory.track()
class Sample(Numbered):
    """CIs drawn by lot from those that a filter finds."""

    PREFIX = "SMP"

    class State(models.TextChoices):
        OPEN = "open", _("Asked")
        CLOSED = "closed", _("Closed")

    LIFECYCLE = Lifecycle(
        "state",
        {State.OPEN: frozenset({State.CLOSED}), State.CLOSED: frozenset()},
        path=(State.OPEN, State.CLOSED),
    )

    name = models.CharField(max_length=200)
    query = models.TextField("drawn from", blank=True, help_text="A filter of the list of CIs; empty: all live ones.")
    population = models.PositiveIntegerField(help_text="How many CIs there were to draw from.")
    due_on = models.DateField("answers by")
    drawn_at = models.DateTimeField()
    requested_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    state = models.CharField(max_length=20, choices=State, default=State.OPEN)
    closed_at = models.DateTimeField(null=True, blank=True)

    class Meta(Numbered.Meta):
        constraints: ClassVar = [
            models.CheckConstraint(
                name="sample_closed_at_some_time", condition=Q(state="open") | Q(closed_at__isnull=False)
            )
        ]

    @property
    def display(self) -> str:
        return f"{self.number} {self.name}"

    def get_absolute_url(self) -> str:
        return reverse("cmdb:sample-detail", args=[self.number])


@pghistory.track()
class SampledCI(Numbered):
    """One CI of a sample, and what whoever was asked says of its record."""

    PREFIX = "SCI"

    class Verdict(models.TextChoices):
        OPEN = "", _("Not answered")
        TRUE = "true", _("True")
        WRONG = "wrong", _("Wrong")

    sample = models.ForeignKey(Sample, on_delete=models.CASCADE, related_name="cis", db_index=False)
    ci = models.ForeignKey(ConfigurationItem, on_delete=models.PROTECT, related_name="sampled", verbose_name="CI")
    asked = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+", help_text="Who is to say."
    )
    verdict = models.CharField(max_length=10, choices=Verdict, default=Verdict.OPEN, blank=True)
    note = models.CharField("what is wrong", max_length=500, blank=True)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    answered_at = models.DateTimeField(null=True, blank=True)

    class Meta(Numbered.Meta):
        verbose_name = "sampled CI"
        verbose_name_plural = "sampled CIs"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["sample", "ci"], name="ci_once_in_a_sample"),
            models.CheckConstraint(
                name="sampled_ci_answered_at_some_time", condition=Q(verdict="") | Q(answered_at__isnull=False)
            ),
            models.CheckConstraint(name="sampled_ci_wrong_in_words", condition=~Q(verdict="wrong") | ~Q(note="")),
        ]
        indexes: ClassVar = [models.Index(fields=["asked"], name="sampled_ci_open", condition=Q(verdict=""))]

    @property
    def display(self) -> str:
        return f"{self.number} {self.ci}"

    def get_absolute_url(self) -> str:
        return reverse("cmdb:sampled-ci-answer", args=[self.number])
