"""The ledger's and the outbox's pages: no violation of axe-core, and a long verification goes on by itself."""

import pytest
from django.db import transaction
from playwright.sync_api import expect

from itsm.kernel import checkpoints, ledger
from itsm.kernel.models import EventDelivery, OutboxEvent
from tests.builders import SYSTEM, make_ci

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def chain(settings):
    settings.LEDGER_KEY = checkpoints.make_key()
    ci = make_ci("db-1")
    with transaction.atomic():
        for n in range(5):
            ledger.append(actor=SYSTEM, subject=ci, decision="authorised", details={"rule": f"R{n}"})
    checkpoints.make()


@pytest.mark.parametrize(("width", "theme"), [(1280, "light"), (1280, "dark"), (360, "light")])
def test_the_pages_have_no_violation(open_as, axe, person, chain, width, theme):
    event = OutboxEvent.objects.latest("pk")
    parked = EventDelivery.objects.create(
        event=event, subscriber="a.b", lane="x:1", attempts=10, parked_at=event.occurred_at, problem="ValueError: no"
    )
    page = open_as(person("root", is_superuser=True), "/ledger/", width=width, theme=theme)
    found = {}
    for path in ["/ledger/1/", "/ledger/verify/", "/ledger/checkpoints/", "/deliveries/", f"/deliveries/{parked.pk}/"]:
        page.goto(path)
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), f"{path} scrolls sideways"
        if violations := axe(page):
            found[path] = violations
    assert found == {}


def test_a_long_verification_goes_on_by_itself(open_as, viewer, chain, monkeypatch):
    monkeypatch.setattr("itsm.portal.views.ledger.PART", 2)
    page = open_as(viewer, "/ledger/verify/")
    expect(page.get_by_text("5 entries were read from the first to the last.")).to_be_visible()
