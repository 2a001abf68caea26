"""What one stream delivered and the next has to follow up on."""

from typing import ClassVar

import pghistory
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from cmdb.models import ConfigurationItem
from itsm.kernel.models import Numbered
from transition.models.stream import DeliveryStream


@pghistory.track()
class Need(Numbered):
    """Something live that a stream must follow up on: an article to be written, an acceptance to be held.

    It follows from the hand-overs of the streams and from what is so; nobody writes one (see operations.handoffs).
    """

    PREFIX = "NED"

    class State(models.TextChoices):
        OPEN = "open", _("Open")
        MET = "met", _("Met")
        VOID = "void", _("No longer needed")

    stream = models.ForeignKey(DeliveryStream, on_delete=models.CASCADE, related_name="needs", db_index=False)
    fed_by = models.ForeignKey(DeliveryStream, on_delete=models.CASCADE, related_name="handed_over")
    ci = models.ForeignKey(ConfigurationItem, on_delete=models.CASCADE, related_name="needs")
    arisen_at = models.DateTimeField()
    due = models.DateField(null=True, blank=True, help_text="Empty: nothing was agreed.")
    state = models.CharField(max_length=10, choices=State, default=State.OPEN)
    ended_at = models.DateTimeField(null=True, blank=True)
    escalated_at = models.DateTimeField(null=True, blank=True)

    class Meta(Numbered.Meta):
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["stream", "ci"], name="need_open_once", condition=Q(state="open")),
            models.CheckConstraint(
                name="need_ends_when_closed",
                condition=Q(state="open", ended_at__isnull=True) | (~Q(state="open") & Q(ended_at__gte=F("arisen_at"))),
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["stream", "arisen_at"], name="need_of_a_stream"),
            models.Index(fields=["due"], name="need_to_escalate", condition=Q(state="open", escalated_at__isnull=True)),
        ]

    @property
    def display(self) -> str:
        return f"{self.get_what()} for {self.ci.name}"

    def get_what(self) -> str:
        """What has to be delivered, by the kind of the stream."""
        return {"knowledge": "Article", "acceptance_test": "Acceptance"}.get(self.stream.kind, "Run")

    @property
    def late_days(self) -> int:
        """How many days it is past its day."""
        if self.state != self.State.OPEN or self.due is None:
            return 0
        return max((timezone.localdate() - self.due).days, 0)

    def get_absolute_url(self) -> str:
        return f"{self.stream.get_absolute_url()}#needs"
