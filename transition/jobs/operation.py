"""Ranks suspects and writes packs; each job finds what is due and is safe to run twice."""

from celery import shared_task
from django.utils import timezone

from itsm.kernel.actor import Actor
from itsm.kernel.errors import DomainError
from transition.models import Improvement
from transition.operations import deployments, gaps, improvements, incidents, meetings
from transition.queries.incidents import unranked
from transition.queries.measures import measured


@shared_task(name="transition.rank_suspects")
def rank_suspects() -> int:
    """Name suspects for incidents that have none yet; beat asks, should the event have been lost."""
    actor = Actor.system("correlation")
    return sum(bool(incidents.rank(incident_id=pk, actor=actor)) for pk in list(unranked(timezone.now())))


@shared_task(name="transition.write_packs")
def write_packs() -> int:
    """Write the packs of the sunrise and sunset meetings that are near."""
    return len(meetings.write_due(actor=Actor.system("meeting packs"), now=timezone.now()))


@shared_task(name="transition.lapse")
def lapse() -> int:
    """End authorisations that went by unused, and reopen gaps whose risk nobody carries any longer."""
    actor, now = Actor.system("transition clock"), timezone.now()
    return len(deployments.lapse_unused(actor=actor, now=now)) + len(gaps.reopen_expired(actor=actor, now=now))


@shared_task(name="transition.check_improvements")
def check_improvements() -> int:
    """Measure again what is due to be checked and can be measured by the program."""
    now, checked = timezone.now(), 0
    due = Improvement.objects.filter(state=Improvement.State.CHECKING, check_on__lte=now.date(), target__isnull=False)
    for improvement in due.order_by("pk")[:500]:
        if measured(improvement.measure, now) is not None:
            try:
                improvements.check(improvement_id=improvement.pk, actor=Actor.system("improvement check"), now=now)
                checked += 1
            except DomainError:  # somebody else checked it meanwhile
                continue
    return checked
