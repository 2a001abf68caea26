"""What policies know of a change."""

from typing import Any

from django.db.models import Max, Q
from django.utils import timezone

from changes.models import ChangeRequest
from cmdb.models import ConfigurationItem

WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


def facts_of(change: ChangeRequest) -> dict[str, Any]:
    """The facts that a rule's `when` may ask about; criticality 1–4 is the highest of what is touched."""
    touched = Q(affected_by__change=change) | Q(service__changes=change)
    most = ConfigurationItem.objects.filter(touched).aggregate(most=Max("criticality"))["most"] or 0
    return facts_from(change, most, list(change.services.values_list("slug", flat=True)))


def facts_from(change: ChangeRequest, criticality: int, services: list[str]) -> dict[str, Any]:
    """As `facts_of`, for whoever has asked already for the highest criticality and the services' slugs."""
    begins = timezone.localtime(change.starts_at) if change.starts_at else None
    return {
        "type": change.type,
        "model": change.model.code,
        "risk": change.risk.name.lower(),
        "likelihood": change.likelihood,
        "impact": change.impact,
        "criticality": criticality,
        "service": services[0] if len(services) == 1 else None,
        "cab_required": change.cab_required,
        "confidential": change.confidential,
        "pre_authorised": change.model.pre_authorised,
        "weekday": WEEKDAYS[begins.weekday()] if begins else None,
        "hour": begins.hour if begins else None,
    }
