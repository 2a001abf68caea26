"""Who says what of a CI, whose word counts, and where sources disagree."""

from typing import ClassVar

import pghistory
from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from cmdb.models.ci import CIClass, ConfigurationItem
from itsm.kernel.lifecycle import Lifecycle
from itsm.kernel.models import Numbered, Record

PEOPLE = "people"
# What a source can say of a CI, besides `attributes.<name>`.
FIELDS = {
    "name": _("Name"),
    "ci_class": _("Class"),
    "environment": _("Environment"),
    "status": _("Status"),
    "version": _("Version"),
    "owner": _("Owner"),
    "support_team": _("Support team"),
    "criticality": _("Criticality"),
}
ATTRIBUTE = "attributes."


def label_of(field: str) -> str:
    """Of a field as it is; `queries.labels` knows what the classes call an attribute."""
    if field == "external_keys":
        return "Known elsewhere as"
    return str(FIELDS.get(field) or capfirst(field.removeprefix(ATTRIBUTE).replace("_", " ")))


class TypedValue(models.Model):
    """What somebody last typed of a CI by hand: the word of the source `people`."""

    ci = models.ForeignKey(ConfigurationItem, on_delete=models.CASCADE, related_name="typed_values", db_index=False)
    field = models.CharField(max_length=200)
    value = models.JSONField(null=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["ci", "field"], name="typed_value_once")]

    def __str__(self) -> str:
        return f"{self.field} of {self.ci_id}"


@pghistory.track(pghistory.InsertEvent(), pghistory.UpdateEvent(), pghistory.DeleteEvent())
class SourcePrecedence(Record):
    """Whose word counts for a field: of one CI, of a class with those below it, or of all.

    The nearest rule holds, and one for the field before one for all fields. Sources that it does not name come after
    those it names.
    """

    ci = models.ForeignKey(
        ConfigurationItem, null=True, blank=True, on_delete=models.CASCADE, related_name="precedences"
    )
    ci_class = models.ForeignKey(
        CIClass, null=True, blank=True, on_delete=models.CASCADE, related_name="precedences", verbose_name="class"
    )
    field = models.CharField(
        max_length=200, blank=True, help_text="Such as version, or attributes.ram_gb; left empty: all fields."
    )
    sources = ArrayField(
        models.CharField(max_length=60), help_text="The first that says something counts. `people`: typed by hand."
    )

    class Meta(Record.Meta):
        verbose_name = "rule of precedence"
        verbose_name_plural = "rules of precedence"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["ci", "ci_class", "field"], name="precedence_once", nulls_distinct=False),
            models.CheckConstraint(
                name="precedence_of_one_or_a_class", condition=Q(ci__isnull=True) | Q(ci_class__isnull=True)
            ),
            models.CheckConstraint(name="precedence_names_sources", condition=~Q(sources=[])),
        ]

    def __str__(self) -> str:
        return f"{self.field_label} of {self.scope}: {self.order}"

    @property
    def ref(self) -> str:
        return str(self.pk)

    @property
    def scope(self) -> str:
        return str(self.ci or (f"every {self.ci_class}" if self.ci_class else "every CI"))

    @property
    def field_label(self) -> str:
        return label_of(self.field) if self.field else "All fields"

    @property
    def order(self) -> str:
        return " before ".join(self.sources)

    def get_absolute_url(self) -> str:
        return reverse("cmdb:precedence-edit", args=[self.pk])


@pghistory.track()
class Conflict(Numbered):
    """Sources say different things of one field of a CI, and no rule says whose word counts."""

    PREFIX = "CFL"

    class State(models.TextChoices):
        OPEN = "open", _("Open")
        DECIDED = "decided", _("Decided")
        AGREED = "agreed", _("They agree by now")

    LIFECYCLE = Lifecycle(
        "state",
        {
            State.OPEN: frozenset({State.DECIDED, State.AGREED}),
            State.DECIDED: frozenset({State.OPEN}),
            State.AGREED: frozenset({State.OPEN}),
        },
        path=(State.OPEN, State.DECIDED),
    )

    ci = models.ForeignKey(ConfigurationItem, on_delete=models.CASCADE, related_name="conflicts", db_index=False)
    field = models.CharField(max_length=200)
    words = models.JSONField(help_text="Source → what it says.")
    state = models.CharField(max_length=10, choices=State, default=State.OPEN)
    chosen = models.JSONField(null=True, blank=True, help_text="The value that was decided on.")
    source = models.CharField(max_length=60, blank=True, help_text="The source whose word was decided on.")
    precedence = models.ForeignKey(
        SourcePrecedence, null=True, blank=True, on_delete=models.SET_NULL, related_name="conflicts",
        verbose_name="rule",
    )  # fmt: skip
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    decided_at = models.DateTimeField(null=True, blank=True)
    reason = models.CharField(max_length=500, blank=True)

    class Meta(Numbered.Meta):
        verbose_name = "conflict"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["ci", "field"], name="conflict_once"),
            models.CheckConstraint(
                name="conflict_decided_whole", condition=~Q(state="decided") | Q(decided_at__isnull=False)
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["state", "-id"], name="conflict_by_state")]

    @property
    def field_label(self) -> str:
        return label_of(self.field)

    @property
    def display(self) -> str:
        return f"{self.number} {self.field_label} of {self.ci}"

    def get_absolute_url(self) -> str:
        return reverse("cmdb:conflict-detail", args=[self.number])
