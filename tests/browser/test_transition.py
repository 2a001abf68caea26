"""Dashboard, package and stream in a real browser: readable by all, alive, and quick to use."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from tests.builders import SYSTEM, make_service
from tests.transition.builders import make_item, make_live, make_package, make_plan, make_requirement, make_stream
from transition.models import StreamRun
from transition.operations import periods, runs, targets

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def plan(service_owner):
    """A service with everything on its pages: met and missed periods, a role gap, debt, targets."""
    today, now = timezone.localdate(), timezone.now()
    plan = make_plan(make_service(owner=service_owner))
    began = today - timedelta(days=16)
    code = make_stream(plan, ordinal=1, roles=["configuration_manager"], active_from=began, working_days_only=False)
    make_stream(plan, ordinal=2, kind="knowledge", period_days=2, active_from=began, owner=service_owner)
    make_stream(plan, ordinal=4, kind="hardware", period_days=None)
    package = make_package(plan, target_date=today + timedelta(days=7))
    for back in (2, 4):
        runs.record_run(stream_id=code.pk, actor=SYSTEM, now=now, at=now - timedelta(days=back))
    periods.turn(now=now, actor=SYSTEM)
    make_live(make_requirement(plan, "a", text="Product search"), now - timedelta(days=12))
    make_requirement(plan, "b", text="Basket")
    fast = make_requirement(plan, "x", kind="non_functional", text="Page under 1 s")
    target = targets.set_target(package=package, requirement=fast, target_percent=Decimal(75), actor=SYSTEM)
    targets.measure(target_id=target.pk, attained_percent=Decimal(82), actor=SYSTEM)
    make_item(package, title="Index", requirement=plan.requirements.get(code="b"))
    make_item(package, kind="briefing", title="Operations briefing", offset_days=-21)
    return plan


@pytest.mark.parametrize(("width", "theme"), [(1440, "light"), (1440, "dark"), (360, "light")])
def test_the_pages_have_no_violation_and_do_not_scroll_sideways(open_as, axe, plan, service_owner, width, theme):
    page = open_as(service_owner, "/", width=width, theme=theme)
    found = {}
    for path in [
        f"/transition/services/{plan.service.slug}/",
        "/transition/services/",
        plan.get_absolute_url(),
        plan.packages.get().get_absolute_url(),
        plan.streams.get(ordinal=1).get_absolute_url(),
        plan.requirements.get(code="a").get_absolute_url(),
        "/transition/periods/?state__in=missed",
    ]:
        page.goto(path)
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), f"{path} scrolls sideways"
        if violations := axe(page):
            found[path] = violations

    assert found == {}


def test_the_owner_follows_the_debt_to_its_list_and_sees_only_what_is_late(open_as, plan, service_owner):
    page = open_as(service_owner, f"/transition/services/{plan.service.slug}/")

    page.get_by_role("link", name="only what is late").click()
    expect(page.locator("table.flow tbody tr")).to_have_count(1)
    page.get_by_role("link", name="Transition debt").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Requirements 1")
    page.get_by_role("link", name="Product search").click()
    expect(page.get_by_text("none,")).to_be_visible()


def test_a_run_is_recorded_in_one_line_and_one_click(open_as, plan, service_owner):
    page = open_as(service_owner, plan.streams.get(ordinal=2).get_absolute_url())

    page.get_by_label("In a line").fill("Search article tested")
    page.get_by_role("button", name="Record the run").click()

    expect(page.get_by_role("link", name="Search article tested")).to_be_visible()
    assert StreamRun.objects.get(summary="Search article tested").by == service_owner
