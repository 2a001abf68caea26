"""What an emergency leaves unsaid until it is over: due in the model's time, missed once, and counted."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from changes import jobs, subscriptions
from changes.models import ChangeModel, ChangeRequest
from changes.operations import afterwards, models, requests, reviews
from changes.queries.completeness import Incomplete, owed
from changes.queries.outcomes import report_of
from itsm.kernel.actor import Actor
from itsm.kernel.errors import Forbidden, InvalidInput
from itsm.kernel.measures import Scope
from itsm.kernel.models import Notification, OutboxEvent
from itsm.portal.queries.work import waiting_for
from tests.builders import SYSTEM, make_ci
from tests.changes.builders import END, START, make_change, make_model

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)
ASKED = [{"code": "found", "text": "What was found?", "kind": "text", "required": True}]


@pytest.fixture
def short_way():
    return make_model(
        "emergency", type="emergency", required_fields=["reason", "cis"], questions=ASKED,
        later_fields=["reason", "answers"], later_hours=24,
    )  # fmt: skip


@pytest.fixture
def emergency(short_way, alice, bob):
    return make_change(requested_by=alice, assignee=bob, cis=[make_ci("fw")], model=short_way, status="scheduled")


@pytest.fixture
def over(emergency, bob):
    requests.start(change_id=emergency.pk, actor=SYSTEM, now=START)
    emergency.tasks.update(state="done")
    return requests.finish(change_id=emergency.pk, outcome="successful", actor=SYSTEM, now=START + HOUR)


def test_an_emergency_is_submitted_without_what_may_be_said_afterwards_and_only_without_that(short_way, alice, bob):
    change = make_change(requested_by=alice, assignee=bob, model=short_way)
    with pytest.raises(Incomplete) as refused:
        requests.submit(change_id=change.pk, actor=Actor.person(alice), now=START)
    assert [check["code"] for check in refused.value.checks] == ["cis"]
    assert [one.label for one in owed(change)] == ["Reason", "What was found?"]


def test_what_was_left_out_is_due_when_it_ends_and_bars_its_closure_until_it_is_said(
    over, alice, viewer, change_manager
):
    assert over.later_due_at == START + HOUR + 24 * HOUR
    over.review_why = ""
    over.save(update_fields=["review_why"])
    with pytest.raises(Incomplete, match="Reason; What was found") as refused:
        reviews.close(change_id=over.pk, actor=SYSTEM)
    assert refused.value.checks[0]["url"].endswith("/fill-in/")

    with pytest.raises(Forbidden):
        afterwards.fill_in(change_id=over.pk, reason="x", actor=Actor.person(viewer), now=START + 2 * HOUR)
    for wrong in ({"back_out_steps": "x"}, {"title": "x"}, {"answers": {"none": 1}}):
        with pytest.raises(InvalidInput):
            afterwards.fill_in(change_id=over.pk, actor=Actor.person(alice), now=START + 2 * HOUR, **wrong)
    said = {"actor": Actor.person(alice), "now": START + 2 * HOUR}
    change = afterwards.fill_in(change_id=over.pk, reason="The shop was down.", **said)
    assert change.later_said_at is None
    change = afterwards.fill_in(change_id=over.pk, answers={"found": "A full disk"}, **said)
    assert change.later_said_at == START + 2 * HOUR
    assert change.authorisations.get().state == "authorised"
    assert reviews.close(change_id=over.pk, actor=SYSTEM).status == "closed"
    with pytest.raises(afterwards.NotOver):
        afterwards.fill_in(change_id=over.pk, reason="y", **said)


def test_what_is_said_while_it_runs_is_never_due(emergency, alice):
    requests.start(change_id=emergency.pk, actor=SYSTEM, now=START)
    afterwards.fill_in(change_id=emergency.pk, reason="x", answers={"found": "y"}, actor=Actor.person(alice), now=START)
    emergency.tasks.update(state="done")
    done = requests.finish(change_id=emergency.pk, outcome="successful", actor=SYSTEM, now=START + HOUR)
    assert (done.later_due_at, done.later_said_at) == (None, None)


def test_its_requester_hears_once_that_it_is_overdue_and_the_report_counts_it(over, alice, change_manager):
    late = over.later_due_at + HOUR
    assert afterwards.remind(actor=SYSTEM, now=over.later_due_at - HOUR) == []
    assert afterwards.remind(actor=SYSTEM, now=late) == [over]
    assert afterwards.remind(actor=SYSTEM, now=late + HOUR) == []
    assert OutboxEvent.objects.filter(name="changes.change_request.words_overdue").count() == 1
    subscriptions.tell_of_overdue_words(OutboxEvent.objects.get(name="changes.change_request.words_overdue"))
    told = Notification.objects.filter(kind="changes.owed")
    assert [(one.user, "Reason; What was found?" in one.text) for one in told] == [(alice, True)]
    assert jobs.remind_of_words() == 0

    def counted():
        scope = Scope(since=START, until=END, actor=Actor.person(change_manager))
        return report_of(scope).afterwards

    ChangeRequest.objects.filter(pk=over.pk).update(later_due_at=START + HOUR)
    assert counted() == {"asked": 1, "in_time": 0, "late": 0, "overdue": 1}
    afterwards.fill_in(
        change_id=over.pk, reason="x", answers={"found": "y"}, actor=Actor.person(alice), now=START + 2 * HOUR
    )
    assert counted() == {"asked": 1, "in_time": 0, "late": 1, "overdue": 0}


def test_pages_and_rest_show_what_is_owed_and_take_it(over, alice, viewer, change_manager, browser_of, api):
    ChangeRequest.objects.filter(pk=over.pk).update(later_due_at=START + HOUR)
    url, rest = over.get_absolute_url(), f"/api/changes/requests/{over.pk}/"
    assert "words overdue" in browser_of(viewer).get(url).content.decode()
    assert "fill-in" not in browser_of(viewer).get(url).content.decode()
    mine = browser_of(alice)
    page = mine.get(url).content.decode()
    assert f"{url}fill-in/" in page
    assert "What was found?" in page
    assert [(item.title, item.step.label) for item in waiting_for(Actor.person(alice), END, ["owed"])] == [
        (over.title, "Complete it")
    ]
    listed = api(alice).get("/api/changes/requests/", {"owed": "overdue"}).json()["results"]
    assert [one["id"] for one in listed] == [over.pk]
    assert mine.post(f"{url}fill-in/", {"reason": "The shop was down.", "answer-found": ""}).status_code == 302
    answered = api(alice).post(f"{rest}fill-in/", {"answers": {"found": "A full disk"}}, format="json")
    assert answered.status_code == 200
    assert answered.json()["later_said_at"]
    assert "later than it was due" in mine.get(url).content.decode()
    assert api(change_manager).get("/api/changes/reports/outcomes/", {"from": START.isoformat()}).json()["afterwards"]
    assert (
        "Said afterwards"
        in browser_of(change_manager).get("/changes/reports/outcomes/", {"from": "2026-11-01"}).content.decode()
    )


def test_a_model_lets_only_words_wait_and_only_those_of_emergencies(short_way, change_manager, browser_of):
    for wrong in ({"later_fields": ["cis"]}, {"later_fields": "reason"}, {"type": "normal"}):
        with pytest.raises(InvalidInput):
            models.update(model_id=short_way.pk, actor=SYSTEM, **wrong)
    with pytest.raises(IntegrityError), transaction.atomic():
        ChangeModel.objects.filter(pk=short_way.pk).update(type="normal")
    page = browser_of(change_manager).get(short_way.get_absolute_url()).content.decode()
    assert "May be said afterwards" in page
    assert "1 d" in page
