"""A service whose pipeline asks and tells."""

from datetime import timedelta

import pytest
from django.utils import timezone

from itsm.kernel.actor import Actor
from tests.builders import SYSTEM, make_service
from tests.changes.builders import make_model, make_policy
from tests.transition.pipeline.builders import cdevent, enveloped
from tests.transition.test_gate import GOOD, RULES
from transition.inbox import worker
from transition.models import PipelineEvent
from transition.operations import deployments, pipeline_events, plans, streams
from transition.pipeline import cloudevents


@pytest.fixture
def shop(service_owner):
    make_policy("deployments", RULES)
    model = make_model("deployment", type="standard", policy_name="deployments", pre_authorised=True)
    service = make_service("Online Shop", owner=service_owner)
    plan = plans.create(service=service, actor=SYSTEM)
    streams.create(
        plan=plan, ordinal=1, name="Code", kind="code", period_days=1, active_from="2026-11-02", change_model=model,
        actor=SYSTEM,
    )  # fmt: skip
    return service


@pytest.fixture
def tell(pipeline):
    """`tell("service.deployed", …)`: the event comes in and is worked off; answers it as it then stands."""
    numbers = iter(range(1, 1000))

    def send(known_as, /, subject="online-shop", at=None, work=True, sender=pipeline, chain="", **content):
        data = cdevent(known_as)
        data["subject"]["content"] |= content
        data["subject"]["id"] = subject
        data["context"] |= {"id": f"e-{next(numbers)}", "timestamp": (at or timezone.now()).isoformat()}
        if chain:
            data["context"]["chainId"] = chain
        event = cloudevents.structured(enveloped(data))
        [receipt] = pipeline_events.receive(events=[event], in_batch=False, actor=Actor.person(sender))
        if work:
            worker.drain()
        return PipelineEvent.objects.get(pk=receipt.id)

    return send


@pytest.fixture
def ask(shop, pipeline):
    def request(version="1.8.3", environment="production", **more):
        return deployments.request(
            service=shop, environment=environment, artifact="registry/shop", version=version, evidence=GOOD,
            actor=Actor.person(pipeline), now=timezone.now() - timedelta(minutes=2), **more,
        )  # fmt: skip

    return request
