"""The report of how changes went: counts, waiting, and a score that is the sum of its lines."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from changes.measures import change_success_rate
from changes.models import Authorisation, ChangeModel, ChangeRequest
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
        "emergency": 1, "unauthorised": 0, "went_well": 5, "left_out": 0,
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


def test_each_number_leads_to_the_changes_that_it_counts(year, browser_of, viewer):
    browser, page = browser_of(viewer), browser_of(viewer).get(reverse("changes:report-outcomes"))
    groups = page.context["groups"]
    assert [group["title"] for group in groups] == ["All together", "By model", "By team", "By service"]
    looked = 0
    for row in [row for group in groups for row in group["rows"]]:
        for count, url in [(row["tally"].counts["all"], row["url"]), *((c["count"], c["url"]) for c in row["cells"])]:
            assert bool(count) == bool(url)
            if url:
                assert browser.get(url).context["count"] == count, url
                looked += 1
    assert looked > 20
    for line in page.context["lines"]:
        assert not line["url"] or browser.get(line["url"]).context["count"] == line["line"].changes


def test_the_report_is_a_file_too_and_what_was_typed_wrong_stands_there_still(year, browser_of, viewer):
    browser = browser_of(viewer)
    answer = browser.get(reverse("changes:report-outcomes"), {"format": "csv"})
    rows = b"".join(answer.streaming_content).decode().splitlines()
    assert (answer["Content-Type"], len(rows)) == ("text/csv; charset=utf-8", 6)
    assert rows[1].startswith("All together,All,0.625,0.125,8,4,1,1,1,1,1,0")
    checks = browser.get(reverse("changes:report-basics"), {"format": "csv"})
    assert b"".join(checks.streaming_content).startswith(b"Check,Group,Worth,")

    wrong = browser.get(reverse("changes:report-outcomes"), {"since": "2026-11-05", "until": "2026-11-01"})
    html = wrong.content.decode()
    assert (wrong.status_code, wrong.context["export_url"]) == (400, "")
    assert 'value="2026-11-05"' in html
    assert 'value="2026-11-01"' in html
    assert "The last day lies on or after the first" in html


@pytest.mark.parametrize("span", [("0001-01-01", "0002-01-01"), ("9999-12-30", "9999-12-31"), ("x", "y"),
                                  ("1970-01-01", "2026-01-01")])  # fmt: skip
def test_a_time_that_makes_no_sense_is_answered_and_breaks_nothing(browser_of, viewer, span):
    for name in ("report-outcomes", "report-basics"):
        answer = browser_of(viewer).get(reverse(f"changes:{name}"), dict(zip(("since", "until"), span, strict=True)))
        assert answer.status_code in (200, 400)


@pytest.mark.parametrize(("counts", "rate"), [("failed", 5 / 8), ("successful", 6 / 8), ("left_out", 5 / 7)])
def test_a_clean_back_out_counts_as_its_model_says_and_is_shown_apart(year, viewer, counts, rate):
    ChangeModel.objects.update(clean_back_out=counts)

    report, measured = report_of(scope(viewer)), change_success_rate(scope(viewer))

    assert (report.whole.success_rate, measured.value) == (rate, rate)
    assert report.whole.counts["clean_back_outs"] == 1
    assert [line.changes for line in report.lines if line.of == "clean_back_outs"] == [1]
