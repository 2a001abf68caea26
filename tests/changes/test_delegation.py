"""Standing in: who was lent a role decides on behalf of who lent it, and never past the separation of duties."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from changes import rules
from changes.models import Authorisation, Decision
from changes.operations import authorisations
from changes.operations.authorisations import AlreadyDecided, OwnChange, WrongRole
from changes.queries.authorisations import deciders, waiting_for
from itsm.kernel import delegations
from itsm.kernel.actor import Actor
from itsm.kernel.api.delegations import may_end
from itsm.kernel.delegations import DelegatedAlready, NotYourRole
from itsm.kernel.errors import InvalidInput
from itsm.kernel.models import Delegation, LedgerEntry, RoleAssignment, Team
from itsm.kernel.permissions import allowed
from itsm.kernel.roles import Role
from itsm.portal.queries.access import holds_on
from tests.builders import make_service
from tests.changes.builders import make_change

pytestmark = pytest.mark.django_db


@pytest.fixture
def now():
    """Whether a role is lent just now is asked of the clock on the wall."""
    return timezone.now()


@pytest.fixture
def lend(now):
    def make(who, taker, role=Role.CHANGE_MANAGER, **more):
        said = {"until": now + timedelta(days=7), "reason": "On leave.", "actor": Actor.person(who)} | more
        return delegations.give(taker=taker, role=role, now=now, **said)

    return make


@pytest.fixture
def waiting(alice, bob):
    """An authorisation that waits for a change manager; alice asked for the change, bob has its task."""
    change = make_change(requested_by=alice, assignee=bob, status="assessment")
    return Authorisation.objects.get(change=change, role=Role.CHANGE_MANAGER)


def decide(authorisation, user, now, decision="rejected"):
    return authorisations.decide(
        authorisation_id=authorisation.pk, decision=decision, comment="No.", actor=Actor.person(user), now=now
    )


def test_who_was_lent_the_role_decides_and_decision_and_ledger_say_for_whom(lend, person, change_manager, waiting, now):
    kim = person("kim", Role.VIEWER)
    with pytest.raises(WrongRole):
        decide(waiting, kim, now)
    lend(change_manager, kim)
    assert list(waiting_for(Actor.person(kim))) == [waiting]
    assert kim in deciders(waiting)

    decide(waiting, kim, now)

    said = Decision.objects.get()
    assert (said.by, said.on_behalf_of) == (kim, change_manager)
    assert LedgerEntry.objects.get(decision="rejected").on_behalf_of == str(change_manager)


def test_ones_own_right_comes_first(lend, person, change_manager, waiting, now):
    kim = person("kim", Role.CHANGE_MANAGER)
    lend(change_manager, kim)

    decide(waiting, kim, now)

    assert Decision.objects.get().on_behalf_of is None


@pytest.mark.parametrize("part", ["alice", "bob"])
def test_nobody_decides_in_the_name_of_who_has_a_part_in_the_change(
    lend, person, alice, bob, waiting, now, part, request
):
    giver, kim = request.getfixturevalue(part), person("kim", Role.VIEWER)
    RoleAssignment.objects.create(user=giver, role=Role.CHANGE_MANAGER)
    lend(giver, kim)

    assert rules.holds_role(Actor.person(kim), waiting)
    assert not rules.may_decide(Actor.person(kim), waiting)
    assert not waiting_for(Actor.person(kim)).exists()
    assert kim not in deciders(waiting)
    with pytest.raises(OwnChange, match="stand in for"):
        decide(waiting, kim, now)
    assert not Decision.objects.exists()


def test_who_has_a_part_in_the_change_does_not_decide_in_anothers_name(lend, alice, change_manager, waiting, now):
    lend(change_manager, alice)

    assert not waiting_for(Actor.person(alice)).exists()
    with pytest.raises(OwnChange):
        decide(waiting, alice, now)


def test_one_voice_is_not_heard_twice(lend, person, change_manager, waiting, now):
    kim = person("kim", Role.VIEWER)
    lend(change_manager, kim)
    Authorisation.objects.filter(pk=waiting.pk).update(quorum=2)
    said = {"authorisation": waiting, "verdict": "authorised", "at": now, "ledger_sequence": 1}
    Decision.objects.create(by=change_manager, **said)

    assert not waiting_for(Actor.person(kim)).exists()
    assert kim not in deciders(waiting)
    with pytest.raises(AlreadyDecided, match="stand in for"):
        decide(waiting, kim, now)
    with pytest.raises(IntegrityError, match="a_voice_is_heard_once"), transaction.atomic():
        Decision.objects.create(by=kim, on_behalf_of=change_manager, **said)


def test_who_was_spoken_for_has_spoken(lend, person, change_manager, waiting, now):
    kim = person("kim", Role.VIEWER)
    lend(change_manager, kim)
    Authorisation.objects.filter(pk=waiting.pk).update(quorum=2)
    Decision.objects.create(
        authorisation=waiting, by=kim, on_behalf_of=change_manager, verdict="authorised", at=now, ledger_sequence=1
    )

    assert not waiting_for(Actor.person(change_manager)).exists()
    with pytest.raises(AlreadyDecided):
        decide(waiting, change_manager, now)


@pytest.mark.parametrize("end", ["given back", "its time", "the role taken away", "the giver gone", "not begun"])
def test_it_ends_with_the_next_request(lend, person, change_manager, waiting, now, end):
    kim = person("kim", Role.VIEWER)
    later = {"since": now + timedelta(days=1)} if end == "not begun" else {}
    lent = lend(change_manager, kim, **later)
    if end == "given back":
        delegations.end(delegation_id=lent.pk, actor=Actor.person(kim), now=now)
    elif end == "its time":
        Delegation.objects.update(since=now - timedelta(days=2), until=now - timedelta(days=1))
    elif end == "the role taken away":
        RoleAssignment.objects.filter(user=change_manager).delete()
    elif end == "the giver gone":
        type(kim).objects.filter(pk=change_manager.pk).update(is_active=False)

    assert not Actor.person(kim).holds(Role.CHANGE_MANAGER)
    assert not waiting_for(Actor.person(kim)).exists()
    with pytest.raises(WrongRole):
        decide(waiting, kim, now)


def test_what_was_lent_is_not_lent_on(lend, person, change_manager):
    kim, lee = person("kim"), person("lee")
    lend(change_manager, kim)

    with pytest.raises(InvalidInput, match="does not hold"):
        lend(kim, lee)


def test_a_service_owner_and_a_team_member_lend_just_what_they_have(lend, person, now):
    owner, kim, lee, night = person("owner"), person("kim"), person("lee"), Team.objects.create(name="Night")
    shop, other = make_service(owner=owner), make_service("Other")
    RoleAssignment.objects.create(team=night, role=Role.SUPPORT_LEAD, service_id=shop.pk)
    night.members.add(lee)
    lend(owner, kim, Role.SERVICE_OWNER)
    lend(lee, kim, Role.SUPPORT_LEAD)

    actor = Actor.person(kim)
    assert actor.is_owner(owner.pk)
    assert not actor.is_owner(lee.pk)
    assert actor.holds(Role.SUPPORT_LEAD, services=[shop.pk])
    assert not actor.holds(Role.SUPPORT_LEAD, services=[other.pk])
    assert not actor.holds(Role.SERVICE_OWNER, services=[shop.pk])
    assert {(h.username, h.role) for h in holds_on(shop)} >= {("kim", "Owner"), ("kim", "Support lead")}
    assert "kim" not in {hold.username for hold in holds_on(other)}


@pytest.mark.parametrize(("field", "more"), [
    ("until", {"until": timedelta(0)}), ("until", {"until": timedelta(days=93)}), ("reason", {"reason": " "}),
])  # fmt: skip
def test_nonsense_is_refused_by_name(lend, person, change_manager, now, field, more):
    if isinstance(value := more[field], timedelta):
        more = {field: now + value}

    with pytest.raises(InvalidInput) as refused:
        lend(change_manager, person("kim"), **more)

    assert field in refused.value.errors
    assert not Delegation.objects.exists()


def test_to_oneself_to_a_machine_twice_or_for_another_it_is_refused(lend, person, pipeline, change_manager):
    kim = person("kim")
    for taker in (change_manager, pipeline):
        with pytest.raises(InvalidInput):
            lend(change_manager, taker)
    lend(change_manager, kim)
    with pytest.raises(DelegatedAlready):
        lend(change_manager, kim)
    with pytest.raises(NotYourRole):
        lend(kim, person("lee"), giver=change_manager)


def test_it_is_asked_in_one_query(lend, person, change_manager, django_assert_num_queries):
    kim = person("kim", Role.VIEWER)
    lend(change_manager, kim)
    actor = Actor.person(kim)

    with django_assert_num_queries(1):
        assert actor.holds(Role.CHANGE_MANAGER)
        assert actor.assignments


def test_page_and_api_lend_and_end(api, browser_of, person, change_manager, waiting, now):
    kim = person("kim", Role.VIEWER)
    said = {"taker": "kim", "role": "change_manager", "until": now + timedelta(days=3), "reason": "Leave"}
    made = api(change_manager).post("/api/delegations/", said, format="json")
    assert made.status_code == 201, made.content
    assert made.json()["giver"] == change_manager.username
    stranger, lent = person("stranger"), Delegation.objects.get()
    assert api(stranger).get(made["Location"]).status_code == 404
    assert [allowed(may_end, Actor.person(who), lent) for who in (stranger, kim)] == [False, True]

    page = browser_of(kim).get(waiting.change.get_absolute_url()).content.decode()
    assert "On behalf of:" in page
    decided = api(kim).post(
        f"/api/changes/authorisations/{waiting.pk}/decide/",
        {"decision": "rejected", "comment": "No."},
        format="json",
        headers={"If-Match": api(kim).get(f"/api/changes/authorisations/{waiting.pk}/")["ETag"]},
    )
    assert decided.json()["decisions"][0]["on_behalf_of"] == change_manager.username
    page = browser_of(kim).get(waiting.change.get_absolute_url()).content.decode()
    assert f"on behalf of {change_manager}" in page

    number = made.json()["number"]
    assert browser_of(kim).post(f"/account/delegations/{number}/end/").status_code == 302
    assert api(change_manager).get(made["Location"]).json()["state"] == "ended"
    assert str(kim) in browser_of(change_manager).get("/account/delegations/").content.decode()
