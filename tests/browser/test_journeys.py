"""The two stories of the demo organisation, as its people live them in a browser."""

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from changes.models import ChangeRequest
from itsm.kernel import ledger
from itsm.kernel.models import LedgerEntry
from itsm.kernel.sign_in import DEMO_PASSWORD
from itsm.portal.demo.load import load

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.timeout(300)]


@pytest.fixture
def demo(transactional_db, settings) -> None:
    settings.DEMO = True
    load(now=timezone.now())


@pytest.fixture
def sign_in(chromium, live_server):
    """`sign_in("change.manager")`: a browser of that person's own, signed in by the form."""
    contexts = []

    def enter(username: str) -> Page:
        contexts.append(chromium.new_context(base_url=live_server.url))
        page = contexts[-1].new_page()
        page.goto("/accounts/login/")
        page.fill("[name=login]", username)
        page.fill("[name=password]", DEMO_PASSWORD)
        page.keyboard.press("Enter")
        expect(page.locator("h1")).to_contain_text("My work")
        return page

    yield enter
    for context in contexts:
        context.close()


def test_the_firewall_request_is_mended_and_authorised(demo, sign_in):
    change = ChangeRequest.objects.get(title="Open firewall CORP_PIX_001 to PayPal")
    manager = sign_in("change.manager")
    manager.get_by_role("link", name=change.title, exact=True).click()

    basics = manager.locator("section", has_text="The basics").first
    expect(basics).to_contain_text("Nightly backup of DB-ORDERS runs")
    expect(basics).to_contain_text("not acknowledged")
    expect(manager.get_by_role("button", name="Authorise")).to_be_disabled()

    manager.get_by_role("button", name="Next free slot").click()
    expect(manager.locator("section", has_text="The basics").first).not_to_contain_text("Nightly backup")

    implementer = sign_in("implementer")
    implementer.goto(change.get_absolute_url())
    implementer.get_by_role("button", name="Acknowledge").first.click()
    expect(implementer.locator("main")).not_to_contain_text("not acknowledged")

    manager.goto(change.get_absolute_url())
    expect(manager.get_by_role("button", name="Authorise")).to_be_enabled()
    manager.keyboard.press("a")
    expect(manager.locator("#messages")).to_contain_text("You authorised")

    entry = LedgerEntry.objects.filter(subject_id=change.pk, decision="authorised").latest("sequence")
    assert entry.user.username == "change.manager"
    assert ledger.verify().broken_at is None


def test_the_requester_cannot_authorise_their_own(demo, sign_in):
    change = ChangeRequest.objects.get(title="Open firewall CORP_PIX_001 to PayPal")
    requester = sign_in("requester")
    requester.goto(change.get_absolute_url())

    expect(requester.locator("h1")).to_contain_text(change.title)
    assert requester.get_by_role("button", name="Authorise").and_(requester.locator(":enabled")).count() == 0


def test_the_service_owner_sees_what_is_late_and_follows_a_number_to_its_list(demo, sign_in):
    owner = sign_in("service.owner")
    owner.goto("/transition/services/online-shop/")

    expect(owner.locator("td.missed").first).to_be_visible()
    row = owner.locator("tr", has=owner.locator("b", has_text="e")).filter(has_text="late").first
    expect(row).to_contain_text("none")

    owner.get_by_role("link", name="Transition debt").click()
    expect(owner.locator("h1")).to_contain_text("Requirements")
    expect(owner.locator("table")).to_contain_text("Customers pay in instalments")
