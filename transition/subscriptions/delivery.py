"""Tell people what became of the rhythm they promised; let proposals spawn requirements."""

from django.urls import reverse

from changes.operations.proposals import SPAWNERS
from itsm.kernel import events, notifications
from itsm.kernel.models import OutboxEvent, User
from transition.models import StreamPeriod
from transition.operations import requirements

RHYTHM = notifications.kind(
    "transition.rhythm", "A stream of mine missed its period", action="See the period", why="You own the stream."
)
BROKEN = (StreamPeriod.State.MISSED, StreamPeriod.State.EXCESS)
SPAWNERS["requirement"] = requirements.spawn


@events.on("transition.rhythm.broken")
def tell_whose_rhythm_broke(event: OutboxEvent) -> None:
    """One message for a turn of the clockwork, however much it found; none of what a late run has made good since."""
    owner = User.objects.filter(pk=event.subject_id).first()
    named = list(
        StreamPeriod.objects.filter(pk__in=event.payload["periods"], state__in=BROKEN)
        .select_related("stream__plan__service")
        .order_by("-span")
    )
    if not named:
        return
    count = event.payload.get("missed", 0) + event.payload.get("excess", 0)
    alone = len(named) == 1 and count == len(event.payload["periods"])
    period = named[0]
    stream, day = period.stream, period.first_day
    said = "missed its period" if period.state == StreamPeriod.State.MISSED else "delivered more than foreseen in that"
    text = f"{stream.plan.service.name}: stream {stream.display} {said} of {day:%a} {day.day} {day:%b}."
    if not alone:
        text += f" {count - 1} more of your streams' periods were missed or exceeded."
    notifications.tell(
        [owner], kind=RHYTHM, about=stream if alone else None, text=text, event=event,
        link=period.get_absolute_url() if alone else f"{reverse('transition:period-list')}?state=missed",
    )  # fmt: skip
