"""A change to a critical CI that waits until a second person accepts it."""

from typing import ClassVar

import pghistory
from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from cmdb.models.ci import ConfigurationItem
from itsm.kernel.lifecycle import Lifecycle
from itsm.kernel.models import Numbered


@pghistory.track()
class CIEdit(Numbered):
    """`changes` says of each field what it was when this was proposed and what it shall be: {field: [was, shall be]}.

    An attribute is a field of its own, `attributes.ram_gb`; other records stand there by their ids.
    """

    PREFIX = "EDT"

    class State(models.TextChoices):
        PROPOSED = "proposed", _("Proposed")
        ACCEPTED = "accepted", _("Accepted")
        SENT_BACK = "sent_back", _("Sent back")
        WITHDRAWN = "withdrawn", _("Withdrawn")

    LIFECYCLE = Lifecycle(
        "state",
        {
            State.PROPOSED: frozenset({State.ACCEPTED, State.SENT_BACK, State.WITHDRAWN}),
            State.ACCEPTED: frozenset(),
            State.SENT_BACK: frozenset(),
            State.WITHDRAWN: frozenset(),
        },
        path=(State.PROPOSED, State.ACCEPTED),
    )

    ci = models.ForeignKey(ConfigurationItem, on_delete=models.CASCADE, related_name="edits")
    changes = models.JSONField()
    reason = models.CharField(max_length=500, blank=True)
    state = models.CharField(max_length=20, choices=State, default=State.PROPOSED)
    proposed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    decided_at = models.DateTimeField(null=True)
    comment = models.CharField(max_length=500, blank=True)
    taken = models.JSONField(default=list, help_text="The fields that were changed when it was accepted.")

    class Meta(Numbered.Meta):
        verbose_name = "CI edit"
        constraints: ClassVar = [
            models.CheckConstraint(
                name="ci_edit_decided_by_another",
                condition=~Q(state__in=["accepted", "sent_back"])
                | (Q(decided_by__isnull=False, decided_at__isnull=False) & ~Q(decided_by=F("proposed_by"))),
            ),
            models.CheckConstraint(name="ci_edit_changes_something", condition=~Q(changes={})),
        ]
        indexes: ClassVar = [
            models.Index(fields=["created_at"], name="ci_edit_waiting", condition=Q(state="proposed")),
        ]

    @property
    def is_open(self) -> bool:
        return self.state == self.State.PROPOSED

    def get_absolute_url(self) -> str:
        return reverse("cmdb:ci-edit-detail", args=[self.number])
