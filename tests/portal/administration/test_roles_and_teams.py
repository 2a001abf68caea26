"""Roles from–until and for a scope; teams that hold them for their members."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from itsm.kernel import history
from itsm.kernel.actor import Actor
from itsm.kernel.errors import Forbidden, InvalidInput
from itsm.kernel.models import OutboxEvent, RoleAssignment, Team
from itsm.kernel.people import assignments, teams
from itsm.kernel.roles import Role
from tests.builders import make_service

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


def grant(user, admin, role=Role.CHANGE_MANAGER, **said):
    said.setdefault("now", timezone.now())
    return assignments.grant(role=role, user_id=user.pk, reason="needed", actor=admin, **said)


def test_a_role_is_granted_for_one_service_from_the_persons_page(browser, alice):
    shop, other = make_service("Shop"), make_service("Other")
    said = {"role": "support_lead", "service": "shop", "reason": "covers for Bob", "until": "2099-01-01T00:00"}
    assert browser.post(f"/administration/people/{alice.pk}/grant/", said).status_code == 302

    actor = Actor.person(alice)
    assert actor.holds(Role.SUPPORT_LEAD, services=[shop.pk])
    assert not actor.holds(Role.SUPPORT_LEAD, services=[other.pk])
    page = browser.get(f"/administration/people/{alice.pk}/").content.decode()
    assert "covers for Bob" in page
    assert "<ins>Shop</ins>" in page
    told = OutboxEvent.objects.get(name="kernel.role.granted").payload
    assert (told["role"], told["to"], told["service"]) == ("support_lead", "alice", shop.pk)


def test_a_role_ends_at_once_and_stays_readable(browser, alice, admin):
    held = grant(alice, admin)
    assert browser.post(f"/administration/roles/{held.pk}/end/", {"reason": "moved on"}).status_code == 302

    assert not Actor.person(alice).holds(Role.CHANGE_MANAGER)
    assert {entry["reason"] for entry in history.story_of(alice)} == {"moved on", "needed", ""}
    again = browser.post(f"/administration/roles/{held.pk}/end/", {"reason": "moved on"})
    assert (again.status_code, "has ended already" in again.content.decode()) == (422, True)


def test_a_role_is_held_once_at_a_time_and_can_be_had_again_later(alice, admin):
    now = timezone.now()
    first = grant(alice, admin, now=now)
    with pytest.raises(assignments.HeldAlready):
        grant(alice, admin, since=now + DAY, now=now)
    with pytest.raises(IntegrityError), transaction.atomic():
        RoleAssignment.objects.create(user=alice, role=Role.CHANGE_MANAGER, since=now + DAY)
    assignments.end(assignment_id=first.pk, reason="over", actor=admin, now=now + DAY)
    grant(alice, admin, now=now + DAY)

    assert RoleAssignment.objects.filter(user=alice, role=Role.CHANGE_MANAGER).count() == 2


def test_what_is_to_come_counts_later_and_never_when_it_is_ended_before(alice, admin):
    now = timezone.now()
    later = grant(alice, admin, since=now + 2 * DAY, now=now)
    assert not Actor.person(alice).holds(Role.CHANGE_MANAGER)
    assignments.end(assignment_id=later.pk, reason="not needed", actor=admin, now=now)

    assert not RoleAssignment.objects.current(now + 3 * DAY).filter(pk=later.pk).exists()
    grant(alice, admin, since=now + 2 * DAY, now=now)


@pytest.mark.parametrize("said", [{"until": timezone.now() - DAY}, {"role": "king"}])
def test_it_refuses_what_cannot_count(alice, admin, said):
    with pytest.raises(InvalidInput):
        grant(alice, admin, **said)
    assert RoleAssignment.objects.filter(user=alice).count() == 1


def test_it_refuses_a_role_for_who_is_gone(alice, admin):
    alice.is_active = False
    alice.save()
    with pytest.raises(assignments.HolderIsGone):
        grant(alice, admin)


def test_nobody_grants_but_an_administrator(alice, bob):
    with pytest.raises(Forbidden):
        grant(bob, Actor.person(alice))
    assert not OutboxEvent.objects.exists()


def test_a_team_is_made_manned_and_retired(browser, alice, bob):
    said = {"name": "Night shift", "lead": "alice", "members": "bob"}
    assert browser.post("/administration/teams/new/", said).status_code == 302
    team = Team.objects.get()
    page = f"/administration/teams/{team.pk}/"
    browser.post(f"{page}grant/", {"role": "support_lead", "reason": "at night"})
    assert Actor.person(bob).holds(Role.SUPPORT_LEAD)

    assert browser.post(f"{page}remove-member/", {"person": bob.pk}).status_code == 302
    assert not Actor.person(bob).holds(Role.SUPPORT_LEAD)
    assert browser.post(f"{page}add-members/", {"people": "bob"}).status_code == 302
    assert Actor.person(bob).holds(Role.SUPPORT_LEAD)

    assert browser.post(f"{page}retire/", {"reason": "by day only"}).status_code == 302
    assert not Actor.person(bob).holds(Role.SUPPORT_LEAD)
    refused = browser.post(f"{page}add-members/", {"people": "bob"})
    assert (refused.status_code, "is retired" in refused.content.decode()) == (422, True)
    assert "History" in browser.get(page).content.decode()
    told = str(history.story_of(team))  # the page shows the newest alone, and here all of it has one moment
    for entry in ("Membership removed", "Membership added", "Role assignment added", "by day only"):
        assert entry in told


def test_the_lead_is_a_member_and_leaves_both_places(alice, bob, admin):
    team = teams.create(name="A", lead=alice, actor=admin)
    before = team.revision
    teams.update(team_id=team.pk, lead=bob, actor=admin)
    teams.remove_member(team_id=team.pk, person=bob, actor=admin)
    team = Team.objects.get(pk=team.pk)

    assert (team.lead, list(team.members.all())) == (None, [alice])
    assert team.revision > before
    with pytest.raises(teams.NotAMember):
        teams.remove_member(team_id=team.pk, person=bob, actor=admin)


def test_two_teams_have_two_names(browser, admin):
    teams.create(name="Night shift", actor=admin)
    answer = browser.post("/administration/teams/new/", {"name": "Night shift"})

    assert (answer.status_code, "There is a team Night shift already" in answer.content.decode()) == (422, True)


def test_the_pages_of_teams_take_few_queries(browser, alice, bob, admin, django_assert_max_num_queries):
    found = [teams.create(name=f"Team {n}", lead=alice, members=[bob], actor=admin) for n in range(6)]
    for path in ("", f"{found[0].pk}/"):
        with django_assert_max_num_queries(20):
            assert browser.get(f"/administration/teams/{path}").status_code == 200
