"""May I deploy? The gate: facts in, the policy's ruling out, all of it in the ledger before the answer."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from changes.models import Authorisation, ChangeModel, Policy
from changes.operations import standard, unauthorised
from changes.operations.asking import policy_in_force
from changes.policy import Looked, Ruling, rule_on
from changes.queries.authorisations import deciders
from cmdb.models import Service
from itsm.kernel import events, ledger, rows
from itsm.kernel.actor import Actor
from itsm.kernel.errors import DomainError, InvalidInput
from itsm.kernel.operation import operation
from itsm.kernel.permissions import require
from transition.models import Deployment, Evidence, Requirement
from transition.operations import devolutions
from transition.operations.evidence import facts_of, inconclusive
from transition.queries.deployments import keep_drawn
from transition.queries.gate import Standing, standing_of
from transition.queries.gate_facts import Facts, Question
from transition.rules import operation as rules

VALID_FOR = timedelta(hours=4)
PEOPLE_HAVE = timedelta(hours=24)
NAMED = 5
PROGRAM = Actor.system("pipeline gate")
State, Decision, Mode = Deployment.State, Deployment.Decision, Deployment.Mode


class NoCodeStream(DomainError):
    code = "no_code_stream"


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
    artifact_digest: str = "",
    mode: str = Mode.ASK,
) -> Deployment:
    """Ask to deploy; the answer is `decision` (authorised, pending, refused) with every rule that was looked at.

    With the mode `receipt` nobody waits: the same rules are looked at, the pipeline goes on at once, and what the
    rules would not have let pass is an unauthorised change.
    """
    require(rules.may_deploy, actor, service)
    shown, named = list(evidence), list(commits)
    brought, standing = facts_of(shown, artifact_digest), standing_of(service, environment, now)
    wanted, model = _requirements(service, requirements), _model_of(standing)
    policy = standing.policy or policy_in_force(_policy_name(standing, model))
    (pk,) = rows.next_ids(Deployment)
    deployment = Deployment(
        pk=pk, service=service, environment=environment, artifact=artifact, version=version,
        commits=named, pipeline_run=pipeline_run, requested_by=actor.user, requested_at=now,
        policy_version=str(policy), artifact_digest=artifact_digest, mode=mode, evidence_digest=ledger.digest(shown),
    )  # fmt: skip
    question = Question(deployment, wanted, (now, now + VALID_FOR), standing)
    facts = Facts(question, brought, {"devolution": partial(devolutions.ask, question=question, model=model)})
    ruling = _ruling(rule_on(policy.rules, facts), standing, model)
    _answer(deployment, model, policy, ruling, shown, actor, now)
    _keep(deployment, wanted, shown)
    events.record(
        "transition.deployment.requested", deployment, actor=actor, decision=deployment.decision, mode=str(mode)
    )
    return deployment


def _model_of(standing: Standing) -> ChangeModel:
    if standing.stream is None or standing.stream.change_model is None:
        raise NoCodeStream(
            f"{standing.service} has no code stream with a change model, so nothing says how to deploy it. "
            "Add the stream to its transition plan."
        )
    return standing.stream.change_model


def _policy_name(standing: Standing, model: ChangeModel) -> str:
    return (standing.stream.plan.policy_name if standing.stream else "") or model.policy_name


def _ruling(ruled: Ruling, standing: Standing, model: ChangeModel) -> Ruling:
    """The policy's ruling, unless something bars it in every case."""
    if ruled.decision == "authorise" and not model.pre_authorised:
        found = f"{model} is not, or no longer: see the way to a standard change on its page"
        fix = "Propose the model as standard, or let a policy ask people."
        bar = Looked(ruled.rule, "the change model is pre-authorised", found, "block", "block", fix)
        ruled = Ruling(ruled.rule, "refuse", [], [*ruled.looked, bar])
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


def _keep(deployment: Deployment, wanted: list[Requirement], shown: list[dict[str, Any]]) -> None:
    """Write it down once, with its answer and what it showed; all stays with it as REST draws it."""
    pieces = [
        Evidence(
            deployment=deployment, kind=piece["kind"], name=str(piece.get("name", ""))[:120], figures=piece,
            digest=ledger.digest(piece), inconclusive=inconclusive(piece, deployment.artifact_digest)[:300],
        )
        for piece in shown
    ]  # fmt: skip
    rows.write(*pieces, deployment)
    if wanted:
        deployment.requirements.set(wanted)
    keep_drawn(deployment, [requirement.code for requirement in wanted], pieces)


def _answer(
    deployment: Deployment,
    model: ChangeModel,
    policy: Policy,
    ruling: Ruling,
    evidence: list[dict[str, Any]],
    actor: Actor,
    now: datetime,
) -> None:
    reasons = [look.as_dict() for look in ruling.looked]
    ground: dict[str, Any] = {"ruling": ruling, "policy": policy, "evidence": evidence, "actor": actor, "now": now}
    about: dict[str, Any] = {
        "model": model, "service": deployment.service, "title": title_of(deployment), "cis": [deployment.service.ci],
    }  # fmt: skip
    receipt = deployment.mode == Mode.RECEIPT
    if ruling.decision == "authorise":
        deployment.change = standard.authorise_by_pipeline(window=(now, now + VALID_FOR), **about, **ground)
        deployment.decision, deployment.state, deployment.decided_at = Decision.AUTHORISED, State.AUTHORISED, now
    elif ruling.decision == "ask" and not receipt:
        deployment.change = standard.leave_to_people(
            window=(now, now + PEOPLE_HAVE), subject=deployment, requested_by=actor.user, **about, **ground
        )
        deployment.decision = Decision.PENDING
        reasons += _waits_for(deployment, ruling)
    else:
        standard.refuse_by_pipeline(subject=deployment, **ground)
        deployment.decision, deployment.state, deployment.decided_at = Decision.REFUSED, State.REFUSED, now
    if receipt:
        _go_on(deployment, reasons, now)
    deployment.reasons = reasons


def _go_on(deployment: Deployment, reasons: list[dict[str, Any]], now: datetime) -> None:
    """A receipt: it is being deployed, whatever the rules say; what they say is what it is."""
    deployment.state, deployment.started_at = State.RUNNING, now
    if deployment.decision == Decision.AUTHORISED and deployment.change is not None:
        standard.begin(change_id=deployment.change.pk, actor=PROGRAM, now=now)
        return
    missed = [reason for reason in reasons if reason.get("consequence") in ("block", "ask")]
    deployment.change = unauthorised.record(
        title=title_of(deployment), services=[deployment.service], cis=[deployment.service.ci], began_at=now,
        origin=f"deployment:{deployment.pk}", evidence={"told by": deployment.number, "not met": missed},
        reason="The pipeline only told of it, and the policy would not have let it pass.", actor=PROGRAM, now=now,
    )  # fmt: skip


def title_of(deployment: Deployment) -> str:
    return f"Deploy {deployment.artifact[:110]} {deployment.version}"


def _waits_for(deployment: Deployment, ruling: Ruling) -> list[dict[str, Any]]:
    """Who can decide it, by name, and where."""
    change = deployment.change
    assert change is not None
    waiting = change.authorisations.filter(state__in=Authorisation.OPEN).order_by("pk")
    return [_waits(authorisation, ruling.rule) for authorisation in waiting]


def _waits(authorisation: Authorisation, rule: str) -> dict[str, Any]:
    people = [str(person) for person in deciders(authorisation)[:NAMED]]
    change = authorisation.change
    return {
        "rule": rule,
        "asked": f"{authorisation.get_role_display()} authorises it",
        "found": f"{change.number} waits for {', '.join(people) or 'somebody with this role: nobody has it now'}",
        "verdict": "pending",
        "who": people,
        "where": f"{change.get_absolute_url()}#decision",
    }
