"""Jobs that keep the rhythm."""

from celery import shared_task
from django.utils import timezone

from itsm.kernel.actor import Actor
from transition.operations import periods


@shared_task(name="transition.turn_periods")
def turn_periods() -> dict[str, int]:
    """Open and close stream periods. Beat runs it every minute; a second delivery finds nothing to do."""
    turned = periods.turn(now=timezone.now(), actor=Actor.system("cadence"))
    return {"opened": turned.opened, "closed": turned.closed}
