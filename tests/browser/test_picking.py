"""Naming records in a form: chips of several, suggestions, and lines where no script runs."""

import pytest
from playwright.sync_api import expect

from changes.models import ChangeProposal, ChangeRequest
from tests.builders import make_ci, make_service
from tests.changes.builders import make_model, make_policy

pytestmark = pytest.mark.django_db(transaction=True)


def test_cis_become_chips_are_taken_away_and_sent(open_as, alice):
    make_policy()
    model, other = make_model("normal", type="normal", window_minutes=60), make_model("quick", window_minutes=7)
    database, _ = make_ci("db-1"), make_ci("web-1")
    page = open_as(alice, "/changes/requests/new/")
    page.get_by_label("Title").fill("Grow the database")
    for chosen, said in ((other, "Usually 7 min"), (model, "Usually 1 h")):  # told anew with each choice
        page.get_by_label("Change model").select_option(label=chosen.name)
        expect(page.locator("#questions")).to_contain_text(said)
    field = page.get_by_label("CIs that it touches")

    field.press_sequentially("web")
    expect(page.locator("#id_cis-choices option")).to_have_count(1)
    field.fill("web-1")
    field.press("Enter")
    field.fill(f"db-1 ({database.number})")
    field.press("Enter")
    expect(page.locator(".picks li")).to_have_count(2)
    page.get_by_role("button", name="Take web-1 away").click()
    page.get_by_role("button", name="Keep as a draft").click()

    expect(page.locator("h1")).to_contain_text("Grow the database")
    assert list(ChangeRequest.objects.get().cis.all()) == [database]


def test_the_first_press_of_the_button_counts_though_a_chip_is_made_of_what_was_typed(open_as, alice):
    """The field is left by the press itself; a row that appears then would move the button away from under it."""
    shop = make_service("Online Shop")
    page = open_as(alice, "/changes/proposals/new/")
    page.get_by_label("What do you want").fill("Pay by invoice")
    page.get_by_label("What will be better").fill("More people buy.")
    page.get_by_label("What does it touch").fill("online-shop")
    page.get_by_role("button", name="Keep as a draft").click()

    expect(page.locator("h1")).to_contain_text("Pay by invoice")
    assert list(ChangeProposal.objects.get().services.all()) == [shop]


def test_the_form_has_no_violation(open_as, axe, alice):
    make_policy()
    make_model("normal", type="normal")
    for theme, width in (("light", 1280), ("dark", 360)):
        page = open_as(alice, "/changes/requests/new/", theme=theme, width=width)
        page.get_by_label("CIs that it touches").fill("db-1")
        page.get_by_label("CIs that it touches").press("Enter")
        assert axe(page) == []
