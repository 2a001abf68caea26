"""What the changes app does by itself, when its time has come."""

from celery import shared_task
from django.utils import timezone

from changes.operations import proposals, unauthorised
from itsm.kernel.actor import Actor


@shared_task(name="changes.resume_deferred")
def resume_deferred() -> int:
    """Hand in again the proposals whose day has come; a second delivery finds none."""
    return len(proposals.resume_due(actor=Actor.system("calendar"), now=timezone.now()))


@shared_task(name="changes.remind_of_reviews")
def remind_of_reviews() -> int:
    """Tell of the reviews that are overdue; a second delivery finds none."""
    return len(unauthorised.remind_of_reviews(actor=Actor.system("calendar"), now=timezone.now()))
