"""A version came to an environment: the deployment that was asked for follows, or it was never authorised."""

from datetime import datetime, timedelta

from django.db.models import QuerySet

from cmdb.models import Service
from itsm.kernel.actor import Actor
from itsm.kernel.errors import DomainError
from transition.inbox.outcomes import Outcome
from transition.inbox.places import Places, actor_for
from transition.models import CodeCommit, Deployment, PipelineEvent, Requirement
from transition.operations import deployments, unmatched
from transition.pipeline.signals import Delivery
from transition.queries.gate import PRODUCTION

State = Deployment.State
CLOCKS_DIFFER = timedelta(minutes=5)
LOOKED_AT = 50


class NothingLive(DomainError):
    code = "nothing_to_roll_back"


def apply(event: PipelineEvent, said: Delivery, places: Places, now: datetime) -> Outcome:
    service = places.placed(event, said)
    environment, actor = places.environment(event, said.environment), actor_for(event)
    outcome, at = Outcome(service.pk), min(said.at, now)
    known = Deployment.objects.filter(service=service, environment=environment).order_by("-pk")
    if said.step == "rolled_back":
        return _rolled_back(known, said, outcome, event, actor, at)
    asked = known.exclude(mode=Deployment.Mode.SEEN)[:LOOKED_AT]
    found = [deployment for deployment in asked if fits(deployment, said)]
    open_ = next((d for d in found if d.state in (State.AUTHORISED, State.RUNNING)), None)
    if open_ is not None and at >= open_.requested_at - CLOCKS_DIFFER:
        return _follow(open_, said, outcome, event, actor, at)
    same_run = next((d for d in found if d.state in (State.SUCCEEDED, State.FAILED) and _ended_near(d, at)), None)
    if same_run is not None:
        return outcome.add("Known already as", same_run)
    return _never_asked(event, said, service, environment, outcome, actor, now, found)


def fits(deployment: Deployment, said: Delivery) -> bool:
    """The same thing: by digest where both say one, else by version or commit."""
    digest: str = deployment.artifact_digest
    if said.artifact.digest and digest:
        return digest == said.artifact.digest
    if said.artifact.digest and said.artifact.digest in (deployment.version, deployment.artifact.rpartition("@")[2]):
        return True
    if said.artifact.version and deployment.version.removeprefix("v") == said.artifact.version.removeprefix("v"):
        return True
    asked = [c if isinstance(c, str) else str(c.get("sha", "")) for c in deployment.commits]
    pairs = ((ours, theirs) for ours in asked for theirs in said.commits)
    return any(len(a) > 6 and len(b) > 6 and (a.startswith(b) or b.startswith(a)) for a, b in pairs)


def _ended_near(deployment: Deployment, at: datetime) -> bool:
    """The pipeline told of the end itself; the event only says it again."""
    ended = deployment.finished_at
    return ended is not None and abs(ended - at) < timedelta(hours=1)


def _follow(
    deployment: Deployment, said: Delivery, outcome: Outcome, event: PipelineEvent, actor: Actor, at: datetime
) -> Outcome:
    if deployment.state == State.AUTHORISED:
        try:
            deployment = deployments.start(
                deployment_id=deployment.pk, actor=actor, now=max(at, deployment.requested_at)
            )
        except (deployments.AuthorisationExpired, deployments.Overtaken) as refusal:
            return _unauthorised(
                event, said, deployment.service, deployment.environment, outcome, actor, event.received_at,
                f"{deployment.number} was asked for, but it was not to be used any more: {refusal.message}",
            )  # fmt: skip
    if said.step == "running":
        return outcome.add("Began", deployment)
    _name_requirements(deployment)
    done = deployments.finish(deployment_id=deployment.pk, outcome=said.step, actor=actor, now=at)
    return outcome.add(f"{done.get_state_display()}:", done)


def _name_requirements(deployment: Deployment) -> None:
    """What its commits name goes live with it."""
    shas = [c if isinstance(c, str) else str(c.get("sha", "")) for c in deployment.commits]
    named = Requirement.objects.filter(
        code_commits__in=CodeCommit.objects.filter(service=deployment.service_id, sha__in=shas)
    ).exclude(status=Requirement.Status.WITHDRAWN)
    if shas:
        deployment.requirements.add(*named.distinct())


def _rolled_back(
    known: QuerySet[Deployment], said: Delivery, outcome: Outcome, event: PipelineEvent, actor: Actor, at: datetime
) -> Outcome:
    """What was live last is no longer, whichever version the event names: the one before it, or itself."""
    live = known.filter(state=State.SUCCEEDED, finished_at__lte=at).order_by("-finished_at", "-pk").first()
    running = known.filter(state=State.RUNNING).first()
    deployment = running or live
    if deployment is None:
        raise NothingLive(f"No deployment of this service to {said.environment} is known that could be rolled back.")
    why = f"Its pipeline said so in {event.number}."
    done = deployments.roll_back(deployment_id=deployment.pk, reason=why, actor=actor, now=at)
    return outcome.add("Rolled back:", done)


def _never_asked(
    event: PipelineEvent, said: Delivery, service: Service, environment: str, outcome: Outcome, actor: Actor,
    now: datetime, found: list[Deployment],
) -> Outcome:  # fmt: skip
    if environment != PRODUCTION:
        return outcome.note(f"Never asked for; only in {PRODUCTION} must it be.")
    if said.step == "running":
        return outcome.note("Never asked for; it is judged once it has ended.")
    refused = next((d for d in found if d.state in (State.REFUSED, State.REQUESTED, State.LAPSED)), None)
    why = "Nobody had asked to deploy it."
    if refused is not None:
        why = f"{refused.number} had asked, and was {refused.get_state_display().lower()}."
    return _unauthorised(event, said, service, environment, outcome, actor, now, why)


def _unauthorised(
    event: PipelineEvent, said: Delivery, service: Service, environment: str, outcome: Outcome, actor: Actor,
    now: datetime, why: str,
) -> Outcome:  # fmt: skip
    """It was done all the same: a change that begins in review, once for the event."""
    version = said.artifact.version or said.artifact.digest[:19] or ", ".join(said.commits)[:12]
    seen = unmatched.record(
        service=service, environment=environment, artifact=(said.artifact.name or service.name)[:300],
        version=(version or "unknown")[:80], artifact_digest=said.artifact.digest[:200], commits=said.commits,
        seen_at=min(said.at, now), outcome=said.step, pipeline_run=said.run[:500], origin=f"event:{event.pk}",
        evidence={"source": event.source, "id": event.event_id, "type": event.type, "why": why}, actor=actor, now=now,
    )  # fmt: skip
    return outcome.add(f"{why} It is an unauthorised change:", seen.change).add("Recorded as", seen)
