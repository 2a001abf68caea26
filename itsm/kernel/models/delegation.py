"""Who stands in for whom, in which role and until when."""

from datetime import datetime
from typing import ClassVar, Self

import pghistory
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from itsm.kernel.actor import Actor
from itsm.kernel.models.people import User
from itsm.kernel.models.record import Numbered, RecordQuerySet
from itsm.kernel.roles import Role


class DelegationQuerySet(RecordQuerySet):
    def visible_to(self, actor: Actor) -> Self:
        """One's own, given or taken; an administrator sees all."""
        if actor.is_admin or actor.is_system:
            return self
        return self.filter(Q(giver_id=actor.user_id) | Q(taker_id=actor.user_id)) if actor.user_id else self.none()

    def current(self, at: datetime | None = None) -> Self:
        at = at or timezone.now()
        return self.filter(since__lte=at, until__gt=at, ended_at__isnull=True)


@pghistory.track()
class Delegation(Numbered):
    """A role lent for a while: the taker may do what the giver may in it, and what is decided names the giver.

    Only what the giver holds of the role at that moment is lent, and what was lent cannot be lent on.
    """

    PREFIX = "DLG"

    class State(models.TextChoices):
        PLANNED = "planned", _("Planned")
        CURRENT = "current", _("In force")
        ENDED = "ended", _("Ended")

    giver = models.ForeignKey(User, on_delete=models.PROTECT, related_name="lent")
    taker = models.ForeignKey(User, on_delete=models.PROTECT, related_name="borrowed")
    role = models.CharField(max_length=40, choices=Role)
    since = models.DateTimeField()
    until = models.DateTimeField()
    reason = models.CharField(max_length=200)
    ended_at = models.DateTimeField(null=True, blank=True)
    objects = DelegationQuerySet.as_manager()

    class Meta(Numbered.Meta):
        constraints: ClassVar = [
            models.CheckConstraint(name="delegation_until_after_since", condition=Q(until__gt=F("since"))),
            models.CheckConstraint(name="delegation_to_another", condition=~Q(giver=F("taker"))),
        ]
        indexes: ClassVar = [
            models.Index(fields=["taker", "until"], name="delegation_taken", condition=Q(ended_at__isnull=True))
        ]

    @property
    def state(self) -> str:
        now = timezone.now()
        if self.ended_at or self.until <= now:
            return str(self.State.ENDED)
        return str(self.State.PLANNED if self.since > now else self.State.CURRENT)

    @property
    def display(self) -> str:
        return f"{self.taker} for {self.giver} as {self.get_role_display()}"

    def get_absolute_url(self) -> str:
        return reverse("delegations")
