"""The frame and its patterns pass axe-core, light and dark, wide and narrow."""

import pytest

from tests.builders import make_ci, make_service

pytestmark = pytest.mark.django_db(transaction=True)

PAGES = [
    "/",
    "/cmdb/cis/",
    "/cmdb/cis/?search=nothing",
    "/cmdb/services/",
    "/notifications/",
    "/notifications/preferences/",
    "/account/delegations/",
    "/ledger/",
    "/ledger/verify/",
]


@pytest.mark.parametrize(("width", "theme"), [(1280, "light"), (1280, "dark"), (360, "light")])
def test_the_common_pages_have_no_violation(open_as, axe, viewer, width, theme):
    ci = make_ci("db-1")
    service = make_service("Online Shop")
    page = open_as(viewer, "/", width=width, theme=theme)
    found = {}
    for path in [*PAGES, ci.get_absolute_url(), service.get_absolute_url()]:
        page.goto(path)
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), f"{path} scrolls sideways"
        if violations := axe(page):
            found[path] = violations

    assert found == {}


def test_the_sign_in_page_has_no_violation(open_as, axe):
    assert axe(open_as(None, "/accounts/login/")) == []
