"""Say of many CIs at once that they were compared with reality and are true."""

from collections.abc import Collection
from datetime import datetime

from django.db.models import Q, QuerySet

from cmdb import rules
from cmdb.models import ConfigurationItem
from itsm.kernel import events
from itsm.kernel.actor import Actor
from itsm.kernel.errors import Forbidden, InvalidInput
from itsm.kernel.operation import operation
from itsm.kernel.permissions import allowed, refusal_of
from itsm.kernel.roles import Role

MOST = 1000


@operation
def verify_all(*, ci_ids: Collection[int], actor: Actor, now: datetime) -> list[ConfigurationItem]:
    """All of them or none: whoever may not verify one is told which."""
    wanted = set(ci_ids)
    if not 0 < len(wanted) <= MOST:
        raise InvalidInput.at("cis", f"Choose at least one CI and at most {MOST:,}.")
    locked = ConfigurationItem.objects.filter(pk__in=wanted).select_for_update(of=("self",)).order_by("pk")
    cis = list(locked.select_related("support_team"))
    if missing := sorted(wanted - {ci.pk for ci in cis}):
        raise InvalidInput.at("cis", f"There is no CI-{missing[0]}.")
    _permit(cis, actor)
    ConfigurationItem.objects.filter(pk__in=wanted).update(verified_at=now, verified_by=actor.user)
    events.record_each("cmdb.ci.verified", cis, actor=actor)
    return cis


def _permit(cis: list[ConfigurationItem], actor: Actor) -> None:
    """One query for all of them."""
    if allowed(_everything, actor):
        return
    mine = Q(owner=actor.user_id) | Q(support_team__members=actor.user_id)
    own = ConfigurationItem.objects.filter(mine, pk__in=[ci.pk for ci in cis]).values_list("pk", flat=True)
    if others := sorted({ci.pk for ci in cis} - set(own)):
        named = ", ".join(f"CI-{pk}" for pk in others[:5])
        raise Forbidden(f"{refusal_of(rules.may_verify)} Not yours: {named}.")


def _everything(actor: Actor, record: object) -> bool:
    return actor.holds(Role.CONFIGURATION_MANAGER)


@operation
def verify_found(*, cis: QuerySet[ConfigurationItem], actor: Actor, at: datetime) -> int:
    """What an import or an audit found to be as it is recorded, at that moment; later word than that stays. How many.

    It belongs to an operation that has asked the rights, and is one statement, however many they are.
    """
    older = Q(verified_at__isnull=True) | Q(verified_at__lt=at)
    return cis.filter(older).update(verified_at=at, verified_by=actor.user)
