"""A policy's pages: its rules are edited as a form, tried on a bench, and put in force by somebody else."""

import pytest
from django.urls import reverse

from changes.models import Policy
from itsm.kernel.roles import Role
from tests.changes.builders import make_policy

pytestmark = pytest.mark.django_db
RULE = {
    "name": "p", "title": "P", "rule-0-name": "all", "rule-0-decides": "people", "rule-0-when-0-fact": "risk",
    "rule-0-when-0-bound": "is", "rule-0-when-0-value": "low, medium", "rule-0-people-0-role": "change_manager",
    "rule-0-people-0-quorum": "1", "rule-0-people-0-point": "deploy",
}  # fmt: skip


def _sent_back(form):
    """What a browser sends when nothing of the form was touched."""
    said = {"name": form["name"].value(), "title": form["title"].value()}
    for rule in form.drawn:
        said |= {f"rule-{rule['at']}-{key}": rule[key] for key in ("name", "decides")}
        said[f"rule-{rule['at']}-place"] = rule["number"]
        for part in ("when", "people", "evidence"):
            for at, row in enumerate(rule[part]):
                said |= {f"rule-{rule['at']}-{part}-{at}-{key}": value for key, value in row.items()}
    return said


@pytest.fixture
def manages(browser_of, change_manager):
    return browser_of(change_manager)


def test_a_form_becomes_a_draft_and_another_person_puts_it_in_force(manages, browser_of, change_manager, person):
    made = manages.post(reverse("changes:policy-create"), RULE)
    draft = Policy.objects.get()
    assert made["Location"] == draft.get_absolute_url()
    rules = [{"name": "all", "when": {"risk": ["low", "medium"]}, "require": [{"role": "change_manager"}]}]
    assert (draft.rules, draft.drafted_by) == (rules, change_manager)

    page = manages.get(draft.get_absolute_url()).content.decode()
    assert "Another change manager than its author puts a draft in force." in page
    enforce = reverse("changes:policy-enforce", args=[draft.number])
    assert manages.post(enforce).status_code == 403
    assert browser_of(person("kim", Role.CHANGE_MANAGER)).post(enforce).status_code == 302
    draft.refresh_from_db()
    assert (draft.state, draft.enforced_by.username) == ("in_force", "kim")


def test_what_is_wrong_is_said_at_its_rule_and_field_and_nothing_typed_is_lost(manages):
    wrong = RULE | {"rule-0-people-0-role": "", "rule-1-name": "second", "rule-1-people-0-role": "change_manager",
                    "rule-1-people-0-quorum": "many"}  # fmt: skip
    answer = manages.post(reverse("changes:policy-create"), wrong)

    page = answer.content.decode()
    assert answer.status_code == 422
    first, second = (rule["wrong"]["people"] for rule in answer.context["form"].drawn)
    assert first.startswith("Rule 1 (all), who is asked: name at least one authority")
    assert second == "Rule 2 (second), who is asked: the quorum must be a whole number from 1 to 100."
    assert first in page
    assert 'value="many"' in page
    assert not Policy.objects.exists()


def test_more_room_keeps_what_was_typed_and_saves_nothing(manages):
    page = manages.post(reverse("changes:policy-create"), RULE | {"more": "rule", "title": ""})
    assert (page.status_code, len(page.context["form"].drawn)) == (200, 2)
    assert 'value="low, medium"' in page.content.decode()
    assert not Policy.objects.exists()


def test_the_next_version_begins_with_the_rules_of_the_one_before(manages, django_assert_max_num_queries):
    policy = make_policy()
    address = reverse("changes:policy-revise", args=[policy.number])
    with django_assert_max_num_queries(10):
        form = manages.get(address).context["form"]
    assert [rule["name"] for rule in form.drawn] == ["high risk", "all others"]
    same = manages.post(address, _sent_back(form))
    assert (same.status_code, Policy.objects.filter(name=policy.name).count()) == (422, 1)
    assert "Nothing differs from the version before." in same.content.decode()
    manages.post(address, RULE | {"name": policy.name})
    assert Policy.objects.filter(name=policy.name).order_by("version").values_list("version", "state").last() == (
        2, "draft",
    )  # fmt: skip


def test_the_bench_says_what_a_change_would_need(browser_of, viewer, change, django_assert_max_num_queries):
    address = reverse("changes:policy-test-bench", args=[make_policy().number])
    client = browser_of(viewer)
    with django_assert_max_num_queries(15):
        page = client.get(address, {"change": change.number}).content.decode()
    assert "by the rule “all others”" in page
    assert "Change manager to deploy" in page
    high = client.get(address, {"change": change.number, "fact-risk": "high"}).content.decode()
    assert "2 × CAB member to deploy" in high
    assert "not reached" in high
    assert client.get(address, {"change": "RFC-999999"}).status_code == 422
    type(change).objects.filter(pk=change.pk).update(confidential=True)
    assert client.get(address, {"change": change.number}).status_code == 422
