"""Release packages: dated bundles, and the items that packages and streams deliver."""

from datetime import date, timedelta
from typing import ClassVar

import pghistory
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from cmdb.models import ConfigurationItem
from itsm.kernel.lifecycle import Lifecycle
from itsm.kernel.models import Numbered, Record
from itsm.kernel.searching import words_index
from knowledge.models import Article
from transition.models.plan import Requirement, TransitionPlan


@pghistory.track()
class ReleasePackage(Numbered):
    """A delivery with a target date T; its items fall due at offsets from T."""

    PREFIX = "REL"

    class State(models.TextChoices):
        PLANNED = "planned", _("Planned")
        BUILDING = "building", _("Building")
        ACCEPTED = "accepted", _("Accepted")
        DEPLOYED = "deployed", _("Deployed")
        EARLY_LIFE = "early_life", _("Early life")
        CLOSED = "closed", _("Closed")
        CANCELLED = "cancelled", _("Cancelled")

    LIFECYCLE = Lifecycle(
        "state",
        {
            State.PLANNED: frozenset({State.BUILDING, State.CANCELLED}),
            State.BUILDING: frozenset({State.ACCEPTED, State.CANCELLED}),
            State.ACCEPTED: frozenset({State.DEPLOYED, State.BUILDING, State.CANCELLED}),
            State.DEPLOYED: frozenset({State.EARLY_LIFE}),
            State.EARLY_LIFE: frozenset({State.CLOSED}),
            State.CLOSED: frozenset(),
            State.CANCELLED: frozenset(),
        },
        path=(State.PLANNED, State.BUILDING, State.ACCEPTED, State.DEPLOYED, State.EARLY_LIFE, State.CLOSED),
    )

    plan = models.ForeignKey(TransitionPlan, on_delete=models.PROTECT, related_name="packages")
    ordinal = models.PositiveSmallIntegerField()
    name = models.CharField(max_length=200)
    target_date = models.DateField()
    els_days = models.PositiveSmallIntegerField("early life support (days)", default=5)
    state = models.CharField(max_length=20, choices=State, default=State.PLANNED)
    deployed_at = models.DateTimeField(null=True, blank=True)
    sliced_from = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="slices")

    class Meta(Numbered.Meta):
        verbose_name = "release package"
        constraints: ClassVar = [models.UniqueConstraint(fields=["plan", "ordinal"], name="package_ordinal_once")]
        indexes: ClassVar = [words_index("package_by_words", "name")]

    @property
    def display(self) -> str:
        return f"{self.number} {self.name}"

    @property
    def els_until(self) -> date:
        """The last day of early life support, counted from deployment (planned: from the target)."""
        start = self.deployed_at.date() if self.deployed_at else self.target_date
        return start + timedelta(days=self.els_days)

    def get_absolute_url(self) -> str:
        return reverse("transition:package-detail", args=[self.number])


@pghistory.track()
class NonFunctionalTarget(Record):
    """How much of a non-functional requirement this delivery must reach, and what was measured."""

    package = models.ForeignKey(ReleasePackage, on_delete=models.CASCADE, related_name="nfr_targets")
    requirement = models.ForeignKey(Requirement, on_delete=models.PROTECT, related_name="targets")
    target_percent = models.DecimalField(max_digits=5, decimal_places=2)
    attained_percent = models.DecimalField(max_digits=5, decimal_places=2, null=True, blank=True)

    class Meta(Record.Meta):
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["package", "requirement"], name="one_target_a_package"),
            models.CheckConstraint(name="target_is_a_percentage", condition=Q(target_percent__range=(0, 100))),
        ]

    def __str__(self) -> str:
        return f"{self.requirement.code}: {self.target_percent} %"


@pghistory.track()
class DeliveryItem(Numbered):
    """Something to deliver, by a package (due at an offset from T) or by a stream (due in a period)."""

    PREFIX = "ITM"

    class Kind(models.TextChoices):
        CODE = "code", _("Code")
        KNOWLEDGE = "knowledge", _("Knowledge")
        ACCEPTANCE_TEST = "acceptance_test", _("Acceptance test")
        HARDWARE = "hardware", _("Hardware")
        DOCUMENT = "document", _("Document")
        BRIEFING = "briefing", _("Briefing")
        TRAINING = "training", _("Training")
        NFR = "nfr", _("Non-functional target")

    class State(models.TextChoices):
        PLANNED = "planned", _("Planned")
        IN_WORK = "in_work", _("In work")
        DONE = "done", _("Done")
        DROPPED = "dropped", _("Dropped")

    LIFECYCLE = Lifecycle(
        "state",
        {
            State.PLANNED: frozenset({State.IN_WORK, State.DONE, State.DROPPED}),
            State.IN_WORK: frozenset({State.DONE, State.DROPPED}),
            State.DONE: frozenset(),
            State.DROPPED: frozenset(),
        },
        path=(State.PLANNED, State.IN_WORK, State.DONE),
    )

    kind = models.CharField(max_length=20, choices=Kind)
    title = models.CharField(max_length=200)
    package = models.ForeignKey(ReleasePackage, null=True, blank=True, on_delete=models.PROTECT, related_name="items")
    stream = models.ForeignKey(
        "transition.DeliveryStream", null=True, blank=True, on_delete=models.PROTECT, related_name="items"
    )
    requirement = models.ForeignKey(Requirement, null=True, blank=True, on_delete=models.PROTECT, related_name="items")
    ci = models.ForeignKey(ConfigurationItem, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    article = models.ForeignKey(Article, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    offset_days = models.SmallIntegerField(
        "offset from T (days)", default=0, help_text="-21 is three weeks before the target."
    )
    state = models.CharField(max_length=20, choices=State, default=State.PLANNED)
    done_at = models.DateTimeField(null=True, blank=True)
    done_in = models.ForeignKey(
        "transition.StreamRun", null=True, blank=True, on_delete=models.SET_NULL, related_name="items"
    )

    class Meta(Numbered.Meta):
        verbose_name = "delivery item"
        constraints: ClassVar = [
            models.CheckConstraint(
                name="item_in_a_package_or_a_stream",
                condition=Q(package__isnull=False, stream__isnull=True) | Q(package__isnull=True, stream__isnull=False),
            )
        ]

    @property
    def display(self) -> str:
        return self.title

    @property
    def due(self) -> date | None:
        """From the package's target and the offset, so that it moves with the target."""
        return self.package.target_date + timedelta(days=self.offset_days) if self.package else None

    def get_absolute_url(self) -> str:
        return (self.package or self.stream).get_absolute_url()  # type: ignore[union-attr]
