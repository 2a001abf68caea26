"""A Chromium on any machine: both ways to get one give a page with text in it."""

import subprocess
import sys

import pytest

from itsm.local import browser

# In a process of its own: another test's browser may live in this one, and there can be only one loop.
VISIT = """
import sys
from playwright.sync_api import sync_playwright
from itsm.local import browser
with sync_playwright() as playwright:
    chromium = playwright.chromium.launch(executable_path=sys.argv[1], args=list(browser.ARGUMENTS))
    page = chromium.new_page()
    page.set_content("<h1>Ready to launch</h1>")
    print(page.inner_text("h1"))
    chromium.close()
"""


@pytest.mark.parametrize("find", [browser.chromium_path, browser.packaged_chromium])
def test_it_shows_a_page(find):
    visit = subprocess.run([sys.executable, "-c", VISIT, str(find())], capture_output=True, text=True, timeout=60)

    # Without a font it lays out no text at all, and innerText is empty.
    assert visit.stdout == "Ready to launch\n", visit.stderr


def test_a_named_one_comes_first(monkeypatch):
    monkeypatch.setenv("CHROMIUM_PATH", "/opt/my/chromium")

    assert browser.chromium_path() == "/opt/my/chromium"
