"""Who hears of what happened, told once however often the event is delivered."""

import pytest

from changes.operations import requests, tasks
from itsm.kernel import outbox
from itsm.kernel.actor import Actor
from itsm.kernel.models import Notification, OutboxEvent
from itsm.kernel.roles import Role
from tests.builders import SYSTEM, make_ci
from tests.changes.builders import END, START, decide, make_change, waiting

pytestmark = pytest.mark.django_db


def deliver(name: str) -> dict[str, str]:
    """Deliver the last such event, also when the worker comes again; who was told what."""
    event = OutboxEvent.objects.filter(name=name).latest("pk")
    outbox.publish()
    for subscriber in [s for s in outbox.waiting_subscribers() if s.startswith("changes.")]:
        assert outbox.drain(subscriber)
        assert not outbox.drain(subscriber)
    assert not event.deliveries.exclude(problem="").exists()
    return {n.user.username: n.text for n in Notification.objects.filter(event=event).select_related("user")}


@pytest.fixture
def change(alice, bob, change_manager):
    return make_change(requested_by=alice, assignee=bob, cis=[make_ci("fw")], status="assessment")


def test_who_may_decide_is_told_and_who_may_not_is_not(change, bob):
    bob.assignments.create(role=Role.CHANGE_MANAGER)

    told = deliver("changes.change_request.submitted")

    assert told == {"change.manager": f"{change.display} waits for your decision."}


def test_the_requester_hears_the_decision(change, change_manager):
    decide(waiting(change), change_manager, "rejected", "Too short.")

    assert "“rejected”" in deliver("changes.authorisation.decided")["alice"]


def test_who_authorised_hears_that_it_fell_and_is_asked_again(change, change_manager):
    decide(waiting(change), change_manager)
    requests.plan(change_id=change.pk, reason="Other", actor=SYSTEM)

    assert set(deliver("changes.authorisation.fell")) == {"alice", "change.manager"}
    assert set(deliver("changes.change_request.reassessed")) == {"change.manager"}


def test_a_task_is_told_to_whom_it_was_given(change, bob, person):
    assert set(deliver("changes.task.added")) == {"bob"}
    tasks.hand_over(task_id=change.tasks.get().pk, to=person("carol"), actor=Actor.person(bob))
    assert "acknowledge" in deliver("changes.task.handed_over")["carol"]


def test_those_at_work_hear_of_another_window(change):
    requests.schedule(change_id=change.pk, start=START, end=END.replace(minute=30), actor=SYSTEM)

    assert deliver("changes.change_request.window_moved") == {"bob": f"{change.display} has another window."}
