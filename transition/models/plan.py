"""How a service is brought into live use, and what it must do."""

from typing import ClassVar

import pghistory
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from changes.models import ChangeProposal
from cmdb.models import ConfigurationItem, Service
from itsm.kernel.models import Numbered
from itsm.kernel.searching import words_index


@pghistory.track()
class TransitionPlan(Numbered):
    """The plan of a service: by release packages, by streams, or both."""

    PREFIX = "PLN"

    class Style(models.TextChoices):
        PACKAGES = "packages", _("Packages")
        STREAMS = "streams", _("Streams")
        HYBRID = "hybrid", _("Hybrid")

    service = models.OneToOneField(Service, on_delete=models.PROTECT, related_name="plan")
    style = models.CharField(max_length=20, choices=Style, default=Style.HYBRID)
    strategy = models.TextField(blank=True)
    policy_name = models.CharField(max_length=120, blank=True, help_text="The policy for this service's deployments.")

    class Meta(Numbered.Meta):
        verbose_name = "transition plan"

    @property
    def display(self) -> str:
        return f"{self.number} {self.service.name}"

    def get_absolute_url(self) -> str:
        return reverse("transition:plan-detail", args=[self.number])


@pghistory.track()
class Requirement(Numbered):
    """Something the service must do (functional) or be (non-functional); a CI too, so that articles can describe it."""

    PREFIX = "REQ"

    class Kind(models.TextChoices):
        FUNCTIONAL = "functional", _("Functional")
        NON_FUNCTIONAL = "non_functional", _("Non-functional")

    class Status(models.TextChoices):
        OPEN = "open", _("Open")
        BUILT = "built", _("Built")
        DEPLOYED = "deployed", _("Deployed")
        WITHDRAWN = "withdrawn", _("Withdrawn")

    plan = models.ForeignKey(TransitionPlan, on_delete=models.PROTECT, related_name="requirements")
    ci = models.OneToOneField(ConfigurationItem, on_delete=models.PROTECT, related_name="requirement")
    code = models.CharField(max_length=40)
    text = models.TextField()
    kind = models.CharField(max_length=20, choices=Kind, default=Kind.FUNCTIONAL)
    priority = models.PositiveSmallIntegerField(default=3)
    status = models.CharField(max_length=20, choices=Status, default=Status.OPEN)
    proposal = models.ForeignKey(
        ChangeProposal, null=True, blank=True, on_delete=models.PROTECT, related_name="requirements"
    )
    source_document = models.ForeignKey(
        ConfigurationItem, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    built_at = models.DateTimeField(null=True, blank=True)
    deployed_at = models.DateTimeField(null=True, blank=True)

    class Meta(Numbered.Meta):
        constraints: ClassVar = [models.UniqueConstraint(fields=["plan", "code"], name="requirement_code_once")]
        indexes: ClassVar = [words_index("requirement_by_words", "code", "text")]

    @property
    def display(self) -> str:
        return f"{self.code} {self.text}"

    def get_absolute_url(self) -> str:
        return reverse("transition:requirement-detail", args=[self.number])
