"""Accounts: invited, found, changed, closed; never by a password that somebody else knows."""

import re
import threading

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal import auth as totp
from django.core import mail
from django.db import connection
from django.test import Client

from itsm.kernel import history, outbox, tokens
from itsm.kernel.actor import Actor
from itsm.kernel.errors import DomainError, Forbidden, InvalidInput
from itsm.kernel.mail import NoMailServer
from itsm.kernel.models import OutboxEvent, Team, User
from itsm.kernel.people import teams, users
from itsm.kernel.roles import Role
from tests.builders import make_service
from tests.changes.builders import make_change

pytestmark = pytest.mark.django_db
PAGE = "/administration/people/"
NEW = {"username": "new.one", "first_name": "New", "last_name": "One", "email": "new@example.org", "invited": "on"}


@pytest.fixture(autouse=True)
def _mail_server(settings):
    settings.MAIL_IS_SENT = True
    settings.SITE_URL = "https://slipway.example.org"


def deliver() -> None:
    outbox.publish()
    for subscriber in outbox.waiting_subscribers():
        outbox.drain(subscriber)


def names() -> list[str]:
    return [event.name for event in OutboxEvent.objects.order_by("pk")]


def test_who_is_invited_chooses_a_password_by_a_link_that_works_once(browser):
    assert browser.post(f"{PAGE}new/", NEW).status_code == 302
    made = User.objects.get(username="new.one")
    assert not made.has_usable_password()
    deliver()

    [message] = mail.outbox
    link = re.search(r"https://slipway.example.org(/accounts/password/reset/key/\S+)", message.body)[1]
    assert (message.to, "new.one" in message.body) == (["new@example.org"], True)
    person = Client()
    form = person.get(link)["Location"]
    chosen = {"password1": "a long enough one", "password2": "a long enough one"}
    assert person.post(form, chosen).status_code == 302
    made.refresh_from_db()
    assert made.check_password("a long enough one")
    assert "invalid" in Client().get(link, follow=True).content.decode().lower()


def test_a_machine_is_sent_nothing_and_stays_without_a_password(browser):
    browser.post(f"{PAGE}new/", {**NEW, "is_machine": "on"})
    deliver()

    assert User.objects.get(username="new.one").is_machine
    assert mail.outbox == []
    page = browser.get(User.objects.get(username="new.one").get_absolute_url())
    assert "machine: never signs in" in page.content.decode()


@pytest.mark.parametrize(("said", "field"), [
    ({"username": "root"}, "There is a user root already"),
    ({"username": "two words"}, "Enter a valid username"),
    ({"email": "root@example.org"}, "This is the address of root"),
    ({"email": ""}, "Give an address"),
])  # fmt: skip
def test_it_refuses_an_account_that_cannot_be_right(browser, said, field):
    answer = browser.post(f"{PAGE}new/", {**NEW, **said})

    assert (answer.status_code, field in answer.content.decode()) == (422, True)
    assert User.objects.count() == 1
    assert names() == []


def test_nobody_is_invited_where_no_mail_can_be_sent(admin, settings):
    settings.MAIL_IS_SENT = False
    with pytest.raises(NoMailServer):
        users.create(username="x", email="x@example.org", actor=admin)
    assert users.create(username="x", email="x@example.org", invited=False, actor=admin).pk


def test_an_edit_is_told_with_who_made_it_and_refused_when_somebody_was_there_first(browser, alice):
    said = {"first_name": "Alicia", "email": "alice@example.org", "time_zone": "Europe/Berlin", "seen_revision": 1}
    assert browser.post(f"{PAGE}{alice.pk}/edit/", said).status_code == 302
    assert browser.post(f"{PAGE}{alice.pk}/edit/", said).status_code == 422

    story = history.story_of(User.objects.get(pk=alice.pk))
    latest = next(entry for entry in story if entry["through"] == "people.users.update")  # all of it has one moment
    assert latest["who"] == "root"
    assert ("first name", "Alice", "Alicia") in latest["changes"]
    assert OutboxEvent.objects.get().payload == {"fields": ["email", "first_name", "time_zone"]}


def test_to_sign_in_changes_no_revision_and_writes_no_history(alice):
    alice.set_password("something")
    alice.save()
    assert User.objects.get(pk=alice.pk).revision == 1
    assert len(history.story_of(alice)) == 2  # made, and given a role


def test_a_closed_account_ends_its_sessions_and_tokens_for_good(browser, api, alice, admin):
    alice.set_password("a long enough one")
    alice.save()
    theirs, client = Client(), api(alice)
    theirs.post("/accounts/login/", {"login": "alice", "password": "a long enough one"})
    assert (theirs.get("/").status_code, client.get("/api/users/").status_code) == (200, 200)

    assert browser.post(f"{PAGE}{alice.pk}/deactivate/", {"reason": "has left"}).status_code == 302
    assert (theirs.get("/").status_code, client.get("/api/users/").status_code) == (302, 401)

    users.reactivate(user_id=alice.pk, actor=admin)
    assert (theirs.get("/").status_code, client.get("/api/users/").status_code) == (302, 401)
    assert names() == ["kernel.user.deactivated", "kernel.user.reactivated"]
    assert "has left" in browser.get(f"{PAGE}{alice.pk}/").content.decode()


def test_what_is_in_somebodys_charge_is_shown_before(browser, alice, admin, django_assert_max_num_queries):
    make_change(requested_by=alice, title="Move the mail server")
    make_service("Online Shop", owner=alice)
    teams.create(name="Night shift", lead=alice, actor=admin)

    with django_assert_max_num_queries(15):
        page = browser.get(f"{PAGE}{alice.pk}/deactivate/").content.decode()
    for title in ("Move the mail server", "Online Shop", "Night shift", "hand on first"):
        assert title in page


def test_the_last_administrator_stays(browser, root, admin, person):
    other = person("other", is_superuser=True)
    users.dismiss(user_id=other.pk, reason="retires", actor=admin)
    before = names()
    for verb in ("dismiss", "deactivate"):
        answer = browser.post(f"{PAGE}{root.pk}/{verb}/", {"reason": "why not"})
        assert (answer.status_code, "the last administrator" in answer.content.decode()) == (422, True)
    root.refresh_from_db()
    assert (root.is_superuser, root.is_active, names()) == (True, True, before)


@pytest.mark.django_db(transaction=True)
def test_two_administrators_who_dismiss_each_other_leave_one(person):
    pair = [person("one", is_superuser=True), person("two", is_superuser=True)]
    start, refused = threading.Barrier(2), []

    def dismiss(actor: User, other: User) -> None:
        signed_in = Actor.person(User.objects.get(pk=actor.pk))
        start.wait()
        try:
            users.dismiss(user_id=other.pk, reason="race", actor=signed_in)
        except DomainError as error:
            refused.append(error.code)
        finally:
            connection.close()

    threads = [threading.Thread(target=dismiss, args=each) for each in (pair, pair[::-1])]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert User.objects.administrators().count() == 1
    assert refused == ["last_administrator"]


def test_an_administrator_is_appointed_by_a_fresh_proof_only(browser, alice, admin):
    from tests.conftest import prove

    prove(browser, seconds_ago=3600)
    assert browser.post(f"{PAGE}{alice.pk}/appoint/", {"reason": "helps"}).status_code == 403
    assert not User.objects.get(pk=alice.pk).is_superuser

    prove(browser)
    assert browser.post(f"{PAGE}{alice.pk}/appoint/", {"reason": "helps"}).status_code == 302
    assert User.objects.get(pk=alice.pk).is_superuser


def test_a_machine_is_never_an_administrator(admin, pipeline):
    with pytest.raises(users.OfAMachine):
        users.appoint(user_id=pipeline.pk, reason="x", actor=admin)


def test_a_lost_second_factor_is_reset_and_sessions_end(browser, browser_of, alice):
    totp.TOTP.activate(alice, totp.generate_totp_secret())
    theirs = browser_of(alice)
    assert theirs.get("/").status_code == 200
    assert browser.post(f"{PAGE}{alice.pk}/reset-second-factor/", {"reason": "lost phone"}).status_code == 302

    assert not Authenticator.objects.filter(user=alice).exists()
    assert names() == ["kernel.user.second_factor_reset"]


def test_a_second_factor_that_is_demanded_opens_nothing_else(browser, browser_of, alice):
    browser.post(f"{PAGE}{alice.pk}/edit/", {"needs_second_factor": "on", "seen_revision": 1})

    assert browser_of(alice).get("/")["Location"] == "/accounts/2fa/"


def test_people_are_found_by_role_team_and_second_factor(browser, alice, bob, admin, django_assert_max_num_queries):
    team = teams.create(name="Night shift", members=[alice], actor=admin)
    totp.TOTP.activate(bob, totp.generate_totp_secret())

    def found(query: str) -> set[str]:
        with django_assert_max_num_queries(20):
            page = browser.get(f"{PAGE}?{query}", headers={"HX-Request": "true"}).content.decode()
        return {name for name in ("alice", "bob", "root") if f">{name}</td>" in page}

    assert found("") == {"alice", "bob", "root"}
    assert found(f"role={Role.IMPLEMENTER}") == {"bob"}
    assert found(f"team={team.pk}") == {"alice"}
    assert found("second_factor=true") == {"bob"}
    assert found("is_superuser=true") == {"root"}
    assert found("search=root@example") == {"root"}
    assert found("is_active=false") == set()


def test_a_persons_page_tells_all_in_few_queries(browser, alice, admin, django_assert_max_num_queries):
    for n in range(5):
        tokens.make(alice, name=f"token {n}")
        teams.create(name=f"Team {n}", members=[alice], actor=admin)
    with django_assert_max_num_queries(28):
        page = browser.get(f"{PAGE}{alice.pk}/").content.decode()

    for told in ("Requester", "token 3", "Team 4", "no second factor"):
        assert told in page
    assert {"Membership added", "Api token added"} <= {entry["summary"] for entry in history.story_of(alice)}


def test_nobody_else_comes_near(browser_of, change_manager, alice):
    team = Team.objects.create(name="Night shift")
    client = browser_of(change_manager)
    verbs = ("edit", "grant", "invite", "deactivate", "reactivate", "reset-second-factor", "appoint", "dismiss")
    lists = ("", "people/", "people/new/", "teams/", "tokens/", "organisation/")
    for path in (*lists, f"people/{alice.pk}/", f"teams/{team.pk}/"):
        assert client.get(f"/administration/{path}").status_code == 403
    for verb in verbs:
        assert client.post(f"{PAGE}{alice.pk}/{verb}/", {"reason": "x", "role": "viewer"}).status_code == 403
    with pytest.raises(Forbidden):
        users.deactivate(user_id=alice.pk, reason="x", actor=Actor.person(change_manager), now=alice.date_joined)
    assert (User.objects.get(pk=alice.pk).is_active, names()) == (True, [])
    assert PAGE not in client.get("/").content.decode()


def test_a_time_zone_must_be_one(admin, alice):
    with pytest.raises(InvalidInput):
        users.update(user_id=alice.pk, time_zone="Middle-earth/Shire", actor=admin)
