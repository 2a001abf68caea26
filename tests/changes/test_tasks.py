"""Tasks: planned in order, acknowledged by their own people, done one after the other, handed over."""

import pytest
from django.urls import reverse

from changes.actions import TASK_ACTIONS
from changes.models import ChangeTask
from changes.operations import requests, tasks
from changes.queries.tasks import waiting_for
from itsm.kernel.actor import Actor
from itsm.kernel.errors import Forbidden, IllegalMove, InvalidInput
from tests.builders import SYSTEM, make_ci
from tests.changes.builders import NOW, START, decide, make_change, waiting

pytestmark = pytest.mark.django_db


@pytest.fixture
def change(alice, bob):
    return make_change(requested_by=alice, assignee=bob, cis=[make_ci("fw")], status="assessment")


@pytest.fixture
def task(change):
    return change.tasks.get()


@pytest.fixture
def carol(person):
    return person("carol", "implementer")


def test_only_the_assignee_acknowledges(alice, bob, change_manager):
    change = make_change(requested_by=alice, assignee=bob, acknowledged=False, status="assessment")
    task = change.tasks.get()
    assert list(waiting_for(Actor.person(bob))) == [task]
    for other in (alice, change_manager):
        with pytest.raises(Forbidden):
            tasks.acknowledge(task_id=task.pk, actor=Actor.person(other), now=NOW)

    acknowledged = tasks.acknowledge(task_id=task.pk, actor=Actor.person(bob), now=NOW)

    assert (acknowledged.state, acknowledged.acknowledged_at) == ("acknowledged", NOW)
    assert not waiting_for(Actor.person(bob)).exists()


def test_a_task_starts_only_when_its_change_has(task, bob):
    with pytest.raises(tasks.NotImplementing):
        tasks.start(task_id=task.pk, actor=Actor.person(bob), now=START)


def test_a_task_waits_for_the_one_before(change, task, bob, change_manager):
    second = tasks.add(
        change_id=change.pk, title="Restart", instructions="x", duration_minutes=5, offset_minutes=30, assignee=bob,
        predecessor=task, actor=SYSTEM,
    )  # fmt: skip
    worker = Actor.person(bob)
    tasks.acknowledge(task_id=second.pk, actor=worker, now=NOW)
    decide(waiting(change), change_manager)
    requests.start(change_id=change.pk, actor=worker, now=START)

    with pytest.raises(tasks.PredecessorOpen):
        tasks.start(task_id=second.pk, actor=worker, now=START)
    tasks.start(task_id=task.pk, actor=worker, now=START)
    tasks.finish(task_id=task.pk, actor=worker, now=START, note="Saved to disk.")
    assert tasks.start(task_id=second.pk, actor=worker, now=START).state == "in_progress"


def test_a_handed_over_task_is_acknowledged_anew_and_the_authorisation_stands(change, task, bob, carol, change_manager):
    decide(waiting(change), change_manager)
    tasks.hand_over(task_id=task.pk, to=carol, reason="I am ill.", actor=Actor.person(bob))

    task.refresh_from_db()
    change.refresh_from_db()
    assert (task.assignee, task.state, task.acknowledged_at, task.note) == (carol, "planned", None, "I am ill.")
    assert change.status == "scheduled"
    with pytest.raises(requests.NotAcknowledged, match="carol"):
        requests.start(change_id=change.pk, actor=Actor.person(change_manager), now=START)


def test_who_authorised_a_change_does_not_carry_it_out(change, task, bob, change_manager):
    decide(waiting(change), change_manager)

    with pytest.raises(tasks.DecidedOnIt):
        tasks.hand_over(task_id=task.pk, to=change_manager, actor=Actor.person(bob))
    with pytest.raises(tasks.DecidedOnIt):
        tasks.update(task_id=task.pk, assignee=change_manager, actor=SYSTEM)
    with pytest.raises(tasks.DecidedOnIt):
        tasks.add(change_id=change.pk, title="x", assignee=change_manager, actor=SYSTEM)
    task.refresh_from_db()
    assert task.assignee == bob
    assert change.tasks.count() == 1


def test_a_task_goes_to_nobody_who_cannot_take_it(task, bob, pipeline, person):
    gone = person("gone", is_active=False)
    for to in (bob, pipeline, gone):
        with pytest.raises(InvalidInput):
            tasks.hand_over(task_id=task.pk, to=to, actor=Actor.person(bob))


def test_an_order_in_a_circle_or_to_another_change_is_refused(change, task, alice):
    second = tasks.add(change_id=change.pk, title="Second", predecessor=task, actor=SYSTEM)
    elsewhere = tasks.add(change_id=make_change(requested_by=alice).pk, title="Elsewhere", actor=SYSTEM)

    with pytest.raises(InvalidInput, match="circle"):
        tasks.update(task_id=task.pk, predecessor=second, actor=SYSTEM)
    with pytest.raises(InvalidInput, match="same change"):
        tasks.update(task_id=task.pk, predecessor=elsewhere, actor=SYSTEM)
    with pytest.raises(InvalidInput, match="place"):
        tasks.update(task_id=task.pk, order=second.order, actor=SYSTEM)
    task.refresh_from_db()
    assert (task.predecessor, task.order) == (None, 1)


def test_a_new_assignee_acknowledges_anew(task, carol):
    changed = tasks.update(task_id=task.pk, assignee=carol, actor=SYSTEM)

    assert (changed.state, changed.acknowledged_at) == ("planned", None)


def test_new_instructions_make_an_authorisation_fall(change, task, change_manager):
    decide(waiting(change), change_manager)
    tasks.update(task_id=task.pk, instructions="Add two rules.", actor=SYSTEM)

    change.refresh_from_db()
    assert change.status == "assessment"


def test_what_is_skipped_or_failed_says_why_and_stays_so(change, task, bob):
    with pytest.raises(InvalidInput):
        tasks.skip(task_id=task.pk, reason="", actor=Actor.person(bob))
    tasks.skip(task_id=task.pk, reason="Not needed.", actor=Actor.person(bob))

    with pytest.raises(IllegalMove):
        tasks.acknowledge(task_id=task.pk, actor=Actor.person(bob), now=NOW)
    assert ChangeTask.objects.get(pk=task.pk).note == "Not needed."


def test_nothing_is_left_to_do_in_a_change_that_has_ended(change, task, bob, carol, alice):
    requests.cancel(change_id=change.pk, reason="Not needed.", actor=Actor.person(alice))

    for deed in (
        lambda: tasks.acknowledge(task_id=task.pk, actor=Actor.person(bob), now=NOW),
        lambda: tasks.skip(task_id=task.pk, reason="x", actor=Actor.person(bob)),
        lambda: tasks.hand_over(task_id=task.pk, to=carol, actor=Actor.person(bob)),
    ):
        with pytest.raises(tasks.ChangeEnded):
            deed()
    task.refresh_from_db()
    assert (task.state, task.assignee) == ("acknowledged", bob)
    offered = {a.name: a.refusal(Actor.person(bob), task) for a in TASK_ACTIONS}
    assert "cancelled" in offered["hand-over"]
    assert all(offered.values())


def test_a_task_is_taken_out_and_what_was_authorised_with_it_falls(change, task, alice, change_manager):
    about = {"instructions": "Look at it.", "duration_minutes": 5, "offset_minutes": 30, "assignee": task.assignee}
    after = tasks.add(change_id=change.pk, title="Look", predecessor=task, actor=SYSTEM, **about)
    tasks.acknowledge(task_id=after.pk, actor=Actor.person(task.assignee), now=NOW)
    decide(waiting(change), change_manager)
    tasks.remove(task_id=task.pk, actor=Actor.person(alice))

    after.refresh_from_db()
    change.refresh_from_db()
    assert (change.status, after.predecessor, list(change.tasks.all())) == ("assessment", None, [after])
    fell = change.authorisations.get(state="fallen")
    assert fell.fell_because == f"The task “{task.title}” was taken out."
    kept = ChangeTask.pgh_event_model.objects.filter(pgh_obj_id=task.pk, pgh_label="delete")
    assert kept.get().title == task.title


def test_it_refuses_others_to_take_a_task_out_and_once_work_has_begun(change, task, bob, change_manager):
    with pytest.raises(Forbidden):
        tasks.remove(task_id=task.pk, actor=Actor.person(bob))
    tasks.skip(task_id=task.pk, reason="Not needed.", actor=Actor.person(change_manager))
    with pytest.raises(IllegalMove, match="is skipped; it stays in the plan"):
        tasks.remove(task_id=task.pk, actor=SYSTEM)


def test_a_task_is_taken_out_on_its_page_and_by_the_api(browser_of, api, change, task, alice, bob):
    second = tasks.add(change_id=change.pk, title="Look", actor=SYSTEM)
    address = reverse("changes:task-remove", args=[task.number])
    assert f'href="{address}"' in browser_of(alice).get(change.get_absolute_url()).content.decode()
    assert browser_of(alice).post(address).status_code == 302
    assert api(bob).delete(f"/api/changes/tasks/{second.number}/").status_code == 403
    assert api(alice).delete(f"/api/changes/tasks/{second.number}/").status_code == 204
    assert not change.tasks.exists()


def test_a_task_that_somebody_changed_since_is_not_taken_out(api, task, alice):
    seen = api(alice).get(f"/api/changes/tasks/{task.number}/")["ETag"]
    tasks.update(task_id=task.pk, title="Another", actor=SYSTEM)
    answer = api(alice).delete(f"/api/changes/tasks/{task.number}/", headers={"If-Match": seen})
    assert (answer.status_code, ChangeTask.objects.filter(pk=task.pk).exists()) == (412, True)
