"""Authorising: by role, once, about what was seen, and never one's own change."""

from datetime import timedelta

import pytest

from changes.models import Authorisation, Decision
from changes.operations import authorisations, requests, tasks, waivers
from changes.queries.basics import BasicsBlock
from itsm.kernel import ledger
from itsm.kernel.actor import Actor
from itsm.kernel.errors import Forbidden, InvalidInput
from itsm.kernel.models import LedgerEntry
from itsm.kernel.roles import Role
from tests.builders import SYSTEM, make_ci
from tests.changes.builders import END, NOW, START, decide, make_change, waiting

pytestmark = pytest.mark.django_db


@pytest.fixture
def change(alice, bob):
    return make_change(requested_by=alice, assignee=bob, cis=[make_ci("fw-1")], status="assessment")


def test_the_change_manager_authorises_and_it_is_scheduled(change, change_manager):
    decided = decide(waiting(change), change_manager)

    change.refresh_from_db()
    entry = LedgerEntry.objects.get(decision="authorised")
    assert decided.state == Authorisation.State.AUTHORISED
    assert change.status == "scheduled"
    assert entry.subject == change.number
    assert entry.policy_version.startswith("Normal-changes v1")
    assert ledger.verify().broken_at is None


@pytest.mark.parametrize("who", ["alice", "bob"])
def test_it_refuses_the_requester_and_the_implementer(change, who, request):
    user = request.getfixturevalue(who)
    user.assignments.create(role=Role.CHANGE_MANAGER)

    with pytest.raises(authorisations.OwnChange):
        decide(waiting(change), user)

    assert not Decision.objects.exists()
    assert waiting(change).state == Authorisation.State.PENDING


def test_it_refuses_another_role(change, viewer):
    with pytest.raises(Forbidden):
        decide(waiting(change), viewer)


def test_a_rejection_needs_its_reason_and_ends_it(change, change_manager):
    with pytest.raises(InvalidInput):
        decide(waiting(change), change_manager, "rejected")
    decide(waiting(change), change_manager, "rejected", "The window is too short.")

    change.refresh_from_db()
    assert change.status == "rejected"


def test_a_quorum_takes_two_people(alice, bob, change_manager, cab_member, person):
    risky = make_change(
        requested_by=alice, assignee=bob, cis=[make_ci("fw")], likelihood=3, impact=3, status="assessment"
    )
    board = waiting(risky, "cab_member")
    decide(waiting(risky), change_manager)
    decide(board, cab_member)

    with pytest.raises(authorisations.AlreadyDecided):
        decide(board, cab_member)
    risky.refresh_from_db()
    assert risky.status == "assessment"

    decide(board, person("second", Role.CAB_MEMBER))
    risky.refresh_from_db()
    assert risky.status == "scheduled"


def test_it_refuses_while_the_basics_block_unless_waived_by_name(alice, bob, change_manager):
    change = make_change(requested_by=alice, assignee=bob, acknowledged=False, cis=[make_ci("fw")], status="assessment")
    with pytest.raises(BasicsBlock) as refusal:
        decide(waiting(change), change_manager)
    assert [check["code"] for check in refusal.value.checks] == ["nobody_assumes"]

    waivers.waive(
        change_id=change.pk,
        check_code="nobody_assumes",
        reason="He told me.",
        actor=Actor.person(change_manager),
        now=NOW,
    )
    decide(waiting(change), change_manager)

    change.refresh_from_db()
    assert change.status == "scheduled"


def test_an_authorisation_falls_when_the_window_moves(change, change_manager, alice):
    decide(waiting(change), change_manager)
    requests.schedule(
        change_id=change.pk,
        start=START + timedelta(days=1),
        end=END + timedelta(days=1),
        actor=Actor.person(change_manager),
    )

    change.refresh_from_db()
    assert change.status == "assessment"
    assert LedgerEntry.objects.get(decision="authorisation_fell").comment == "The window was moved."
    assert waiting(change).state == Authorisation.State.PENDING
    assert change.authorisations.get(state="fallen").fell_because == "The window was moved."


def test_an_authorisation_that_fell_says_what_of_the_plan_changed(change, change_manager):
    decide(waiting(change), change_manager)
    more = {"check_minutes": 17, "cis": [*change.cis.all(), make_ci("fw-2")]}
    requests.plan(change_id=change.pk, title=change.title, actor=SYSTEM, **more)
    decide(waiting(change), change_manager)
    tasks.add(change_id=change.pk, title="x" * 200, actor=SYSTEM)

    fallen = change.authorisations.filter(state="fallen").order_by("pk").values_list("fell_because", flat=True)
    assert list(fallen) == ["The plan was changed: checking (min), CIs.", f"A task was added: “{'x' * 200}”."]


def test_an_acknowledgement_does_not_make_it_fall(alice, bob, change_manager):
    change = make_change(requested_by=alice, assignee=bob, acknowledged=False, cis=[make_ci("fw")], status="assessment")
    before = waiting(change).fingerprint
    tasks.acknowledge(task_id=change.tasks.get().pk, actor=Actor.person(bob), now=NOW)

    assert waiting(change).fingerprint == before


def test_a_change_is_implemented_reviewed_and_closed(change, change_manager, bob):
    decide(waiting(change), change_manager)
    manager, worker = Actor.person(change_manager), Actor.person(bob)
    requests.start(change_id=change.pk, actor=worker, now=START)
    task = change.tasks.get()
    tasks.start(task_id=task.pk, actor=worker, now=START)
    with pytest.raises(requests.TasksOpen):
        requests.finish(change_id=change.pk, outcome="successful", actor=worker, now=START)
    tasks.finish(task_id=task.pk, actor=worker, now=START)
    requests.finish(change_id=change.pk, outcome="with_issues", actor=worker, now=START)
    with pytest.raises(requests.Incomplete):
        requests.close(change_id=change.pk, actor=manager)
    requests.review(change_id=change.pk, objectives_met=True, causes=["external"], actor=manager, now=END)
    closed = requests.close(change_id=change.pk, actor=manager)

    assert (closed.status, closed.outcome) == ("closed", "with_issues")


def test_it_does_not_start_outside_its_window(change, change_manager, bob):
    decide(waiting(change), change_manager)

    with pytest.raises(requests.OutsideWindow):
        requests.start(change_id=change.pk, actor=SYSTEM, now=START - timedelta(minutes=1))
