"""Deployments that were seen and never asked for."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from changes.operations import unauthorised
from cmdb.models import Service
from itsm.kernel import events, history, ledger
from itsm.kernel.actor import Actor
from itsm.kernel.errors import InvalidInput
from itsm.kernel.locks import Lock, hold
from itsm.kernel.operation import operation
from itsm.kernel.permissions import require
from transition.models import Deployment
from transition.operations.deployments import deliver
from transition.operations.gate import PROGRAM, title_of
from transition.queries.gate import PRODUCTION
from transition.rules import operation as rules

State = Deployment.State
SEEN = {State.SUCCEEDED, State.FAILED, State.RUNNING}


@operation
def record(
    *,
    service: Service,
    environment: str,
    artifact: str,
    version: str,
    seen_at: datetime,
    origin: str,
    actor: Actor,
    now: datetime,
    outcome: str = State.SUCCEEDED,
    artifact_digest: str = "",
    commits: Iterable[str] = (),
    pipeline_run: str = "",
    evidence: dict[str, Any] | None = None,
) -> Deployment:
    """A deployment as it was seen, with its unauthorised change; the same `origin` again is the same deployment.

    `origin` names what saw it, such as `cdevent:<source>/<id>`. What is live is live: the CI's version and the stream
    follow as ever, so that the record stays true.
    """
    require(rules.may_deploy, actor, service)
    if outcome not in SEEN:
        raise InvalidInput.at("outcome", f"Unknown outcome. Known: {', '.join(sorted(SEEN))}.")
    hold(Lock.PERIODS)
    hold(Lock.LEDGER)  # one finder at a time
    if known := Deployment.objects.filter(change__discovery__origin=origin).first():
        return known
    deployment = _as_seen(
        Deployment(
            service=service, environment=environment, artifact=artifact, version=version, commits=list(commits),
            artifact_digest=artifact_digest, pipeline_run=pipeline_run, requested_by=actor.user, state=outcome,
            evidence_digest=ledger.digest(evidence or {}), reasons=[_never_asked(origin)],
        ), seen_at,
    )  # fmt: skip
    _write_down(deployment, origin, evidence or {}, now)
    events.record("transition.deployment.unmatched", deployment, actor=actor, origin=origin)
    return deployment


def _write_down(deployment: Deployment, origin: str, evidence: dict[str, Any], now: datetime) -> None:
    """Its unauthorised change, and what is different since."""
    service, at = deployment.service, deployment.requested_at
    deployment.change = unauthorised.record(
        title=f"{title_of(deployment)} to {deployment.environment}", services=[service], cis=[service.ci],
        began_at=at, origin=origin, evidence={"deployment": deployment.number, **evidence}, actor=PROGRAM, now=now,
        reason="It was seen in the pipeline's events and was never asked for.",
    )  # fmt: skip
    deployment.save(update_fields=["change"])
    if deployment.environment == PRODUCTION and deployment.state == State.SUCCEEDED:
        with history.because(deployment):
            deliver(deployment, min(at, now))


def _as_seen(deployment: Deployment, at: datetime) -> Deployment:
    deployment.mode, deployment.decision = Deployment.Mode.SEEN, Deployment.Decision.NOT_ASKED
    deployment.requested_at = deployment.started_at = at
    deployment.finished_at = None if deployment.state == State.RUNNING else at
    deployment.save(force_insert=True)
    return deployment


def _never_asked(origin: str) -> dict[str, str]:
    return {
        "rule": "in every case", "asked": "the gate was asked before", "found": f"never; seen by {origin}",
        "verdict": "block", "consequence": "block",
        "fix": "Let the pipeline ask with `slipway gate`, and review the unauthorised change.",
    }  # fmt: skip
