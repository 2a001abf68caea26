"""May I deploy? The gate: facts in, the policy's ruling out, all of it in the ledger before the answer."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction

from changes.models import Authorisation, ChangeModel, ChangeRequest, Policy
from changes.operations import requests, standard
from changes.operations.asking import policy_in_force
from changes.policy import Ruling, rule_on
from cmdb.models import Service
from cmdb.operations import cis
from itsm.kernel import events, history, ledger
from itsm.kernel.actor import Actor
from itsm.kernel.errors import DomainError, InvalidInput
from itsm.kernel.locks import Lock, hold
from itsm.kernel.operation import operation
from itsm.kernel.permissions import require
from transition.models import DeliveryStream, Deployment, Evidence, Requirement
from transition.operations import requirements as delivered
from transition.operations import runs
from transition.operations.evidence import facts_of
from transition.queries.gate import PRODUCTION, Standing, live_before, standing_of
from transition.rules import operation as rules

VALID_FOR = timedelta(hours=4)
PROGRAM = Actor.system("pipeline gate")
State, Decision = Deployment.State, Deployment.Decision
OUTCOMES = {
    State.SUCCEEDED: ChangeRequest.Outcome.SUCCESSFUL,
    State.FAILED: ChangeRequest.Outcome.FAILED,
    State.ROLLED_BACK: ChangeRequest.Outcome.BACKED_OUT,
}


class NoCodeStream(DomainError):
    code = "no_code_stream"


class AuthorisationExpired(DomainError):
    code = "authorisation_expired"


class Overtaken(DomainError):
    """Something stands in the way now that did not when the gate answered."""

    code = "authorisation_overtaken"


@operation
def request(
    *,
    service: Service,
    environment: str,
    artifact: str,
    version: str,
    actor: Actor,
    now: datetime,
    commits: Iterable[str] = (),
    requirements: Iterable[str] = (),
    pipeline_run: str = "",
    evidence: Iterable[dict[str, Any]] = (),
) -> Deployment:
    """Ask to deploy; the answer is `decision` (authorised, pending, refused) with every rule that was looked at."""
    require(rules.may_deploy, actor, service)
    shown = list(evidence)
    facts, standing = facts_of(shown), standing_of(service, environment, now)
    wanted, model = _requirements(service, requirements), _model_of(standing)
    policy = policy_in_force(_policy_name(service, model))
    deployment = Deployment.objects.create(
        service=service, environment=environment, artifact=artifact, version=version, commits=list(commits),
        pipeline_run=pipeline_run, requested_by=actor.user, requested_at=now, policy_version=str(policy),
    )  # fmt: skip
    if wanted:
        deployment.requirements.set(wanted)
    _keep(deployment, shown)
    ruling = _ruling(rule_on(policy.rules, facts | standing.facts), standing)
    _answer(deployment, model, policy, ruling, shown, actor, now)
    events.record("transition.deployment.requested", deployment, actor=actor, decision=deployment.decision)
    return deployment


def _model_of(standing: Standing) -> ChangeModel:
    if standing.stream is None or standing.stream.change_model is None:
        raise NoCodeStream(
            f"{standing.service} has no code stream with a change model, so nothing says how to deploy it. "
            "Add the stream to its transition plan."
        )
    return standing.stream.change_model


def _policy_name(service: Service, model: ChangeModel) -> str:
    plan = getattr(service, "plan", None)
    return (plan.policy_name if plan else "") or model.policy_name


def _ruling(ruled: Ruling, standing: Standing) -> Ruling:
    """The policy's ruling, unless something bars it in every case."""
    if ruled.decision == "ask" and not standing.bars:
        return ruled
    looked = [*ruled.looked, *standing.looked]
    if standing.bars and ruled.decision != "refuse":
        return Ruling(standing.bars[0].rule, "refuse", [], looked)
    return Ruling(ruled.rule, ruled.decision, ruled.require, looked)


def _requirements(service: Service, codes: Iterable[str]) -> list[Requirement]:
    wanted = list(dict.fromkeys(codes))
    found = list(Requirement.objects.filter(plan__service=service, code__in=wanted)) if wanted else []
    if unknown := sorted(set(wanted) - {requirement.code for requirement in found}):
        raise InvalidInput.at("requirements", f"{service} has no requirement {', '.join(unknown)}.")
    if withdrawn := sorted(r.code for r in found if r.status == Requirement.Status.WITHDRAWN):
        raise InvalidInput.at("requirements", f"Withdrawn: {', '.join(withdrawn)}. Leave out what is not wanted.")
    return found


def _keep(deployment: Deployment, shown: list[dict[str, Any]]) -> None:
    Evidence.objects.bulk_create(
        [
            Evidence(deployment=deployment, kind=piece["kind"], name=str(piece.get("name", ""))[:120],
                     figures=piece, digest=ledger.digest(piece))
            for piece in shown
        ]
    )  # fmt: skip


def _answer(
    deployment: Deployment,
    model: ChangeModel,
    policy: Policy,
    ruling: Ruling,
    evidence: Any,
    actor: Actor,
    now: datetime,
) -> None:
    reasons = [look.as_dict() for look in ruling.looked]
    if ruling.decision == "authorise":
        deployment.change = standard.authorise_by_pipeline(
            model=model, service=deployment.service, title=_title(deployment), window=(now, now + VALID_FOR),
            cis=[deployment.service.ci], ruling=ruling, policy=policy, evidence=evidence, actor=actor, now=now,
        )  # fmt: skip
        deployment.decision, deployment.state = Decision.AUTHORISED, State.AUTHORISED
    elif ruling.decision == "ask":
        deployment.change, asked = _ask_people(deployment, model, ruling, now)
        deployment.decision = Decision.PENDING
        reasons += asked
        ledger.append(
            actor=actor, subject=deployment, decision="left_to_people", policy_version=f"{policy}, {ruling.rule}",
            evidence=evidence, details={"looked": reasons}, at=now,
        )  # fmt: skip
    else:
        standard.refuse_by_pipeline(
            subject=deployment, ruling=ruling, policy=policy, evidence=evidence, actor=actor, now=now
        )
        deployment.decision, deployment.state = Decision.REFUSED, State.REFUSED
    deployment.reasons = reasons
    deployment.save(update_fields=["change", "decision", "state", "reasons"])


def _title(deployment: Deployment) -> str:
    return f"Deploy {deployment.artifact[:110]} {deployment.version}"


def _ask_people(
    deployment: Deployment, model: ChangeModel, ruling: Ruling, now: datetime
) -> tuple[ChangeRequest, list[dict[str, str]]]:
    """The policy wants people: a request for change that they decide as any other, and who they are."""
    change = requests.draft(
        title=_title(deployment), model=model, services=[deployment.service], cis=[deployment.service.ci], start=now,
        end=now + VALID_FOR, requested_by=deployment.requested_by, actor=PROGRAM,
    )  # fmt: skip
    try:
        with transaction.atomic():
            change = requests.submit(change_id=change.pk, actor=PROGRAM, now=now)
    except DomainError as refusal:
        return change, [_asked(ruling, "somebody submits it", f"{change.number} waits as a draft: {refusal.message}")]
    waiting = change.authorisations.filter(state__in=Authorisation.OPEN).order_by("pk")
    return change, [_asked(ruling, f"{a.get_role_display()} authorises it", f"{change.number} waits") for a in waiting]


def _asked(ruling: Ruling, asked: str, found: str) -> dict[str, str]:
    return {"rule": ruling.rule, "asked": asked, "found": found, "verdict": "pending"}


@operation
def follow(*, change_id: int, actor: Actor) -> None:
    """A change that people decided on, or took back, says how its deployment stands."""
    open_states = (State.REQUESTED, State.AUTHORISED)
    deployment = Deployment.objects.select_for_update().filter(change=change_id, state__in=open_states).first()
    if deployment is None:
        return
    status = ChangeRequest.objects.values_list("status", flat=True).get(pk=change_id)
    if status == ChangeRequest.Status.SCHEDULED and deployment.state == State.REQUESTED:
        deployment.decision, deployment.state = Decision.AUTHORISED, State.AUTHORISED
    elif status in (ChangeRequest.Status.REJECTED, ChangeRequest.Status.CANCELLED):
        deployment.decision, deployment.state = Decision.REFUSED, State.REFUSED
    else:
        return
    deployment.save(update_fields=["decision", "state"])
    events.record("transition.deployment.decided", deployment, actor=actor, decision=deployment.decision)


@operation
def start(*, deployment_id: int, actor: Actor, now: datetime) -> Deployment:
    """Use the authorisation; it can be used once, within its window, and while nothing bars the way."""
    deployment = Deployment.objects.select_related("service__ci", "change").lock(deployment_id)
    require(rules.may_run, actor, deployment)
    Deployment.LIFECYCLE.move(deployment, to=State.RUNNING)
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


@operation
def finish(*, deployment_id: int, outcome: str, actor: Actor, now: datetime) -> Deployment:
    """Say how it ended; a success in production is a run of the code stream and makes its requirements live."""
    if outcome not in OUTCOMES:
        raise InvalidInput.at("outcome", f"Unknown outcome. Known: {', '.join(OUTCOMES)}.")
    hold(Lock.PERIODS)  # before the rows that recording its run locks too
    deployment = Deployment.objects.select_related("service").lock(deployment_id)
    require(rules.may_run, actor, deployment)
    was_live = deployment.state == State.SUCCEEDED
    Deployment.LIFECYCLE.move(deployment, to=outcome)
    first = deployment.finished_at is None
    deployment.finished_at = deployment.finished_at or now
    deployment.save(update_fields=["state", "finished_at"])
    if deployment.change_id is not None and first:
        standard.end(change_id=deployment.change_id, outcome=OUTCOMES[State(outcome)], actor=PROGRAM, now=now)
    with history.because(deployment):
        if deployment.environment == PRODUCTION and outcome == State.SUCCEEDED:
            _deliver(deployment, now)
        if deployment.environment == PRODUCTION and was_live:
            _take_back(deployment)
    events.record("transition.deployment.finished", deployment, actor=actor, outcome=outcome)
    return deployment


def _deliver(deployment: Deployment, now: datetime) -> None:
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


def _take_back(deployment: Deployment) -> None:
    """It was live and is no longer: what it alone brought is not live, and the version before it is."""
    delivered.mark_taken_back(
        requirement_ids=list(deployment.requirements.values_list("pk", flat=True)),
        live_since=deployment.finished_at, actor=PROGRAM,
    )  # fmt: skip
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
