"""What became of events: deployments, evidence, requirements, CIs and incidents follow them, once and in order."""

from datetime import timedelta

import pytest
from django.utils import timezone

from changes.models import ChangeRequest
from cmdb.models import ConfigurationItem
from itsm.kernel.actor import Actor
from itsm.kernel.models import RoleAssignment
from itsm.kernel.roles import Role
from tests.builders import SYSTEM, make_service
from transition.inbox import deliveries, worker
from transition.models import (
    Deployment,
    Evidence,
    Incident,
    PipelineEvent,
    PipelineProof,
    StreamRun,
)
from transition.operations import deployments, pipeline_events, pipeline_sources
from transition.pipeline import meaning
from transition.pipeline.signals import Artifact

pytestmark = pytest.mark.django_db
DIGEST = "sha256:ab12cd34"
PURL = "pkg:oci/shop@sha256%3Aab12cd34?tag=1.8.3"


def test_a_deployment_that_was_asked_for_follows_its_event_and_is_a_run_of_the_code_stream(shop, ask, tell):
    deployment = ask()

    event = tell("service.deployed", artifactId=PURL)

    deployment.refresh_from_db()
    assert (event.state, event.service, event.effects[0]["number"]) == ("applied", shop, deployment.number)
    assert (deployment.state, deployment.change.outcome) == ("succeeded", "successful")
    assert deployment.finished_at == event.occurred_at
    assert StreamRun.objects.get().origin == f"deployment:{deployment.pk}"
    assert not ChangeRequest.objects.filter(type="unauthorised").exists()


def test_what_its_pipeline_has_ended_already_is_not_ended_twice(shop, ask, tell, pipeline):
    deployment = ask()
    actor, now = Actor.person(pipeline), timezone.now()
    deployments.start(deployment_id=deployment.pk, actor=actor, now=now)
    deployments.finish(deployment_id=deployment.pk, outcome="succeeded", actor=actor, now=now)

    event = tell("service.upgraded", environment={"id": "production"}, artifactId=PURL)

    assert (event.state, event.effects[0]["text"]) == ("applied", "Known already as")
    assert not ChangeRequest.objects.filter(type="unauthorised").exists()


@pytest.mark.parametrize("asked", [None, "1.8.2"])
def test_what_nobody_asked_for_is_an_unauthorised_change_once(shop, ask, tell, asked):
    if asked:
        ask(asked)

    event = tell("service.deployed", artifactId=PURL)
    PipelineEvent.objects.update(state="waiting", attempts=0, due_at=timezone.now())
    worker.drain()

    change = ChangeRequest.objects.get(type="unauthorised")
    assert event.effects[0]["number"] == change.number
    assert (change.status, list(change.services.all())) == ("review", [shop])
    seen = Deployment.objects.get(mode="seen")
    assert (seen.change, seen.state, seen.version) == (change, "succeeded", "1.8.3")


def test_what_was_refused_and_done_all_the_same_is_unauthorised(shop, tell, pipeline):
    refused = deployments.request(
        service=shop, environment="production", artifact="shop", version="1.8.3", actor=Actor.person(pipeline),
        evidence=[{"kind": "tests", "passed": 1, "failed": 1}], now=timezone.now(),
    )  # fmt: skip

    event = tell("service.deployed", artifactId=PURL)

    assert refused.number in event.effects[0]["text"]
    assert ChangeRequest.objects.filter(type="unauthorised").count() == 1


def test_what_was_done_before_it_was_asked_for_is_unauthorised(shop, ask, tell):
    deployment = ask()

    tell("service.deployed", artifactId=PURL, at=timezone.now() - timedelta(hours=1))

    deployment.refresh_from_db()
    assert deployment.state == "authorised"
    assert ChangeRequest.objects.filter(type="unauthorised").count() == 1


def test_outside_production_nobody_has_to_ask(shop, tell):
    event = tell("service.deployed", environment={"id": "staging"}, artifactId=PURL)

    assert event.state == "kept"
    assert not ChangeRequest.objects.exists()


def test_what_is_rolled_back_is_no_longer_live(shop, ask, tell):
    deployment = ask()
    tell("service.deployed", artifactId=PURL)

    event = tell("service.rolledback", environment={"id": "production"}, artifactId="pkg:oci/shop@1.8.2")

    deployment.refresh_from_db()
    assert (event.state, deployment.state) == ("applied", "rolled_back")


def test_events_of_one_lane_wait_for_the_first_and_are_worked_off_in_order(shop, ask, tell):
    """Rolled back before it was deployed: the second waits behind the first, also over a failure."""
    ask()
    first = tell("service.rolledback", environment={"id": "production"}, artifactId=PURL)
    assert (first.state, first.attempts) == ("waiting", 1)
    assert "could be rolled back" in first.problem

    second = tell("service.deployed", artifactId=PURL)
    assert second.state == "waiting"
    for _ in range(worker.MOST_ATTEMPTS):
        PipelineEvent.objects.update(due_at=timezone.now())
        worker.drain()

    first.refresh_from_db(), second.refresh_from_db()
    assert (first.state, first.attempts) == ("parked", worker.MOST_ATTEMPTS)
    assert second.state == "applied"


def test_a_service_that_nobody_knows_parks_the_event_until_it_is_named(tell, ask, shop, pipeline):
    event = tell("service.deployed", subject="shop-backend", artifactId=PURL)
    assert (event.state, event.attempts) == ("parked", 1)
    assert "shop-backend" in event.problem
    ask()

    pipeline_sources.create(name="Bus", kind="cdevents", names=[("shop-backend", shop)], actor=SYSTEM)
    pipeline_events.retry(event_id=event.pk, actor=Actor.person(pipeline))
    worker.drain()

    event.refresh_from_db()
    assert (event.state, event.service, event.problem) == ("applied", shop, "")


def test_a_source_that_is_one_services_may_still_deploy_another(shop, ask, tell):
    """What the subject names is what was deployed; the sender's name says nothing of that."""
    pipeline_sources.create(name="Bus", kind="cdevents", names=[("/ci/shop", shop)], actor=SYSTEM)

    event = tell("service.deployed", subject="checkout-legacy", artifactId=PURL)

    assert event.state == "parked"
    assert not ChangeRequest.objects.exists()


def test_a_pipeline_of_another_service_has_no_effect_here(shop, ask, tell, person):
    ask()
    other = person("other", is_machine=True)
    RoleAssignment.objects.create(user=other, role=Role.PIPELINE, service_id=make_service("Pay").pk)

    event = tell("service.deployed", sender=other, artifactId=PURL)

    assert (event.state, Deployment.objects.get().state) == ("parked", "authorised")
    assert "no pipeline of this service" in event.problem
    assert not ChangeRequest.objects.filter(type="unauthorised").exists()


@pytest.mark.parametrize(
    ("outcome", "word"),
    [("success", "passed"), ("failure", "failed"), ("cancel", "inconclusive (cancel)"),
     ("error", "inconclusive (error)")],
)  # fmt: skip
def test_tests_and_runs_are_evidence_of_the_deployment_that_names_the_run(shop, ask, tell, outcome, word):
    earlier = ask(pipeline_run="run-7")
    content = {"outcome": outcome, "environment": {"id": "ci"}}
    event = tell("testsuiterun.finished", subject="unit", chain="run-7", **content)  # whose service nobody said
    assert event.state == "kept"
    pipeline_sources.create(name="Bus", kind="cdevents", names=[("/ci/shop", shop)], actor=SYSTEM)

    event = tell("testsuiterun.finished", subject="unit", chain="run-7", **content)
    run = tell("pipelinerun.finished", subject="run-7", outcome=outcome, pipelineName="build")

    assert (event.state, run.state) == ("applied", "applied")
    assert word in event.effects[0]["text"]
    shown = Evidence.objects.filter(deployment=earlier, figures__source="pipeline events")
    assert sorted(piece.kind for piece in shown) == ["pipeline", "tests"]
    assert {piece.figures["outcome"] for piece in shown} == {outcome}
    assert ("failed" in shown[0].figures) == (outcome in ("success", "failure"))


def test_a_build_says_nothing_of_how_it_went(shop, tell):
    pipeline_sources.create(name="Bus", kind="cdevents", names=[("/ci/shop", shop)], actor=SYSTEM)

    assert tell("build.finished", artifactId=PURL).state == "kept"
    assert tell("pipelinerun.finished", pipelineName="build").state == "kept"
    assert not PipelineProof.objects.exists()


def test_an_incident_is_detected_reported_and_resolved_as_one(shop, tell):
    where = {"environment": {"id": "production"}, "service": {"id": "online-shop"}}
    tell("incident.detected", subject="inc-7", description="Slow", **where)
    reported = tell("incident.reported", subject="inc-7", ticketURI="https://t.example.org/7", **where)
    incident = Incident.objects.get()
    assert (incident.title, incident.service, incident.state) == ("Slow", shop, "open")
    assert "https://t.example.org/7" in incident.text
    assert reported.effects[0]["number"] == incident.number

    resolved = tell("incident.resolved", subject="inc-7", **where)

    incident.refresh_from_db()
    assert (incident.state, incident.resolved_at) == ("resolved", resolved.occurred_at)
    assert Incident.objects.count() == 1


def test_a_pipeline_of_one_service_cannot_resolve_the_incident_of_another(shop, tell, person):
    other = make_service("Warehouse")
    tell("incident.detected", subject="inc-7", environment={"id": "production"}, service={"id": "online-shop"})
    stranger = person("warehouse.pipeline", is_machine=True)
    RoleAssignment.objects.create(user=stranger, role=Role.PIPELINE, service_id=other.pk)

    where = {"environment": {"id": "production"}, "service": {"id": other.slug}}
    event = tell("incident.resolved", subject="inc-7", sender=stranger, **where)

    assert (event.state, Incident.objects.get().state) == ("parked", "open")
    event = tell("incident.reported", subject="inc-7", sender=stranger, ticketURI="https://t.example.org/7", **where)
    assert (event.state, "t.example.org" in Incident.objects.get().text) == ("parked", False)


def test_a_resolution_waits_for_its_incident(shop, tell):
    where = {"environment": {"id": "production"}, "service": {"id": "online-shop"}}
    event = tell("incident.resolved", subject="inc-7", **where)

    assert (event.state, event.attempts) == ("waiting", 1)
    assert "inc-7" in event.problem


def test_tickets_of_incidents_are_mirrored_and_others_are_not(shop, tell):
    said = {"summary": "Broken", "creator": "Ann", "uri": "https://t.example.org/8", "group": "online-shop"}
    assert tell("ticket.created", subject="t-1", ticketType="task", **said).state == "kept"
    tell("ticket.created", subject="t-2", ticketType="incident", **said)
    said.pop("summary"), said.pop("creator")
    tell("ticket.closed", subject="t-2", ticketType="incident", resolution="completed", **said)

    assert [(i.title, i.state) for i in Incident.objects.all()] == [("Broken", "resolved")]


def test_artifacts_environments_and_running_services_are_configuration_items(shop, tell):
    tell("artifact.published", subject=PURL)
    tell("artifact.published", subject=PURL.replace("1.8.3", "1.8.4"))
    tell("environment.created", subject="production", name="Production")
    tell("service.published", environment={"id": "production"})
    gone = tell("service.removed", environment={"id": "production"})

    found = ConfigurationItem.objects.filter(external_keys__source="pipeline").order_by("pk")
    assert [(ci.ci_class.code, ci.name, ci.environment, ci.status, ci.version) for ci in found] == [
        ("artifact", "shop", "", "live", "1.8.4"),
        ("environment", "Production", "production", "live", ""),
        ("service-instance", "Online Shop", "production", "retired", ""),
    ]
    assert gone.state == "applied"


def test_hundreds_of_events_without_a_state_of_their_own_take_the_same_few_queries(
    shop, tell, django_assert_max_num_queries
):
    pipeline_sources.create(name="Bus", kind="cdevents", names=[("/ci/shop", shop)], actor=SYSTEM)
    for number in range(40):
        tell("testsuiterun.finished", subject=f"s-{number}", work=False, outcome="success", environment={"id": "ci"})
        tell("build.finished", work=False)

    with django_assert_max_num_queries(24):
        assert worker.drain() == 80
    assert PipelineProof.objects.count() == 40
    assert set(PipelineEvent.objects.values_list("state", flat=True)) == {"applied", "kept"}


def test_one_event_that_breaks_the_set_fails_alone(shop, tell, monkeypatch):
    pipeline_sources.create(name="Bus", kind="cdevents", names=[("/ci/shop", shop)], actor=SYSTEM)
    events = [
        tell("testsuiterun.finished", subject=f"s-{n}", work=False, outcome="success", environment={"id": "ci"})
        for n in range(3)
    ]
    plain = worker.sets.apply

    def breaks(pairs, places):
        if any(event.pk == events[1].pk for event, _ in pairs):
            raise RuntimeError("boom")
        return plain(pairs, places)

    monkeypatch.setattr(worker.sets, "apply", breaks)
    worker.drain()

    states = [PipelineEvent.objects.get(pk=event.pk).state for event in events]
    assert states == ["applied", "waiting", "applied"]
    assert "boom" in PipelineEvent.objects.get(pk=events[1].pk).problem


def test_an_effect_that_fails_leaves_nothing_behind(shop, ask, tell, monkeypatch):
    ask()

    def breaks(*_, **__):
        raise RuntimeError("boom")

    monkeypatch.setattr(deliveries.deployments, "finish", breaks)
    event = tell("service.deployed", artifactId=PURL)

    assert (event.state, event.attempts, event.processed_at) == ("waiting", 1, None)
    assert Deployment.objects.get().state == "authorised"


def test_what_was_worked_off_long_ago_is_forgotten(shop, tell):
    old, parked = tell("build.finished"), tell("service.deployed", subject="nobody", artifactId=PURL)
    PipelineEvent.objects.update(received_at=timezone.now() - timedelta(days=91))
    new = tell("build.finished")

    worker.forget(timezone.now())

    assert set(PipelineEvent.objects.values_list("pk", flat=True)) == {parked.pk, new.pk}
    assert old.pk not in PipelineEvent.objects.values_list("pk", flat=True)


@pytest.mark.parametrize(
    ("said", "found"),
    [
        (PURL, Artifact("shop", "1.8.3", DIGEST)),
        ("pkg:oci/shop@sha256%3Aab", Artifact("shop", "", "sha256:ab")),
        ("pkg:npm/%40acme/shop@1.2.3", Artifact("@acme/shop", "1.2.3")),
        ("pkg:generic/shop", Artifact("shop")),
        ("registry:5000/shop:1.8.3", Artifact("registry:5000/shop", "1.8.3")),
        ("shop", Artifact("shop")),
        ("", Artifact()),
    ],
)  # fmt: skip
def test_a_package_url_is_taken_apart(said, found):
    assert meaning.purl(said) == found
