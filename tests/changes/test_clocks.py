"""A policy's time limit: it is kept, rests while an answer is awaited, and is told when it ran out."""

from datetime import timedelta

import pytest
from django.urls import reverse

from changes import subscriptions
from changes.models import Authorisation, ChangeRequest
from changes.operations import authorisations, clocks
from changes.policy_check import validate
from changes.policy_form import rows_of, rules_of
from itsm.kernel.actor import Actor
from itsm.kernel.errors import Forbidden, InvalidInput
from itsm.kernel.models import LedgerEntry, Notification, OutboxEvent
from tests.builders import SYSTEM, make_ci
from tests.changes.builders import NOW, make_change, make_policy, waiting

pytestmark = pytest.mark.django_db
LIMITED = [{"name": "all", "require": [{"role": "change_manager", "within_hours": 24}]}]
DAY, HOUR = timedelta(days=1), timedelta(hours=1)


@pytest.fixture
def asked(alice, bob):
    """Asked at NOW, to be decided within a day."""
    make_policy(rules=LIMITED)
    return waiting(make_change(requested_by=alice, assignee=bob, cis=[make_ci("fw")], status="assessment"))


def ask_back(asked, who, at):
    return authorisations.decide(
        authorisation_id=asked.pk, decision="more_information", comment="Was it tried?", actor=Actor.person(who), now=at
    )


def answer(asked, who, at, said="Yes, on Monday."):
    return clocks.answer(authorisation_id=asked.pk, answer=said, actor=Actor.person(who), now=at)


@pytest.mark.parametrize("within", [0, -1, 2161, "24", True, 1.5])
def test_a_limit_is_whole_hours(within):
    assert "whole hours" in str(validate([{"require": [{"role": "cab_member", "within_hours": within}]}])[0])


def test_a_limit_goes_through_the_editor_unchanged():
    assert rules_of(rows_of(LIMITED)) == LIMITED


def test_what_is_overdue_is_told_once_to_those_who_can_end_it(asked, change_manager, alice):
    assert asked.due_at == NOW + DAY
    assert clocks.escalate_due(actor=SYSTEM, now=NOW + DAY - HOUR) == []
    assert clocks.escalate_due(actor=SYSTEM, now=NOW + DAY) == [asked]
    assert clocks.escalate_due(actor=SYSTEM, now=NOW + DAY + HOUR) == []
    subscriptions.escalate(OutboxEvent.objects.get(name="changes.authorisation.overdue"))
    heard = Notification.objects.filter(kind="changes.decision")
    assert {one.user for one in heard} == {change_manager, alice}


def test_the_clock_rests_while_an_answer_is_awaited(asked, change_manager, alice, bob):
    ask_back(asked, change_manager, NOW + 20 * HOUR)
    assert clocks.escalate_due(actor=SYSTEM, now=NOW + 10 * DAY) == []
    with pytest.raises(Forbidden):
        answer(asked, bob, NOW + 2 * DAY)
    with pytest.raises(InvalidInput):
        answer(asked, alice, NOW + 2 * DAY, " ")
    said = answer(asked, alice, NOW + 2 * DAY)
    subscriptions.tell_who_asked(OutboxEvent.objects.get(name="changes.authorisation.answered"))

    assert (said.state, said.paused_for, said.due_at) == ("pending", 28 * HOUR, NOW + DAY + 28 * HOUR)
    assert list(said.decisions.order_by("pk").values_list("verdict", flat=True)) == ["more_information", "answered"]
    assert LedgerEntry.objects.filter(decision="answered", comment="Yes, on Monday.").count() == 1
    assert Notification.objects.get(user=change_manager).text.endswith("Yes, on Monday.")
    with pytest.raises(clocks.NothingAsked):
        answer(asked, alice, NOW + 2 * DAY)
    authorisations.decide(
        authorisation_id=asked.pk, decision="authorised", actor=Actor.person(change_manager), now=NOW + 2 * DAY
    )
    assert ChangeRequest.objects.get(pk=asked.change_id).status == "scheduled"


def test_nobody_decides_by_answering(asked, change_manager):
    with pytest.raises(InvalidInput):
        authorisations.decide(
            authorisation_id=asked.pk, decision="answered", comment="x", actor=Actor.person(change_manager), now=NOW
        )
    assert Authorisation.objects.get(pk=asked.pk).state == "pending"


def test_both_doors_answer(asked, change_manager, alice, browser_of, api):
    ask_back(asked, change_manager, NOW)
    page = browser_of(alice).get(asked.change.get_absolute_url()).content.decode()
    form = reverse("changes:authorisation-answer", args=[asked.number])
    asking = browser_of(alice).get(form).content.decode()
    sent = browser_of(alice).post(form, {"answer": "Yes."})
    ask_back(asked, change_manager, NOW)
    told = api(alice).post(f"/api/changes/authorisations/{asked.pk}/answer/", {"answer": "Again: yes."})

    assert form in page
    assert "Was it tried?" in asking
    assert sent.status_code == 302
    assert (told.status_code, told.json()["state"], told.json()["paused_at"]) == (200, "pending", None)
    assert "answered" in browser_of(change_manager).get(asked.change.get_absolute_url()).content.decode()
