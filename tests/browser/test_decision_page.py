"""The decision page in a real browser: the keyboard alone, the free slot, the telephone, no violation."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import expect

from changes.operations import jobs
from itsm.kernel.models import LedgerEntry
from tests.builders import SYSTEM, make_ci
from tests.changes.builders import make_change

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def soon():
    return timezone.now().replace(minute=0, second=0, microsecond=0) + timedelta(days=1)


@pytest.fixture
def change(alice, bob, soon):
    firewall = make_ci("fw-1", verified_at=timezone.now())
    window = {"start": soon, "end": soon + timedelta(hours=2)}
    return make_change(requested_by=alice, assignee=bob, cis=[firewall], status="assessment", **window)


@pytest.fixture
def backup(change, soon):
    cis = list(change.cis.all())
    return jobs.create(name="Nightly backup", first_start=soon, duration_minutes=60, cis=cis, actor=SYSTEM)


def test_a_queue_is_worked_off_with_the_keyboard_alone(open_as, change_manager, alice, bob, change, soon):
    later = {"start": soon + timedelta(days=3), "end": soon + timedelta(days=3, hours=2)}
    other = make_change(requested_by=alice, assignee=bob, title="Move a rack", status="assessment", **later)
    page = open_as(change_manager, reverse("changes:request-waiting"))
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    page.wait_for_url("**/?queue=1")
    first, second = (change, other) if change.title in page.locator("h1").inner_text() else (other, change)

    page.keyboard.press("r")
    expect(page.locator("#comment-error")).to_contain_text("Say why")
    expect(page.locator("#id_comment")).to_be_focused()
    page.keyboard.type("Not in the week of the audit.")
    page.keyboard.press("Escape")
    page.get_by_role("button", name="Reject").focus()
    page.keyboard.press("Enter")

    expect(page.locator("#messages")).to_contain_text(f"You rejected {first.number}")
    expect(page.locator("h1")).to_contain_text(second.title)
    first.refresh_from_db()
    assert first.status == "rejected"


def test_the_letter_a_authorises_and_the_ledger_has_it(open_as, change_manager, change):
    page = open_as(change_manager, change.get_absolute_url())
    page.keyboard.press("a")

    expect(page.locator("#messages")).to_contain_text("You authorised")
    expect(page.locator("#decision")).to_contain_text("Change Manager")
    assert LedgerEntry.objects.get(decision="authorised").subject_id == change.pk


def test_the_palette_leads_to_a_decision_and_never_takes_it(open_as, change_manager, change):
    page = open_as(change_manager, change.get_absolute_url())

    page.keyboard.press("Control+k")
    page.keyboard.type("authorise")
    expect(page.get_by_role("group", name="On this page").get_by_role("option")).to_have_text("Authorise")
    expect(page.get_by_role("option", name="Authorise")).to_have_attribute("aria-selected", "true")
    page.keyboard.press("Enter")

    expect(page.get_by_role("button", name="Authorise")).to_be_focused()
    change.refresh_from_db()
    assert change.status == "assessment"


def test_the_free_slot_frees_the_decision(open_as, change_manager, change, backup):
    page = open_as(change_manager, change.get_absolute_url())
    expect(page.get_by_role("button", name="Authorise")).to_be_disabled()

    page.get_by_role("button", name="Next free slot").click()

    expect(page.locator("#messages")).to_contain_text("The window is set")
    expect(page.get_by_role("button", name="Authorise")).to_be_enabled()


def test_without_scripts_everything_still_works(chromium, live_server, browser_of, change_manager, change, backup):
    context = chromium.new_context(base_url=live_server.url, java_script_enabled=False)
    session = browser_of(change_manager).cookies["sessionid"].value
    context.add_cookies([{"name": "sessionid", "value": session, "url": live_server.url}])
    page = context.new_page()
    page.goto(change.get_absolute_url())
    page.get_by_role("link", name="Find a free slot").click()
    page.get_by_role("button", name="Take it").first.click()
    page.get_by_role("button", name="Authorise").click()

    expect(page.locator("#messages")).to_contain_text("You authorised")
    context.close()


@pytest.mark.parametrize(("width", "theme"), [(1280, "light"), (1280, "dark"), (360, "light")])
def test_it_has_no_violation_and_does_not_scroll_sideways(open_as, axe, change_manager, change, backup, width, theme):
    page = open_as(change_manager, change.get_absolute_url() + "?queue=1", width=width, theme=theme)
    paths = [page.url, *(reverse(f"changes:{name}") for name in ("calendar", "request-list", "request-create"))]
    found = {}
    for path in paths:
        page.goto(path)
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), f"{path} scrolls sideways"
        if violations := axe(page):
            found[path] = violations

    assert found == {}


def test_on_a_telephone_the_decision_comes_first(open_as, change_manager, change):
    page = open_as(change_manager, change.get_absolute_url(), width=360)

    assert page.locator("#decision").bounding_box()["y"] < page.locator("#basics").bounding_box()["y"]


def test_the_link_of_a_mail_leads_by_the_sign_in_to_the_decision_and_says_what_it_is_about(
    open_as, change_manager, change
):
    change_manager.set_password("a long enough one")
    change_manager.save()
    page = open_as(None, change.get_absolute_url() + "#decision", width=360)
    page.get_by_label("User name").fill(change_manager.username)
    page.get_by_label("Password").fill("a long enough one")
    page.get_by_role("button", name="Sign in", exact=True).click()

    expect(page.locator("#decision .of")).to_be_in_viewport()
    expect(page.locator("#decision .of")).to_contain_text(change.title)
    expect(page.get_by_role("button", name="Authorise")).to_be_in_viewport()
