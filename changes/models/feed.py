"""Addresses under which calendars of other programs read what is planned."""

import hashlib
from typing import ClassVar, Self

import pghistory
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse

from cmdb.models import Service
from itsm.kernel.actor import Actor
from itsm.kernel.models import Record, Team
from itsm.kernel.models.record import RecordQuerySet


def digest_of(key: str) -> str:
    return hashlib.sha256(key.encode()).hexdigest()


def address_of(key: str) -> str:
    """What is given to another program; whoever has it reads."""
    return f"{settings.SITE_URL}{reverse('changes:calendar-feed', args=[key])}"


class CalendarFeedQuerySet(RecordQuerySet):
    def visible_to(self, actor: Actor) -> Self:
        """One's own."""
        return self.filter(user_id=actor.user_id) if actor.user_id else self.none()


# The digest is nobody's history, and that it is read is no change.
@pghistory.track(exclude=["digest", "read_at", "revision", "updated_at"])
class CalendarFeed(Record):
    """A secret address that shows its owner's changes, or those of a service or team, as the owner may see them.

    Only the SHA-256 of the key in the address is stored; the address itself is shown once.
    """

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="calendar_feeds")
    service = models.ForeignKey(Service, null=True, blank=True, on_delete=models.CASCADE, related_name="+")
    team = models.ForeignKey(Team, null=True, blank=True, on_delete=models.CASCADE, related_name="+")
    digest = models.CharField(max_length=64, unique=True)
    read_at = models.DateTimeField("last read", null=True, blank=True, editable=False)
    revoked_at = models.DateTimeField("revoked", null=True, blank=True, editable=False)
    objects = CalendarFeedQuerySet.as_manager()

    class Meta(Record.Meta):
        constraints: ClassVar = [
            models.CheckConstraint(name="feed_of_one_thing", condition=Q(service__isnull=True) | Q(team__isnull=True))
        ]

    def __str__(self) -> str:
        return f"Calendar of {self.about}"

    @property
    def about(self) -> str:
        return str(self.service or self.team or self.user)

    @property
    def state(self) -> str:
        return "revoked" if self.revoked_at else "in use"
