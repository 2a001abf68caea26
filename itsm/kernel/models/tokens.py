"""Keys for the REST API."""

from datetime import datetime, timedelta
from typing import ClassVar, Self

import pghistory
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils import timezone

from itsm.kernel.actor import Actor
from itsm.kernel.models.people import User
from itsm.kernel.models.record import Record, RecordQuerySet
from itsm.kernel.scopes import EVERYTHING, Scope

# A request does not write each time: that it was used in this minute is all that is kept.
USE_NOTED_EVERY = timedelta(minutes=1)


class ApiTokenQuerySet(RecordQuerySet):
    def visible_to(self, actor: Actor) -> Self:
        """One's own."""
        return self.filter(user_id=actor.user_id) if actor.user_id else self.none()

    def valid(self) -> Self:
        return self.filter(Q(expires_at__isnull=True) | Q(expires_at__gt=Now()), revoked_at__isnull=True)


def everything() -> list[str]:
    return list(EVERYTHING)


# The digest is nobody's history, and use is no change.
@pghistory.track(exclude=["digest", "last_used_at", "revision", "updated_at"])
class ApiToken(Record):
    """A key for the REST API; only its SHA-256 is stored, the key itself is shown once."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="tokens")
    name = models.CharField(max_length=100)
    digest = models.CharField(max_length=64, unique=True)
    scopes = ArrayField(models.CharField(max_length=20, choices=Scope), default=everything)
    expires_at = models.DateTimeField(null=True, blank=True)
    last_used_at = models.DateTimeField(null=True, blank=True, editable=False)
    revoked_at = models.DateTimeField(null=True, blank=True, editable=False)
    objects = ApiTokenQuerySet.as_manager()

    class Meta(Record.Meta):
        constraints: ClassVar = [
            models.CheckConstraint(
                name="token_scopes_are_known", condition=Q(scopes__contained_by=[str(scope) for scope in Scope])
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} of {self.user}"

    @property
    def state(self) -> str:
        if self.revoked_at:
            return "revoked"
        return "expired" if self.expires_at and self.expires_at <= timezone.now() else "valid"

    def note_use(self, now: datetime) -> None:
        """Remember that it was used, if that is not known for this minute yet."""
        stale = now - USE_NOTED_EVERY
        if self.last_used_at is None or self.last_used_at <= stale:
            fresh = ApiToken.objects.filter(pk=self.pk).filter(Q(last_used_at=None) | Q(last_used_at__lte=stale))
            fresh.update(last_used_at=now)
