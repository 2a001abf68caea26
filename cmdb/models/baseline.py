"""Baselines: how some CIs stood at a moment, kept for ever as they were."""

from typing import ClassVar

import pghistory
import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from cmdb.models.ci import ConfigurationItem
from cmdb.models.relation import Relation
from cmdb.models.service import Service
from itsm.kernel.models import Numbered

UNCHANGED = pgtrigger.Protect(name="unchanged", operation=pgtrigger.Update | pgtrigger.Delete)


def sealed() -> pgtrigger.Trigger:
    """Content is written before its baseline, in one transaction; once that is there, nothing can be added."""
    return pgtrigger.Trigger(
        name="sealed",
        level=pgtrigger.Statement,
        when=pgtrigger.After,
        operation=pgtrigger.Insert,
        referencing=pgtrigger.Referencing(new="added"),
        func="""
            IF EXISTS (SELECT 1 FROM cmdb_baseline WHERE id IN (SELECT baseline_id FROM added)) THEN
                RAISE EXCEPTION 'pgtrigger: A baseline cannot be added to once it is taken';
            END IF;
            RETURN NULL;
        """,
    )


@pghistory.track(pghistory.InsertEvent())
class Baseline(Numbered):
    """A named picture of CIs with their attributes and relations; the database lets nobody alter it."""

    PREFIX = "BL"

    class Scope(models.TextChoices):
        SERVICE = "service", _("A service")
        QUERY = "query", _("What a filter found")
        RECORD = "record", _("What a change or release touches")

    name = models.CharField(max_length=200)
    scope = models.CharField(max_length=20, choices=Scope)
    service = models.ForeignKey(Service, null=True, blank=True, on_delete=models.PROTECT, related_name="baselines")
    query = models.TextField(blank=True, help_text="The filter of the list of CIs, as its address has it.")
    of_kind = models.CharField("kind of the record", max_length=60, blank=True)
    of_id = models.BigIntegerField("id of the record", null=True, blank=True)
    of_number = models.CharField("number of the record", max_length=40, blank=True)
    note = models.TextField(blank=True)
    automatic = models.BooleanField(default=False)
    taken_at = models.DateTimeField()
    taken_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    ci_count = models.PositiveIntegerField("CIs")
    relation_count = models.PositiveIntegerField("relations")

    class Meta(Numbered.Meta):
        constraints: ClassVar = [
            models.CheckConstraint(
                name="baseline_scope_is_named",
                condition=Q(scope="service", service__isnull=False)
                | Q(scope="query", service__isnull=True)
                | Q(scope="record", of_id__isnull=False),
            ),
            models.UniqueConstraint(
                fields=["of_kind", "of_id"], name="baseline_once_before_a_record", condition=Q(scope="record")
            ),
        ]
        triggers: ClassVar = [*Numbered.Meta.triggers, UNCHANGED]

    @property
    def display(self) -> str:
        return f"{self.number} {self.name}"

    def get_absolute_url(self) -> str:
        return reverse("cmdb:baseline-detail", args=[self.number])


class BaselineItem(models.Model):
    """A CI as it was; `state` says its fields, people and teams by name, and its attributes."""

    baseline = models.ForeignKey(Baseline, on_delete=models.PROTECT, related_name="items")
    ci = models.ForeignKey(ConfigurationItem, on_delete=models.DO_NOTHING, db_constraint=False, related_name="+")
    state = models.JSONField()

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["baseline", "ci"], name="baseline_has_a_ci_once")]
        triggers: ClassVar = [UNCHANGED, sealed()]

    def __str__(self) -> str:
        return f"CI-{self.ci_id} in {self.baseline_id}"


class BaselineRelation(models.Model):
    """A relation that one of the CIs had; the names are those of that moment."""

    baseline = models.ForeignKey(Baseline, on_delete=models.PROTECT, related_name="relations")
    source = models.ForeignKey(ConfigurationItem, on_delete=models.DO_NOTHING, db_constraint=False, related_name="+")
    type = models.CharField(max_length=20, choices=Relation.Type)
    target = models.ForeignKey(ConfigurationItem, on_delete=models.DO_NOTHING, db_constraint=False, related_name="+")
    source_name = models.CharField(max_length=200)
    target_name = models.CharField(max_length=200)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["baseline", "source", "type", "target"], name="baseline_has_a_relation_once"
            )
        ]
        triggers: ClassVar = [UNCHANGED, sealed()]

    def __str__(self) -> str:
        return f"{self.source_name} {self.get_type_display()} {self.target_name}"
