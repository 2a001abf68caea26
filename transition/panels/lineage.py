"""On the page of a proposal: what was put live for it, and what that broke."""

from typing import Any

from django.http import HttpRequest
from django.urls import reverse

from changes.models import ChangeProposal
from itsm.kernel import panels
from transition.queries.lineage import deployments_for, incidents_after
from transition.tables.operation import DEPLOYMENT_KINDS, INCIDENT_KINDS

SHOWN = 20


@panels.add("changes.proposal", "transition/panels/lineage.html", order=30)
def of_proposal(request: HttpRequest, proposal: ChangeProposal) -> dict[str, Any]:
    """The newest of each, with how many there are and the way to all of them."""
    live = deployments_for(proposal)
    broke = incidents_after(proposal, request.actor)  # type: ignore[attr-defined]
    return {
        "deployments": [(DEPLOYMENT_KINDS[one.state], one) for one in live[:SHOWN]],
        "incidents": [(INCIDENT_KINDS[one.state], one) for one in broke[:SHOWN]],
        "deployments_url": f"{reverse('transition:deployment-list')}?proposal={proposal.pk}",
        "incidents_url": f"{reverse('transition:incident-list')}?proposal={proposal.pk}",
        "counts": (live.count(), broke.count()),
    }
