"""While a change is implemented: the sheet, more time, the way back, and what somebody must say."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from changes import jobs
from changes.fingerprint import fingerprint_of
from changes.models import ChangeRequest, ChangeTask, RunQuestion, WindowExtension
from changes.operations import planning, requests, running, tasks
from changes.queries.durations import learnt
from changes.queries.sheet import sheet_of
from changes.subscriptions import ask_who_can_answer
from itsm.kernel.actor import Actor
from itsm.kernel.errors import Forbidden, IllegalMove, InvalidInput
from itsm.kernel.models import LedgerEntry, Notification, OutboxEvent
from tests.builders import SYSTEM, make_ci, make_service
from tests.changes.builders import END, NOW, START, decide, make_change, make_model, make_policy, waiting

pytestmark = pytest.mark.django_db
AFTER = END + timedelta(minutes=5)
MINUTE = timedelta(minutes=1)


@pytest.fixture
def manager(change_manager):
    return Actor.person(change_manager)


@pytest.fixture
def worker(bob):
    return Actor.person(bob)


@pytest.fixture
def firewall():
    return make_ci("fw")


@pytest.fixture
def change(alice, bob, change_manager, firewall, worker):
    """Under way since START, with one task of the way back."""
    made = make_change(requested_by=alice, assignee=bob, cis=[firewall])
    back = tasks.add(
        change_id=made.pk, title="Restore the rules", instructions="Load them.", assignee=bob, duration_minutes=10,
        phase="back_out", actor=SYSTEM,
    )  # fmt: skip
    tasks.acknowledge(task_id=back.pk, actor=worker, now=NOW)
    make_policy()
    requests.submit(change_id=made.pk, actor=SYSTEM, now=NOW)
    decide(waiting(made), change_manager)
    return requests.start(change_id=made.pk, actor=worker, now=START)


def forward(change):
    return change.tasks.get(phase="implement")


def back(change):
    return change.tasks.get(phase="back_out")


def say(change, actor, answer="go_on", now=AFTER):
    return running.answer(change_id=change.pk, answer=answer, reason="Five minutes left.", actor=actor, now=now)


def extend(change, actor, until=END + timedelta(hours=1), now=START):
    return running.extend(change_id=change.pk, until=until, reason="The import is slow.", actor=actor, now=now)


def grant(asked, actor, decision="granted", comment=""):
    return running.decide_extension(
        extension_id=asked.pk, decision=decision, comment=comment, actor=actor, now=START + MINUTE
    )


def freeze(**details):
    from changes.operations import freezes

    said = {"start": START + timedelta(minutes=30), "end": END + timedelta(days=1), "everywhere": True, **details}
    return freezes.create(name="Black Friday", actor=SYSTEM, **said)


# --- The way back -----------------------------------------------------------------------------


def test_the_way_back_is_gone_only_after_turning_and_then_nothing_else_is_begun(change, worker):
    with pytest.raises(tasks.NotTurnedBack):
        tasks.start(task_id=back(change).pk, actor=worker, now=START)
    with pytest.raises(requests.TasksOpen, match="begin the back-out"):
        requests.back_out(change_id=change.pk, reason="Down", actor=worker, now=START)
    running.begin_back_out(change_id=change.pk, reason="Shop is down", actor=worker, now=START + MINUTE)
    with pytest.raises(running.OnItsWayBack):
        tasks.start(task_id=forward(change).pk, actor=worker, now=START)
    with pytest.raises(running.OnItsWayBack):
        requests.finish(change_id=change.pk, outcome="successful", actor=worker, now=START)
    restore = tasks.start(task_id=back(change).pk, actor=worker, now=START + MINUTE)
    assert restore.starts_at == START + MINUTE
    with pytest.raises(requests.TasksOpen):
        requests.back_out(change_id=change.pk, reason="Down", actor=worker, now=START)
    tasks.finish(task_id=restore.pk, actor=worker, now=START + 5 * MINUTE)
    done = requests.back_out(change_id=change.pk, reason="Down", actor=worker, now=START + 6 * MINUTE)

    assert (done.outcome, done.backed_out_cleanly) == ("backed_out", True)


def test_a_way_back_on_which_something_failed_was_not_clean(change, worker):
    running.begin_back_out(change_id=change.pk, reason="Shop is down", actor=worker, now=START)
    tasks.start(task_id=back(change).pk, actor=worker, now=START)
    tasks.fail(task_id=back(change).pk, reason="No such file", actor=worker, now=START)

    done = requests.back_out(change_id=change.pk, reason="Down", actor=worker, now=START + MINUTE)
    assert done.backed_out_cleanly is False


def test_a_change_without_a_need_to_turn_ends_though_its_way_back_was_never_gone(change, worker):
    tasks.start(task_id=forward(change).pk, actor=worker, now=START)
    tasks.finish(task_id=forward(change).pk, actor=worker, now=START)

    assert requests.finish(change_id=change.pk, outcome="successful", actor=worker, now=START).status == "review"


def test_the_way_back_is_part_of_what_is_authorised(change):
    before = fingerprint_of(change)
    ChangeTask.objects.filter(pk=back(change).pk).update(phase="implement")
    assert fingerprint_of(change) != before


def test_forward_and_back_do_not_wait_for_each_other(alice):
    made = make_change(requested_by=alice)
    first = tasks.add(change_id=made.pk, title="a", actor=SYSTEM)
    with pytest.raises(InvalidInput, match="other way"):
        tasks.add(change_id=made.pk, title="b", phase="back_out", predecessor=first, actor=SYSTEM)
    with pytest.raises(InvalidInput, match="phase"):
        tasks.add(change_id=made.pk, title="b", phase="sideways", actor=SYSTEM)


# --- More time --------------------------------------------------------------------------------


def test_more_time_is_granted_by_somebody_without_a_part_and_the_authorisation_stands(change, worker, manager, alice):
    asked = extend(change, worker)
    for nobody in (worker, Actor.person(alice)):
        with pytest.raises(Forbidden):
            grant(asked, nobody)
    with pytest.raises(running.AskedAlready):
        extend(change, worker)
    granted = grant(asked, manager)

    change.refresh_from_db()
    assert (change.ends_at, change.status) == (END + timedelta(hours=1), "implementing")
    assert not change.authorisations.filter(state="fallen").exists()
    entry = LedgerEntry.objects.get(sequence=granted.ledger_sequence)
    assert (entry.decision, entry.subject_id) == ("extension_granted", change.pk)
    with pytest.raises(IllegalMove):
        grant(asked, manager, "refused", "Too late")


def test_a_refusal_says_why_and_leaves_the_window(change, worker, manager):
    asked = extend(change, worker)
    with pytest.raises(InvalidInput):
        grant(asked, manager, "refused")
    grant(asked, manager, "refused", "The backup begins.")
    change.refresh_from_db()
    assert change.ends_at == END


@pytest.mark.parametrize("until", [END, END - MINUTE, END + timedelta(hours=25)])
def test_more_time_is_later_and_at_most_a_day(change, worker, until):
    with pytest.raises(InvalidInput):
        extend(change, worker, until=until)
    assert not WindowExtension.objects.exists()


def test_a_window_is_not_extended_into_what_blocks(change, worker, manager, alice, firewall):
    rival = make_change(
        requested_by=alice, cis=[firewall], status="assessment", start=END, end=END + timedelta(hours=1), title="Next"
    )
    asked = extend(change, worker)
    with pytest.raises(running.ExtensionCollides, match=rival.number) as refusal:
        grant(asked, manager)
    change.refresh_from_db()
    asked.refresh_from_db()
    assert (change.ends_at, asked.state, refusal.value.checks[0]["code"]) == (END, "asked", "change")


# --- What somebody must say -------------------------------------------------------------------


def test_when_the_window_is_over_nothing_is_begun_until_somebody_without_a_part_says_go_on(change, worker, manager):
    with pytest.raises(running.NothingAsked):
        say(change, manager, now=START)
    with pytest.raises(running.AnswerNeeded, match="The window is over"):
        tasks.start(task_id=forward(change).pk, actor=worker, now=AFTER)
    with pytest.raises(Forbidden):
        say(change, worker)
    say(change, worker, "hold")
    with pytest.raises(running.AnswerNeeded):
        tasks.start(task_id=forward(change).pk, actor=worker, now=AFTER)
    say(change, manager)

    assert tasks.start(task_id=forward(change).pk, actor=worker, now=AFTER).state == "in_progress"
    said = list(LedgerEntry.objects.filter(decision__startswith="run_").values_list("decision", flat=True))
    assert said == ["run_hold", "run_go_on"]


def test_the_answer_back_out_turns_back(change, worker):
    say(change, worker, "back_out")
    change.refresh_from_db()
    assert (change.backing_out_at, change.backing_out_why) == (AFTER, "Five minutes left.")
    assert tasks.start(task_id=back(change).pk, actor=worker, now=AFTER).state == "in_progress"


def test_the_clock_asks_once_and_tells_those_who_can_answer(change, manager, bob, change_manager, viewer):
    assert not running.ask_due(actor=SYSTEM, now=START)
    asked = running.ask_due(actor=SYSTEM, now=AFTER)
    assert not running.ask_due(actor=SYSTEM, now=AFTER)
    assert [one.kind for one in asked] == ["window_over"]
    ask_who_can_answer(OutboxEvent.objects.get(name="changes.question.asked"))

    told = set(Notification.objects.filter(kind="changes.run").values_list("user__username", flat=True))
    assert told == {"bob", "alice", "change.manager"}
    assert jobs.ask_how_to_go_on() == 0


def test_a_freeze_that_begins_meanwhile_asks_where_it_bars_and_an_emergency_has_its_lane(change, firewall):
    at = START + timedelta(minutes=40)
    elsewhere = freeze(everywhere=False, services=[make_service("elsewhere")])
    before = freeze(start=START - timedelta(hours=1))
    assert not running.ask_due(actor=SYSTEM, now=at)
    meanwhile = freeze()
    ChangeRequest.objects.update(type="emergency")
    assert not running.ask_due(actor=SYSTEM, now=at)
    ChangeRequest.objects.update(type="normal")
    asked = running.ask_due(actor=SYSTEM, now=at)

    assert [(one.kind, one.freeze) for one in asked] == [("freeze_began", meanwhile)]
    assert not {elsewhere, before} & {one.freeze for one in asked}


def test_an_extension_answers_the_question_about_the_old_end(change, worker, manager):
    running.ask_due(actor=SYSTEM, now=AFTER)
    asked = extend(change, worker, now=AFTER)
    running.decide_extension(extension_id=asked.pk, decision="granted", actor=manager, now=AFTER)

    assert RunQuestion.objects.get().answer == "go_on"
    assert tasks.start(task_id=forward(change).pk, actor=worker, now=AFTER).state == "in_progress"


def test_what_asks_costs_the_same_however_much_is_under_way(change, alice, bob, django_assert_num_queries):
    with django_assert_num_queries(6):
        running.ask_due(actor=SYSTEM, now=START)
    for n in range(3):
        more = make_change(requested_by=alice, assignee=bob, title=f"More {n}")
        ChangeRequest.objects.filter(pk=more.pk).update(status="implementing", started_at=START)
    with django_assert_num_queries(6):
        running.ask_due(actor=SYSTEM, now=START)


# --- The sheet --------------------------------------------------------------------------------


def test_the_sheet_says_what_comes_next_and_page_and_rest_agree(
    change, worker, bob, viewer, api, browser_of, django_assert_max_num_queries
):
    assert [task.title for task in sheet_of(change, START).next] == ["Add the rule"]
    rest, page = (
        f"/api/changes/requests/{change.pk}/run-sheet/",
        reverse("changes:request-run-sheet", args=[change.number]),
    )
    client, browser = api(bob), browser_of(bob)
    with django_assert_max_num_queries(17):
        shown = browser.get(page).content.decode()
    assert "Add the rule" in shown
    assert f'data-queued="/api/changes/tasks/{forward(change).pk}/start/"' in shown
    assert "data-live" in shown
    assert 'id="sheet"' in browser.get(page, headers={"HX-Request": "true"}).content.decode()
    said = client.get(rest).json()
    assert [one["number"] for one in said["next"]] == [forward(change).number]
    assert said["questions"][0]["kind"] == "window_over" or said["questions"] == []
    # the same click sent twice has one effect
    for _ in range(2):
        answer = client.post(f"/api/changes/requests/{change.pk}/begin-back-out/", {"reason": "Down"}, format="json",
                             headers={"Idempotency-Key": "click-1"})  # fmt: skip
        assert answer.status_code == 200, answer.content
    assert "Restore the rules" in browser_of(viewer).get(page).content.decode()


def test_more_time_by_rest_and_on_the_page(alice, bob, change_manager, api, browser_of):
    start = timezone.now() - timedelta(minutes=10)
    change = make_change(requested_by=alice, assignee=bob, start=start, end=start + timedelta(hours=2))
    ChangeRequest.objects.filter(pk=change.pk).update(status="implementing", started_at=start)
    until = (start + timedelta(hours=3)).isoformat()
    asked = api(bob).post(
        f"/api/changes/requests/{change.pk}/extend/", {"until": until, "reason": "Slow"}, format="json"
    )
    assert asked.status_code == 200, asked.content
    found = WindowExtension.objects.get()
    listed = api(change_manager).get("/api/changes/extensions/", {"state": "asked"}).json()["results"]
    assert [one["number"] for one in listed] == [found.number]
    answer = browser_of(change_manager).post(
        reverse("changes:extension-decide", args=[found.number]), {"decision": "granted"}
    )
    assert answer.status_code == 302
    change.refresh_from_db()
    assert change.ends_at.isoformat() == until


def test_the_next_plan_knows_how_long_tasks_really_took(alice, bob, viewer, api, change_manager, browser_of):
    model = make_model("patching", tasks=[{"title": "Add the rule", "instructions": "x"}])
    now = timezone.now()
    for took in (5, 6, 7, 8, 29):
        past = make_change(requested_by=alice, model=model)
        past.tasks.update(
            state="done", assignee=bob, started_at=now - timedelta(minutes=took, seconds=-1), finished_at=now
        )
    took = learnt(model.pk, now)["Add the rule"]
    assert (took.times, took.p50_minutes, took.p90_minutes) == (5, 7, 21)
    planned = planning.draft(title="Next", model=model, requested_by=alice, actor=SYSTEM)
    assert planned.tasks.get().duration_minutes == 21
    assert "usual 7–21" in browser_of(alice).get(planned.get_absolute_url()).content.decode()
    rows = api(viewer).get("/api/changes/tasks/durations/", {"model": "patching"}).json()["results"]
    assert rows == [{"title": "Add the rule", "times": 5, "p50_minutes": 7, "p90_minutes": 21}]
    assert api(viewer).get("/api/changes/tasks/durations/").status_code == 400
    ChangeRequest.objects.update(confidential=True)
    assert learnt(model.pk, now) == {}
