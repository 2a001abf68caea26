"""A version of a policy is tested on the changes of the past before it is put in force."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from changes.models import Authorisation, ChangeModel, ChangeRequest, Policy
from changes.queries.backtest import backtest
from itsm.kernel.errors import InvalidInput
from itsm.kernel.models import LedgerEntry
from tests.builders import SYSTEM, make_ci
from tests.changes.builders import NOW, make_change, make_policy

pytestmark = pytest.mark.django_db
MANAGER, CAB = {"role": "change_manager"}, {"role": "cab_member"}


def draft(*rules):
    """The next version of the policy that the builders put in force."""
    in_force = Policy.objects.get(state="in_force")
    return Policy.objects.create(name=in_force.name, title="Next", version=in_force.version + 1, rules=list(rules))


def past(alice, bob, outcome="successful", waited=60, **details):
    """A change that was asked about and ended."""
    change = make_change(requested_by=alice, assignee=bob, cis=[make_ci()], status="assessment", **details)
    asked = NOW - timedelta(days=3)
    Authorisation.objects.filter(change=change).update(
        state="authorised", asked_at=asked, decided_at=asked + timedelta(minutes=waited)
    )
    ChangeRequest.objects.filter(pk=change.pk).update(submitted_at=asked, outcome=outcome)
    return change


def looked(policy, **said):
    return backtest(policy, actor=SYSTEM, now=NOW, **{"since": None, "until": None} | said)


def asks(name, *required):
    return {"name": name, "require": list(required)}


@pytest.fixture
def in_force():
    return make_policy(rules=[asks("all", MANAGER, CAB)])


def test_the_same_rules_change_nothing(in_force, alice, bob):
    past(alice, bob)
    found = looked(draft(asks("all", MANAGER, CAB)))
    assert (found.examined, found.different, found.differences) == (1, 0, [])


def test_who_is_no_longer_asked_saves_the_time_in_which_they_were_waited_for(in_force, alice, bob):
    change = past(alice, bob)
    cab = Authorisation.objects.get(change=change, role="cab_member")
    Authorisation.objects.filter(pk=cab.pk).update(decided_at=cab.asked_at + timedelta(minutes=500))

    found = looked(draft(asks("quick", MANAGER)))

    assert (dict(found.kinds), found.minutes_saved) == ({"less": 1}, 440)
    (difference,) = found.differences
    assert (difference.was, difference.would) == (
        ["CAB member to deploy", "Change manager to deploy"], ["Change manager to deploy"],
    )  # fmt: skip


def test_failures_are_counted_by_whether_more_or_less_would_have_been_asked(in_force, alice, bob):
    past(alice, bob, outcome="failed")
    past(alice, bob, outcome="backed_out")
    past(alice, bob)

    less = looked(draft(asks("less", MANAGER)))
    Policy.objects.filter(pk=less.policy.pk).delete()
    assert (less.let_through, less.stopped) == (2, 0)
    more = looked(draft(asks("more", MANAGER, CAB, {"role": "service_owner"})))
    assert (more.let_through, more.stopped, dict(more.kinds)) == (0, 2, {"more": 3})


def test_what_no_rule_fits_is_refused(in_force, alice, bob):
    past(alice, bob, outcome="failed")
    found = looked(draft({"name": "never", "when": {"risk": "impossible"}, "require": [MANAGER]}))
    assert (dict(found.kinds), found.stopped) == ({"refused": 1}, 1)


def test_rules_may_ask_for_what_a_change_touches(in_force, alice, bob):
    past(alice, bob)
    critical = past(alice, bob)
    critical.cis.update(criticality=4)
    found = looked(draft(
        {"name": "critical", "when": {"criticality": {"at_least": 4}}, "require": [MANAGER, CAB, {"role": "viewer"}]},
        asks("all", MANAGER, CAB),
    ))  # fmt: skip
    assert [difference.change.pk for difference in found.differences] == [critical.pk]


def test_an_imported_history_is_compared_with_the_version_in_force(in_force, alice, bob):
    change = past(alice, bob)
    change.authorisations.all().delete()
    ChangeRequest.objects.filter(pk=change.pk).update(source="bank", external_key="1")
    found = looked(draft(asks("less", MANAGER)))
    assert (found.imported, dict(found.kinds), found.minutes_saved) == (1, {"less": 1}, 0)


def test_what_nobody_was_asked_about_here_is_asked_more_of(in_force, alice, bob):
    past(alice, bob).authorisations.all().delete()
    found = looked(draft(asks("all", MANAGER)))
    assert (found.imported, dict(found.kinds)) == (0, {"more": 1})


def test_pre_authorised_changes_are_no_part_of_it(in_force, alice, bob):
    change = past(alice, bob)
    ChangeModel.objects.filter(pk=change.model_id).update(pre_authorised=True, type="standard")
    assert looked(draft(asks("less", MANAGER))).examined == 0


def test_it_looks_at_the_time_that_was_asked_for_and_writes_nothing(in_force, alice, bob):
    past(alice, bob)
    policy, entries = draft(asks("less", MANAGER)), LedgerEntry.objects.count()

    assert looked(policy, until=NOW - timedelta(days=5)).examined == 0
    assert looked(policy, since=NOW - timedelta(days=4)).examined == 1
    with pytest.raises(InvalidInput):
        looked(policy, since=NOW, until=NOW)
    assert LedgerEntry.objects.count() == entries


def test_it_asks_as_often_for_many_as_for_few(in_force, alice, bob):
    policy = draft(asks("less", MANAGER))

    def asked():
        with CaptureQueriesContext(connection) as found:
            looked(policy)
        return len(found)

    past(alice, bob)
    few = asked()
    for _ in range(4):
        past(alice, bob)
    assert asked() == few


def test_by_rest_and_by_page(in_force, alice, bob, api, browser_of, change_manager, viewer):
    change = past(alice, bob)
    policy = draft(asks("less", MANAGER))
    said = {"since": "2020-01-01T00:00:00Z", "until": "2099-01-01T00:00:00Z"}

    answer = api(change_manager).post(f"/api/changes/policies/{policy.pk}/backtest/", said, format="json")
    assert (answer.status_code, answer.json()["kinds"]) == (200, {"less": 1})
    assert answer.json()["differences"][0]["change"]["number"] == change.number
    page = browser_of(change_manager).get(
        f"{policy.get_absolute_url()}backtest/?since=2020-01-01T00:00&until=2099-01-01T00:00"
    )
    assert change.number in page.content.decode()
    assert browser_of(viewer).get(f"{policy.get_absolute_url()}backtest/").status_code == 403
    wrong = browser_of(change_manager).get(f"{policy.get_absolute_url()}backtest/?since=never")
    assert (wrong.status_code, "Enter a valid date" in wrong.content.decode()) == (422, True)
