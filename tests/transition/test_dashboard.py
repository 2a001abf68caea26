"""The service dashboard: its figures, its page, and what it costs."""

import re
from datetime import time, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from tests.builders import SYSTEM, make_service
from tests.transition.builders import at, make_article, make_live, make_plan, make_requirement, make_stream
from transition.models import Deployment, Incident, MeetingSeries, Need
from transition.operations import meetings, periods, runs
from transition.queries import dora
from transition.queries.dashboard import dashboard_of
from transition.views import dashboards
from transition.views.stream_weeks import owed_of

pytestmark = pytest.mark.django_db
NOW = at(23, 12)


def figures(service, now=NOW):
    return {tile.name: tile for tile in dashboard_of(service, actor=SYSTEM, now=now).tiles}


def make_deployment(service, finished_at, state="succeeded", environment="production", **details):
    return Deployment.objects.create(
        service=service, environment=environment, artifact="shop", version="1", state=state,
        requested_at=finished_at, finished_at=finished_at, **details,
    )  # fmt: skip


def test_a_service_without_a_plan_has_a_dashboard_that_says_what_to_do(browser_of, service_owner):
    service = make_service()
    page = browser_of(service_owner).get(reverse("transition:dashboard", args=[service.slug]))

    assert page.status_code == 200
    assert "Plan the transition" in page.content.decode()


def test_the_failure_rate_counts_what_failed_of_thirty_days():
    service = make_plan().service
    for days, state in ((1, "succeeded"), (2, "failed"), (10, "rolled_back"), (20, "succeeded"), (31, "failed")):
        make_deployment(service, NOW - timedelta(days=days), state)
    make_deployment(make_service("Intranet"), NOW - timedelta(days=1), "failed")

    found = figures(service)

    rate = found["change_failure_rate"]
    assert (rate.figure, rate.note) == ("50 %", "2 of 4 to production")
    assert found["deployments_this_week"].figure == "0"


def test_figures_of_deployments_are_of_production_as_dora_s_are_and_so_are_the_lists_behind_them(api, viewer):
    service = make_plan().service
    for environment, state in (("staging", "failed"), ("production", "succeeded"), ("production", "rolled_back")):
        make_deployment(service, NOW - timedelta(hours=1), state, environment=environment)

    found = figures(service)

    assert found["change_failure_rate"].parts == {"failed": 1, "deployments": 2}
    assert found["deployments_this_week"].parts == {"deployments": 2, "failed": 1}
    span = dora.Span(NOW - timedelta(days=30), NOW, service=service.pk)
    assert dora.failures(span) == (2, 0, 1, 0)
    client = api(viewer)
    for name, count in (("change_failure_rate", 1), ("deployments_this_week", 2)):
        query = found[name].url.partition("?")[2]
        assert client.get(f"/api/transition/deployments/?{query}").json()["count"] == count


def test_without_deployments_the_rate_is_unknown_and_not_zero():
    assert figures(make_plan().service)["change_failure_rate"].figure == "–"


def test_cadence_kept_counts_judged_periods_alone():
    stream = make_stream(max_runs=1)
    for when in (at(2, 9), at(3, 9), at(3, 10)):
        runs.record_run(stream_id=stream.pk, actor=SYSTEM, now=when)
    periods.turn(now=at(5), actor=SYSTEM)

    tile = figures(stream.plan.service, at(5))["cadence_kept"]

    assert (tile.figure, tile.note) == ("33.3 %", "1 missed, 1 excess")


def test_early_life_incidents_are_those_open_and_heightened():
    service = make_plan().service
    for details in ({}, {"heightened": True}, {"heightened": True, "state": "resolved"}):
        Incident.objects.create(title="Slow", service=service, opened_at=NOW, **details)

    assert figures(service)["early_life_incidents"].value == 1


def test_the_next_meeting_is_the_next_by_the_wall_clock():
    service = make_plan().service
    MeetingSeries.objects.create(service=service, kind="sunrise", at="09:00", time_zone="Europe/Berlin")
    MeetingSeries.objects.create(service=service, kind="sunset", at="16:30", time_zone="Europe/Berlin")

    tile = figures(service)["next_meeting"]

    assert (tile.label, tile.figure) == ("Sunset meeting", "15:30")  # shown in the site's zone, UTC
    assert figures(service, at(23, 20))["next_meeting"].figure == "Tue 08:00"


def test_the_debt_tile_leads_to_the_list_that_it_counts(browser_of, service_owner):
    plan = make_plan()
    owed = [make_live(make_requirement(plan, code), at(2)) for code in "ab"]
    make_requirement(plan, "c")
    browser = browser_of(service_owner)
    tile = figures(plan.service)["transition_debt"]

    page = browser.get(tile.url).content.decode()

    assert tile.value == 2
    assert '<option value="true" selected>Yes</option>' in page
    assert '<span class="number num" id="count">2</span>' in page
    assert all(requirement.get_absolute_url() in page for requirement in owed)


def test_every_figure_leads_to_a_list_that_opens(browser_of, service_owner):
    service = make_plan().service
    browser = browser_of(service_owner)
    for tile in figures(service).values():
        if tile.url:
            assert browser.get(tile.url).status_code == 200, tile.url


@pytest.fixture
def busy_plan(service_owner):
    plan = make_plan(make_service(owner=service_owner))
    today = timezone.localdate()
    for _ in range(5):
        make_stream(plan, roles=["release_manager"], active_from=today - timedelta(days=20))
    periods.turn(now=timezone.now(), actor=SYSTEM)
    return plan


@pytest.mark.parametrize("count", [1, 50])
def test_it_costs_at_most_fifteen_queries_for_any_number_of_requirements(
    busy_plan, browser_of, service_owner, django_assert_max_num_queries, count
):
    service = busy_plan.service
    for _ in range(count):
        make_live(make_requirement(busy_plan), timezone.now())
    make_article(busy_plan.requirements.first())
    MeetingSeries.objects.create(service=service, kind="sunset", at="16:30")
    with django_assert_max_num_queries(9):
        dashboard_of(service, actor=SYSTEM, now=timezone.now())
    browser = browser_of(service_owner)
    with django_assert_max_num_queries(15):  # with the session, the person, roles and the navigation's counts
        assert browser.get(f"/transition/services/{service.slug}/").status_code == 200


def test_of_many_requirements_it_shows_the_urgent_ones_and_how_far_all_of_them_are(
    busy_plan, browser_of, viewer, monkeypatch
):
    monkeypatch.setattr(dashboards, "MANY", 3)
    make_stream(busy_plan, kind="knowledge", period_days=2, active_from=timezone.localdate())
    wanted = [make_requirement(busy_plan, f"r{n}") for n in range(6)]
    make_live(wanted[3], timezone.now() - timedelta(days=20))
    make_live(wanted[5], timezone.now() - timedelta(days=40))
    address = f"/transition/services/{busy_plan.service.slug}/"
    browser = browser_of(viewer)

    page = browser.get(address)

    shown = [row.requirement.code for row in page.context["rows"]]
    assert shown == ["r5", "r3", "r0"], "the latest first, then what is under way"
    said = page.content.decode()
    assert "3 more" in said
    assert "2 of 6" in said, "how many are deployed"
    assert "0 of 6, 2 late" in said, "none is documented"
    everything = browser.get(page.context["all_url"])
    assert [row.requirement.code for row in everything.context["rows"]] == [f"r{n}" for n in range(6)]
    late = browser.get(page.context["late_url"])
    assert [row.requirement.code for row in late.context["rows"]] == ["r5", "r3"]


def test_htmx_gets_the_living_part_alone(busy_plan, browser_of, service_owner):
    path = f"/transition/services/{busy_plan.service.slug}/"
    part = browser_of(service_owner).get(path, HTTP_HX_REQUEST="true").content.decode()

    assert part.strip().startswith('<div id="dashboard"')
    assert "data-live" in part


def test_only_what_is_late_is_a_filter_in_the_address_and_in_the_csv(busy_plan, browser_of, service_owner):
    browser, slug = browser_of(service_owner), busy_plan.service.slug
    make_stream(busy_plan, kind="knowledge", period_days=2)
    make_live(make_requirement(busy_plan, "late", text="=HYPERLINK(1)"), timezone.now() - timedelta(days=20))
    make_requirement(busy_plan, "early")

    page = browser.get(f"/transition/services/{slug}/?late=yes").content.decode()
    answer = browser.get(f"/transition/services/{slug}/flow.csv?late=yes")
    table = answer.getvalue().decode().splitlines()

    assert "<b>late</b>" in page
    assert "<b>early</b>" not in page
    assert len(table) == 2
    assert table[1].startswith("late,'=HYPERLINK(1),Functional,")


def test_the_board_moves_by_the_address_and_ignores_nonsense(busy_plan, browser_of, service_owner):
    browser, path = browser_of(service_owner), f"/transition/services/{busy_plan.service.slug}/"

    assert "2 November – 22 November" in browser.get(f"{path}?from=2026-11-02").content.decode()
    for nonsense in ("yesterday", "9999-99-99", "0001-01-01", "9999-12-31"):
        assert browser.get(path, {"from": nonsense}).status_code == 200


def test_the_list_of_dashboards_shows_debt_and_missed_periods(
    busy_plan, browser_of, viewer, django_assert_max_num_queries
):
    make_live(make_requirement(busy_plan), timezone.now())
    browser = browser_of(viewer)
    with django_assert_max_num_queries(12):
        page = browser.get("/transition/services/").content.decode()

    assert f'href="/transition/services/{busy_plan.service.slug}/"' in page


def test_deliveries_and_figures_come_after_the_page(browser_of, viewer, django_assert_max_num_queries):
    service, now = make_plan().service, timezone.now()
    done = make_deployment(service, now - timedelta(days=1))
    series = meetings.agree(service=service, kind="sunset", at=time(16), actor=SYSTEM)
    meetings.write_pack(series_id=series.pk, starts_at=now, actor=SYSTEM, now=now)
    browser, address = browser_of(viewer), f"/transition/services/{service.slug}/deliveries/"

    assert f'hx-get="{address}"' in browser.get(f"/transition/services/{service.slug}/").content.decode()
    with django_assert_max_num_queries(16):
        part = browser.get(address).content.decode()
    for said in (done.number, "Succeeded", "0 of 1 deployments", "Change fail rate", "last meeting"):
        assert said in part


def test_the_debt_of_each_stream_is_drawn_over_weeks(browser_of, viewer, django_assert_max_num_queries):
    plan, now = make_plan(), timezone.now()
    knowledge = make_stream(plan, kind="knowledge")
    code = make_stream(plan, feeds=knowledge, lag_target_days=2)
    for weeks, met in ((1, None), (3, None), (5, now - timedelta(weeks=4, days=1))):
        ci = make_requirement(plan).ci
        Need.objects.create(
            stream=knowledge, fed_by=code, ci=ci, arisen_at=now - timedelta(weeks=weeks, days=1), ended_at=met,
            state="met" if met else "open",
        )  # fmt: skip

    owed = owed_of(plan.service, now)

    assert [line["stream"] for line in owed["lines"]] == [knowledge]
    assert owed["lines"][0]["counts"] == [0, 0, 0, 0, 0, 0, 1, 0, 1, 1, 2, 2]
    part = browser_of(viewer).get(f"/transition/services/{plan.service.slug}/deliveries/").content.decode()
    assert "2 open needs now" in re.sub("<[^>]+>", "", part)
