"""Sessions that end, failures that lock nobody else out, proofs that are asked for again, factors that a role wants."""

import hashlib
import time
from urllib.parse import urlencode

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal import auth as totp
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse

from changes.models import Authorisation, ChangeModel, Decision
from itsm.kernel import step_up, tokens
from itsm.kernel.actor import Actor
from itsm.kernel.sign_in import NotBreached
from itsm.kernel.sign_in.adapters import SecondFactorAdapter
from tests.changes.builders import make_change, waiting
from tests.conftest import prove

pytestmark = pytest.mark.django_db
PASSWORD = "a long enough one"


@pytest.fixture
def kim(person):
    user = person("kim")
    user.set_password(PASSWORD)
    user.save()
    return user


def sign_in(client: Client, name: str = "kim", password: str = PASSWORD, address: str = "127.0.0.1"):
    return client.post("/accounts/login/", {"login": name, "password": password}, REMOTE_ADDR=address)


def aged(client: Client, **seconds: float) -> None:
    session = client.session
    for key, age in seconds.items():
        session[key] = time.time() - age
    session.save()


@pytest.mark.parametrize(("key", "age", "still_in"), [
    ("seen", 3 * 3600, True), ("seen", 5 * 3600, False), ("began", 11 * 3600, True), ("began", 13 * 3600, False),
])  # fmt: skip
def test_a_session_ends_when_idle_and_when_old(browser_of, viewer, key, age, still_in):
    browser = browser_of(viewer)
    aged(browser, **{key: age})

    assert (browser.get("/").status_code == 200) is still_in


def test_what_a_page_asks_by_itself_keeps_no_session_alive(browser_of, viewer):
    browser = browser_of(viewer)
    aged(browser, seen=3 * 3600)
    browser.get("/counts/", headers={"X-Background": "1"})
    assert time.time() - browser.session["seen"] > 3600

    browser.get("/counts/")
    assert time.time() - browser.session["seen"] < 60


def test_one_sees_where_one_is_signed_in_and_ends_the_others(kim):
    here, there = Client(), Client(HTTP_USER_AGENT="Mozilla/5.0 (X11; Linux) Gecko Firefox/140.0")
    sign_in(here)
    sign_in(there)
    page = here.get("/account/sessions/").content.decode()
    assert "Firefox on Linux" in page
    assert there.get("/").status_code == 200

    here.post("/account/sessions/end-others/")
    assert there.get("/").status_code == 302
    assert here.get("/").status_code == 200


def test_nobody_ends_the_session_of_another(browser_of, viewer, kim):
    theirs = Client()
    sign_in(theirs)
    from allauth.usersessions.models import UserSession

    answer = browser_of(viewer).post(f"/account/sessions/{UserSession.objects.get(user=kim).pk}/end/")

    assert answer.status_code == 404
    assert theirs.get("/").status_code == 200


def test_who_guesses_a_password_does_not_lock_its_owner_out(kim):
    for _ in range(8):
        last = sign_in(Client(), password="wrong", address="192.0.2.7")
    same_address = sign_in(Client(), address="192.0.2.7")
    owner = sign_in(Client(), address="192.0.2.8")

    assert "Too many" in last.content.decode()
    assert same_address.status_code == 200
    assert owner.status_code == 302


def test_a_password_from_a_breach_is_refused(settings, tmp_path):
    listed = tmp_path / "breached"
    digests = [hashlib.sha1(f"known {i}".encode(), usedforsecurity=False).hexdigest().upper() for i in range(500)]
    listed.write_text("".join(f"{digest}:{7}\r\n" for digest in sorted(digests)))
    settings.BREACHED_PASSWORDS = str(listed)

    for known in (0, 250, 499):
        with pytest.raises(ValidationError):
            NotBreached().validate(f"known {known}")
    NotBreached().validate("known to nobody")


def emergency(requester, implementer) -> Authorisation:
    change = make_change(requested_by=requester, assignee=implementer, status="assessment")
    ChangeModel.objects.filter(pk=change.model_id).update(type=ChangeModel.Type.EMERGENCY)
    return waiting(change)


def test_an_emergency_is_not_authorised_from_a_screen_that_was_left_open(browser_of, alice, bob, change_manager):
    asked = emergency(alice, bob)
    browser = browser_of(change_manager)
    page = reverse("changes:request-detail", args=[asked.change.number])
    path = f"/api/changes/authorisations/{asked.pk}/decide/"
    headers = {"If-Match": f'"r{asked.revision}"'}
    prove(browser, seconds_ago=3600)
    refused = browser.post(path, {"decision": "authorised"}, content_type="application/json", headers=headers)

    assert browser.get(page).status_code == 200
    assert (refused.status_code, refused.json()["code"]) == (403, "sign_in_again")
    assert "reauthenticate" in refused.json()["checks"][0]["url"]
    assert not Decision.objects.exists()

    prove(browser)
    given = browser.post(path, {"decision": "authorised"}, content_type="application/json", headers=headers)
    assert given.status_code == 200


def test_to_reject_an_emergency_needs_no_second_proof(browser_of, alice, bob, change_manager):
    asked = emergency(alice, bob)
    browser = browser_of(change_manager)
    prove(browser, seconds_ago=3600)
    said = {"decision": "rejected", "comment": "Not now."}
    headers = {"If-Match": f'"r{asked.revision}"'}
    path = f"/api/changes/authorisations/{asked.pk}/decide/"

    assert browser.post(path, said, content_type="application/json", headers=headers).status_code == 200


def test_a_token_without_the_scope_decides_no_emergency(alice, bob, change_manager):
    emergency(alice, bob)
    tokens.make(change_manager, name="writes", scopes=["write"])
    tokens.make(change_manager, name="decides", scopes=["write", "decide"])
    writes, decides = change_manager.tokens.order_by("pk")

    with pytest.raises(step_up.ScopeLacks):
        step_up.require_recent(Actor.person(change_manager, token=writes), "It")
    step_up.require_recent(Actor.person(change_manager, token=decides), "It")


def test_a_role_that_wants_a_second_factor_sees_nothing_before_it_is_set_up(settings, browser_of, change_manager, bob):
    settings.SECOND_FACTOR_ROLES = ["change_manager"]
    browser = browser_of(change_manager)
    page, call = browser.get("/"), browser.get("/api/changes/requests/")

    assert (page.status_code, page["Location"]) == (302, "/accounts/2fa/")
    assert (call.status_code, call.json()["code"]) == (403, "second_factor_needed")
    assert browser.get("/accounts/2fa/").status_code == 200
    assert browser_of(bob).get("/").status_code == 200


def test_an_authenticator_app_is_asked_for_at_sign_in_and_its_secret_is_not_kept_readable(settings, kim):
    secret = totp.generate_totp_secret()
    totp.TOTP.activate(kim, secret)
    browser = Client()
    first = sign_in(browser)
    assert first["Location"].startswith("/accounts/2fa/authenticate/")
    assert browser.get("/").status_code == 302

    wrong = browser.post("/accounts/2fa/authenticate/", {"code": "000000"})
    code = totp.format_hotp_value(totp.hotp_value(secret, next(iter(totp.yield_hotp_counters_from_time()))))
    right = browser.post("/accounts/2fa/authenticate/", {"code": code})

    assert (wrong.status_code, right.status_code) == (200, 302)
    assert browser.get("/").status_code == 200
    kept = Authenticator.objects.get(user=kim).data["secret"]
    assert secret not in kept
    assert SecondFactorAdapter().decrypt(kept) == secret


def test_a_right_that_is_taken_away_ends_with_the_next_request(browser_of, api, change_manager):
    browser, client = browser_of(change_manager), api(change_manager)
    assert (browser.get("/").status_code, client.get("/api/teams/").status_code) == (200, 200)
    change_manager.is_active = False
    change_manager.save()

    assert (browser.get("/").status_code, client.get("/api/teams/").status_code) == (302, 401)


def test_account_pages_are_asked_few_queries(browser_of, viewer, django_assert_max_num_queries):
    browser = browser_of(viewer)
    for path in ("/account/", "/account/sessions/"):
        with django_assert_max_num_queries(14):
            assert browser.get(path).status_code == 200


def test_who_presses_a_button_after_the_session_ended_comes_back_to_the_page_of_that_button(client, viewer):
    page, address = "/changes/requests/?status=draft", "/changes/requests/RFC-1/slot/"
    for came_from, then in ((f"http://testserver{page}", page), ("https://elsewhere.example/x", "/"), ("", "/")):
        answer = client.post(address, headers={"referer": came_from})
        assert (answer.status_code, answer.url) == (302, f"/accounts/login/?{urlencode({'next': then}, safe='/')}")
    assert client.get(address).url == f"/accounts/login/?next={address}"
