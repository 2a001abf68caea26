"""People and teams with what a page or an answer tells of them, in few queries."""

from allauth.mfa.models import Authenticator
from django.db.models import Count, Exists, OuterRef, Prefetch, QuerySet
from django.db.models.functions import Now

from itsm.kernel.models import RoleAssignment, Team, User


def has_second_factor() -> Exists:
    """Recovery codes alone are none."""
    return Exists(Authenticator.objects.filter(user=OuterRef("pk")).exclude(type=Authenticator.Type.RECOVERY_CODES))


def people() -> QuerySet[User]:
    """Each with `held` (the roles as they stand when it is asked), teams, and whether there is a second factor."""
    held = Prefetch("assignments", RoleAssignment.objects.current(Now()).order_by("role", "pk"), to_attr="held")
    teams = Prefetch("teams", Team.objects.order_by("name"))
    return User.objects.annotate(second_factor=has_second_factor()).prefetch_related(held, teams)


def teams() -> QuerySet[Team]:
    held = Prefetch("assignments", RoleAssignment.objects.current().order_by("role", "pk"), to_attr="held")
    return Team.objects.select_related("lead").annotate(people=Count("memberships")).prefetch_related(held)
