"""Relations that ought to be in the CMDB, because something that happened says so."""

from typing import ClassVar

import pghistory
from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from cmdb.models.ci import ConfigurationItem
from cmdb.models.relation import Relation
from itsm.kernel.lifecycle import Lifecycle
from itsm.kernel.models import Numbered


@pghistory.track()
class RelationProposal(Numbered):
    """`source type target` is missing, says the record that is its evidence; a person accepts or dismisses it."""

    PREFIX = "RLP"

    class State(models.TextChoices):
        OPEN = "open", _("Open")
        ACCEPTED = "accepted", _("Accepted")
        DISMISSED = "dismissed", _("Dismissed")

    LIFECYCLE = Lifecycle(
        "state",
        {
            State.OPEN: frozenset({State.ACCEPTED, State.DISMISSED}),
            State.ACCEPTED: frozenset(),
            State.DISMISSED: frozenset(),
        },
        path=(State.OPEN, State.ACCEPTED),
    )

    source = models.ForeignKey(ConfigurationItem, on_delete=models.CASCADE, related_name="+")
    type = models.CharField(max_length=20, choices=Relation.Type, default=Relation.Type.DEPENDS_ON)
    target = models.ForeignKey(ConfigurationItem, on_delete=models.CASCADE, related_name="+")
    evidence = models.CharField(max_length=40, help_text="The number of the record that shows it, such as INC-17.")
    why = models.TextField(help_text="What it shows, in words.")
    state = models.CharField(max_length=20, choices=State, default=State.OPEN)
    relation = models.ForeignKey(Relation, null=True, blank=True, on_delete=models.SET_NULL, related_name="proposals")
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    decided_at = models.DateTimeField(null=True, blank=True)
    reason = models.CharField(max_length=500, blank=True)

    class Meta(Numbered.Meta):
        verbose_name = "relation proposal"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["evidence", "source"], name="relation_proposed_once_by_its_evidence"),
            models.CheckConstraint(name="relation_proposed_to_another", condition=~Q(source=F("target"))),
            models.CheckConstraint(
                name="relation_proposal_decided_whole", condition=Q(state="open") ^ Q(decided_at__isnull=False)
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["state", "-id"], name="relation_proposal_by_state")]

    @property
    def sentence(self) -> str:
        return f"{self.source} {self.get_type_display()} {self.target}"

    @property
    def display(self) -> str:
        return f"{self.number} {self.sentence}"

    def get_absolute_url(self) -> str:
        return reverse("cmdb:relation-proposal-detail", args=[self.number])
