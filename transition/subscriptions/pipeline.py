"""What pipelines told before is added to a deployment once it is asked for."""

from itsm.kernel import events
from itsm.kernel.models import OutboxEvent
from transition.inbox import late


@events.on("transition.deployment.requested")
def add_what_was_seen_before(event: OutboxEvent) -> None:
    late.complete(event.subject_id)
