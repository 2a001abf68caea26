"""The small checks one by one, and the basics computed again when something moves."""

from dataclasses import replace
from datetime import timedelta
from unittest.mock import ANY, Mock

import pytest
from django.urls import reverse
from django.utils import timezone

from changes import jobs as clockwork
from changes import rechecks, subscriptions
from changes.basics import GROUPS, Taken, check, judge, known
from changes.models import BasicsCheck, BasicsState, ChangeRequest
from changes.operations import basics, freezes, planning, tasks, waivers
from changes.queries import basics as changes_basics
from changes.queries import requests
from changes.queries.basics import examine
from cmdb.models import Relation
from cmdb.queries import surroundings
from itsm.kernel.actor import Actor
from itsm.kernel.models import Delegation, Notification, OutboxEvent
from knowledge.operations import articles
from tests.builders import SYSTEM, make_ci
from tests.changes.builders import make_change
from tests.changes.test_basics import FACTS, TASK
from transition.models import Absence

SOON = timezone.now().replace(minute=0, second=0, microsecond=0) + timedelta(days=2)
LATER = SOON + timedelta(hours=2)


def said(code, **facts):
    return {one.code: one for group in judge(replace(FACTS, **facts)) for one in group.checks}[code]


def test_each_group_has_checks_and_each_check_says_something_of_every_kind_of_plan():
    assert {one.group for one in known()} == set(GROUPS)
    bare = replace(FACTS, tasks=[], touched=0, impacted=0, start=None, end=None, examined={})
    for facts in (FACTS, bare, replace(FACTS, tasks=[], by_pipeline=True)):
        assert all(one.explanation and (one.verdict != "ok" or one.examined or one.skipped)
                   for group in judge(facts) for one in group.checks)  # fmt: skip


def test_a_check_needs_a_name_of_its_own_and_a_group():
    for code, group in (("planned", "everyone_knows"), ("mine", "nowhere"), ("no_surprise", "no_surprise")):
        with pytest.raises(ValueError, match="name of its own"):
            check(code, group, "Mine")(lambda facts: None)


@pytest.mark.parametrize(
    ("code", "facts", "verdict", "text"),
    [
        ("durations_fit", {"tasks": [replace(TASK, usual_minutes=50)]}, "warn", "35 min planned, usually 50"),
        ("durations_fit", {"tasks": [replace(TASK, usual_minutes=30)]}, "ok", "as long as usual"),
        ("there", {"tasks": [replace(TASK, away="absent")]}, "warn", "J. Baker: absent"),
        ("not_booked_twice", {"appointments": ["J. Baker is expected at CAB, 22:00."]}, "warn", "expected at CAB"),
        ("back_out_tried", {"risk": "high"}, "warn", "Nobody has tried"),
        ("back_out_tried", {"risk": "high", "back_out_tried": "In test, 3 May"}, "ok", "In test"),
        ("back_out_tried", {"risk": "medium", "gone_back_before": 2}, "ok", "2 changes of this model"),
        ("retest_articles", {"articles": ["KA-3 Firewall"]}, "warn", "KA-3 Firewall describes"),
        ("retest_articles", {"articles": ["KA-3 x"], "tasks": [replace(TASK, title="Retest KA-3")]}, "ok", "1 article"),
        ("retest_articles", {"articles": ["KA-3 x"], "tasks": [replace(TASK, title="Retest KA-33")]}, "warn", "KA-3"),
    ],
)
def test_a_check_says_what_it_found(code, facts, verdict, text):
    found = said(code, **facts)
    assert (found.verdict, text in found.explanation) == (verdict, True), found


@pytest.fixture
def change(db, alice, bob):
    return make_change(requested_by=alice, assignee=bob, cis=[make_ci("fw")], start=SOON, end=LATER)


@pytest.mark.django_db
def test_absences_rotas_meetings_and_articles_are_read_without_a_query_more(
    change, bob, alice, test_manager, django_assert_num_queries
):
    with django_assert_num_queries(6):
        examine(change, timezone.now())
    Delegation.objects.create(giver=bob, taker=alice, role="implementer", since=SOON, until=LATER, reason="On leave")
    Absence.objects.create(user=bob, days=(SOON.date(), LATER.date() + timedelta(days=1)))
    ci = change.cis.get()
    article = articles.draft(title="Firewall", body="x", describes=[ci], owner=alice, actor=SYSTEM, now=timezone.now())
    articles.submit_for_test(article_id=article.pk, actor=SYSTEM)
    articles.record_test(article_id=article.pk, result="passed", actor=Actor.person(test_manager), now=timezone.now())
    articles.publish(article_id=article.pk, actor=SYSTEM, now=timezone.now())
    with django_assert_num_queries(6):
        facts = examine(change, timezone.now()).facts

    assert facts.tasks[0].away == "On leave; absent"
    assert facts.articles == [f"{article.number} Firewall"]


@pytest.mark.django_db
def test_what_moves_marks_those_concerned_and_the_job_computes_them_once(change, alice, bob, viewer, api, browser_of):
    elsewhere = make_change(requested_by=alice, cis=[make_ci("far")], start=LATER, end=LATER + timedelta(hours=1))
    near = make_ci("shop", depends_on=[change.cis.get()])
    assert basics.mark(ChangeRequest.objects.all(), timezone.now()) == 2
    assert clockwork.recheck_basics() == 2
    assert clockwork.recheck_basics() == 0
    assert BasicsState.objects.get(pk=change.pk).checked_at is not None
    revision = ChangeRequest.objects.get(pk=change.pk).revision

    rechecks.mark_by_ci(OutboxEvent(name="cmdb.ci.updated", subject_id=near.pk))
    assert list(BasicsState.objects.filter(stale_since__isnull=False).values_list("pk", flat=True)) == [change.pk]
    freeze = freezes.create(name="Sales", start=SOON, end=SOON + timedelta(hours=1), everywhere=True, actor=SYSTEM)
    rechecks.mark_by_freeze(OutboxEvent(subject_id=freeze.pk))
    clockwork.recheck_basics()
    assert BasicsState.objects.get(pk=change.pk).verdict == "block"
    assert BasicsCheck.objects.get(change=change, code="no_collision").explanation.startswith("Sales bars")
    assert BasicsState.objects.get(pk=elsewhere.pk).verdict != "block" or not elsewhere.tasks.exists()
    # whoever decides has seen the same revision
    assert ChangeRequest.objects.get(pk=change.pk).revision == revision
    listed = api(viewer).get("/api/changes/requests/", {"basics": "block", "id": change.pk}).json()["results"]
    assert [one["basics"]["verdict"] for one in listed] == ["block"]
    assert "Blocks" in browser_of(viewer).get(reverse("changes:request-list"), {"basics": "block"}).content.decode()


@pytest.mark.django_db
def test_other_things_that_move_mark_too_and_what_has_begun_is_left_as_it_was(change, alice, bob):
    now = timezone.now()
    ci = change.cis.get()
    relation = Relation.objects.create(source=make_ci("x"), target=ci, type="depends_on")
    article = articles.draft(title="Firewall", body="x", describes=[ci], owner=alice, actor=SYSTEM, now=now)
    lent = Delegation.objects.create(giver=bob, taker=alice, role="implementer", since=now, until=LATER, reason="x")
    for handler, pk in (
        (rechecks.mark_by_relation, relation.pk), (rechecks.mark_by_article, article.pk),
        (rechecks.mark_by_delegation, lent.pk), (rechecks.mark_by_person, bob.pk), (rechecks.mark_all, 1),
        (rechecks.mark_by_task, change.tasks.get().pk), (rechecks.mark_by_change, change.pk),
    ):  # fmt: skip
        BasicsState.objects.all().delete()
        handler(OutboxEvent(subject_id=pk))
        assert BasicsState.objects.filter(pk=change.pk, stale_since__isnull=False).exists(), handler
    ChangeRequest.objects.filter(pk=change.pk).update(status="implementing")
    clockwork.sweep_basics()
    clockwork.recheck_basics()
    assert not BasicsCheck.objects.exists()


@pytest.mark.django_db
def test_a_waived_group_stands_as_waived_at_each_of_its_checks(change, alice):
    task = change.tasks.get()
    tasks.update(task_id=task.pk, assignee=alice, actor=SYSTEM)
    found = [
        v.waived(Taken("A. Manager: known")) if v.code == "nobody_assumes" else v
        for v in examine(change, SOON).verdicts
    ]
    basics.keep({change.pk: found}, SOON)
    assert BasicsCheck.objects.get(change=change, code="acknowledged").waived
    assert not BasicsCheck.objects.get(change=change, code="assigned").waived


# --- What is new in the way ---------------------------------------------------------------------------


def everything_examined():
    """As the worker does it; how many were told that something new is in their way."""
    basics.mark(ChangeRequest.objects.all(), timezone.now())
    basics.recheck(timezone.now(), SYSTEM)
    told = OutboxEvent.objects.filter(name="changes.change_request.collided").order_by("pk")
    return [(event.subject_id, event.payload["with_what"]) for event in told]


@pytest.mark.django_db
def test_the_other_changes_people_hear_of_a_collision_that_they_did_not_make(alice, bob):
    mine = make_change(
        requested_by=alice, assignee=bob, cis=[make_ci("fw")], status="assessment", start=SOON, end=LATER
    )
    theirs = make_change(requested_by=bob, cis=[mine.cis.get()], status="assessment", start=LATER,
                         end=LATER + timedelta(hours=1))  # fmt: skip
    assert everything_examined() == []
    planning.schedule(change_id=theirs.pk, start=SOON, end=LATER, actor=SYSTEM)

    assert everything_examined() == [(mine.pk, [theirs.number])]  # who moved theirs has seen it before
    assert len(everything_examined()) == 1
    subscriptions.tell_whose_change_is_hit(OutboxEvent.objects.get(name="changes.change_request.collided"))
    heard = Notification.objects.filter(kind="changes.collision").select_related("user")
    assert {one.user for one in heard} == {alice, bob}
    assert f"{theirs.number} “Open the firewall” runs" in heard[0].text


@pytest.mark.django_db
def test_a_waiver_covers_only_what_was_there_when_it_was_given(change_manager, alice, bob):
    change = make_change(requested_by=alice, assignee=bob, cis=[make_ci("fw")], status="assessment",
                         start=SOON, end=LATER)  # fmt: skip
    known_one = freezes.create(name="Year end", start=SOON, end=LATER, everywhere=True, actor=SYSTEM)
    waivers.waive(
        change_id=change.pk, check_code="nothing_else", reason="Agreed.", actor=Actor.person(change_manager),
        now=timezone.now(),
    )  # fmt: skip
    before = {v.code: v for v in examine(change, timezone.now()).verdicts}["nothing_else"]
    freezes.create(name="Elections", start=SOON, end=LATER, everywhere=True, actor=SYSTEM)
    after = {v.code: v for v in examine(change, timezone.now()).verdicts}["nothing_else"]

    assert (before.blocks, after.blocks) == (False, True)
    assert list(change.waivers.get().covers["no_collision"]) == [known_one.number]
    assert after.explanation.startswith("New since it was waived: Elections bars changes")
    assert "Year end" not in after.explanation


@pytest.mark.django_db
def test_what_a_vast_reach_is_comes_from_the_worker_until_something_moves_and_no_decision_trusts_it(
    change, viewer, browser_of, monkeypatch
):
    monkeypatch.setattr(surroundings, "COUNTED", 0)
    hit = make_ci("behind", depends_on=list(change.cis.all()))
    basics.mark(ChangeRequest.objects.filter(pk=change.pk), timezone.now())
    clockwork.recheck_basics()
    live = examine(change, timezone.now())
    asked = Mock(wraps=changes_basics.surroundings_of)
    monkeypatch.setattr(changes_basics, "surroundings_of", asked)

    shown = examine(requests.in_full().get(pk=change.pk), timezone.now(), to_show=True)

    assert not asked.called
    assert shown.reach_of
    assert not live.reach_of
    assert (shown.around.reached, shown.around.down) == (live.around.reached, live.around.down) == (1, ANY)
    assert [(v.code, v.explanation) for v in shown.verdicts] == [(v.code, v.explanation) for v in live.verdicts]
    assert "1 impacted to depth 1, as of" in browser_of(viewer).get(change.get_absolute_url()).content.decode()
    examine(requests.in_full().get(pk=change.pk), timezone.now())
    assert asked.call_count == 1

    make_ci("later", depends_on=[hit])
    rechecks.mark_all(OutboxEvent())
    assert examine(requests.in_full().get(pk=change.pk), timezone.now(), to_show=True).around.reached == 2
    planning.plan(change_id=change.pk, cis=[hit], actor=SYSTEM)
    BasicsState.objects.update(stale_since=None)
    assert examine(requests.in_full().get(pk=change.pk), timezone.now(), to_show=True).around.reached == 1
