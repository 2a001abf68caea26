"""What the tests of the gate share: a service whose code stream asks a policy, and evidence."""

from datetime import datetime
from typing import Any

from cmdb.models import Service
from itsm.kernel.actor import Actor
from itsm.kernel.models import User
from tests.builders import SYSTEM, make_service
from tests.changes.builders import make_model, make_policy
from transition.models import DeliveryStream, Deployment
from transition.operations import deployments, plans, streams

DIGEST = "sha256:" + "ab" * 32
OTHER = "sha256:" + "cd" * 32
GOOD = [{"kind": "tests", "name": "unit", "passed": 812, "failed": 0}]
NO_FAILURE = {"fact": "tests.failed", "at_most": 0, "asked": "no failed test"}
ASKED = [{"role": "change_manager"}]


def make_shop(
    conditions: list[dict[str, Any]], *, owner: User | None = None, rules: list[dict[str, Any]] | None = None
) -> Service:
    """Its policy devolves production on these conditions; where one says so, a change manager is asked."""
    rule: dict[str, Any] = {"name": "production", "when": {"environment": "production"}, "devolve": conditions}
    if any("ask" in condition.values() for condition in conditions):
        rule["ask"] = ASKED
    elsewhere = {"name": "elsewhere", "devolve": [{"fact": "environment", "is": "staging"}]}
    make_policy("deployments", rules or [rule, elsewhere])
    model = make_model("deployment", type="standard", policy_name="deployments", pre_authorised=True)
    service = make_service("Online Shop", owner=owner)
    plan = plans.create(service=service, actor=SYSTEM)
    streams.create(
        plan=plan, ordinal=1, name="Code", kind="code", period_days=1, active_from="2026-11-02", change_model=model,
        actor=SYSTEM,
    )  # fmt: skip
    return service


def stream_of(service: Service) -> DeliveryStream:
    found: DeliveryStream = DeliveryStream.objects.get(plan__service=service)
    return found


def ask(service: Service, now: datetime, **said: Any) -> Deployment:
    said = {"environment": "production", "artifact": "shop", "version": "1.8.3", "evidence": GOOD, **said}
    return deployments.request(service=service, now=now, **{"actor": SYSTEM, **said})


def deploy(service: Service, now: datetime, outcome: str = "succeeded", **said: Any) -> Deployment:
    """Ask, begin and end, all at once; people's authorisation is taken for granted."""
    deployment = ask(service, now, **said)
    deployments.start(deployment_id=deployment.pk, actor=SYSTEM, now=now)
    return deployments.finish(deployment_id=deployment.pk, outcome=outcome, actor=SYSTEM, now=now)


def looked_at(deployment: Deployment, asked: str) -> dict[str, Any]:
    """The one reason that asked this."""
    (found,) = [reason for reason in deployment.reasons if reason["asked"] == asked]
    return found


def person(user: User) -> Actor:
    return Actor.person(user)
