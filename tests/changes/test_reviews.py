"""Reviews: due by rule, kept with what the basics had said, and turned into what others can use."""

from collections import Counter
from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from changes.models import BasicsCheck, BasicsState, ChangeModel, ChangeRequest, Review
from changes.operations import requests, reviews
from changes.queries.caught import Caught, caught_in, unforeseen_in
from changes.reviewing import is_in_sample, lot_of, why_reviewed
from itsm.kernel.actor import Actor
from itsm.kernel.errors import Forbidden, InvalidInput
from itsm.kernel.measures import Scope
from knowledge.models import Article
from tests.builders import make_ci
from tests.changes.builders import END, START, decide, make_change, waiting
from transition.models import Improvement
from transition.operations import lessons

pytestmark = pytest.mark.django_db
LATER = END + timedelta(days=1)


@pytest.fixture
def started(alice, bob, change_manager):
    change = make_change(requested_by=alice, assignee=bob, cis=[make_ci("fw")], status="assessment")
    decide(waiting(change), change_manager)
    return requests.start(change_id=change.pk, actor=Actor.person(bob), now=START)


@pytest.fixture
def manager(change_manager):
    return Actor.person(change_manager)


@pytest.fixture
def failed(started, manager):
    return requests.finish(change_id=started.pk, outcome="failed", actor=manager, now=END)


def review(change, actor, **said):
    said = {"objectives_met": False, "causes": ["unexpected_impact"], "lessons": "Ask the network team.", **said}
    return requests.review(change_id=change.pk, actor=actor, now=LATER, **said)


def ended(**said):
    model = ChangeModel(type=said.get("type", "normal"), **said.pop("of", {}))
    return ChangeRequest(pk=7, **{"type": model.type, "outcome": "successful", **said}, model=model)


@pytest.mark.parametrize(
    ("said", "why"),
    [
        ({"outcome": "failed"}, "failed"),
        ({"outcome": "backed_out"}, "backed_out"),
        ({"type": "emergency"}, "emergency"),
        ({"type": "unauthorised", "outcome": ""}, "unauthorised"),
        ({}, "sample"),
        ({"of": {"review_percent": 0}}, ""),
        ({"type": "standard", "of": {"pre_authorised": True}}, ""),
        ({"type": "standard", "of": {"pre_authorised": True, "review_percent": 100}}, "sample"),
        ({"outcome": "failed", "of": {"review_percent": 0}}, "failed"),
    ],
)
def test_a_rule_says_which_changes_are_reviewed(said, why):
    assert why_reviewed(ended(**said)) == why


def test_the_number_alone_decides_about_the_sample_and_about_the_share_are_in_it():
    numbers = [f"RFC-{n}" for n in range(2000)]
    assert 350 < sum(lot_of(number) < 20 for number in numbers) < 450
    assert lot_of("RFC-1042") == lot_of("RFC-1042")
    model = ChangeModel(type="normal", review_percent=lot_of("RFC-7"))
    assert not is_in_sample(ChangeRequest(pk=7, model=model))
    model.review_percent += 1
    assert is_in_sample(ChangeRequest(pk=7, model=model))


def test_the_database_refuses_more_than_all(started):
    with pytest.raises(IntegrityError), transaction.atomic():
        ChangeModel.objects.update(review_percent=101)


def test_what_no_rule_sends_to_a_review_is_closed_without_and_has_no_date(started, manager):
    ChangeModel.objects.update(review_percent=0)
    started.tasks.update(state="skipped")
    done = requests.finish(change_id=started.pk, outcome="successful", actor=manager, now=END)

    assert (done.review_why, done.review_due_at) == ("", None)
    assert requests.close(change_id=done.pk, actor=manager).status == "closed"


def test_what_failed_has_a_date_and_is_not_closed_before_its_review(failed, manager):
    assert (failed.review_why, failed.review_due_at) == ("failed", END + timedelta(days=5))
    with pytest.raises(requests.Incomplete, match="It failed"):
        requests.close(change_id=failed.pk, actor=manager)
    review(failed, manager)
    assert requests.close(change_id=failed.pk, actor=manager).status == "closed"


def test_what_the_basics_said_at_the_beginning_is_kept_with_the_review(failed, manager):
    said = {check.code: check.verdict for check in BasicsCheck.objects.filter(change=failed)}
    assert said["verified"] == "warn"  # nobody had verified the firewall
    assert BasicsState.objects.get(change=failed).verdict == "warn"
    written = review(failed, manager)
    BasicsCheck.objects.filter(change=failed).delete()

    assert [one["code"] for one in Review.objects.get(pk=written.pk).warned] == ["verified"]


def test_a_review_may_find_another_outcome_than_was_reported(failed, manager):
    with pytest.raises(InvalidInput):
        review(failed, manager, outcome="superb")
    review(failed, manager, outcome="with_issues")

    failed.refresh_from_db()
    assert (failed.outcome, failed.review.outcome) == ("with_issues", "with_issues")


@pytest.mark.parametrize(("minutes", "clean"), [(-1, True), (1, False)])
def test_a_back_out_is_clean_within_the_window(started, manager, minutes, clean):
    at = END + timedelta(minutes=minutes)
    back = requests.back_out(change_id=started.pk, reason="Shop down", actor=manager, now=at)

    assert (back.outcome, back.backed_out_cleanly, back.review_why) == ("backed_out", clean, "backed_out")


def test_a_lesson_becomes_one_article_about_what_was_touched(failed, manager, alice, viewer):
    with pytest.raises(reviews.NoLesson):
        requests.draft_article(change_id=failed.pk, title="Firewall", actor=manager, now=LATER)
    review(failed, manager)
    with pytest.raises(Forbidden):
        requests.draft_article(change_id=failed.pk, title="Firewall", actor=Actor.person(viewer), now=LATER)
    article = requests.draft_article(change_id=failed.pk, title="Firewall", actor=Actor.person(alice), now=LATER)

    assert article.current.body == "Ask the network team."
    assert Review.objects.get(change=failed).article == article
    assert article.ci.relations_out.get(type="describes").target.name == "fw"
    with pytest.raises(reviews.LessonKept):
        requests.draft_article(change_id=failed.pk, title="Again", actor=manager, now=LATER)
    assert Article.objects.count() == 1


def test_what_a_confidential_change_teaches_stays_with_it(failed, manager):
    review(failed, manager)
    ChangeRequest.objects.update(confidential=True)
    for deed in (
        lambda: requests.draft_article(change_id=failed.pk, title="x", actor=manager, now=LATER),
        lambda: lessons.log_improvement(change_id=failed.pk, title="x", actor=manager),
    ):
        with pytest.raises(reviews.Confidential):
            deed()
    assert not Article.objects.exists()
    assert not Improvement.objects.exists()


def test_a_lesson_becomes_one_improvement_by_page_and_by_rest(failed, manager, change_manager, api, browser_of):
    review(failed, manager)
    page = browser_of(change_manager).get(failed.get_absolute_url()).content.decode()
    assert reverse("transition:lesson-log", args=[failed.number]) in page
    assert "the basics had warned" in page
    client = api(change_manager)
    for _ in range(2):
        answer = client.post(f"/api/changes/requests/{failed.pk}/log-improvement/", {"title": "Ask first"}, "json")
        assert answer.status_code == 201, answer.content

    made = Improvement.objects.get()
    assert (made.text, made.origin) == ("Ask the network team.", f"change:{failed.pk}")
    assert made.number in browser_of(change_manager).get(failed.get_absolute_url()).content.decode()


def test_the_report_holds_each_check_against_outcomes_and_causes(failed, manager, viewer):
    review(failed, manager, causes=["unexpected_impact", "concurrent_activity"])
    scope = Scope(since=START, until=LATER, actor=manager)
    found = {check.code: check for check in caught_in(scope)}

    surprise, else_ = found["verified"], found["no_collision"]
    assert (surprise.said["warn"], surprise.wrong["warn"], surprise.foreseen, surprise.missed) == (1, 1, 1, 0)
    assert (else_.said["ok"], else_.outcomes["ok"]["failed"], else_.foreseen, else_.missed) == (1, 1, 0, 1)
    assert (else_.worth, surprise.worth) == ("blind", "too_few")
    ChangeRequest.objects.update(confidential=True)
    assert not caught_in(Scope(since=START, until=LATER, actor=Actor.person(viewer)))


def test_what_went_wrong_without_a_warning_is_named(failed, manager, change_manager, browser_of, api):
    scope = Scope(since=START, until=LATER, actor=manager)
    assert (unforeseen_in(scope).wrong, unforeseen_in(scope).without_a_word) == (1, 0)  # a check had warned

    BasicsCheck.objects.filter(change=failed).update(verdict="ok")

    seen = unforeseen_in(scope)
    assert (seen.wrong, seen.without_a_word, seen.latest) == (1, 1, [failed])
    about = {"since": START.date(), "until": LATER.date()}
    page = browser_of(change_manager).get(reverse("changes:report-basics"), about).content.decode()
    assert "1 of 1 that were backed out or failed" in page
    assert failed.get_absolute_url() in page
    told = api(change_manager).get("/api/changes/reports/basics/", {"from": START.isoformat(), "to": LATER.isoformat()})
    assert told.json()["latest_without_warning"] == [failed.number]


@pytest.mark.parametrize(
    ("said", "wrong", "worth"),
    [
        ({"ok": 30}, {"ok": 3}, "never_doubts"),
        ({"ok": 3, "warn": 30}, {"ok": 1}, "says_nothing"),
        ({"ok": 30, "warn": 30}, {"ok": 1, "warn": 9}, "tells"),
        ({"ok": 30, "warn": 30}, {"ok": 9, "warn": 1}, "says_nothing"),
        ({"ok": 3}, {}, "too_few"),
    ],
)
def test_a_check_that_is_worth_nothing_is_seen(said, wrong, worth):
    assert Caught("x", "no_surprise", said=Counter(said), wrong=Counter(wrong)).worth == worth


def test_page_and_rest_of_the_report_take_few_queries_and_name_what_is_wrong(
    failed, manager, change_manager, api, browser_of, django_assert_max_num_queries
):
    review(failed, manager)
    page, rest = reverse("changes:report-basics"), "/api/changes/reports/basics/"
    browser, client = browser_of(change_manager), api(change_manager)
    with django_assert_max_num_queries(10):
        shown = browser.get(page, {"since": "2026-11-01", "until": "2026-11-30"})
    assert shown.status_code == 200
    assert "The record was verified lately" in shown.content.decode()
    with django_assert_max_num_queries(7):
        answer = client.get(rest, {"from": "2026-11-01T00:00:00Z", "to": "2026-11-30T00:00:00Z"})
    assert {row["code"]: row["worth"] for row in answer.json()["results"]}["verified"] == "too_few"
    assert browser.get(page, {"since": "9999-01-01"}).status_code == 400
    assert browser.get(page, {"service": "nowhere\x00"}).status_code == 400
    for wrong in ({"from": "yesterday"}, {"team": "nobody"}, {"colour": "red"}, {"to": "0001-01-01T00:00:00Z"}):
        assert client.get(rest, wrong).status_code == 400, wrong
