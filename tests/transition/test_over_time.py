"""What pages draw over time: weeks of a stream, a plan on one timeline, the portfolio, the screen on a wall."""

from datetime import date, timedelta

import pytest
from django.utils import timezone

from tests.builders import SYSTEM, make_service
from tests.transition.builders import (
    at,
    make_item,
    make_live,
    make_package,
    make_plan,
    make_requirement,
    make_stream,
)
from transition import pictures
from transition.models import StreamRun
from transition.operations import periods, runs
from transition.queries import adherence, plans
from transition.queries.plan_timeline import timeline_of

pytestmark = pytest.mark.django_db
NOW = at(23, 12)


def test_weeks_tell_what_was_kept_and_how_late_what_was_missed_came():
    stream = make_stream(max_runs=1)
    other = make_stream(stream.plan)
    for moment in (at(2, 9), at(3, 9), at(3, 10), at(6, 15)):
        runs.record_run(stream_id=stream.pk, actor=SYSTEM, now=moment)
    periods.turn(now=NOW, actor=SYSTEM)

    found = adherence.kept("stream", [stream.pk, other.pk], NOW, weeks=4, with_lateness=True)

    first = found[stream.pk][0]
    assert (first.monday, first.met, first.missed, first.excess) == (date(2026, 11, 2), 2, 2, 1)
    assert first.late_seconds == timedelta(days=1, hours=15).total_seconds()  # Wednesday's came on Friday at three
    assert found[stream.pk][1].late_seconds == (NOW - at(10)).total_seconds()  # and next Monday's never did
    assert [week.judged for week in found[other.pk]] == [5, 5, 5, 0]
    by_service = adherence.kept("service", [stream.plan.service_id], NOW, weeks=4)
    assert [week.judged for week in by_service[stream.plan.service_id]] == [10, 10, 10, 0]


def test_columns_stand_upon_each_other_and_the_highest_fills_the_picture():
    bars = pictures.stacks([("a", [("met", 3), ("missed", 1)]), ("b", [("met", 0), ("missed", 2)])])

    assert [(bar.kind, bar.height, bar.y) for bar in bars] == [
        ("met", "33.0", "11.0"), ("missed", "11.0", "0.0"), ("missed", "22.0", "22.0"),
    ]  # fmt: skip
    assert pictures.line([None, 1.0, 2.0]) == "120.0,22.0 240.0,2.0"
    assert pictures.line([]) == ""


def test_packages_and_streams_share_one_axis_around_today():
    plan = make_plan()
    package = make_package(plan, target_date=date(2026, 12, 1), els_days=10)
    make_item(package, offset_days=-21)
    stream = make_stream(plan)
    make_stream(plan, kind="hardware", period_days=None)
    periods.turn(now=NOW, actor=SYSTEM)

    found = timeline_of(list(plans.packages()), list(plan.streams.order_by("ordinal")), NOW)

    assert (found.axis.first, found.axis.after) == (date(2026, 8, 31), date(2027, 2, 16))
    assert [bar.kind for bar in found.packages[0].bars] == ["mine", "soft"]
    assert found.packages[0].bars[0].x == found.axis.at(date(2026, 11, 10))
    assert [bar.kind for bar in found.streams[0].bars] == ["missed", "missed", "missed", "ahead"]
    assert found.streams[0].url == stream.get_absolute_url()
    assert [bar.kind for bar in found.streams[1].bars] == ["ahead"]
    everything = [bar for row in (*found.packages, *found.streams) for bar in row.bars]
    assert all(0 <= float(bar.x) <= 100 and float(bar.x) + float(bar.width) <= 100.5 for bar in everything)


@pytest.fixture
def busy(service_owner):
    """Ten services with a stream that missed much, and one requirement that is owed."""
    plans_ = [make_plan(make_service(f"Service {n}", owner=service_owner)) for n in range(10)]
    streams = [
        make_stream(plan, active_from=timezone.localdate() - timedelta(days=20), checklist=["Read it aloud"])
        for plan in plans_
    ]
    periods.turn(now=timezone.now(), actor=SYSTEM)
    make_live(make_requirement(plans_[0]), timezone.now() - timedelta(days=30))
    return streams


def test_the_portfolio_costs_the_same_for_one_service_and_for_ten(
    busy, browser_of, service_owner, django_assert_max_num_queries
):
    browser = browser_of(service_owner)
    for question, lines in (("?search=Service 7", 1), ("", 10)):
        with django_assert_max_num_queries(11):
            page = browser.get(f"/transition/services/{question}").content.decode()
        assert page.count("<polyline") == lines * 3
    table = browser.get("/transition/services/?format=csv").getvalue().decode()
    assert "<svg" not in table
    assert "0 %" in table


def test_rest_tells_the_same_lines_for_a_page_and_for_one(busy, api, service_owner, django_assert_max_num_queries):
    client, service = api(service_owner), busy[3].plan.service
    with django_assert_max_num_queries(9):
        page = client.get("/api/transition/portfolio/?limit=5").json()
    one = client.get(f"/api/transition/portfolio/{service.slug}/").json()

    assert (page["count"], len(page["results"])) == (10, 5)
    assert len(one["weeks"]) == 12
    assert one["weeks"] == next(row for row in page["results"] if row["slug"] == service.slug)["weeks"]
    assert one["weeks"][-2]["kept"] == 0


def test_the_wall_shows_the_dashboard_without_a_frame_and_follows_by_itself(busy, browser_of, service_owner):
    address = f"/transition/services/{busy[0].plan.service.slug}/wall/"
    browser = browser_of(service_owner)

    page = browser.get(address).content.decode()
    part = browser.get(address, headers={"HX-Request": "true"}).content.decode().strip()

    assert "<nav" not in page
    assert "data-live" in part
    assert part.startswith('<div id="dashboard"')


def test_a_run_keeps_its_checklist_and_a_link_as_evidence(busy, browser_of, service_owner):
    stream, browser = busy[0], browser_of(service_owner)
    page = browser.get(stream.get_absolute_url()).content.decode()
    assert "Read it aloud" in page
    assert "Kept, by weeks" in page

    said = {"outcome": "done", "evidence": "https://wiki.example/1"}
    browser.post(f"{stream.get_absolute_url()}record-run/", said)
    browser.post(f"{stream.get_absolute_url()}record-run/", {"outcome": "done", "checklist": ["Read it aloud"]})

    first, second = StreamRun.objects.order_by("pk")
    assert first.evidence == {"Read it aloud": "left out", "link": "https://wiki.example/1"}
    assert second.evidence == {"Read it aloud": "done"}
