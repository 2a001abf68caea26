"""What the webhooks of GitHub and GitLab bring: commits, requirements, evidence, deployments."""

import pytest

from changes.models import ChangeRequest
from tests.builders import SYSTEM
from tests.transition.builders import make_requirement
from transition.inbox import worker
from transition.models import (
    CodeCommit,
    PipelineEvent,
    PipelineProof,
)
from transition.operations import pipeline_events, pipeline_sources
from transition.pipeline import cloudevents

pytestmark = pytest.mark.django_db
DIGEST = "sha256:ab12cd34"
PURL = "pkg:oci/shop@sha256%3Aab12cd34?tag=1.8.3"


def push(*commits, ref="refs/heads/main"):
    return {"ref": ref, "repository": {"full_name": "Acme/Shop"}, "commits": [
        {"id": sha, "timestamp": at, "message": text} for sha, at, text in commits]}  # fmt: skip


@pytest.fixture
def hub(shop):
    source, _ = pipeline_sources.create(
        name="GitHub", kind="github", names=[("acme/shop", shop)], environments={"prod": "production"}, actor=SYSTEM
    )
    numbers = iter(range(1000))

    def send(kind, data):
        event = cloudevents.CloudEvent(
            id=f"d-{next(numbers)}", source="https://github.com/acme/shop", type=f"com.github.{kind}", data=data,
            attributes={"type": kind}, subject=kind,
        )  # fmt: skip
        [receipt] = pipeline_events.receive_from(source=source, events=[event], actor=SYSTEM)
        worker.drain()
        return PipelineEvent.objects.get(pk=receipt.id)

    return send


def test_a_push_brings_commits_with_their_times_and_the_requirements_they_name(shop, hub):
    plan = shop.plan
    paypal, lamp = make_requirement(plan, code="PAY-12"), make_requirement(plan)
    first, second = "a" * 40, "b" * 40

    event = hub("push", push((first, "2026-11-20T10:00:00+01:00", f"Light for {lamp.number}"),
                             (second, "2026-11-21T10:00:00Z", "Nothing"), ref="refs/heads/PAY-12"))  # fmt: skip

    kept = {commit.sha: commit for commit in CodeCommit.objects.all()}
    assert event.state == "applied"
    assert kept[first].at.isoformat() == "2026-11-20T09:00:00+00:00"
    assert set(kept[first].requirements.all()) == {paypal, lamp}
    assert set(kept[second].requirements.all()) == {paypal}


def test_a_merge_names_requirements_and_the_push_brings_its_time_whichever_comes_first(shop, hub):
    paypal, sha = make_requirement(shop.plan, code="PAY-12"), "c" * 40
    merge = {"action": "closed", "repository": {"full_name": "acme/shop"}, "pull_request": {
        "merged": True, "merge_commit_sha": sha, "title": "Take PayPal (pay-12)", "head": {"ref": "new"}}}  # fmt: skip

    hub("pull_request", merge)
    hub("push", push((sha, "2026-11-21T10:00:00Z", "Merge")))

    commit = CodeCommit.objects.get()
    assert commit.at is not None
    assert list(commit.requirements.all()) == [paypal]
    assert hub("pull_request", merge | {"action": "opened"}).state == "kept"


def deployed(state, sha="d" * 40, environment="prod"):
    return {"repository": {"full_name": "acme/shop"},
            "deployment": {"sha": sha, "ref": "v1.8.3", "environment": "prod"},
            "deployment_status": {"state": state, "environment": environment}}  # fmt: skip


def test_a_deployment_of_github_follows_its_states_and_takes_its_commits_requirements_live(shop, ask, hub):
    requirement, sha = make_requirement(shop.plan), "d" * 40
    hub("push", push((sha, "2026-11-21T10:00:00Z", requirement.number)))
    deployment = ask("other-name", commits=[sha[:12]])
    CodeCommit.objects.update(sha=sha[:12])

    for state, then in (("pending", "authorised"), ("in_progress", "running"), ("success", "succeeded")):
        hub("deployment_status", deployed(state))
        deployment.refresh_from_db()
        assert deployment.state == then

    requirement.refresh_from_db()
    assert requirement.status == "deployed"


@pytest.mark.parametrize("state", ["failure", "error"])
def test_a_failed_deployment_is_failed(shop, ask, hub, state):
    deployment = ask()
    hub("deployment_status", deployed(state))

    deployment.refresh_from_db()
    assert (deployment.state, deployment.change.outcome) == ("failed", "failed")


@pytest.mark.parametrize(
    ("conclusion", "outcome"),
    [("success", "success"), ("failure", "failure"), ("cancelled", "cancel"), ("timed_out", "error")],
)  # fmt: skip
def test_a_workflow_run_is_evidence(shop, hub, conclusion, outcome):
    hub("workflow_run", {"action": "completed", "repository": {"full_name": "acme/shop"}, "workflow_run": {
        "id": 7, "name": "CI", "html_url": "https://github.com/run/7", "conclusion": conclusion}})  # fmt: skip

    proof = PipelineProof.objects.get()
    assert (proof.outcome, proof.runs) == (outcome, ["https://github.com/run/7", "7"])


def test_gitlab_says_the_same_in_its_own_words(shop, ask):
    source, _ = pipeline_sources.create(name="GitLab", kind="gitlab", names=[("acme/shop", shop)], actor=SYSTEM)
    project, sha, deployment = {"path_with_namespace": "acme/shop"}, "e" * 40, ask("v1.8.3")
    said = {
        "push": {"ref": "main", "commits": [{"id": sha, "timestamp": "2026-11-21T10:00:00Z", "message": "x"}]},
        "merge_request": {"object_attributes": {"action": "merge", "title": "x", "merge_commit_sha": "f" * 40}},
        "pipeline": {"object_attributes": {"id": 9, "status": "canceled", "ref": "main"}},
        "deployment": {"status": "success", "environment": "production", "ref": "v1.8.3", "short_sha": sha[:8]},
        "release": {"action": "create", "tag": "v1.8.3"},
    }  # fmt: skip
    events = [
        cloudevents.CloudEvent(id=kind, source="/lab", type=f"com.gitlab.{kind}", data=data | {"project": project},
                               attributes={"type": kind}, subject=kind)
        for kind, data in said.items()
    ]  # fmt: skip
    pipeline_events.receive_from(source=source, events=events, actor=SYSTEM)

    worker.drain()

    deployment.refresh_from_db()
    assert set(PipelineEvent.objects.values_list("state", flat=True)) == {"applied"}
    assert deployment.state == "succeeded"
    assert set(CodeCommit.objects.values_list("sha", flat=True)) == {sha, "f" * 40}
    assert PipelineProof.objects.get().outcome == "cancel"


def test_a_webhook_says_nothing_of_services_that_its_source_does_not_name(shop, hub):
    event = hub("deployment_status", deployed("success") | {"repository": {"full_name": "evil/online-shop"}})

    assert event.state == "parked"
    assert not ChangeRequest.objects.exists()
