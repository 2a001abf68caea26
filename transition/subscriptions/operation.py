"""Incidents are ranked when reported; pending deployments follow what people decide."""

from cmdb.auditing.explaining import EXPLAINERS
from itsm.kernel import events
from itsm.kernel.actor import Actor
from itsm.kernel.models import OutboxEvent, User
from itsm.kernel.models.notification import Mail
from itsm.kernel.notifications import kind, tell
from transition.models import Devolution, Incident
from transition.operations import deployments, incidents, unexpected
from transition.queries.explaining import by_deployments

INCIDENT = kind(
    "transition.incident", "An incident of my service", action="See the incident", why="You own the service.",
    mail=Mail.AT_ONCE,
)  # fmt: skip

DEVOLUTION = kind(
    "transition.devolution", "Whether a pipeline decides alone", action="See the stream",
    why="You own the stream or granted it.", mail=Mail.AT_ONCE,
)  # fmt: skip

EXPLAINERS.append(by_deployments)


@events.on("transition.devolution.granted")
@events.on("transition.devolution.revoked")
def tell_who_decides_now(event: OutboxEvent) -> None:
    """Who owns the stream and who granted it hear that people decide again, or no longer have to."""
    found = Devolution.objects.select_related("stream__owner", "granted_by").get(pk=event.subject_id)
    if event.name.endswith("granted"):
        text = f"The pipeline of {found.stream} decides alone now, while its record holds: {found.terms}."
    else:
        text = f"The pipeline of {found.stream} no longer decides alone, people do: {found.revoked_because}"
    tell([found.stream.owner, found.granted_by], text=text, kind=DEVOLUTION, about=found, event=event)


@events.on("transition.incident.reported")
def rank_suspects(event: OutboxEvent) -> None:
    incidents.rank(incident_id=event.subject_id, actor=Actor.system("correlation"))


@events.on("transition.incident.reported")
def tell_the_owner(event: OutboxEvent) -> None:
    incident = Incident.objects.select_related("service__owner").get(pk=event.subject_id)
    owners: list[User | None] = [incident.service.owner] if incident.service else []
    tell(
        owners,
        text=f"{incident.display} was reported.",
        kind=INCIDENT,
        about=incident,
        event=event,
    )


@events.on("transition.incident.cause_confirmed")
def propose_the_missing_relation(event: OutboxEvent) -> None:
    unexpected.propose_missing(incident_id=event.subject_id, actor=Actor.system("correlation"))


@events.on("transition.incident.cause_dismissed")
def withdraw_what_it_proposed(event: OutboxEvent) -> None:
    unexpected.withdraw(incident_id=event.subject_id, actor=Actor.system("correlation"), now=event.occurred_at)


@events.on("changes.change_request.scheduled")
@events.on("changes.change_request.rejected")
@events.on("changes.change_request.cancelled")
def follow_the_decision(event: OutboxEvent) -> None:
    deployments.follow(change_id=event.subject_id, actor=Actor.system("pipeline gate"))
