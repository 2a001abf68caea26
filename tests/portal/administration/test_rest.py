"""What administrators do on pages with people, teams, roles, tokens and settings, they do by REST too."""

from datetime import timedelta

import pytest
from django.utils import timezone

from itsm.kernel import tokens
from itsm.kernel.models import ApiToken, OutboxEvent, RoleAssignment, Team, User
from itsm.kernel.roles import Role
from tests.builders import make_service

pytestmark = pytest.mark.django_db


@pytest.fixture
def admin(person):
    return person("admin", is_superuser=True)


def test_an_account_is_made_changed_closed_and_opened_again(api, admin):
    client = api(admin)
    made = client.post("/api/users/", {"username": "kim", "first_name": "Kim", "email": "kim@example.org"})
    assert made.status_code == 201, made.json()
    assert made["Location"] == f"/api/users/{made.json()['id']}/"

    changed = client.patch("/api/users/kim/", {"last_name": "Lee"}, HTTP_IF_MATCH=made["ETag"])
    assert (changed.status_code, changed.json()["display"]) == (200, "Kim Lee")
    assert client.patch("/api/users/kim/", {"last_name": "Li"}, HTTP_IF_MATCH=made["ETag"]).status_code == 412

    closed = client.post("/api/users/kim/deactivate/", {"reason": "Left"})
    assert (closed.status_code, closed.json()["is_active"]) == (200, False)
    assert client.post("/api/users/kim/deactivate/", {"reason": "Left"}).json()["code"] == "deactivated"
    assert client.post("/api/users/kim/reactivate/").json()["is_active"] is True
    assert client.post("/api/users/kim/appoint/", {"reason": "Needed"}).json()["is_administrator"] is True
    assert client.post("/api/users/kim/dismiss/", {"reason": "Over"}).json()["is_administrator"] is False


def test_only_an_administrator_makes_and_changes_accounts(api, viewer, alice):
    client = api(viewer)
    for path, body in (
        ("/api/users/", {"username": "kim"}),
        ("/api/users/alice/deactivate/", {"reason": "I say so"}),
        ("/api/users/alice/appoint/", {"reason": "I say so"}),
        ("/api/users/viewer/grant/", {"role": "change_manager", "reason": "I say so"}),
        ("/api/teams/", {"name": "Mine"}),
    ):
        assert client.post(path, body).status_code == 403, path
    assert client.patch("/api/users/viewer/", {"email": "x@example.org"}).status_code == 403
    assert client.patch("/api/organisation/", {"name": "Mine"}).status_code == 403
    assert client.get("/api/roles/").status_code == 403
    assert not OutboxEvent.objects.exists()


def test_what_is_private_is_told_to_the_person_and_to_administrators(api, admin, viewer, alice):
    User.objects.filter(pk=alice.pk).update(email="alice@example.org")

    assert api(viewer).get("/api/users/alice/").json()["email"] is None
    assert api(alice).get("/api/users/alice/").json()["email"] == "alice@example.org"
    assert api(admin).get("/api/users/alice/").json()["second_factor"] is False
    assert "alice@" not in api(viewer).get("/api/users/?format=csv").getvalue().decode()


def test_a_role_is_granted_for_a_service_and_ended(api, admin, alice):
    shop, client = make_service("shop"), api(admin)
    answer = client.post("/api/users/alice/grant/", {"role": "service_owner", "service": "shop", "reason": "New owner"})
    assert "service_owner" in answer.json()["roles"]

    held = client.get("/api/roles/?user=alice&role=service_owner&current=true").json()["results"][0]
    assert (held["service"], held["user"]) == ("shop", "alice")
    assert RoleAssignment.objects.get(pk=held["id"]).service_id == shop.pk
    assert client.post(held["url"] + "end/", {}).json()["errors"][0]["pointer"] == "/reason"
    assert client.post(held["url"] + "end/", {"reason": "Moved on"}).json()["until"]
    assert "service_owner" not in client.get("/api/users/alice/").json()["roles"]


def test_a_role_that_has_ended_is_no_longer_said_to_be_held(api, admin, person):
    kim = person("kim", Role.CAB_MEMBER)
    past = timezone.now() - timedelta(days=1)
    RoleAssignment.objects.filter(user=kim).update(since=past - timedelta(days=1), until=past)

    assert api(admin).get("/api/users/kim/").json()["roles"] == []


def test_a_team_is_made_manned_and_retired(api, admin, alice, bob):
    client = api(admin)
    team = client.post("/api/teams/", {"name": "Platform", "members": ["alice"]}).json()
    path = f"/api/teams/{team['id']}/"

    assert client.post(path + "add-members/", {"people": ["bob"]}).json()["members"] == ["alice", "bob"]
    assert client.post(path + "remove-member/", {"person": "alice"}).json()["members"] == ["bob"]
    assert client.patch(path, {"lead": "bob"}).json()["lead"] == "bob"
    assert client.post(path + "grant/", {"role": "implementer", "reason": "Their work"}).status_code == 200
    assert client.post(path + "retire/", {"reason": "Merged"}).json()["state"] == "retired"
    refused = client.get(path).json()["actions"]
    assert all(not each["allowed"] and each["reason"] for each in refused)
    assert not RoleAssignment.objects.current().filter(team=Team.objects.get()).exists()


def test_an_administrator_finds_and_revokes_anybodys_token_and_nobody_else_does(api, admin, alice, bob):
    tokens.make(alice, name="laptop")
    token = ApiToken.objects.get(user=alice)
    found = api(admin).get("/api/tokens/?owner=alice").json()["results"]

    assert [each["id"] for each in found] == [token.pk]
    assert api(bob).get(f"/api/tokens/{token.pk}/").status_code == 404
    answer = api(admin).post(f"/api/tokens/{token.pk}/revoke/", {"reason": "Lost"})
    assert (answer.status_code, answer.json()["state"]) == (200, "revoked")


def test_the_organisation_is_read_by_all_and_changed_by_administrators(api, admin, viewer):
    client = api(admin)
    seen = client.get("/api/organisation/")
    changed = client.patch("/api/organisation/", {"name": "Acme", "days_off": {"2026-12-24": "Christmas Eve"}})

    assert changed.json()["name"] == "Acme"
    assert api(viewer).get("/api/organisation/").json()["days_off"] == {"2026-12-24": "Christmas Eve"}
    for body, named in (
        ({"colour": "red"}, "/colour"),
        ({"time_zone": "Mars"}, "/time_zone"),
        ({"country": "XX"}, "/country"),
    ):
        assert client.patch("/api/organisation/", body).json()["errors"][0]["pointer"] == named
    stale = client.patch("/api/organisation/", {"name": "Ajax"}, HTTP_IF_MATCH=seen["ETag"])
    assert stale.status_code == 412
    assert client.patch("/api/organisation/", [], HTTP_IF_MATCH=changed["ETag"]).status_code == 400
