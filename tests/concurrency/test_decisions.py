"""Two at once, in real transactions: each decision counts once, and nobody decides twice."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from functools import partial
from threading import Barrier

import pytest
from django.db import connection

from changes.fingerprint import fingerprint_of
from changes.models import Decision, Policy
from changes.operations import authorisations, policies, requests
from itsm.kernel import ledger
from itsm.kernel.actor import Actor
from itsm.kernel.errors import DomainError
from itsm.kernel.models import LedgerEntry
from itsm.kernel.roles import Role
from tests.builders import SYSTEM, make_ci
from tests.changes.builders import END, NOW, START, decide, make_change, make_policy, waiting

pytestmark = pytest.mark.django_db(transaction=True)


def at_once(*deeds):
    """Perform them in threads of their own that begin together; what each answered or raised."""
    ready = Barrier(len(deeds))

    def perform(deed):
        try:
            ready.wait(timeout=10)
            return deed()
        except DomainError as error:
            return error
        finally:
            connection.close()

    with ThreadPoolExecutor(len(deeds)) as pool:
        return list(pool.map(perform, deeds))


@pytest.fixture
def risky(alice, bob, change_manager):
    """Waits for two of the board; the change manager has spoken."""
    change = make_change(
        requested_by=alice, assignee=bob, cis=[make_ci("fw")], likelihood=3, impact=3, status="assessment"
    )
    decide(waiting(change), change_manager)
    return change


def test_two_people_who_decide_at_once_are_counted_once_each(risky, cab_member, person):
    board, second = waiting(risky, "cab_member"), person("second", Role.CAB_MEMBER)

    answers = at_once(lambda: decide(board, cab_member), lambda: decide(board, second))

    risky.refresh_from_db()
    assert not [answer for answer in answers if isinstance(answer, Exception)]
    assert board.decisions.count() == 2
    assert waiting(risky, "cab_member").state == "authorised"
    assert risky.status == "scheduled"
    assert ledger.verify().broken_at is None


def test_one_person_who_decides_twice_at_once_is_counted_once(risky, cab_member):
    board = waiting(risky, "cab_member")
    before = LedgerEntry.objects.count()

    answers = at_once(*[lambda: decide(board, cab_member)] * 4)

    refused = [answer for answer in answers if isinstance(answer, authorisations.AlreadyDecided)]
    risky.refresh_from_db()
    assert len(refused) == 3
    assert Decision.objects.filter(authorisation=board).count() == 1
    assert LedgerEntry.objects.count() == before + 1
    assert risky.status == "assessment"


def test_of_a_yes_and_a_no_at_once_none_is_lost(risky, cab_member, person):
    board, second = waiting(risky, "cab_member"), person("second", Role.CAB_MEMBER)

    answers = at_once(lambda: decide(board, cab_member), lambda: decide(board, second, "rejected", "Too risky."))

    risky.refresh_from_db()
    verdicts = sorted(board.decisions.values_list("verdict", flat=True))
    assert risky.status == "rejected"
    # The no counts in any order; the yes counts unless the no came first.
    assert verdicts in (["authorised", "rejected"], ["rejected"])
    assert len([a for a in answers if isinstance(a, Exception)]) == 2 - len(verdicts)


def test_a_decision_and_a_move_of_the_window_at_once_never_leave_an_authorisation_for_another_window(
    alice, bob, change_manager
):
    change = make_change(requested_by=alice, assignee=bob, cis=[make_ci("fw")], status="assessment")
    asked, later = waiting(change), timedelta(days=1)

    at_once(
        lambda: decide(asked, change_manager),
        lambda: requests.schedule(change_id=change.pk, start=START + later, end=END + later, actor=SYSTEM),
        lambda: requests.plan(change_id=change.pk, start=START + later, actor=SYSTEM),
    )

    change.refresh_from_db()
    given = change.authorisations.filter(state="authorised")
    assert change.window.lower == START + later
    assert all(authorisation.fingerprint == fingerprint_of(change) for authorisation in given)
    assert (change.status == "scheduled") == given.exists()


def test_two_versions_put_in_force_at_once_leave_one_in_force():
    make_policy("p")
    rules = [{"name": "all", "require": [{"role": "change_manager"}]}]
    drafts = at_once(*[lambda: policies.draft(name="p", title="P", rules=rules, actor=SYSTEM)] * 3)

    at_once(*[partial(policies.enforce, policy_id=draft.pk, actor=SYSTEM, now=NOW) for draft in drafts])

    states = Policy.objects.filter(name="p").values_list("state", flat=True)
    assert sorted(draft.version for draft in drafts) == [2, 3, 4]
    assert sorted(states) == ["in_force", "retired", "retired", "retired"]


def test_plans_and_moves_at_once_do_not_lock_each_other_out(alice, bob):
    change = make_change(requested_by=alice, assignee=bob, cis=[make_ci("fw")])
    actor = Actor.person(alice)

    answers = at_once(
        *[lambda: requests.plan(change_id=change.pk, start=START, end=END, actor=actor)] * 2,
        *[lambda: requests.schedule(change_id=change.pk, start=START, end=END, actor=actor)] * 2,
    )

    assert not [answer for answer in answers if isinstance(answer, Exception)]
