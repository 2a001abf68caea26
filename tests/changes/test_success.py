"""The record of success as a fact that policies ask about."""

from datetime import timedelta

import pytest

from changes.models import ChangeModel, ChangeRequest, Policy
from changes.operations import asking
from changes.queries.backtest import backtest
from changes.queries.bench import try_out
from changes.queries.facts import facts_of
from changes.queries.success import FACTS, records_of
from itsm.kernel.models import Membership, Team
from tests.builders import SYSTEM, make_service
from tests.changes.builders import END, NOW, make_change, make_model, make_policy

pytestmark = pytest.mark.django_db
TRUSTED = [
    {"name": "runs well", "when": {"model.ended": {"at_least": 3}, "model.success_percent": {"at_least": 75}},
     "require": [{"role": "service_owner"}]},
    {"name": "others", "require": [{"role": "change_manager"}, {"role": "cab_member"}]},
]  # fmt: skip


@pytest.fixture
def shop():
    return make_service("Shop")


@pytest.fixture
def change(alice, bob, shop):
    return make_change(requested_by=alice, assignee=bob, services=[shop])


@pytest.fixture
def ended(alice, shop):
    """`ended("successful", "failed", days=3)`: changes of the same model about the shop that ended so."""

    def end(*outcomes, days=3, services=(shop,), **about):
        rows = [
            ChangeRequest(
                title="Before", model=make_model(), type="normal", status="closed", outcome=outcome,
                requested_by=alice, finished_at=NOW - timedelta(days=days), **about,
            )
            for outcome in outcomes
        ]  # fmt: skip
        made = ChangeRequest.objects.bulk_create(rows)
        for one in made:
            one.services.set(services)
        return made

    return end


def of(change):
    facts = records_of({change.pk: NOW})[change.pk]
    return {name: fact.value for name, fact in facts.items()}, facts["model.ended"].found


def test_it_counts_changes_of_the_model_on_the_same_services_within_a_year(change, ended):
    assert of(change)[0] == dict.fromkeys(FACTS, 0) | {"model.success_percent": None, "team.success_percent": None}
    ended("successful", "with_issues", "failed")
    ended("failed", days=400)
    ended("failed", days=-1)
    ended("failed", services=[make_service("Elsewhere")])
    ended("failed", services=[])
    values, found = of(change)
    assert (values["model.ended"], values["model.success_percent"]) == (3, 66.6)
    assert found == "2 of 3 changes of this model on its services went well within a year (66.6 %)"
    change.services.clear()
    assert of(change)[0]["model.ended"] == 5


def test_a_clean_back_out_counts_as_its_model_says(change, ended):
    ended("successful")
    ended("backed_out", backed_out_cleanly=True)
    for said, expected in (("failed", (2, 50)), ("successful", (2, 100)), ("left_out", (1, 100))):
        ChangeModel.objects.update(clean_back_out=said)
        values, _ = of(change)
        assert (values["model.ended"], values["model.success_percent"]) == expected


def test_the_team_is_that_of_the_people_who_work_on_it(change, ended, bob, viewer):
    net = Team.objects.create(name="Net")
    Membership.objects.bulk_create([Membership(team=net, user=user) for user in (bob, viewer)])
    done, _ = ended("failed", "successful")
    done.tasks.create(title="By a colleague", order=1, assignee=viewer)
    values, _ = of(change)
    assert (values["team.ended"], values["team.success_percent"]) == (1, 0)


def test_a_policy_asks_for_it_and_says_what_it_found(change, ended, django_assert_num_queries):
    policy = make_policy("normal-changes", TRUSTED)
    ended("successful", "successful", "successful", "failed", days=0.5)
    tried = try_out(policy, change=change)
    assert tried.ruling.rule == "runs well"
    assert "3 of 4 changes of this model" in tried.rules[0].conditions[0].found
    assert tried.facts["model.success_percent"] == 75
    assert try_out(policy, change=change, facts={"model.success_percent": 70}).ruling.rule == "others"
    assert [one.role for one in asking.ask(change=change, actor=SYSTEM, now=NOW)] == ["service_owner"]
    with django_assert_num_queries(2):
        assert "model.ended" not in facts_of(change, ["risk"])


def test_a_replay_takes_the_record_as_it_was_then(change, ended, change_manager, browser_of, api):
    """Three had gone well when the second of two was handed in; when the first was, none had ended."""
    policy = make_policy("normal-changes", TRUSTED)
    ended("successful", "successful", "successful", days=10)
    handed_in = {change.pk: NOW, make_change(requested_by=change.requested_by, services=change.services.all()).pk: NOW}
    for pk, days in zip(handed_in, (20, 1), strict=True):
        ChangeRequest.objects.filter(pk=pk).update(submitted_at=NOW - timedelta(days=days))
    found = backtest(policy, since=NOW - timedelta(days=60), until=END, actor=SYSTEM, now=END)
    assert {one.change.pk: one.rule for one in found.differences} == dict(
        zip(handed_in, ("others", "runs well"), strict=True)
    )
    page = f"/changes/policies/{policy.number}/"
    manager = browser_of(change_manager)
    assert 'value="team.success_percent"' in manager.get(f"{page}revise/").content.decode()
    bench = manager.get(f"{page}test-bench/", {"change": change.number}).content.decode()
    assert "changes of this model on its services" in bench
    rest = api(change_manager).post(
        f"/api/changes/policies/{policy.pk}/test-bench/", {"request": change.number}, format="json"
    )
    assert rest.json()["facts"]["model.ended"] == 3
    assert Policy.objects.count() == 1
