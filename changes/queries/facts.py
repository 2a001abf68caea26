"""What policies know of a change."""

from typing import Any

from django.db.models import Max, Q

from changes.models import ChangeRequest
from cmdb.models import ConfigurationItem


def facts_of(change: ChangeRequest) -> dict[str, Any]:
    """The facts that a rule's `when` may ask about; criticality 1–4 is the highest of what is touched."""
    services = list(change.services.values_list("slug", flat=True))
    touched = Q(affected_by__change=change) | Q(service__changes=change)
    return {
        "type": change.type,
        "model": change.model.code,
        "risk": change.risk.name.lower(),
        "likelihood": change.likelihood,
        "impact": change.impact,
        "criticality": ConfigurationItem.objects.filter(touched).aggregate(most=Max("criticality"))["most"] or 0,
        "service": services[0] if len(services) == 1 else None,
        "cab_required": change.cab_required,
        "confidential": change.confidential,
    }
