"""How configuration items hang together."""

from typing import ClassVar

import pghistory
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from cmdb.models.ci import ConfigurationItem
from itsm.kernel.models import Record


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

    class Meta(Record.Meta):
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["source", "type", "target"], name="relation_once"),
            models.CheckConstraint(name="relation_to_another", condition=~Q(source=F("target"))),
        ]
        indexes: ClassVar = [models.Index(fields=["target", "type"], name="relation_by_target")]

    def __str__(self) -> str:
        return f"{self.source} {self.get_type_display()} {self.target}"
