"""How configuration items hang together."""

from typing import ClassVar

import pghistory
import pgtrigger
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from cmdb.models.ci import ConfigurationItem
from itsm.kernel.models import Record

GROUP_IS_OF_THE_CI_HIT = """
    IF NOT EXISTS (
        SELECT FROM cmdb_relationgroup g WHERE g.id = NEW.group_id AND (
            (NEW.type IN ('depends_on', 'runs_on', 'connects_to') AND g.ci_id = NEW.source_id)
            OR (NEW.type IN ('part_of', 'implements', 'connects_to') AND g.ci_id = NEW.target_id)
        )
    ) THEN
        RAISE EXCEPTION 'a relation group takes relations by which its own CI is hit' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
"""


@pghistory.track(pghistory.InsertEvent(), pghistory.UpdateEvent(), pghistory.DeleteEvent())
class Relation(Record):
    """`source type target`, read as a sentence: the shop *runs on* the server."""

    class Type(models.TextChoices):
        DEPENDS_ON = "depends_on", _("depends on")
        RUNS_ON = "runs_on", _("runs on")
        PART_OF = "part_of", _("is part of")
        CONNECTS_TO = "connects_to", _("connects to")
        DOCUMENTS = "documents", _("documents")
        DESCRIBES = "describes", _("describes")
        IMPLEMENTS = "implements", _("implements")

    # Which way impact runs: against the arrow (what I depend on breaks me), along it, or both ways.
    # Documents and articles neither break anything nor are broken.
    IMPACT_AGAINST = (Type.DEPENDS_ON, Type.RUNS_ON, Type.CONNECTS_TO)
    IMPACT_ALONG = (Type.PART_OF, Type.IMPLEMENTS, Type.CONNECTS_TO)

    source = models.ForeignKey(ConfigurationItem, on_delete=models.CASCADE, related_name="relations_out")
    type = models.CharField(max_length=20, choices=Type)
    target = models.ForeignKey(ConfigurationItem, on_delete=models.CASCADE, related_name="relations_in")
    told_by = ArrayField(
        models.CharField(max_length=60), default=list, db_default=[], blank=True, editable=False,
        help_text="The sources that say so; none where a person did.",
    )  # fmt: skip
    group = models.ForeignKey(
        "RelationGroup", null=True, blank=True, on_delete=models.SET_NULL, related_name="relations", db_index=False
    )

    class Meta(Record.Meta):
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["source", "type", "target"], name="relation_once"),
            models.UniqueConstraint(
                fields=["group", "source", "target"],
                name="relation_group_member_once",
                condition=Q(group__isnull=False),
            ),
            models.CheckConstraint(name="relation_to_another", condition=~Q(source=F("target"))),
        ]
        indexes: ClassVar = [
            models.Index(fields=["target", "type"], name="relation_by_target"),
            models.Index(fields=["target"], name="relation_grouped_by_target", condition=Q(group__isnull=False)),
            models.Index(fields=["source"], name="relation_grouped_by_source", condition=Q(group__isnull=False)),
        ]
        triggers: ClassVar = [
            *Record.Meta.triggers,
            pgtrigger.Trigger(
                name="group_is_of_the_ci_hit",
                operation=pgtrigger.Insert | pgtrigger.Update,
                when=pgtrigger.Before,
                condition=pgtrigger.Q(new__group__isnull=False),
                func=GROUP_IS_OF_THE_CI_HIT,
            ),
        ]

    def __str__(self) -> str:
        return f"{self.source} {self.get_type_display()} {self.target}"

    def hitter_of(self, ci_id: int) -> int | None:
        """The CI whose failure hits this one through the relation; None where none does."""
        if self.source_id == ci_id and self.type in self.IMPACT_AGAINST:
            return self.target_id
        if self.target_id == ci_id and self.type in self.IMPACT_ALONG:
            return self.source_id
        return None


@pghistory.track()
class RelationGroup(Record):
    """Redundancy: of what the CI hangs on through these relations, it needs only so many to be up."""

    ci = models.ForeignKey(ConfigurationItem, on_delete=models.CASCADE, related_name="relation_groups")
    name = models.CharField(max_length=100)
    needs = models.PositiveSmallIntegerField()

    class Meta(Record.Meta):
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["ci", "name"], name="relation_group_named_once"),
            models.CheckConstraint(name="relation_group_needs_one", condition=Q(needs__gte=1)),
        ]
        triggers: ClassVar = [
            *Record.Meta.triggers,
            pgtrigger.Protect(
                name="group_keeps_its_ci",
                operation=pgtrigger.Update,
                condition=pgtrigger.Q(old__ci__df=pgtrigger.F("new__ci")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} of {self.ci}"
