"""What a user holds now: their own roles, those of their teams, and those that others lend to them."""

from dataclasses import dataclass

from django.db.models import BigIntegerField, BooleanField, F, Q, QuerySet, Value
from django.utils import timezone

from itsm.kernel.models import Delegation, RoleAssignment, User


@dataclass(frozen=True)
class Holdings:
    """`own` and `lent` are (role, service id or None for everywhere); `lent` says by whom, as does `givers`.

    A role can be lent that no assignment gives, because it comes with a record (the owner of a service): so
    `givers` are all (role, giver) that lend now.
    """

    own: frozenset[tuple[str, int | None]] = frozenset()
    lent: frozenset[tuple[str, int | None, int]] = frozenset()
    givers: frozenset[tuple[str, int]] = frozenset()


def of(user: User) -> Holdings:
    """One query."""
    own = RoleAssignment.objects.held_by(user).values_list(
        "role", "service_id", Value(None, BigIntegerField()), Value(True, BooleanField())
    )
    lending = Delegation.objects.current().filter(taker=user, giver__is_active=True)
    plain = lending.values_list("role", Value(None, BigIntegerField()), "giver_id", Value(False, BooleanField()))
    lent = [_through(lending, "giver__assignments"), _through(lending, "giver__teams__assignments")]
    rows = list(own.union(plain, *lent))
    return Holdings(
        own=frozenset((role, service) for role, service, giver, _ in rows if giver is None),
        lent=frozenset((role, service, giver) for role, service, giver, held in rows if giver is not None and held),
        givers=frozenset((role, giver) for role, _, giver, _ in rows if giver is not None),
    )


def _through(lending: QuerySet[Delegation], path: str) -> QuerySet:
    """The givers' assignments of the role that they lend, by one join."""
    now = timezone.now()
    lasts = Q(**{f"{path}__until__isnull": True}) | Q(**{f"{path}__until__gt": now})
    held = lending.filter(lasts, **{f"{path}__role": F("role"), f"{path}__since__lte": now})
    return held.values_list("role", f"{path}__service_id", "giver_id", Value(True, BooleanField()))
