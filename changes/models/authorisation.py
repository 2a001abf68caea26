"""Who must authorise a change, by which policy, and what they decided."""

from datetime import timedelta
from typing import ClassVar

import pghistory
import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from changes.models.request import ChangeRequest
from itsm.kernel.lifecycle import Lifecycle
from itsm.kernel.models import Numbered
from itsm.kernel.roles import Role


@pghistory.track()
class Policy(Numbered):
    """Ordered rules: on which conditions which authorisations are needed. A version in force never changes.

    `rules` is a list of {name, when: {field: value or list}, require: [{role, quorum}]} or
    {…, devolve: [{kind, …}]} for the pipeline; the first rule whose conditions all hold decides.
    """

    PREFIX = "POL"

    class State(models.TextChoices):
        DRAFT = "draft", _("Draft")
        IN_FORCE = "in_force", _("In force")
        RETIRED = "retired", _("Retired")

    LIFECYCLE = Lifecycle(
        "state",
        {
            State.DRAFT: frozenset({State.IN_FORCE}),
            State.IN_FORCE: frozenset({State.RETIRED}),
            State.RETIRED: frozenset(),
        },
        path=(State.DRAFT, State.IN_FORCE, State.RETIRED),
    )

    name = models.SlugField(max_length=120)
    title = models.CharField(max_length=200)
    version = models.PositiveIntegerField()
    state = models.CharField(max_length=20, choices=State, default=State.DRAFT)
    rules = models.JSONField(default=list)
    drafted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    enforced_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    in_force_since = models.DateTimeField(null=True, blank=True)
    retired_at = models.DateTimeField(null=True, blank=True)

    class Meta(Numbered.Meta):
        verbose_name = "policy"
        verbose_name_plural = "policies"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["name", "version"], name="policy_version_once"),
            models.UniqueConstraint(fields=["name"], name="one_version_in_force", condition=Q(state="in_force")),
            models.CheckConstraint(
                name="policy_enforced_by_another",
                condition=Q(drafted_by__isnull=True) | Q(enforced_by__isnull=True) | ~Q(drafted_by=F("enforced_by")),
            ),
        ]
        triggers: ClassVar = [
            *Numbered.Meta.triggers,
            pgtrigger.Protect(
                name="rules_in_force_stay",
                operation=pgtrigger.Update,
                condition=pgtrigger.Q(old__state__in=["in_force", "retired"], old__rules__df=pgtrigger.F("new__rules")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.title} v{self.version}"

    def get_absolute_url(self) -> str:
        return reverse("changes:policy-detail", args=[self.number])


@pghistory.track()
class Authorisation(Numbered):
    """An authority that a policy asks for at a point of a change's life, and where its decision stands.

    `fingerprint` is of the plan, CIs and window that are decided about; if one of them
    changes, a given authorisation falls (state `fallen`) and a new one is asked for.
    """

    PREFIX = "AUT"

    class Point(models.TextChoices):
        BUILD = "build", _("to build and test")
        DEPLOY = "deploy", _("to deploy")

    class State(models.TextChoices):
        PENDING = "pending", _("Pending")
        AUTHORISED = "authorised", _("Authorised")
        REJECTED = "rejected", _("Rejected")
        MORE_INFORMATION = "more_information", _("More information asked")
        FALLEN = "fallen", _("Fallen")

    OPEN: ClassVar = (State.PENDING, State.MORE_INFORMATION)

    change = models.ForeignKey(ChangeRequest, on_delete=models.CASCADE, related_name="authorisations")
    point = models.CharField(max_length=20, choices=Point, default=Point.DEPLOY)
    role = models.CharField(max_length=40, choices=Role)
    quorum = models.PositiveSmallIntegerField(default=1)
    state = models.CharField(max_length=20, choices=State, default=State.PENDING)
    policy = models.ForeignKey(Policy, on_delete=models.PROTECT, related_name="authorisations")
    rule = models.CharField(max_length=200, help_text="The policy's rule that asks for it.")
    fingerprint = models.CharField(max_length=64)
    asked_at = models.DateTimeField()
    due_at = models.DateTimeField(null=True, blank=True, help_text="Until when the policy wants an answer.")
    paused_at = models.DateTimeField(null=True, blank=True, help_text="Since when an answer to a question is awaited.")
    paused_for = models.DurationField(default=timedelta(), db_default=timedelta(), help_text="In all, until now.")
    escalated_at = models.DateTimeField(null=True, blank=True, help_text="When it was said that it is overdue.")
    decided_at = models.DateTimeField(null=True, blank=True)
    fell_because = models.CharField(
        max_length=500, blank=True, default="", db_default="", help_text="What made it fall, such as a moved window."
    )

    class Meta(Numbered.Meta):
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["change", "point", "role"],
                name="one_open_authorisation_of_a_role",
                condition=~Q(state="fallen"),
            ),
            models.CheckConstraint(name="authorisation_quorum", condition=Q(quorum__gte=1)),
        ]
        indexes: ClassVar = [
            models.Index(fields=["state", "role"], name="authorisation_waiting"),
            models.Index(
                fields=["due_at"],
                name="authorisation_is_due",
                condition=Q(state="pending", escalated_at__isnull=True, due_at__isnull=False),
            ),
        ]

    @property
    def display(self) -> str:
        return f"{self.get_role_display()} {self.get_point_display()} {self.change.number}"

    @property
    def heard(self) -> set[int]:
        """Who has decided it, or in whose name somebody has."""
        final = self.decisions.filter(verdict__in=["authorised", "rejected"])
        return {who for said in final.values_list("by_id", "on_behalf_of_id") for who in said if who is not None}

    def get_absolute_url(self) -> str:
        return self.change.get_absolute_url()


class Decision(models.Model):
    """One person's decision on an authorisation; a person decides once, by themselves or through who stands in."""

    class Verdict(models.TextChoices):
        AUTHORISED = "authorised", _("Authorised")
        REJECTED = "rejected", _("Rejected")
        MORE_INFORMATION = "more_information", _("More information")
        ANSWERED = "answered", _("Answered")

    # What counts as a voice; the others only talk.
    FINAL: ClassVar = (Verdict.AUTHORISED, Verdict.REJECTED)

    authorisation = models.ForeignKey(Authorisation, on_delete=models.CASCADE, related_name="decisions")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="decisions")
    on_behalf_of = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="decisions_by_others"
    )
    verdict = models.CharField(max_length=20, choices=Verdict)
    comment = models.TextField(blank=True)
    at = models.DateTimeField()
    ledger_sequence = models.BigIntegerField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["authorisation", "by"],
                name="a_person_decides_once",
                condition=Q(verdict__in=["authorised", "rejected"]),
            ),
            models.UniqueConstraint(
                F("authorisation"),
                Coalesce("on_behalf_of", "by"),
                name="a_voice_is_heard_once",
                condition=Q(verdict__in=["authorised", "rejected"]),
            ),
        ]
        triggers: ClassVar = [pgtrigger.Protect(name="decisions_stay", operation=pgtrigger.Update)]

    def __str__(self) -> str:
        return f"{self.by}: {self.verdict}"
