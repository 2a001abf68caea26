"""How long ago CIs were compared with reality: fresh, due again, or never; each class says how long it holds."""

from datetime import datetime, timedelta
from typing import NamedTuple

from django.db.models import Q, QuerySet

from cmdb.models import CIClass, ConfigurationItem

USUAL_DAYS = 90
FRESH, DUE, NEVER = "fresh", "due", "never"
AGES = ((FRESH, "Verified in its time"), (DUE, "Due again"), (NEVER, "Never verified"))
VERDICTS = {FRESH: ("ok", "verified"), DUE: ("warn", "due again"), NEVER: ("unknown", "never verified")}


class Said(NamedTuple):
    """What a class says itself, and what it is a kind of."""

    days: int | None
    parent: int | None


def terms() -> dict[int, int]:
    """Class → days for which a verification holds: its own word, or that of the nearest class above; one query."""
    classes = {
        pk: Said(days, parent) for pk, days, parent in CIClass.objects.values_list("pk", "verify_days", "parent")
    }
    return {pk: _days(pk, classes) for pk in classes}


def _days(pk: int, classes: dict[int, Said]) -> int:
    seen: set[int] = set()
    at: int | None = pk
    while at is not None and at in classes and at not in seen:
        seen.add(at)
        if (days := classes[at].days) is not None:
            return days
        at = classes[at].parent
    return USUAL_DAYS


def age_of(ci: ConfigurationItem, days: int, now: datetime) -> str:
    if ci.verified_at is None:
        return NEVER
    return FRESH if now - ci.verified_at <= timedelta(days=days) else DUE


def of_age(cis: QuerySet[ConfigurationItem], age: str, now: datetime) -> QuerySet[ConfigurationItem]:
    """Those that are fresh, due or never verified; an index by the time of verification answers."""
    if age == NEVER:
        return cis.filter(verified_at__isnull=True)
    classes: dict[int, list[int]] = {}
    for pk, days in terms().items():
        classes.setdefault(days, []).append(pk)
    if len(classes) == 1:  # all alike: nothing to be asked of the class
        (days,) = classes
        return cis.filter(_either(age, now - timedelta(days=days)))
    wanted = Q(pk__in=[])
    for days, pks in classes.items():
        wanted |= _either(age, now - timedelta(days=days)) & Q(ci_class__in=pks)
    return cis.filter(wanted)


def _either(age: str, since: datetime) -> Q:
    return Q(verified_at__gte=since) if age == FRESH else Q(verified_at__lt=since)
