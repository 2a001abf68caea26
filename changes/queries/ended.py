"""The changes that ended in a span of time."""

from django.db.models import Q

from changes.models import ChangeModel, ChangeRequest
from changes.models.request import ChangeRequestQuerySet
from itsm.kernel.measures import Scope

Outcome, BackOut = ChangeRequest.Outcome, ChangeModel.BackOut
CLEAN = Q(outcome=Outcome.BACKED_OUT, backed_out_cleanly=True)
# A clean back-out counts as the model of the change says.
WENT_WELL = Q(outcome__in=[Outcome.SUCCESSFUL, Outcome.WITH_ISSUES]) | CLEAN & Q(
    model__clean_back_out=BackOut.SUCCESSFUL
)
LEFT_OUT = CLEAN & Q(model__clean_back_out=BackOut.LEFT_OUT)


def ended_in(scope: Scope) -> ChangeRequestQuerySet:
    """Changes that ended in the time and that the one who asks may see, of a service or of a team's services."""
    changes = ChangeRequest.objects.filter(finished_at__gte=scope.since, finished_at__lt=scope.until)
    if scope.service is not None:
        changes = changes.filter(services=scope.service)
    if scope.team is not None:
        changes = ChangeRequest.objects.filter(pk__in=changes.filter(services__support_team=scope.team).values("pk"))
    return changes.visible_to(scope.actor)
