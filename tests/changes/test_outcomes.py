"""The report of how changes went: counts, waiting, and a score that is the sum of its lines."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from changes.models import Authorisation, ChangeRequest
from changes.queries.outcomes import report_of
from itsm.kernel.actor import Actor
from itsm.kernel.measures import Scope
from itsm.kernel.models import Team
from tests.builders import make_service
from tests.changes.builders import make_change, make_policy

pytestmark = pytest.mark.django_db
NOW = timezone.now().replace(microsecond=0)
URL = "/api/changes/reports/outcomes/"


def ended(alice, outcome: str, *services, **details) -> ChangeRequest:
    change = make_change(requested_by=alice, services=services)
    ChangeRequest.objects.filter(pk=change.pk).update(
        status="closed", outcome=outcome, finished_at=NOW - timedelta(days=1), **details
    )
    return change


@pytest.fixture
def year(alice):
    """Two services of one team; four good changes, one of both services; and four that were not."""
    team = Team.objects.create(name="Networks")
    shop, pay = (make_service(name, support_team=team) for name in ("Shop", "Pay"))
    for services in ((shop,), (shop,), (shop, pay), ()):
        ended(alice, "successful", *services)
    ended(alice, "with_issues", pay)
    ended(alice, "failed", pay)
    ended(alice, "backed_out", shop, backed_out_cleanly=True)
    ended(alice, "backed_out", shop, type="emergency")
    return shop, team


def scope(user, **of) -> Scope:
    return Scope(since=NOW - timedelta(days=30), until=NOW, actor=Actor.person(user), **of)


def test_rates_are_of_counts_and_a_change_of_two_services_counts_in_both_and_in_their_team_once(year, viewer):
    report = report_of(scope(viewer))

    assert report.whole.counts == {
        "all": 8, "successful": 4, "with_issues": 1, "clean_back_outs": 1, "backed_out": 1, "failed": 1,
        "emergency": 1, "unauthorised": 0,
    }  # fmt: skip
    assert report.whole.success_rate == 5 / 8
    assert {tally.name: tally.counts["all"] for tally in report.by_service} == {"Shop": 5, "Pay": 3}
    assert [(tally.name, tally.counts["all"]) for tally in report.by_team] == [("Networks", 7)]
    assert report_of(scope(viewer, service=year[0].pk)).whole.counts["all"] == 5
    assert report_of(scope(viewer, team=year[1].pk)).whole.counts["all"] == 7


def test_the_score_is_the_sum_of_its_lines(year, viewer):
    report = report_of(scope(viewer))

    assert [(line.said, line.changes, line.worth) for line in report.lines if line.changes] == [
        ("Successful", 4, 12), ("Successful with issues", 1, -2), ("Backed out cleanly", 1, -1), ("Backed out", 1, -5),
        ("Failed", 1, -5),
    ]  # fmt: skip
    assert report.score == 500 + 12 - 2 - 1 - 5 - 5


def test_what_authorisation_took_and_who_is_waited_for(alice, viewer):
    policy = make_policy()
    done, waits = ended(alice, "successful", submitted_at=NOW - timedelta(days=3)), make_change(requested_by=alice)
    ChangeRequest.objects.filter(pk=waits.pk).update(status="assessment")
    asked = NOW - timedelta(days=3)
    common = {"role": "change_manager", "policy": policy, "rule": "x", "fingerprint": "0", "asked_at": asked}
    Authorisation.objects.create(change=done, state="authorised", decided_at=asked + timedelta(hours=6), **common)
    Authorisation.objects.create(change=waits, **common)
    ChangeRequest.objects.filter(pk=done.pk).update(created_at=asked - timedelta(days=1))
    report = report_of(scope(viewer))
    (wait,) = report.waits

    raised, submitted = timedelta(hours=30), timedelta(hours=6)
    assert report.authorised == {
        "changes": 1, "median": raised, "p90": raised, "submitted_median": submitted, "submitted_p90": submitted,
    }  # fmt: skip
    assert (wait.decided, wait.median, wait.open, wait.oldest) == (1, timedelta(hours=6), 1, asked)


def test_a_record_that_was_made_after_its_change_was_submitted_was_raised_then(alice, viewer):
    asked = NOW - timedelta(days=3)
    late = ended(alice, "successful", submitted_at=asked)
    Authorisation.objects.create(
        change=late, state="authorised", role="change_manager", policy=make_policy(), rule="x", fingerprint="0",
        asked_at=asked, decided_at=asked + timedelta(hours=6),
    )  # fmt: skip

    assert report_of(scope(viewer)).authorised["median"] == timedelta(hours=6)


def test_what_is_confidential_counts_for_those_who_may_see_it(alice, viewer, change_manager):
    ended(alice, "failed", confidential=True)

    assert report_of(scope(viewer)).whole.counts["all"] == 0
    assert report_of(scope(change_manager)).whole.counts["failed"] == 1


def test_page_and_rest_say_the_same_in_few_queries(year, viewer, api, browser_of, django_assert_max_num_queries):
    with django_assert_max_num_queries(12):
        found = api(viewer).get(URL).json()
    browser = browser_of(viewer)
    with django_assert_max_num_queries(20):
        html = browser.get(reverse("changes:report-outcomes")).content.decode()

    assert (found["score"], found["whole"]["success_rate"]) == (499, 0.625)
    assert "Score 499" in html
    assert "Networks" in html
    assert api(viewer).get(URL, {"team": "nobody"}).status_code == 400
    assert browser.get(reverse("changes:report-outcomes"), {"since": "2026-02-30"}).status_code == 400
