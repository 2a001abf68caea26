"""Change models and policies by REST: written by one person, tried by anybody, put in force by another."""

import pytest

from changes.actions import POLICY_ACTIONS
from changes.models import ChangeRequest
from itsm.kernel.actions import offered
from itsm.kernel.actor import Actor
from itsm.kernel.roles import Role
from tests.changes.builders import make_change, make_policy

pytestmark = pytest.mark.django_db


@pytest.fixture
def change(alice, bob):
    return make_change(requested_by=alice, assignee=bob, status="assessment")


def test_models_and_policies_are_written_and_put_in_force(api, change_manager, viewer, person):
    manages, other = api(change_manager), api(person("kim", Role.CHANGE_MANAGER))
    model = {"code": "patch", "name": "Patch", "type": "normal", "policy_name": "p", "tasks": [{"title": "Save"}]}
    made = manages.post("/api/changes/models/", model, format="json")
    assert made.status_code == 201
    assert manages.get("/api/changes/models/patch/").json()["id"] == made.json()["id"]
    assert manages.patch("/api/changes/models/patch/", {"name": "Patches"}, format="json").json()["name"] == "Patches"
    rules = [{"name": "all", "require": [{"role": "change_manager"}]}]
    policy = manages.post("/api/changes/policies/", {"name": "p", "title": "P", "rules": rules}, format="json")
    assert (policy.json()["state"], policy.json()["version"]) == ("draft", 1)
    wrong = manages.post("/api/changes/policies/", {"name": "p", "title": "P", "rules": [{}]}, format="json")
    assert (wrong.status_code, wrong.json()["errors"][0]["pointer"]) == (400, "/rules/0")
    assert api(viewer).post(policy["Location"] + "enforce/").status_code == 403
    own = manages.post(policy["Location"] + "enforce/")
    assert (own.status_code, own.json()["code"]) == (403, "own_draft")
    offered = {one["name"]: one for one in manages.get(policy["Location"]).json()["actions"]}
    assert offered["enforce"]["reason"] == "Another change manager than its author puts a draft in force."
    done = other.post(policy["Location"] + "enforce/").json()
    assert (done["state"], done["drafted_by"], done["enforced_by"]) == ("in_force", "change.manager", "kim")
    assert manages.post(policy["Location"] + "enforce/").json()["code"] == "not_a_draft"


def test_a_policy_is_tried_on_a_change_and_on_facts(api, viewer, change, django_assert_max_num_queries):
    path = f"/api/changes/policies/{make_policy().pk}/test-bench/"
    with django_assert_max_num_queries(12):
        tried = api(viewer).post(path, {"request": change.number}, format="json").json()
    assert (tried["decision"], tried["rule"], tried["request"]["number"]) == ("ask", "all others", change.number)
    assert tried["require"] == [{"role": "change_manager", "quorum": 1, "point": "deploy", "within_hours": None}]
    first, second = tried["rules"]
    assert (first["fits"], first["looked"][0]["found"], second["decides"]) == (False, "risk is low", True)
    said = {"request": change.number, "facts": {"risk": "high"}}
    assert api(viewer).post(path, said, format="json").json()["rule"] == "high risk"
    assert api(viewer).post(path, {"request": "RFC-999999"}, format="json").status_code == 400
    ChangeRequest.objects.filter(pk=change.pk).update(confidential=True)
    assert api(viewer).post(path, {"request": change.number}, format="json").status_code == 400


def test_whoever_is_not_signed_in_is_offered_no_policy_to_try():
    offer = {one["name"]: one for one in offered(POLICY_ACTIONS, Actor.nobody(), make_policy())}

    assert offer["test-bench"] == {**offer["test-bench"], "allowed": False, "reason": "Sign in to try a policy."}
