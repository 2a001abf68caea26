"""Tasks of changes."""

from django.db.models import QuerySet

from changes.models import ChangeRequest, ChangeTask
from itsm.kernel.actor import Actor


def listed() -> QuerySet[ChangeTask]:
    return ChangeTask.objects.select_related("change", "assignee", "predecessor", "ci").order_by("-pk")


def waiting_for(actor: Actor) -> QuerySet[ChangeTask]:
    """Tasks that the actor has to acknowledge, or to start or finish now; those that begin first come first."""
    mine = listed().filter(assignee=actor.user_id)
    acknowledge = mine.filter(state=ChangeTask.State.PLANNED, change__status__in=ChangeRequest.IN_CALENDAR)
    work = mine.filter(
        state__in=[ChangeTask.State.ACKNOWLEDGED, ChangeTask.State.IN_PROGRESS],
        change__status=ChangeRequest.Status.IMPLEMENTING,
    )
    return (acknowledge | work).order_by("change__window", "order", "pk")
