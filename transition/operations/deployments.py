"""A deployment's way once the gate has answered: begun, ended, rolled back, or gone by."""

from collections.abc import Iterable
from datetime import datetime

from changes.models import ChangeModel, ChangeRequest
from changes.operations import requests, standard
from cmdb.operations import cis
from itsm.kernel import events, history
from itsm.kernel.actor import Actor
from itsm.kernel.errors import DomainError, IllegalMove, InvalidInput
from itsm.kernel.locks import Lock, hold
from itsm.kernel.operation import operation
from itsm.kernel.permissions import require
from transition.models import DeliveryStream, Deployment, Requirement
from transition.operations import requirements as delivered
from transition.operations import runs
from transition.operations.gate import PROGRAM, NoCodeStream, request
from transition.queries.gate import PRODUCTION, live_before, standing_of
from transition.rules import operation as rules

__all__ = [
    "AuthorisationExpired", "NoCodeStream", "Overtaken", "finish", "follow", "lapse_unused", "request", "roll_back",
    "start",
]  # fmt: skip
State, Decision = Deployment.State, Deployment.Decision
OUTCOMES = {
    State.SUCCEEDED: ChangeRequest.Outcome.SUCCESSFUL,
    State.FAILED: ChangeRequest.Outcome.FAILED,
    State.ROLLED_BACK: ChangeRequest.Outcome.BACKED_OUT,
}


class AuthorisationExpired(DomainError):
    code = "authorisation_expired"


class Overtaken(DomainError):
    """Something stands in the way now that did not when the gate answered."""

    code = "authorisation_overtaken"


class OtherArtifact(DomainError):
    """What is to be deployed is not what was authorised."""

    code = "artifact_mismatch"


class OtherCommits(DomainError):
    code = "commits_mismatch"


@operation
def follow(*, change_id: int, actor: Actor) -> None:
    """A change that people decided on, or took back, says how its deployment stands."""
    open_states = (State.REQUESTED, State.AUTHORISED)
    deployment = Deployment.objects.select_for_update().filter(change=change_id, state__in=open_states).first()
    if deployment is None:
        return
    change = ChangeRequest.objects.get(pk=change_id)
    if change.status == ChangeRequest.Status.SCHEDULED and deployment.state == State.REQUESTED:
        deployment.decision, deployment.state = Decision.AUTHORISED, State.AUTHORISED
    elif change.status in (ChangeRequest.Status.REJECTED, ChangeRequest.Status.CANCELLED):
        deployment.decision, deployment.state = Decision.REFUSED, State.REFUSED
    else:
        return
    deployment.decided_at = change.updated_at
    deployment.save(update_fields=["decision", "state", "decided_at"])
    events.record("transition.deployment.decided", deployment, actor=actor, decision=deployment.decision)


@operation
def start(
    *,
    deployment_id: int,
    actor: Actor,
    now: datetime,
    artifact_digest: str = "",
    commits: Iterable[str] | None = None,
) -> Deployment:
    """Use the authorisation; it can be used once, within its window, for what was asked, while nothing bars the way."""
    deployment = Deployment.objects.select_related("service__ci", "change").lock(deployment_id)
    require(rules.may_run, actor, deployment)
    if deployment.started_at is not None:
        raise IllegalMove(f"The authorisation of {deployment.number} has been used; it holds for one start. Ask again.")
    Deployment.LIFECYCLE.move(deployment, to=State.RUNNING)
    _check_bound(deployment, artifact_digest, commits)
    change = deployment.change
    if change is None or change.window is None or not change.window.lower <= now < change.window.upper:
        raise AuthorisationExpired(f"The authorisation of {deployment.number} is not valid now; ask again.")
    if bars := standing_of(deployment.service, deployment.environment, now).bars:
        why = "; ".join(f"{look.asked}: {look.found}" for look in bars)
        raise Overtaken(f"{deployment.number} was authorised, but now something bars it. {why}.")
    standard.begin(change_id=change.pk, actor=PROGRAM, now=now)
    deployment.started_at = now
    deployment.save(update_fields=["state", "started_at"])
    events.record("transition.deployment.started", deployment, actor=actor)
    return deployment


def _check_bound(deployment: Deployment, digest: str, commits: Iterable[str] | None) -> None:
    if digest and digest != deployment.artifact_digest:
        bound = deployment.artifact_digest or "no digest"
        raise OtherArtifact(
            f"{deployment.number} was authorised for {bound}, not for {digest}. Ask again for that one."
        )
    if commits is not None and set(commits) != set(deployment.commits):
        raise OtherCommits(f"{deployment.number} was authorised for other commits. Ask again for these.")


@operation
def finish(*, deployment_id: int, outcome: str, actor: Actor, now: datetime, reason: str = "") -> Deployment:
    """Say how it ended; a success in production is a run of the code stream and makes its requirements live."""
    if outcome not in OUTCOMES:
        raise InvalidInput.at("outcome", f"Unknown outcome. Known: {', '.join(OUTCOMES)}.")
    hold(Lock.PERIODS)  # before the rows that recording its run locks too
    deployment = Deployment.objects.select_related("service__ci", "change").lock(deployment_id)
    require(rules.may_run, actor, deployment)
    was = deployment.state
    Deployment.LIFECYCLE.move(deployment, to=outcome)
    if outcome == State.ROLLED_BACK:
        _say_rolled_back(deployment, reason, actor, now)
    deployment.finished_at = deployment.finished_at or now
    deployment.save()
    _judge_change(deployment, was, outcome, reason, now)
    with history.because(deployment):
        if deployment.environment == PRODUCTION and outcome == State.SUCCEEDED:
            deliver(deployment, now)
        if deployment.environment == PRODUCTION and was == State.SUCCEEDED:
            _take_back(deployment, reason, now)
    events.record("transition.deployment.finished", deployment, actor=actor, outcome=outcome, reason=reason)
    return deployment


@operation
def roll_back(*, deployment_id: int, reason: str, actor: Actor, now: datetime) -> Deployment:
    """It was taken back, by whom and why: outcome, change and the stream's record follow."""
    if not reason.strip():
        raise InvalidInput.at("reason", "Say why it was rolled back.")
    return finish(deployment_id=deployment_id, outcome=State.ROLLED_BACK, reason=reason.strip(), actor=actor, now=now)


def _say_rolled_back(deployment: Deployment, reason: str, actor: Actor, now: datetime) -> None:
    deployment.rolled_back_at, deployment.rolled_back_by = now, actor.user
    deployment.roll_back_reason = reason


def _judge_change(deployment: Deployment, was: str, outcome: str, reason: str, now: datetime) -> None:
    change = deployment.change
    if change is None or change.type == ChangeModel.Type.UNAUTHORISED:
        return
    if was == State.RUNNING:
        standard.end(change_id=change.pk, outcome=OUTCOMES[State(outcome)], actor=PROGRAM, now=now)
    elif outcome == State.ROLLED_BACK:
        standard.back_out(change_id=change.pk, reason=reason or "Rolled back.", actor=PROGRAM, now=now)


def deliver(deployment: Deployment, now: datetime) -> None:
    """It is live: its requirements, the CI's version and the code stream say so."""
    wanted = deployment.requirements.exclude(status=Requirement.Status.WITHDRAWN)
    if live := list(wanted.values_list("pk", flat=True)):
        delivered.mark_deployed(requirement_ids=live, actor=PROGRAM, now=now)
    cis.update(ci_id=deployment.service.ci_id, version=deployment.version, actor=PROGRAM)
    stream = DeliveryStream.objects.filter(
        plan__service=deployment.service, kind=DeliveryStream.Kind.CODE, state=DeliveryStream.State.ACTIVE
    ).order_by("ordinal").first()  # fmt: skip
    if stream is not None:
        deployment.run = runs.record_run(
            stream_id=stream.pk, actor=PROGRAM, now=now, summary=f"{deployment.artifact} {deployment.version}"[:300],
            origin=f"deployment:{deployment.pk}",
        )  # fmt: skip
        deployment.save(update_fields=["run"])


def _take_back(deployment: Deployment, reason: str, now: datetime) -> None:
    """It was live and is no longer: what it alone brought is not live, and the version before it is."""
    delivered.mark_taken_back(
        requirement_ids=list(deployment.requirements.values_list("pk", flat=True)),
        live_since=deployment.finished_at, actor=PROGRAM, now=now,
    )  # fmt: skip
    if deployment.run_id is not None:
        runs.take_back(run_id=deployment.run_id, reason=reason or "rolled back", actor=PROGRAM, now=now)
    before = live_before(deployment)
    if before is not None and deployment.service.ci.version == deployment.version:
        cis.update(ci_id=deployment.service.ci_id, version=before.version, actor=PROGRAM)


@operation
def lapse_unused(*, actor: Actor, now: datetime) -> list[Deployment]:
    """Authorisations whose time went by unused end, and their standard changes with them."""
    due = Deployment.objects.filter(state=State.AUTHORISED, change__window__endswith__lte=now)
    lapsed = list(due.select_for_update(of=("self",), skip_locked=True).order_by("pk")[:200])
    for deployment in lapsed:
        deployment.state = State.LAPSED
        deployment.save(update_fields=["state"])
        if deployment.change_id is not None:
            _end_unused(deployment.change_id)
    events.record_each("transition.deployment.lapsed", lapsed, actor=actor)
    return lapsed


def _end_unused(change_id: int) -> None:
    status = ChangeRequest.objects.values_list("status", flat=True).get(pk=change_id)
    if status == ChangeRequest.Status.SCHEDULED:
        requests.cancel(change_id=change_id, reason="The authorisation was not used in its time.", actor=PROGRAM)
