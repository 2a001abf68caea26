"""The pages of proposals and of the calendar."""

import re
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from changes.criteria import CRITERIA
from changes.models import ChangeProposal
from changes.operations import freezes
from changes.views import calendar as views
from tests.builders import SYSTEM, make_ci, make_service
from tests.changes.builders import make_change, make_model
from tests.changes.pages.conftest import SOON

pytestmark = pytest.mark.django_db


def page(client, record):
    answer = client.get(record.get_absolute_url())
    assert answer.status_code == 200
    return answer.content.decode()


# --- Proposals --------------------------------------------------------------------------------------


def test_a_proposal_speaks_the_business_language(browser_of, sponsor, proposal):
    client = browser_of(sponsor)
    texts = [client.get(reverse("changes:proposal-create")).content.decode(), page(client, proposal)]
    main = [text.split("<main", 1)[1].split("</main>", 1)[0].split('class="panel history"')[0] for text in texts]
    words = re.compile(
        r"\b(RFC|CI|CIs|configuration|deploy\w*|rollback|back-out|server|infrastructure)\b", re.IGNORECASE
    )

    assert [words.findall(re.sub(r"<[^>]+>", " ", text)) for text in main] == [[], []]


def test_a_proposal_goes_its_way_by_its_pages(
    browser_of, sponsor, change_manager, proposal, django_assert_max_num_queries
):
    wants, decides = browser_of(sponsor), browser_of(change_manager)

    def post(client, verb, **data):
        return client.post(reverse(f"changes:proposal-{verb}", args=[proposal.number]), data)

    post(wants, "submit")
    post(decides, "assess", assessment="Worth it.", **{f"mark_{code}": 2 for code in CRITERIA})
    post(decides, "authorise", comment="Go.")
    post(wants, "spawn", title="Open the firewall", model=make_model().pk)

    proposal.refresh_from_db()
    assert proposal.status == ChangeProposal.Status.IN_DELIVERY
    with django_assert_max_num_queries(17):
        html = page(wants, proposal)
    assert "Forecast and actual" in html
    assert "Nothing is in use yet." in html
    assert proposal.requests.get().get_absolute_url() in html


def test_a_refused_step_changes_nothing_and_says_why(browser_of, sponsor, proposal):
    answer = browser_of(sponsor).post(reverse("changes:proposal-authorise", args=[proposal.number]), {"comment": "Me!"})

    assert answer.status_code in (403, 422)
    assert "Only its authority" in answer.content.decode()
    proposal.refresh_from_db()
    assert proposal.status == ChangeProposal.Status.DRAFT


# --- Calendar ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("view", ["month", "week", "day"])
def test_the_calendar_shows_changes_jobs_and_freezes(
    view, browser_of, viewer, change, backup, django_assert_max_num_queries
):
    freezes.create(name="Peak", start=SOON, end=SOON + timedelta(days=2), everywhere=True, actor=SYSTEM)
    client = browser_of(viewer)
    with django_assert_max_num_queries(12):
        answer = client.get(reverse("changes:calendar"), {"view": view, "date": f"{SOON:%Y-%m-%d}"})
    html = answer.content.decode()

    assert all(record in html for record in (change.get_absolute_url(), backup.get_absolute_url(), "Peak"))
    assert "1 colliding" in html


@pytest.mark.parametrize(("by", "row"), [("service", "Online Shop"), ("ci", "fw-17")])
def test_the_timeline_has_a_row_for_each_service_or_ci(
    by, row, browser_of, viewer, change, django_assert_max_num_queries
):
    shop = make_service("Online Shop")
    change.services.add(shop)
    change.affected.create(ci=make_ci("fw-17"))
    client = browser_of(viewer)
    with django_assert_max_num_queries(18):
        answer = client.get(reverse("changes:calendar"), {"view": "timeline", "by": by, "date": f"{SOON:%Y-%m-%d}"})
    html = answer.content.decode()

    assert f">{row}</a>" in html
    assert change.get_absolute_url() in html
    assert ("Projected outage" in html) == (by == "service")


def test_what_is_in_the_way_of_a_day_is_shown_before_anything_is_saved(browser_of, change_manager, change, backup):
    client = browser_of(change_manager)
    url = reverse("changes:request-schedule", args=[change.number])
    there = client.get(url, {"day": f"{SOON:%Y-%m-%d}"}).content.decode()
    elsewhere = client.get(url, {"day": f"{SOON + timedelta(days=200):%Y-%m-%d}"}).content.decode()
    part = client.get(
        url, {"start": f"{SOON:%Y-%m-%dT%H:%M}", "end": f"{SOON + timedelta(hours=9):%Y-%m-%dT%H:%M}"},
        headers={"HX-Request": "true", "HX-Target": "in-the-way"},
    ).content.decode()  # fmt: skip
    window = change.window
    change.refresh_from_db()

    assert backup.name in there
    assert backup.name not in elsewhere
    assert "Looked at: 1 CI that it touches" in elsewhere
    assert "1 person." in elsewhere
    assert f"{SOON + timedelta(days=200):%Y-%m-%d}T" in elsewhere
    assert backup.name in part
    assert "<form" not in part
    assert change.window == window


def test_a_bar_of_the_timeline_is_moved_along_it(browser_of, change_manager, change, backup):
    """By so many minutes of the clock on the wall; what is over, or nobody may plan any more, does not move."""
    client = browser_of(change_manager)
    line = client.get(reverse("changes:calendar"), {"view": "timeline", "by": "ci", "date": f"{SOON:%Y-%m-%d}"})
    url = reverse("changes:request-schedule", args=[change.number])
    later = client.get(url, {"shift": "600"}).content.decode()
    nonsense = [client.get(url, {"shift": said}).status_code for said in ("1e9", "-", "999999", "\x00")]
    change.refresh_from_db()

    assert f'data-shift="{url}" data-start="{timezone.localtime(SOON):%Y-%m-%dT%H:%M}"' in line.content.decode()
    assert line.content.decode().count("data-shift") == 1
    assert f'value="{timezone.localtime(SOON) + timedelta(hours=10):%Y-%m-%dT%H:%M}"' in later
    assert (nonsense, change.starts_at) == ([200] * 4, SOON)


def test_the_calendar_hides_layers_and_moves_by_the_address(browser_of, viewer, change, backup):
    client = browser_of(viewer)
    html = client.get(reverse("changes:calendar"), {"month": "2026-02", "layer": "job"}).content.decode()

    assert "February 2026" in html
    assert "date=2026-01-01" in html
    assert "date=2026-03-01" in html
    day = client.get(reverse("changes:calendar"), {"view": "day", "date": f"{SOON:%Y-%m-%d}", "layer": "job"})
    assert backup.get_absolute_url() in day.content.decode()
    assert change.get_absolute_url() not in day.content.decode()


@pytest.mark.parametrize("query", ["date=nonsense", "month=2026-13", "view=year", "date=0001-01-01", "layer=x"])
def test_the_calendar_takes_any_address(query, browser_of, viewer):
    assert browser_of(viewer).get(f"{reverse('changes:calendar')}?{query}").status_code == 200


@pytest.mark.parametrize(("view", "rest"), [("week", "And 2 more: "), ("day", "And 1 more, those that collide first")])
def test_a_crowded_day_shows_what_collides_and_says_how_many_more_there_are(
    browser_of, viewer, alice, firewall, monkeypatch, view, rest
):
    monkeypatch.setattr(views, "IN_A_WEEK", 2)
    monkeypatch.setattr(views, "IN_A_DAY", 3)
    monkeypatch.setattr(views, "TRACKS", 3)
    noon = timezone.localtime(SOON).replace(hour=12)
    for hours, title, ci in (
        (-3, "Early", make_ci("x")),
        (-2, "Later", make_ci("y")),
        (0, "A", firewall),
        (0, "B", firewall),
    ):
        start = noon + timedelta(hours=hours)
        make_change(
            requested_by=alice, title=f"{title} work", start=start, end=start + timedelta(minutes=20), cis=[ci],
            status="scheduled",
        )  # fmt: skip
    asked = {"view": view, "date": f"{noon:%Y-%m-%d}", "layer": "change"}
    html = browser_of(viewer).get(reverse("changes:calendar"), asked).content.decode()

    assert rest in html
    assert "A work" in html
    assert "B work" in html
    assert ("Early work" in html, "Later work" in html) == (view == "day", False)


@pytest.mark.parametrize(("view", "mark"), [("month", "data-move"), ("timeline", "data-shift")])
def test_only_who_may_plan_a_change_can_drag_it(browser_of, alice, bob, change, view, mark):
    def page(reader):
        asked = {"view": view, "date": f"{SOON:%Y-%m-%d}", "by": "ci"}
        return browser_of(reader).get(reverse("changes:calendar"), asked).content.decode()

    assert mark in page(alice)
    assert mark not in page(bob)
    assert "Drag a change" not in page(bob)
