"""A Chromium on any machine: both ways to get one give a page with text in it."""

import pytest
from playwright.sync_api import sync_playwright

from itsm.local import browser


@pytest.mark.parametrize("find", [browser.chromium_path, browser.packaged_chromium])
def test_it_shows_a_page(find):
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=str(find()), args=list(browser.ARGUMENTS))
        page = chromium.new_page()
        page.set_content("<h1>Ready to launch</h1>")
        # Without a font it lays out no text at all, and innerText is empty.
        assert page.inner_text("h1") == "Ready to launch"
        chromium.close()


def test_a_named_one_comes_first(monkeypatch):
    monkeypatch.setenv("CHROMIUM_PATH", "/opt/my/chromium")

    assert browser.chromium_path() == "/opt/my/chromium"
