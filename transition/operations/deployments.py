"""May I deploy? The gate: facts in, the policy's ruling out, all of it in the ledger before the answer."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from changes.models import ChangeModel, ChangeRequest, Policy
from changes.operations import requests, standard
from changes.operations.asking import policy_in_force
from changes.policy import Ruling, rule_on
from changes.queries import freezes
from cmdb.models import Service
from cmdb.operations import cis
from itsm.kernel import events, ledger
from itsm.kernel.actor import Actor
from itsm.kernel.errors import DomainError, InvalidInput
from itsm.kernel.locks import Lock, hold
from itsm.kernel.operation import operation
from itsm.kernel.permissions import require
from transition.models import DeliveryStream, Deployment, Evidence, Requirement
from transition.operations import requirements as delivered
from transition.operations import runs
from transition.operations.evidence import facts_of
from transition.queries.gaps import standing
from transition.rules import operation as rules

VALID_FOR = timedelta(hours=4)
PROGRAM = Actor.system("pipeline gate")
State = Deployment.State
OUTCOMES = {
    State.SUCCEEDED: ChangeRequest.Outcome.SUCCESSFUL,
    State.FAILED: ChangeRequest.Outcome.FAILED,
    State.ROLLED_BACK: ChangeRequest.Outcome.BACKED_OUT,
}


class NoCodeStream(DomainError):
    code = "no_code_stream"


class AuthorisationExpired(DomainError):
    code = "authorisation_expired"


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
    shown_facts = facts_of(shown)
    model = _model_of(service)
    policy = policy_in_force(_policy_name(service, model))
    deployment = Deployment.objects.create(
        service=service, environment=environment, artifact=artifact, version=version, commits=list(commits),
        pipeline_run=pipeline_run, requested_by=actor.user, requested_at=now, policy_version=str(policy),
    )  # fmt: skip
    deployment.requirements.set(_requirements(service, requirements))
    Evidence.objects.bulk_create(
        [
            Evidence(deployment=deployment, kind=piece["kind"], name=str(piece.get("name", ""))[:120],
                     figures=piece, digest=ledger.digest(piece))
            for piece in shown
        ]
    )  # fmt: skip
    ruling = rule_on(policy.rules, _facts(service, environment, now) | shown_facts)
    _answer(deployment, model, policy, ruling, shown, actor, now)
    events.record("transition.deployment.requested", deployment, actor=actor, decision=deployment.decision)
    return deployment


def _model_of(service: Service) -> ChangeModel:
    stream = (
        DeliveryStream.objects.filter(
            plan__service=service, kind=DeliveryStream.Kind.CODE, change_model__isnull=False, state="active"
        )
        .select_related("change_model")
        .order_by("ordinal")
        .first()
    )
    if stream is None or stream.change_model is None:
        raise NoCodeStream(
            f"{service} has no active code stream with a change model, so nothing says how to deploy it."
        )
    return stream.change_model


def _policy_name(service: Service, model: ChangeModel) -> str:
    plan = getattr(service, "plan", None)
    return (plan.policy_name if plan else "") or model.policy_name


def _facts(service: Service, environment: str, now: datetime) -> dict[str, Any]:
    barring = [freeze.name for freeze in freezes.touching(now, now + timedelta(minutes=1), [service.pk])]
    return {
        "environment": environment,
        "service": service.slug,
        "service_status": service.status,
        "criticality": service.ci.criticality,
        "freezes": len(barring),
        "critical_gaps": standing(service, now).filter(severity="critical").count(),
    }


def _requirements(service: Service, codes: Iterable[str]) -> list[Requirement]:
    wanted = list(dict.fromkeys(codes))
    found = list(Requirement.objects.filter(plan__service=service, code__in=wanted)) if wanted else []
    if unknown := sorted(set(wanted) - {requirement.code for requirement in found}):
        raise InvalidInput.at("requirements", f"{service} has no requirement {', '.join(unknown)}.")
    return found


def _answer(
    deployment: Deployment,
    model: ChangeModel,
    policy: Policy,
    ruling: Ruling,
    evidence: Any,
    actor: Actor,
    now: datetime,
) -> None:
    if ruling.decision == "authorise":
        deployment.change = standard.authorise_by_pipeline(
            model=model, service=deployment.service, title=f"Deploy {deployment.artifact} {deployment.version}",
            window=(now, now + VALID_FOR), cis=[deployment.service.ci], ruling=ruling, policy=policy,
            evidence=evidence, actor=actor, now=now,
        )  # fmt: skip
        deployment.decision, deployment.state = Deployment.Decision.AUTHORISED, State.AUTHORISED
    elif ruling.decision == "ask":
        deployment.change = _ask_people(deployment, model, actor, now)
        deployment.decision = Deployment.Decision.PENDING
    else:
        standard.refuse_by_pipeline(
            subject=deployment, ruling=ruling, policy=policy, evidence=evidence, actor=actor, now=now
        )
        deployment.decision, deployment.state = Deployment.Decision.REFUSED, State.REFUSED
    deployment.reasons = [look.as_dict() for look in ruling.looked]
    deployment.save(update_fields=["change", "decision", "state", "reasons"])


def _ask_people(deployment: Deployment, model: ChangeModel, actor: Actor, now: datetime) -> ChangeRequest:
    """The policy wants people: a request for change that they decide, as any other."""
    change = requests.draft(
        title=f"Deploy {deployment.artifact} {deployment.version}", model=model, services=[deployment.service],
        cis=[deployment.service.ci], start=now, end=now + VALID_FOR, requested_by=actor.user, actor=PROGRAM,
    )  # fmt: skip
    return requests.submit(change_id=change.pk, actor=PROGRAM, now=now)


@operation
def follow(*, change_id: int, actor: Actor) -> None:
    """A change that people decided on says how its pending deployment stands."""
    deployment = Deployment.objects.select_for_update().filter(change=change_id, state=State.REQUESTED).first()
    if deployment is None:
        return
    status = ChangeRequest.objects.values_list("status", flat=True).get(pk=change_id)
    if status == ChangeRequest.Status.SCHEDULED:
        deployment.decision, deployment.state = Deployment.Decision.AUTHORISED, State.AUTHORISED
    elif status in (ChangeRequest.Status.REJECTED, ChangeRequest.Status.CANCELLED):
        deployment.decision, deployment.state = Deployment.Decision.REFUSED, State.REFUSED
    else:
        return
    deployment.save(update_fields=["decision", "state"])
    events.record("transition.deployment.decided", deployment, actor=actor, decision=deployment.decision)


@operation
def start(*, deployment_id: int, actor: Actor, now: datetime) -> Deployment:
    """Use the authorisation; it can be used once, and within its window."""
    deployment = Deployment.objects.lock(deployment_id)
    require(rules.may_run, actor, deployment)
    Deployment.LIFECYCLE.move(deployment, to=State.RUNNING)
    change = deployment.change
    if change is None or change.window is None or not change.window.lower <= now < change.window.upper:
        raise AuthorisationExpired(f"The authorisation of {deployment.number} is not valid now; ask again.")
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
    deployment = Deployment.objects.lock(deployment_id)
    require(rules.may_run, actor, deployment)
    Deployment.LIFECYCLE.move(deployment, to=outcome)
    first = deployment.finished_at is None
    deployment.finished_at = deployment.finished_at or now
    deployment.save(update_fields=["state", "finished_at"])
    if deployment.change is not None and first:
        standard.end(change_id=deployment.change.pk, outcome=OUTCOMES[State(outcome)], actor=PROGRAM, now=now)
    if outcome == State.SUCCEEDED and deployment.environment == "production":
        _deliver(deployment, now)
    events.record("transition.deployment.finished", deployment, actor=actor, outcome=outcome)
    return deployment


def _deliver(deployment: Deployment, now: datetime) -> None:
    codes = list(deployment.requirements.values_list("pk", flat=True))
    if codes:
        delivered.mark_deployed(requirement_ids=codes, actor=PROGRAM, now=now)
    cis.update(ci_id=deployment.service.ci_id, version=deployment.version, actor=PROGRAM)
    stream = DeliveryStream.objects.filter(
        plan__service=deployment.service, kind=DeliveryStream.Kind.CODE, state="active"
    ).first()
    if stream is not None:
        deployment.run = runs.record_run(
            stream_id=stream.pk, actor=PROGRAM, now=now, summary=f"{deployment.artifact} {deployment.version}",
            origin=f"deployment:{deployment.pk}",
        )  # fmt: skip
        deployment.save(update_fields=["run"])
