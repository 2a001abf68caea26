"""Our decisions are told in the words of CDEvents to endpoints that ask for them."""

import json

import pytest
from django.utils import timezone

from itsm.kernel.actor import Actor
from itsm.kernel.models import WebhookDelivery
from itsm.kernel.webhooks import operations
from tests.builders import SYSTEM
from tests.kernel.outbox_builders import deliver_all
from transition.operations import deployments, pipeline_events
from transition.pipeline import cdevents, cloudevents

pytestmark = pytest.mark.django_db
URL = "https://hooks.example.org/"


@pytest.fixture
def endpoint(change_manager):
    return operations.create(
        name="Bus", url=URL, patterns=["*"], format="cdevents", owner=change_manager, actor=SYSTEM
    )[0]


def told(endpoint):
    deliver_all()
    sent = WebhookDelivery.objects.filter(endpoint=endpoint).order_by("event_id")
    assert {delivery.content_type for delivery in sent} <= {"application/cloudevents+json"}
    return [json.loads(delivery.body) for delivery in sent]


def words(events):
    return [(e["type"].split(".")[2] + "." + e["type"].split(".")[3], e["data"]["subject"]["content"].get("status"))
            for e in events]  # fmt: skip


def test_the_gates_answer_and_the_end_of_a_deployment_are_told(endpoint, ask, shop, pipeline):
    deployment, actor = ask(), Actor.person(pipeline)
    deployments.start(deployment_id=deployment.pk, actor=actor, now=timezone.now())
    deployments.finish(deployment_id=deployment.pk, outcome="succeeded", actor=actor, now=timezone.now())
    deployments.roll_back(deployment_id=deployment.pk, reason="It broke.", actor=actor, now=timezone.now())

    events = told(endpoint)

    assert [word for word in words(events) if word[0].startswith("service")] == [
        ("service.deployed", None), ("service.rolledback", None)
    ]  # fmt: skip
    assert ("slipway-approval.closed", "approved") in words(events)
    for event in events:
        read = cloudevents.structured(event)
        assert cdevents.check(read) or event["type"].startswith("dev.cdeventsx.slipway-")


def test_what_people_decide_is_told_as_it_comes(endpoint, ask):
    ask(environment="staging")  # elsewhere people decide

    created = next(event for event in told(endpoint) if event["type"].endswith("approval.created.0.1.0"))

    content = created["data"]["subject"]["content"]
    assert content["requestor"] == "pipeline"
    assert content["approvalDetailsUrl"].startswith("http")
    assert created["data"]["context"]["id"] == created["id"]


def test_a_refusal_is_an_approval_that_was_rejected(endpoint, shop, pipeline):
    deployments.request(
        service=shop, environment="production", artifact="shop", version="1", now=timezone.now(),
        evidence=[{"kind": "tests", "passed": 1, "failed": 1}], actor=Actor.person(pipeline),
    )  # fmt: skip

    assert words(told(endpoint)) == [("slipway-approval.closed", "rejected")]


def test_what_we_tell_can_be_told_to_us(endpoint, ask, pipeline):
    ask()
    events = [cloudevents.structured(event) for event in told(endpoint)]

    assert pipeline_events.receive(events=events, in_batch=True, actor=Actor.person(pipeline))


def test_an_endpoint_that_would_never_hear_a_word_is_refused(api, person):
    admin = person("root", is_superuser=True)
    body = {"name": "x", "url": URL, "patterns": ["cmdb.*"], "format": "cdevents"}

    answer = api(admin).post("/api/webhooks/", body)
    assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (400, "/patterns")
    assert api(admin).post("/api/webhooks/", body | {"format": "smoke"}).status_code == 400
    made = api(admin).post("/api/webhooks/", body | {"patterns": ["transition.deployment.*"]}).json()
    assert made["format"] == "cdevents"


def test_a_test_message_is_a_cloud_event_too(endpoint):
    delivery = operations.ping(endpoint_id=endpoint.pk, actor=SYSTEM)

    assert cloudevents.structured(json.loads(delivery.body)).type == "dev.cdeventsx.slipway-webhook.tested.0.1.0"
