"""A real Chromium, and pages opened in it as one of the cast."""

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.test import Client
from playwright.sync_api import Browser, Page, expect, sync_playwright

from itsm.kernel.models import User
from itsm.local.browser import ARGUMENTS, chromium_path
from tests.conftest import prove

AXE = Path(__file__).resolve().parents[2] / "node_modules" / "axe-core" / "axe.min.js"
AXE_TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]

expect.set_options(timeout=10_000)


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """One browser for the whole run; Playwright's loop makes Django think that it is in async code."""
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium_path(), args=list(ARGUMENTS))
        yield browser
        browser.close()


@pytest.fixture
def open_as(chromium: Browser, live_server) -> Iterator[Callable[..., Page]]:
    """`open_as(user, "/cmdb/cis/", width=360, theme="dark")`: a page in a session of its own."""
    contexts = []

    def open_page(user: User | None, path: str, *, width: int = 1280, theme: str = "light") -> Page:
        context = chromium.new_context(
            base_url=live_server.url, viewport={"width": width, "height": 900}, color_scheme=theme
        )
        contexts.append(context)
        if user is not None:
            client = Client()
            client.force_login(user, backend="itsm.kernel.sign_in.Backend")
            prove(client)
            context.add_cookies(
                [{"name": "sessionid", "value": client.cookies["sessionid"].value, "url": live_server.url}]
            )
        page = context.new_page()
        page.goto(path)
        return page

    yield open_page
    for context in contexts:
        context.close()


@pytest.fixture
def axe() -> Callable[[Page], list[str]]:
    """`axe(page)`: what axe-core finds wrong with the page, as readable lines."""

    def examine(page: Page) -> list[str]:
        page.evaluate(AXE.read_text())  # not a script tag: the page's CSP would refuse it
        found = page.evaluate("tags => axe.run(document, {runOnly: tags})", AXE_TAGS)
        return [
            f"{violation['id']}: {violation['help']} at {node['target']}"
            for violation in found["violations"]
            for node in violation["nodes"]
        ]

    return examine
