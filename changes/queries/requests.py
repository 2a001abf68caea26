"""Change requests, with what lists and pages show of them."""

from django.db.models import Q, QuerySet

from changes.models import Authorisation, ChangeRequest
from itsm.kernel.actor import Actor
from itsm.kernel.roles import Role


def listed() -> QuerySet[ChangeRequest]:
    return ChangeRequest.objects.select_related("model", "proposal", "requested_by").order_by("-pk")


def waiting_for(actor: Actor) -> QuerySet[ChangeRequest]:
    """Requests that cannot go on without this actor, besides decisions and tasks (which have queries of their own).

    Their requester's drafts, rejected ones and those about which a decider asked something; and for
    a change manager those that are implemented and not yet reviewed.
    """
    Status = ChangeRequest.Status
    asked = Authorisation.objects.filter(state=Authorisation.State.MORE_INFORMATION).values("change")
    mine = Q(requested_by=actor.user_id) & (Q(status__in=[Status.DRAFT, Status.REJECTED]) | Q(pk__in=asked))
    if actor.holds(Role.CHANGE_MANAGER):
        mine |= Q(status=Status.REVIEW, source="")
    return listed().filter(mine) if actor.user_id is not None else listed().none()
