"""What the changes app does by itself, when its time has come."""

from celery import shared_task
from django.utils import timezone

from changes.operations import proposals
from itsm.kernel.actor import Actor


@shared_task(name="changes.resume_deferred")
def resume_deferred() -> int:
    """Hand in again the proposals whose day has come; a second delivery finds none."""
    return len(proposals.resume_due(actor=Actor.system("calendar"), now=timezone.now()))
