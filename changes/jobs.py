"""What the changes app does by itself, when its time has come."""

from celery import shared_task
from django.utils import timezone

from changes.operations import (
    afterwards,
    basics,
    clocks,
    meetings,
    pre_authorisations,
    proposals,
    recurring,
    running,
    unauthorised,
)
from changes.queries import concerned
from itsm.kernel.actor import Actor


@shared_task(name="changes.resume_deferred")
def resume_deferred() -> int:
    """Hand in again the proposals whose day has come; a second delivery finds none."""
    return len(proposals.resume_due(actor=Actor.system("calendar"), now=timezone.now()))


@shared_task(name="changes.remind_of_reviews")
def remind_of_reviews() -> int:
    """Tell of the reviews that are overdue; a second delivery finds none."""
    return len(unauthorised.remind_of_reviews(actor=Actor.system("calendar"), now=timezone.now()))


@shared_task(name="changes.remind_of_words")
def remind_of_words() -> int:
    """Tell of the emergencies that still owe what was to be said afterwards; a second delivery finds none."""
    return len(afterwards.remind(actor=Actor.system("calendar"), now=timezone.now()))


@shared_task(name="changes.remind_of_benefits")
def remind_of_benefits() -> int:
    """Tell of the proposals whose benefit is to be looked at; a second delivery finds none."""
    return len(proposals.remind_of_benefits(actor=Actor.system("calendar"), now=timezone.now()))


@shared_task(name="changes.escalate")
def escalate() -> int:
    """Tell of the decisions that are overdue; a second delivery finds none."""
    return len(clocks.escalate_due(actor=Actor.system("calendar"), now=timezone.now()))


@shared_task(name="changes.make_recurring")
def make_recurring() -> int:
    """Make the recurring changes that begin within the days ahead; a second delivery finds none to make."""
    return len(recurring.make_due(actor=Actor.system("recurring changes"), now=timezone.now()))


@shared_task(name="changes.look_after_standard")
def look_after_standard() -> int:
    """Tell of the yearly reviews that are due, revoke where they stay undone; a second delivery finds none."""
    return len(pre_authorisations.look_after(actor=Actor.system("change models"), now=timezone.now()))


@shared_task(name="changes.recheck_basics")
def recheck_basics() -> int:
    """Compute the basics of the changes again whose facts moved; a second delivery finds none."""
    return basics.recheck(timezone.now(), Actor.system("basics"))


@shared_task(name="changes.sweep_basics")
def sweep_basics() -> int:
    """What only time moves, such as a verification that gets old: all that is planned is examined again."""
    return basics.mark(concerned.still_planned(timezone.now()), timezone.now())


@shared_task(name="changes.prepare_meetings")
def prepare_meetings() -> int:
    """Plan the boards' meetings, fill their agendas and fix those that are due; a second delivery finds nothing."""
    done = meetings.prepare(actor=Actor.system("calendar"), now=timezone.now())
    return done.planned + done.filled + done.fixed + done.closed


@shared_task(name="changes.ask_how_to_go_on")
def ask_how_to_go_on() -> int:
    """Ask about the changes whose window is over or which a freeze has overtaken; a second delivery finds none."""
    return len(running.ask_due(actor=Actor.system("calendar"), now=timezone.now()))
