"""What policies know of a change."""

from collections.abc import Collection, Iterable
from typing import Any

from django.utils import timezone

from changes.models import ChangeRequest
from changes.queries import success
from cmdb.models import ConfigurationItem

WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


def facts_of(change: ChangeRequest, asked: Collection[str] = ()) -> dict[str, Any]:
    """The facts that a rule's `when` may ask about; criticality 1–4 is the highest of what is touched.

    The record of success is looked up where one of its facts is among those `asked` for.
    """
    kinds = ConfigurationItem.objects.order_by().values_list("criticality", "environment")
    touched = set(kinds.filter(affected_by__change=change).union(kinds.filter(service__changes=change)))
    slugs = list(change.services.values_list("slug", flat=True))
    record = success.records_of({change.pk: timezone.now()})[change.pk] if success.asks_for_it(asked) else {}
    most, where = max((criticality for criticality, _ in touched), default=0), {name for _, name in touched}
    return facts_from(change, most, slugs, where) | record


def facts_from(
    change: ChangeRequest, criticality: int, services: list[str], environments: Iterable[str | None]
) -> dict[str, Any]:
    """As `facts_of`, for whoever has asked already for what it touches: criticality, services and environments."""
    where = sorted({name for name in environments if name})
    begins = timezone.localtime(change.starts_at) if change.starts_at else None
    return {
        "type": change.type,
        "model": change.model.code,
        "risk": change.risk.name.lower(),
        "category": change.category or None,
        "likelihood": change.likelihood,
        "impact": change.impact,
        "criticality": criticality,
        "environment": where[0] if len(where) == 1 else "several" if where else None,
        "service": services[0] if len(services) == 1 else None,
        "cab_required": change.cab_required,
        "confidential": change.confidential,
        "pre_authorised": change.model.pre_authorised,
        "weekday": WEEKDAYS[begins.weekday()] if begins else None,
        "hour": begins.hour if begins else None,
    }
