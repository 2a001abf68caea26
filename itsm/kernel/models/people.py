"""Users, teams and the roles they hold."""

from datetime import datetime
from typing import ClassVar, Self

import pghistory
from django.contrib.auth.models import AbstractUser
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils import timezone

from itsm.kernel.models.record import Record, RecordQuerySet
from itsm.kernel.roles import Role


class User(AbstractUser):
    """A person, or a machine account that uses the API but never the pages."""

    is_machine = models.BooleanField(default=False, help_text="Uses the API only; cannot sign in to pages.")
    time_zone = models.CharField(max_length=63, blank=True, help_text="IANA name; empty for the site's own.")

    def __str__(self) -> str:
        return self.get_full_name() or self.username


@pghistory.track()
class Team(Record):
    name = models.CharField(max_length=100, unique=True)
    members = models.ManyToManyField(User, related_name="teams", blank=True)
    lead = models.ForeignKey(User, null=True, blank=True, on_delete=models.PROTECT, related_name="leads")

    def __str__(self) -> str:
        return self.name


class RoleAssignmentQuerySet(RecordQuerySet):
    def current(self, at: datetime | None = None) -> Self:
        at = at or timezone.now()
        return self.filter(since__lte=at).filter(Q(until__isnull=True) | Q(until__gt=at))

    def held_by(self, user: User, at: datetime | None = None) -> Self:
        """The user's own assignments and those of the user's teams, as they stand."""
        return self.current(at).filter(Q(user=user) | Q(team__members=user))


@pghistory.track()
class RoleAssignment(Record):
    """A role held by a user or a team, everywhere or for one service, from–until.

    `service_id` is the id of a service. The kernel knows no services: the app that
    has them adds the foreign key to this column in its own migration.
    """

    role = models.CharField(max_length=40, choices=Role)
    user = models.ForeignKey(User, null=True, blank=True, on_delete=models.CASCADE, related_name="assignments")
    team = models.ForeignKey(Team, null=True, blank=True, on_delete=models.CASCADE, related_name="assignments")
    service_id = models.BigIntegerField(null=True, blank=True)
    since = models.DateTimeField(db_default=Now())
    until = models.DateTimeField(null=True, blank=True)
    objects = RoleAssignmentQuerySet.as_manager()

    class Meta(Record.Meta):
        constraints: ClassVar = [
            models.CheckConstraint(
                name="role_of_a_user_or_a_team",
                condition=Q(user__isnull=True, team__isnull=False) | Q(user__isnull=False, team__isnull=True),
            ),
            models.CheckConstraint(
                name="role_until_after_since", condition=Q(until__isnull=True) | Q(until__gt=F("since"))
            ),
            models.UniqueConstraint(
                fields=["role", "user", "team", "service_id"], name="role_assigned_once", nulls_distinct=False
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user or self.team}: {self.get_role_display()}"
