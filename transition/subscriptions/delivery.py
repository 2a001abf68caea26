"""Tell people what became of the rhythm they promised; let proposals spawn requirements."""

from changes.operations.proposals import SPAWNERS
from itsm.kernel import events, notifications
from itsm.kernel.models import OutboxEvent
from transition.models import StreamPeriod
from transition.operations import requirements

RHYTHM = notifications.kind(
    "transition.rhythm", "A stream of mine missed its period", action="See the period", why="You own the stream."
)
SPAWNERS["requirement"] = requirements.spawn


@events.on("transition.period.missed")
def tell_of_a_missed_period(event: OutboxEvent) -> None:
    """The stream's owner, or the service's where it has none; not when a late run has made it good meanwhile."""
    period = StreamPeriod.objects.select_related("stream__owner", "stream__plan__service__owner").get(
        pk=event.subject_id
    )
    if period.state != StreamPeriod.State.MISSED:
        return
    stream, service, day = period.stream, period.stream.plan.service, period.first_day
    notifications.tell(
        [stream.owner or service.owner],
        kind=RHYTHM,
        about=stream,
        text=f"{service.name}: stream {stream.display} missed its period of {day:%a} {day.day} {day:%b}.",
        link=period.get_absolute_url(),
        event=event,
    )
