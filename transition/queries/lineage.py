"""From a proposal down to what was put live for it, and what that broke."""

from django.db.models import Q, QuerySet

from changes.models import ChangeProposal
from itsm.kernel.actor import Actor
from transition.models import Deployment, Incident
from transition.queries import deployments, incidents


def deployments_for(proposal: ChangeProposal | int) -> QuerySet[Deployment]:
    """By one of its changes, or of one of its requirements; the newest first."""
    by_change, of_requirement = Q(change__proposal=proposal), Q(requirements__proposal=proposal)
    found = Deployment.objects.filter(by_change | of_requirement)
    return deployments.listed().filter(pk__in=found.values("pk"))


def incidents_after(proposal: ChangeProposal | int, actor: Actor) -> QuerySet[Incident]:
    """That one of its changes, or one that put one of its requirements live, was found to have caused."""
    by_change = Q(caused_by__proposal=proposal) | Q(caused_by__deployment__requirements__proposal=proposal)
    found = Incident.objects.filter(by_change, cause=Incident.Cause.CHANGE)
    return incidents.listed().visible_to(actor).filter(pk__in=found.values("pk"))
