"""Authority to deploy without a person, earned by a record and lost with it."""

from typing import ClassVar

import pghistory
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from changes.models import ChangeModel
from itsm.kernel.lifecycle import Lifecycle
from itsm.kernel.models import Numbered
from transition.models.stream import DeliveryStream


@pghistory.track()
class Devolution(Numbered):
    """For one stream, change model and criticality: on which terms the pipeline decides alone, and whether it does.

    The terms are held against the measured record at each request; the first request at which they do not hold
    revokes it, and only a person grants it anew.
    """

    PREFIX = "DEV"

    class State(models.TextChoices):
        GRANTED = "granted", _("Granted")
        REVOKED = "revoked", _("Revoked")

    LIFECYCLE = Lifecycle(
        "state",
        {State.GRANTED: frozenset({State.REVOKED}), State.REVOKED: frozenset()},
        path=(State.GRANTED,),
    )

    stream = models.ForeignKey(DeliveryStream, on_delete=models.PROTECT, related_name="devolutions")
    change_model = models.ForeignKey(ChangeModel, on_delete=models.PROTECT, related_name="devolutions")
    criticality = models.PositiveSmallIntegerField()
    days = models.PositiveSmallIntegerField("record over (days)", default=30)
    min_deployments = models.PositiveSmallIntegerField("at least so many deployments", default=5)
    max_failed_percent = models.DecimalField(
        "at most failed (%)", max_digits=4, decimal_places=1, default=15
    )  # fmt: skip
    state = models.CharField(max_length=20, choices=State, default=State.GRANTED)
    granted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    granted_at = models.DateTimeField()
    granted_on = models.JSONField(default=dict, help_text="The record's figures when it was granted.")
    grant_entry = models.BigIntegerField("ledger entry of the grant")
    revoked_at = models.DateTimeField(null=True, blank=True)
    revoked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    revoked_because = models.CharField(max_length=300, blank=True)
    revoke_entry = models.BigIntegerField("ledger entry of the revocation", null=True, blank=True)

    class Meta(Numbered.Meta):
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["stream", "change_model", "criticality"],
                name="one_standing_devolution",
                condition=Q(state="granted"),
            ),
            models.CheckConstraint(
                name="revoked_devolution_says_when",
                condition=Q(state="granted", revoked_at__isnull=True) | Q(state="revoked", revoked_at__isnull=False),
            ),
            models.CheckConstraint(
                name="devolution_terms", condition=Q(days__gte=1, min_deployments__gte=1, max_failed_percent__lte=100)
            ),
        ]

    @property
    def display(self) -> str:
        return f"{self.number} {self.stream}"

    @property
    def terms(self) -> str:
        return (
            f"at least {self.min_deployments} deployments in {self.days} days, at most "
            f"{self.max_failed_percent:g} % of them failed, none without asking"
        )

    def get_absolute_url(self) -> str:
        return f"{reverse('transition:stream-detail', args=[self.stream.number])}#devolution"
