"""Unauthorised changes: written down as found, reviewed in time, never planned and no success."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from changes.models import ChangeModel, ChangeRequest, Discovery
from changes.operations import models, planning, requests, unauthorised
from itsm.kernel import ledger, outbox
from itsm.kernel.actor import Actor
from itsm.kernel.errors import Forbidden, IllegalMove, InvalidInput
from itsm.kernel.models import LedgerEntry, Notification, OutboxEvent
from tests.builders import SYSTEM, make_ci, make_service
from tests.changes.builders import make_model

pytestmark = pytest.mark.django_db
DIFFERENCE = {"field": "version", "recorded": "1.8.2", "found": "1.8.3"}


@pytest.fixture
def find(now):
    def found(**said):
        said = {"title": "shop-1 runs another version", "began_at": now - timedelta(hours=3), "origin": "audit:3/77",
                "evidence": DIFFERENCE, **said}  # fmt: skip
        if "cis" not in said:
            said["cis"] = [make_ci("shop-1")]
        return unauthorised.record(actor=SYSTEM, now=now, **said)

    return found


def test_it_goes_straight_to_review_with_what_was_found_in_the_ledger(find, now):
    change = find()

    entry = LedgerEntry.objects.get(decision="found_unauthorised")
    assert (change.type, change.status, change.outcome) == ("unauthorised", "review", "")
    assert (change.started_at, change.window) == (now - timedelta(hours=3), None)
    assert [ci.name for ci in change.cis.all()] == ["shop-1"]
    assert change.discovery.evidence == DIFFERENCE
    assert change.discovery.evidence_digest == entry.evidence_digest == ledger.digest(DIFFERENCE)
    assert change.review_due_at == now + timedelta(days=5)


def test_the_time_for_the_review_is_the_change_managers_to_set(find, change_manager, now):
    first = find()
    models.update(model_id=first.model_id, review_hours=24, actor=Actor.person(change_manager))

    assert find(origin="audit:3/78", cis=[make_ci("shop-2")]).review_due_at == now + timedelta(hours=24)


def test_the_same_origin_is_the_same_change(find):
    first = find()
    again = find(cis=[make_ci("other")])

    assert again == first
    assert ChangeRequest.objects.count() == LedgerEntry.objects.count() == 1


def test_without_an_origin_each_is_a_change_of_its_own(find):
    assert find(origin="") != find(origin="", cis=[make_ci("shop-2")])


def test_nobody_can_start_finish_cancel_or_plan_it(find, now):
    change = find()
    verbs = [
        lambda: requests.submit(change_id=change.pk, actor=SYSTEM, now=now),
        lambda: requests.start(change_id=change.pk, actor=SYSTEM, now=now),
        lambda: requests.finish(change_id=change.pk, outcome="successful", actor=SYSTEM, now=now),
        lambda: requests.cancel(change_id=change.pk, reason="No.", actor=SYSTEM),
        lambda: requests.revise(change_id=change.pk, actor=SYSTEM),
    ]
    for verb in verbs:
        with pytest.raises(IllegalMove):
            verb()
    with pytest.raises(planning.NotPlannable):
        planning.plan(change_id=change.pk, title="Nothing happened", actor=SYSTEM)
    change.refresh_from_db()
    assert (change.status, change.outcome) == ("review", "")


def test_it_is_closed_by_its_review_and_has_no_outcome(find, change_manager, now):
    change, manager = find(), Actor.person(change_manager)
    with pytest.raises(requests.Incomplete):
        requests.close(change_id=change.pk, actor=manager)

    requests.review(change_id=change.pk, objectives_met=False, causes=["not_authorised"], actor=manager, now=now)
    closed = requests.close(change_id=change.pk, actor=manager)

    assert (closed.status, closed.outcome) == ("closed", "")
    assert not ChangeRequest.objects.exclude(outcome="").exists()


@pytest.mark.parametrize("wrong", [{"outcome": "successful"}, {"status": "scheduled"}, {"status": "implementing"}])
def test_the_database_refuses_a_success_or_a_start(find, wrong):
    change = find()
    with pytest.raises(IntegrityError), transaction.atomic():
        ChangeRequest.objects.filter(pk=change.pk).update(**wrong)


def test_no_model_of_the_kind_is_made_and_none_is_planned_with(find, now):
    found = find()
    with pytest.raises(InvalidInput):
        models.create(code="mine", name="Mine", type="unauthorised", policy_name="p", actor=SYSTEM)
    with pytest.raises(InvalidInput):
        models.update(model_id=make_model().pk, type="unauthorised", actor=SYSTEM)
    with pytest.raises(InvalidInput):
        planning.draft(title="Later", model=found.model, actor=SYSTEM)
    assert ChangeModel.objects.filter(type="unauthorised").count() == 1


@pytest.mark.parametrize(
    ("said", "field"),
    [
        ({"cis": []}, "cis"),
        ({"began_at": timedelta(hours=1)}, "began_at"),
        ({"ended_at": timedelta(hours=1)}, "ended_at"),
        ({"ended_at": timedelta(hours=-4)}, "ended_at"),
    ],
)
def test_it_refuses_what_cannot_have_been(find, now, said, field):
    said = {name: now + value if isinstance(value, timedelta) else value for name, value in said.items()}
    with pytest.raises(InvalidInput) as refusal:
        find(**said)
    assert field in refusal.value.errors
    assert not Discovery.objects.exists()
    assert not LedgerEntry.objects.exists()


def test_a_service_alone_says_enough(find):
    shop = make_service("Online Shop")
    change = find(cis=[], services=[shop])
    assert list(change.services.all()) == [shop]


def test_only_change_and_configuration_managers_write_one_down(now, bob, config_manager):
    said = {"title": "Rebooted", "began_at": now, "cis": [make_ci("db-1")], "now": now}
    with pytest.raises(Forbidden):
        unauthorised.record(actor=Actor.person(bob), **said)
    assert unauthorised.record(actor=Actor.person(config_manager), **said).discovery.found_by == config_manager


def test_an_overdue_review_is_told_once(find, now):
    change = find()
    assert unauthorised.remind_of_reviews(actor=SYSTEM, now=now + timedelta(days=4)) == []

    late = unauthorised.remind_of_reviews(actor=SYSTEM, now=now + timedelta(days=6))

    assert late == [change]
    assert unauthorised.remind_of_reviews(actor=SYSTEM, now=now + timedelta(days=7)) == []
    assert OutboxEvent.objects.filter(name="changes.change_request.review_overdue").count() == 1


def test_change_managers_and_owners_hear_of_it(find, change_manager, service_owner, bob):
    find(services=[make_service("Online Shop", owner=service_owner)])
    outbox.publish()
    for subscriber in [s for s in outbox.waiting_subscribers() if s.startswith("changes.")]:
        outbox.drain(subscriber)

    assert set(Notification.objects.values_list("user__username", flat=True)) == {"change.manager", "service.owner"}


def test_who_may_not_see_a_confidential_change_does_not_hear_of_its_review(find, change_manager, service_owner, now):
    change = find(services=[make_service("Online Shop", owner=service_owner)])
    ChangeRequest.objects.filter(pk=change.pk).update(confidential=True)
    unauthorised.remind_of_reviews(actor=SYSTEM, now=now + timedelta(days=6))
    outbox.publish()
    outbox.drain("changes.subscriptions.tell_of_the_overdue_review")
    assert set(Notification.objects.values_list("user__username", flat=True)) == {"change.manager"}


def test_it_is_written_down_by_rest_and_shown_with_what_was_found(api, browser_of, change_manager, now):
    server = make_ci("db-1")
    said = {"title": "Rebooted by hand", "cis": [server.number], "began_at": "2026-11-20T10:00:00Z",
            "evidence": {"uptime": "3 min"}}  # fmt: skip
    answer = api(change_manager).post("/api/changes/requests/unauthorised/", said, format="json")

    body = answer.json()
    assert (answer.status_code, body["type"], body["status"]) == (201, "unauthorised", "review")
    assert body["discovery"]["evidence"] == {"uptime": "3 min"}
    page = browser_of(change_manager).get(f"/changes/requests/{body['number']}/")
    assert b"How it was found" in page.content
    assert b"Done without authorisation" in page.content


def test_it_is_written_down_on_a_page(browser_of, config_manager, viewer):
    server = make_ci("db-1")
    said = {"title": "Rebooted by hand", "cis": [server.pk], "began_at": "2026-11-20T10:00", "shows": "uptime 3 min"}
    assert browser_of(viewer).get("/changes/requests/unauthorised/").status_code == 403
    answer = browser_of(config_manager).post("/changes/requests/unauthorised/", said)

    assert answer.status_code == 302, answer.content.decode()
    assert ChangeRequest.objects.get().discovery.evidence == {"said": "uptime 3 min"}


def test_what_shows_it_is_read_in_words_and_its_way_has_no_step_that_it_never_took(find, browser_of, change_manager):
    missed = [
        {"rule": "a tested version", "asked": "no test failed", "found": "tests.failed is 12", "verdict": "block"}
    ]
    change = find(evidence={"not met": missed, "told by": "RFC-999999", "empty": []})

    page = browser_of(change_manager).get(change.get_absolute_url())
    html = page.content.decode()
    assert "<p>no test failed: tests.failed is 12</p>" in html
    assert "&#x27;verdict&#x27;" not in html
    assert "<p>RFC-999999</p>" in html
    assert [(step["label"], step["status"]) for step in page.context["states"]] == [
        ("In review", "now"),
        ("Closed", "ahead"),
    ]
