"""What policies know of a change."""

from typing import Any

from django.db.models import Max, Q

from changes.models import ChangeRequest
from cmdb.models import ConfigurationItem


def facts_of(change: ChangeRequest) -> dict[str, Any]:
    """The facts that a rule's `when` may ask about; criticality 1–4 is the highest of what is touched."""
    touched = Q(affected_by__change=change) | Q(service__changes=change)
    most = ConfigurationItem.objects.filter(touched).aggregate(most=Max("criticality"))["most"] or 0
    return facts_from(change, most, list(change.services.values_list("slug", flat=True)))


def facts_from(change: ChangeRequest, criticality: int, services: list[str]) -> dict[str, Any]:
    """As `facts_of`, for whoever has asked already for the highest criticality and the services' slugs."""
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
    }
