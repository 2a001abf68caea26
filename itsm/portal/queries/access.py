"""Who can do what on a service, and through which assignment."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import F, Q
from django.db.models.functions import Coalesce

from cmdb.models import Service
from itsm.kernel.models import Delegation, RoleAssignment, User
from itsm.kernel.roles import Role


@dataclass(frozen=True)
class Hold:
    """One person's hold on a service: in which role, where that holds, and what gave it to them."""

    username: str
    name: str
    role: str
    scope: str
    through: str
    until: datetime | None = None


def holds_on(service: Service | None) -> list[Hold]:
    """What counts now on the service (without one: everywhere), by person. Three queries, and the service's owner."""
    counts = Q(service_id__isnull=True) | (Q(service_id=service.pk) if service else Q(pk__in=[]))
    rows = (
        RoleAssignment.objects.current()
        .filter(counts)
        .annotate(person=Coalesce("user_id", "team__members"))
        .values("person", "role", "service_id", "until", team_name=F("team__name"))
    )
    found: list[Any] = list(rows)
    people = User.objects.filter(Q(pk__in={row["person"] for row in found}) | Q(is_superuser=True), is_active=True)
    known = {user.pk: user for user in people}
    holds = [_of_assignment(known[row["person"]], row, service) for row in found if row["person"] in known]
    holds += [_hold(user, "Administrator", "everywhere", "the account") for user in known.values() if user.is_superuser]
    if service is not None and service.owner is not None and service.owner.is_active:
        holds.append(_hold(service.owner, "Owner", str(service), "the service's record"))
    holds += _lent(holds)
    return sorted(holds, key=lambda hold: (hold.username, hold.role, hold.through))


def _lent(holds: list[Hold]) -> list[Hold]:
    """What is lent now of these holds."""
    found = []
    for lent in Delegation.objects.current().select_related("giver", "taker").filter(taker__is_active=True):
        names = {str(lent.get_role_display())} | ({"Owner"} if lent.role == Role.SERVICE_OWNER else set())
        of = [hold for hold in holds if hold.username == lent.giver.username and hold.role in names]
        through = f"{lent.giver}, who lent it ({lent.number})"
        found += [_hold(lent.taker, hold.role, hold.scope, through, lent.until) for hold in of]
    return found


def _of_assignment(user: User, row: dict[str, Any], service: Service | None) -> Hold:
    through = f"the team {row['team_name']}" if row["team_name"] else "their own assignment"
    scope = str(service) if row["service_id"] else "everywhere"
    return _hold(user, str(Role(row["role"]).label), scope, through, row["until"])


def _hold(user: User, role: str, scope: str, through: str, until: datetime | None = None) -> Hold:
    return Hold(user.username, str(user), role, scope, through, until)
