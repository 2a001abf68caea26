"""Ctrl-K: find a record or an action without the mouse."""

import re

import pytest
from playwright.sync_api import expect

from tests.builders import make_ci

pytestmark = pytest.mark.django_db(transaction=True)


def test_it_finds_a_record_by_keyboard_alone(open_as, viewer):
    make_ci("db-1")
    second = make_ci("db-2")
    page = open_as(viewer, "/")

    page.keyboard.press("Control+k")
    box = page.get_by_role("combobox")
    expect(box).to_be_focused()
    page.keyboard.type("db")
    expect(page.get_by_role("option").first).to_have_attribute("aria-selected", "true")
    expect(page.get_by_role("option").first).to_contain_text("db-2")
    page.keyboard.press("ArrowDown")
    expect(page.get_by_role("option").nth(1)).to_have_attribute("aria-selected", "true")
    page.keyboard.press("ArrowUp")
    page.keyboard.press("Enter")

    expect(page).to_have_url(re.compile(rf"/{second.number}/$"))


def test_it_goes_to_a_page_and_escape_gives_the_focus_back(open_as, viewer):
    page = open_as(viewer, "/")
    page.get_by_role("link", name="My work").first.focus()

    page.keyboard.press("Control+k")
    page.keyboard.press("Escape")
    expect(page.get_by_role("link", name="My work").first).to_be_focused()
    page.keyboard.press("Control+k")
    page.keyboard.type("calen")
    page.get_by_role("option", name="Go to Calendar").click()

    expect(page).to_have_url(re.compile(r"/changes/calendar/"))


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_it_has_no_violation(open_as, axe, viewer, theme):
    make_ci("db-1")
    page = open_as(viewer, "/", theme=theme)
    page.keyboard.press("Control+k")
    page.keyboard.type("db")
    expect(page.get_by_role("option").first).to_contain_text("db-1")

    assert axe(page) == []
