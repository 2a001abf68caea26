"""Signing in as people do: with a security key, with single sign-on, and again before a grave decision."""

import re
from collections.abc import Iterator

import pytest
from django.urls import reverse
from oidc_provider_mock import User as Known
from oidc_provider_mock import run_server_in_thread
from playwright.sync_api import Browser, Page, expect

from itsm.kernel.models import User
from tests.changes.builders import make_change

pytestmark = pytest.mark.django_db(transaction=True)
PASSWORD = "a long enough one"


@pytest.fixture
def kim(person) -> User:
    user = person("kim", first_name="Kim", last_name="Lee", email="kim@example.org")
    user.set_password(PASSWORD)
    user.save()
    return user


@pytest.fixture
def page(chromium: Browser, live_server) -> Iterator[Page]:
    context = chromium.new_context(base_url=live_server.url)
    yield context.new_page()
    context.close()


@pytest.fixture
def issuer(settings) -> Iterator[str]:
    known = [
        Known(sub="kim", claims={"preferred_username": "kim", "email": "kim@example.org", "email_verified": True}),
        Known(sub="stranger", claims={"preferred_username": "stranger"}),
    ]
    with run_server_in_thread(user_claims=known) as server:
        url = f"http://localhost:{server.server_port}"
        settings.OIDC_ISSUER = url
        app: dict[str, object] = {"provider_id": "oidc", "name": "Staff", "client_id": "slipway", "secret": "s"}
        app["settings"] = {"server_url": url}
        settings.SOCIALACCOUNT_PROVIDERS = {"openid_connect": {"APPS": [app], "OAUTH_PKCE_ENABLED": True}}
        yield url


def sign_in(page: Page, password: str = PASSWORD) -> None:
    page.goto("/accounts/login/")
    page.get_by_label("User name").fill("kim")
    page.get_by_label("Password").fill(password)
    page.get_by_role("button", name="Sign in", exact=True).click()


def test_a_security_key_is_added_and_asked_for_at_the_next_sign_in(page, kim, axe):
    devices = page.context.new_cdp_session(page)
    devices.send("WebAuthn.enable")
    options = {"protocol": "ctap2", "transport": "usb", "hasResidentKey": True, "hasUserVerification": True}
    devices.send(
        "WebAuthn.addVirtualAuthenticator",
        {"options": {**options, "isUserVerified": True, "automaticPresenceSimulation": True}},
    )
    sign_in(page)
    page.goto("/accounts/2fa/webauthn/add/")
    if page.get_by_label("Password").count():
        page.get_by_label("Password").fill(PASSWORD)
        page.get_by_role("button", name="Confirm").click()
    assert axe(page) == []
    page.get_by_label("Name").fill("my key")
    page.get_by_role("button", name="Add").click()
    expect(page.get_by_text(re.compile("recovery codes", re.IGNORECASE)).first).to_be_visible()
    page.goto("/account/")
    expect(page.get_by_text("Asked for when you sign in.")).to_be_visible()

    page.context.clear_cookies()
    sign_in(page)
    page.get_by_role("button", name="Use a security key").click()
    expect(page.get_by_role("heading", name="My work")).to_be_visible()


def test_an_authenticator_app_is_set_up_on_a_page_without_obstacles(page, kim, axe):
    sign_in(page)
    page.goto("/accounts/2fa/totp/activate/")
    if page.get_by_label("Password").count():
        page.get_by_label("Password").fill(PASSWORD)
        page.get_by_role("button", name="Confirm").click()

    expect(page.locator("img.qr")).to_be_visible()
    assert axe(page) == []


def test_single_sign_on_brings_whom_it_knows_by_name(page, kim, issuer):
    page.goto("/accounts/login/?next=/account/")
    page.get_by_role("link", name=re.compile("Sign in with")).click()
    page.get_by_role("button", name="kim").click()

    expect(page.get_by_role("heading", name="My account")).to_be_visible()
    assert User.objects.count() == 1


def test_single_sign_on_refuses_whom_nobody_added(page, kim, issuer):
    page.goto("/accounts/login/")
    page.get_by_role("link", name=re.compile("Sign in with")).click()
    page.get_by_role("button", name="stranger").click()

    expect(page.get_by_text("You have no account here yet.")).to_be_visible()
    assert User.objects.count() == 1


def test_single_sign_on_makes_people_where_the_site_says_so(page, kim, issuer, settings):
    settings.OIDC_MAKES_USERS = True
    page.goto("/accounts/login/")
    page.get_by_role("link", name=re.compile("Sign in with")).click()
    page.get_by_role("button", name="stranger").click()

    expect(page.get_by_role("heading", name="My work")).to_be_visible()
    made = User.objects.get(username="stranger")
    assert not made.assignments.exists()
    assert not made.has_usable_password()


def test_what_was_typed_outlives_the_session_and_is_sent_after_signing_in_in_another_tab(page, kim):
    change = make_change(requested_by=kim, status="draft")
    sign_in(page)
    page.goto(reverse("changes:request-edit", args=[change.number]))
    page.get_by_label("Reason").fill("Many words, typed at night.")
    page.context.clear_cookies(name="sessionid")
    page.get_by_role("button", name="Save").click()
    expect(page.locator("#trouble")).to_contain_text("nothing was sent")
    assert page.get_by_label("Reason").input_value() == "Many words, typed at night."

    with page.context.expect_page() as opened:
        page.get_by_role("link", name="Sign in in another tab").click()
    other = opened.value
    other.get_by_label("User name").fill("kim")
    other.get_by_label("Password").fill(PASSWORD)
    other.get_by_role("button", name="Sign in", exact=True).click()
    expect(other.get_by_role("heading", name="My work")).to_be_visible()
    page.get_by_role("button", name="Save").click()

    page.wait_for_url(f"**{change.get_absolute_url()}")
    change.refresh_from_db()
    assert change.reason == "Many words, typed at night."
