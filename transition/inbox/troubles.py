"""Incidents that tools detect, report and resolve; tickets of incidents are mirrored the same way."""

from datetime import datetime

from itsm.kernel.actor import Actor
from itsm.kernel.errors import DomainError
from transition.inbox.outcomes import Outcome
from transition.inbox.places import Places, actor_for
from transition.models import Incident, PipelineEvent
from transition.operations import incidents
from transition.pipeline.signals import Trouble

PRIORITY = 2


class NotKnownYet(DomainError):
    """Perhaps the event that reports it is still on its way."""

    code = "incident_not_known_yet"


def apply(event: PipelineEvent, said: Trouble, places: Places, now: datetime) -> Outcome:
    service = places.placed(event, said)
    outcome, actor = Outcome(service.pk), actor_for(event)
    known = Incident.objects.select_related("service").filter(source=said.source, external_key=said.key).first()
    if known is not None:
        places.may_tell(event, known.service)  # which may be another one than the event names
    if said.step in ("resolved", "updated"):
        if known is None:
            raise NotKnownYet(f"No incident is known as {said.key} of {said.source}.")
        if said.step == "updated" or known.state == Incident.State.RESOLVED:
            return outcome.note(f"{known.number} is {known.get_state_display().lower()}; nothing to do.")
        done = incidents.resolve(incident_id=known.pk, actor=actor, now=min(said.at, now))
        return outcome.add("Resolved:", done)
    if known is not None:
        return _linked(known, said, outcome, actor)
    made = incidents.report(
        title=(said.title or f"{service.name}: something is wrong")[:200], text=_text(said), service=service,
        opened_at=min(said.at, now), priority=PRIORITY, source=said.source, external_key=said.key, actor=actor,
    )  # fmt: skip
    return outcome.add("Reported, heightened by early life:" if made.heightened else "Reported:", made)


def _text(said: Trouble) -> str:
    version = said.artifact.version or said.artifact.digest
    parts = (said.title, f"Environment: {said.environment}" if said.environment else "",
             f"Running: {said.artifact.name} {version}".strip() if said.artifact.name else "", said.link)  # fmt: skip
    return "\n".join(part for part in parts if part)


def _linked(known: Incident, said: Trouble, outcome: Outcome, actor: Actor) -> Outcome:
    """A detected incident is reported: its ticket belongs to it."""
    if not said.link or said.link in known.text:
        return outcome.add("Known already as", known)
    incidents.add_link(incident_id=known.pk, link=said.link, actor=actor)
    return outcome.add("Its ticket is noted on", known)
