"""Users, teams and the roles they hold."""

from datetime import datetime
from typing import ClassVar, Self

import pghistory
import pgtrigger
from django.contrib.auth.models import AbstractUser
from django.contrib.auth.models import UserManager as PlainUserManager
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateTimeRangeField, RangeOperators
from django.db import models
from django.db.models import F, Func, Q
from django.db.models.functions import Coalesce, Now
from django.urls import reverse
from django.utils import timezone

from itsm.kernel.models.record import Record, RecordQuerySet
from itsm.kernel.roles import Role

# Signing in writes these: neither a change of the account, nor anybody's history.
OF_SIGN_IN = ["password", "last_login"]
KEPT_BY_TRIGGER = ["revision", "updated_at"]


class UserQuerySet(RecordQuerySet):
    NAMED_BY = "username"

    def administrators(self) -> Self:
        """Those who can sign in and administer."""
        return self.filter(is_superuser=True, is_active=True, is_machine=False)


class UserManager(PlainUserManager.from_queryset(UserQuerySet)):  # type: ignore[misc]
    use_in_migrations = False


@pghistory.track(exclude=OF_SIGN_IN + KEPT_BY_TRIGGER)
class User(AbstractUser, Record):
    """A person, or a machine account that uses the API but never the pages."""

    is_machine = models.BooleanField(default=False, help_text="Uses the API only; cannot sign in to pages.")
    time_zone = models.CharField(max_length=63, blank=True, help_text="IANA name; empty for the site's own.")
    needs_second_factor = models.BooleanField("second factor demanded", default=False)
    objects = UserManager()

    class Meta:
        triggers: ClassVar[list[pgtrigger.Trigger]] = [
            pgtrigger.Trigger(
                name="touch",
                operation=pgtrigger.Update,
                when=pgtrigger.Before,
                condition=pgtrigger.AnyChange(exclude=OF_SIGN_IN),
                func=Record.Meta.triggers[0].func,
            )
        ]

    def __str__(self) -> str:
        return self.get_full_name() or self.username

    def get_absolute_url(self) -> str:
        return reverse("person", args=[self.pk])

    @property
    def state(self) -> str:
        return "active" if self.is_active else "deactivated"


class TeamQuerySet(RecordQuerySet):
    def active(self) -> Self:
        return self.filter(retired_at__isnull=True)


@pghistory.track(exclude=KEPT_BY_TRIGGER)
class Team(Record):
    name = models.CharField(max_length=100, unique=True)
    members = models.ManyToManyField(User, through="Membership", related_name="teams", blank=True)
    lead = models.ForeignKey(User, null=True, blank=True, on_delete=models.PROTECT, related_name="leads")
    retired_at = models.DateTimeField("retired", null=True, blank=True, editable=False)
    objects = TeamQuerySet.as_manager()

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("team", args=[self.pk])

    @property
    def state(self) -> str:
        return "retired" if self.retired_at else "active"


@pghistory.track(pghistory.InsertEvent(), pghistory.DeleteEvent())
class Membership(models.Model):
    """A person in a team; it comes and goes, and is never changed."""

    team = models.ForeignKey(Team, on_delete=models.CASCADE, related_name="memberships")
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="memberships")

    class Meta:
        db_table = "kernel_team_members"
        unique_together: ClassVar = [("team", "user")]

    def __str__(self) -> str:
        return f"{self.user} in {self.team}"


class RoleAssignmentQuerySet(RecordQuerySet):
    def current(self, at: datetime | Now | None = None) -> Self:
        at = at or timezone.now()
        return self.filter(since__lte=at).filter(Q(until__isnull=True) | Q(until__gt=at))

    def held_by(self, user: User, at: datetime | None = None) -> Self:
        """The user's own assignments and those of the user's teams, as they stand."""
        return self.current(at).filter(Q(user=user) | Q(team__members=user))

    def not_over(self, at: datetime) -> Self:
        """Those that stand, and those that are yet to begin."""
        return self.filter(Q(until__isnull=True) | Q(until__gt=at)).exclude(until=F("since"))

    def withdraw(self) -> int:
        """What has not begun never does."""
        return self.update(until=F("since"))


def _or_none(field: str) -> Coalesce:
    """A holder or a scope, comparable also where there is none."""
    return Coalesce(field, 0)


@pghistory.track(exclude=KEPT_BY_TRIGGER)
class RoleAssignment(Record):
    """A role held by a user or a team, everywhere or for one service, from–until.

    `service_id` is the id of a service. The kernel knows no services: the app that
    has them adds the foreign key to this column in its own migration.
    """

    role = models.CharField(max_length=40, choices=Role)
    user = models.ForeignKey(User, null=True, blank=True, on_delete=models.CASCADE, related_name="assignments")
    team = models.ForeignKey(Team, null=True, blank=True, on_delete=models.CASCADE, related_name="assignments")
    service_id = models.BigIntegerField("service", null=True, blank=True)
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
                name="role_not_until_before_since", condition=Q(until__isnull=True) | Q(until__gte=F("since"))
            ),
            ExclusionConstraint(
                name="role_held_once_at_a_time",
                expressions=[
                    ("role", RangeOperators.EQUAL),
                    (_or_none("user_id"), RangeOperators.EQUAL),
                    (_or_none("team_id"), RangeOperators.EQUAL),
                    (_or_none("service_id"), RangeOperators.EQUAL),
                    (
                        Func("since", "until", function="TSTZRANGE", output_field=DateTimeRangeField()),
                        RangeOperators.OVERLAPS,
                    ),
                ],
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user or self.team}: {self.get_role_display()}"
