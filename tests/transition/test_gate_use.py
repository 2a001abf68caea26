"""How an authorisation is used: once, in time, for what was asked; receipts, roll-backs, and what was never asked."""

from datetime import timedelta

import pytest

from changes.models import ChangeModel, ChangeRequest
from itsm.kernel.errors import IllegalMove, InvalidInput
from itsm.kernel.models import LedgerEntry, OutboxEvent
from tests.builders import SYSTEM
from tests.changes.builders import decide, waiting
from tests.transition.builders import make_requirement
from tests.transition.gate_builders import DIGEST, NO_FAILURE, OTHER, ask, deploy, make_shop, person
from transition.models import Deployment, StreamRun
from transition.operations import deployments, unmatched

pytestmark = pytest.mark.django_db
BAD = [{"kind": "tests", "passed": 1, "failed": 1}]


@pytest.fixture
def shop(service_owner):
    return make_shop([NO_FAILURE | {"inconclusive": "ask"}], owner=service_owner)


def test_another_artifact_or_other_commits_are_refused(shop, now):
    deployment = ask(shop, now, artifact_digest=DIGEST, commits=["9f2c", "77aa"])
    with pytest.raises(deployments.OtherArtifact):
        deployments.start(deployment_id=deployment.pk, artifact_digest=OTHER, actor=SYSTEM, now=now)
    with pytest.raises(deployments.OtherCommits):
        deployments.start(deployment_id=deployment.pk, commits=["9f2c"], actor=SYSTEM, now=now)
    deployment.refresh_from_db()
    assert deployment.state == "authorised"

    begun = deployments.start(
        deployment_id=deployment.pk, artifact_digest=DIGEST, commits=["77aa", "9f2c"], actor=SYSTEM, now=now
    )
    assert begun.state == "running"


def test_an_authorisation_without_a_digest_is_for_no_digest(shop, now):
    with pytest.raises(deployments.OtherArtifact):
        deployments.start(deployment_id=ask(shop, now).pk, artifact_digest=DIGEST, actor=SYSTEM, now=now)


def test_by_rest_start_names_what_was_bound_and_another_is_409(shop, api, pipeline):
    client = api(pipeline)
    body = {"service": "online-shop", "environment": "production", "artifact": "shop", "version": "1",
            "artifact_digest": DIGEST, "evidence": [{"kind": "tests", "passed": 3, "failed": 0}]}  # fmt: skip
    asked = client.post("/api/transition/deployments/", body, format="json").json()
    path = f"/api/transition/deployments/{asked['number']}"

    other = client.post(f"{path}/start/", {"artifact_digest": OTHER}, format="json")
    assert (other.status_code, other.json()["code"]) == (409, "artifact_mismatch")
    assert client.post(f"{path}/start/", {"artifact_digest": DIGEST}, format="json").status_code == 200
    again = client.post(f"{path}/start/", {"artifact_digest": DIGEST}, format="json")
    assert (again.status_code, again.json()["code"]) == (409, "illegal_state")
    assert again.json()["detail"].endswith("has been used; it holds for one start. Ask again.")


def test_a_model_that_loses_its_standing_meanwhile_leaves_the_decision_to_people(shop, change_manager, pipeline, now):
    deployment = ask(shop, now, evidence=[{"kind": "tests", "passed": 0, "failed": 0}], actor=person(pipeline))
    ChangeModel.objects.update(pre_authorised=False)

    decide(waiting(deployment.change), change_manager)
    deployments.follow(change_id=deployment.change.pk, actor=SYSTEM)

    assert deployments.start(deployment_id=deployment.pk, actor=SYSTEM, now=now).state == "running"


def test_people_decide_without_waiving_what_a_pipeline_does(shop, change_manager, now):
    deployment = ask(shop, now, evidence=[{"kind": "tests", "passed": 0, "failed": 0}])
    assert deployment.decision == "pending"
    decide(waiting(deployment.change), change_manager)
    deployments.follow(change_id=deployment.change.pk, actor=SYSTEM)

    deployment.refresh_from_db()
    assert (deployment.decision, deployment.state) == ("authorised", "authorised")
    assert deployment.decided_at is not None
    assert OutboxEvent.objects.filter(name="transition.deployment.decided").count() == 1
    begun = deployments.start(deployment_id=deployment.pk, actor=SYSTEM, now=now + timedelta(hours=20))
    assert begun.state == "running"


def test_a_receipt_goes_on_at_once_and_is_a_standard_change_where_the_rules_let_it_pass(shop, now):
    deployment = ask(shop, now, mode="receipt")
    assert (deployment.state, deployment.decision, deployment.change.type) == ("running", "authorised", "standard")

    done = deployments.finish(deployment_id=deployment.pk, outcome="succeeded", actor=SYSTEM, now=now)
    done.change.refresh_from_db()
    assert (done.change.status, done.change.outcome) == ("closed", "successful")


def test_a_receipt_that_the_rules_would_not_let_pass_is_an_unauthorised_change(shop, now):
    deployment = ask(shop, now, mode="receipt", evidence=BAD)

    assert (deployment.state, deployment.decision) == ("running", "refused")
    assert (deployment.change.type, deployment.change.status) == ("unauthorised", "review")
    assert deployment.change.discovery.origin == f"deployment:{deployment.pk}"
    assert LedgerEntry.objects.filter(decision="refused_by_pipeline").count() == 1
    done = deployments.finish(deployment_id=deployment.pk, outcome="succeeded", actor=SYSTEM, now=now)
    assert done.state == "succeeded"
    assert ChangeRequest.objects.get().outcome == ""


def test_a_roll_back_says_who_and_why_and_is_judged(shop, pipeline, now):
    requirement = make_requirement(shop.plan, "a")
    before = deploy(shop, now, version="1")
    deployment = deploy(shop, now + timedelta(hours=1), version="2", requirements=["a"])
    assert deployment.change_id
    with pytest.raises(InvalidInput):
        deployments.roll_back(deployment_id=deployment.pk, reason=" ", actor=SYSTEM, now=now)

    done = deployments.roll_back(
        deployment_id=deployment.pk, reason="Refunds failed.", actor=person(pipeline), now=now + timedelta(hours=2)
    )

    change = ChangeRequest.objects.get(pk=done.change_id)
    assert (done.state, done.rolled_back_by, done.roll_back_reason) == ("rolled_back", pipeline, "Refunds failed.")
    assert (change.status, change.outcome) == ("review", "backed_out")
    assert StreamRun.objects.get(pk=done.run_id).outcome == "failed"
    requirement.refresh_from_db()
    shop.ci.refresh_from_db()
    assert (requirement.deployed_at, shop.ci.version) == (None, before.version)


def test_a_closed_change_is_only_reopened_by_a_roll_back(shop, change_manager, now):
    from changes.operations import requests

    change = deploy(shop, now).change
    for verb in (
        lambda: requests.finish(change_id=change.pk, outcome="successful", actor=person(change_manager), now=now),
        lambda: requests.back_out(change_id=change.pk, reason="No.", actor=person(change_manager), now=now),
    ):
        with pytest.raises(IllegalMove):
            verb()


def test_a_deployment_that_nobody_asked_for_is_an_unauthorised_change_once(shop, now):
    said = {"service": shop, "environment": "production", "artifact": "shop", "version": "6.6", "seen_at": now,
            "origin": "cdevent:/ci/42", "actor": SYSTEM, "now": now + timedelta(minutes=1)}  # fmt: skip
    deployment, again = unmatched.record(**said), unmatched.record(**said)

    assert again == deployment
    assert (deployment.mode, deployment.decision, deployment.state) == ("seen", "not_asked", "succeeded")
    assert (deployment.change.type, deployment.change.status) == ("unauthorised", "review")
    assert Deployment.objects.count() == ChangeRequest.objects.count() == 1
    shop.ci.refresh_from_db()
    assert shop.ci.version == "6.6"
    assert deployment.run is not None
