"""What every page does by itself: filter in place, walk with keys, keep the theme, fit a telephone."""

import re

import pytest
from playwright.sync_api import expect

from tests.builders import make_ci

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_list_filters_in_place_and_keeps_focus_address_and_count(open_as, viewer):
    make_ci("db-1")
    make_ci("web-1")
    page = open_as(viewer, "/cmdb/cis/")
    page.evaluate("document.body.dataset.same = 'yes'")

    page.get_by_label("Search this list").fill("db")

    expect(page.locator("#list tbody tr")).to_have_count(1)
    expect(page).to_have_url(re.compile(r"/cmdb/cis/\?search=db$"))
    expect(page.locator("#count")).to_have_text("1")
    expect(page.locator("#live")).to_have_text("1 found")
    expect(page.get_by_label("Search this list")).to_be_focused()
    assert page.evaluate("document.body.dataset.same") == "yes"


def test_a_heading_sorts_and_the_order_survives_a_reload(open_as, viewer):
    for name in ("b-host", "a-host", "c-host"):
        make_ci(name)
    page = open_as(viewer, "/cmdb/cis/")

    page.locator("#sort-name").click()

    expect(page.locator("th[aria-sort=ascending]")).to_contain_text("Name")
    expect(page.locator("#list tbody tr").first).to_contain_text("a-host")
    expect(page.locator("#sort-name")).to_be_focused()
    page.locator("#sort-name").click()
    expect(page.locator("#list tbody tr").first).to_contain_text("c-host")
    page.reload()
    expect(page.locator("#list tbody tr").first).to_contain_text("c-host")


def test_letters_walk_a_list_but_not_while_somebody_types(open_as, viewer):
    make_ci("db-1")
    make_ci("web-1")
    page = open_as(viewer, "/cmdb/cis/")
    first, second = (page.locator("#list tbody tr").nth(i).locator("a").first for i in (0, 1))

    page.keyboard.press("j")
    expect(first).to_be_focused()
    page.keyboard.press("j")
    expect(second).to_be_focused()
    page.keyboard.press("k")
    expect(first).to_be_focused()
    page.get_by_label("Search this list").focus()
    page.keyboard.type("j")
    expect(page.get_by_label("Search this list")).to_have_value("j")


def test_letters_can_be_switched_off(open_as, viewer):
    make_ci("db-1")
    page = open_as(viewer, "/cmdb/cis/")

    page.keyboard.press("?")
    page.get_by_label("Single letters work on this device").uncheck()
    page.keyboard.press("Escape")
    page.locator("main").focus()
    page.keyboard.press("j")

    expect(page.locator("#list tbody a").first).not_to_be_focused()


def test_the_chosen_theme_stays(open_as, viewer):
    page = open_as(viewer, "/", theme="light")
    toggle = page.get_by_role("button", name="Theme")
    toggle.click()
    toggle.click()

    expect(page.locator("html")).to_have_attribute("data-bs-theme", "dark")
    page.reload()
    expect(page.locator("html")).to_have_attribute("data-bs-theme", "dark")


def test_the_navigation_folds_on_a_telephone(open_as, viewer):
    page = open_as(viewer, "/", width=360)
    menu = page.get_by_role("button", name="Menu")
    link = page.get_by_role("link", name="My work", exact=True)
    expect(link).to_be_hidden()

    menu.click()

    expect(link).to_be_visible()
    expect(menu).to_have_attribute("aria-expanded", "true")
    assert page.evaluate("document.documentElement.scrollWidth") <= 360


def test_no_page_offends_the_content_security_policy(open_as, viewer):
    ci = make_ci("db-1")
    page = open_as(viewer, "/")
    offences: list[str] = []
    page.on("console", lambda message: offences.append(message.text) if message.type == "error" else None)

    for path in ("/", "/cmdb/cis/", ci.get_absolute_url()):
        page.goto(path)
        page.wait_for_load_state("networkidle")

    assert offences == []
