"""Jobs that keep the rhythm."""

import logging

from celery import shared_task
from django.utils import timezone

from itsm.kernel.actor import Actor
from transition.operations import cover, handoffs, periods
from transition.queries import clockwork

log = logging.getLogger(__name__)
NOTHING = periods.Turned(0, 0)


@shared_task(name="transition.turn_periods")
def turn_periods() -> dict[str, int]:
    """Open and close stream periods, lot by lot. Beat runs it every minute; a second delivery finds nothing to do."""
    now, actor, done = timezone.now(), Actor.system("cadence"), {"opened": 0, "closed": 0}
    late = clockwork.lateness(now)
    while (turned := periods.turn(now=now, actor=actor)) != NOTHING:
        done["opened"] += turned.opened
        done["closed"] += turned.closed
    if any(done.values()):
        clockwork.note_turn(late)
    if late > clockwork.LATE_AFTER:
        log.warning("Periods were late by up to %d s; %d are opened and %d closed now.", late, *done.values())
    return done


@shared_task(name="transition.escalate_needs")
def escalate_needs() -> int:
    """Tell of needs that are past their day, each once."""
    return handoffs.escalate(actor=Actor.system("hand-overs"), now=timezone.now())


@shared_task(name="transition.sweep_needs")
def sweep_needs() -> int:
    """Let needs follow the facts where nobody told of a change."""
    return handoffs.sweep(actor=Actor.system("hand-overs"), now=timezone.now())


@shared_task(name="transition.find_cover_gaps")
def find_cover_gaps() -> int:
    """Warn of roles that nobody covers in the next two weeks, of each day once."""
    return cover.find_gaps(actor=Actor.system("role cover"), now=timezone.now())
