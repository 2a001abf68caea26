"""The outbox: what happened is published after commit, and each subscriber has its effect once, in order."""

from datetime import timedelta
from threading import Event, Thread

import pytest
from django.core.management import call_command
from django.db import connection, transaction
from django.utils import timezone

from itsm.kernel import events, outbox
from itsm.kernel.actor import Actor
from itsm.kernel.errors import Forbidden
from itsm.kernel.locks import alone
from itsm.kernel.models import EventDelivery, OutboxEvent
from tests.builders import SYSTEM, make_ci
from tests.kernel.outbox_builders import deliver_all, happen, later, park

pytestmark = pytest.mark.django_db


def test_an_event_of_a_refused_operation_never_was(heard):
    ci = make_ci("db-1")
    before = OutboxEvent.objects.count()

    with transaction.atomic():
        happen(ci)
        transaction.set_rollback(True)

    assert OutboxEvent.objects.count() == before


def test_a_subscriber_hears_each_event_once_in_order_however_often_the_relay_comes(heard):
    ci = make_ci("db-1")
    for n in range(3):
        happen(ci, n)

    deliver_all()
    deliver_all()

    assert heard == [("db-1", 0), ("db-1", 1), ("db-1", 2)]
    assert EventDelivery.objects.get(event__payload__n=1).done_at


def test_the_relay_is_woken_once_for_many_events_of_a_transaction(heard, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks() as callbacks:
        ci = make_ci("db-1")
        for n in range(3):
            happen(ci, n)
    assert callbacks == [events.ring]


def test_delivering_again_what_was_delivered_does_nothing(heard):
    happen(make_ci("db-1"))
    deliver_all()
    assert outbox._deliver(EventDelivery.objects.get(subscriber="tests.listen").pk) is False
    assert len(heard) == 1


def test_who_subscribes_to_everything_hears_everything(heard, monkeypatch):
    every: list[str] = []
    monkeypatch.setitem(events._subscribers, "*", {"tests.every": lambda event: every.append(event.name)})
    happen(make_ci("db-1"))

    deliver_all()

    assert every == ["cmdb.ci_class.created", "cmdb.ci.created", "test.happened"]
    assert len(heard) == 1


def test_a_failed_effect_leaves_nothing_and_is_tried_again_later(broken):
    event = happen(make_ci("db-1"))
    deliver_all()

    delivery = EventDelivery.objects.get(event=event)
    assert delivery.state == "failing"
    assert delivery.problem == "ValueError: the mail server is away"
    assert delivery.due_at > timezone.now()
    assert not OutboxEvent.objects.filter(subject="half done").exists()

    broken["is"] = False
    deliver_all()
    assert EventDelivery.objects.get(event=event).done_at is None, "not before its time"
    later()
    deliver_all()
    assert EventDelivery.objects.get(event=event).state == "done"


def test_the_waits_grow_up_to_ten_minutes(broken):
    event = happen(make_ci("db-1"))
    waits = []
    outbox.publish()
    for _ in range(outbox.MOST_ATTEMPTS):
        later()
        outbox.drain("tests.fail")
        waits.append(round((EventDelivery.objects.get(event=event).due_at - timezone.now()).total_seconds()))
    assert waits == [5, 10, 20, 40, 80, 160, 320, 600, 600, 600]


def test_a_failing_subscriber_holds_up_nobody_else_and_itself_only_about_this_subject(heard, subscribe):
    refused, done = {"db-1"}, []

    def pick(event: OutboxEvent) -> None:
        if event.subject in refused:
            raise ValueError("not this one")
        done.append((event.subject, event.payload["n"]))

    subscribe("tests.pick", pick)
    first, second = make_ci("db-1"), make_ci("db-2")
    happen(first, 1)
    happen(second, 2)
    happen(first, 3)

    deliver_all()

    assert heard == [("db-1", 1), ("db-2", 2), ("db-1", 3)]
    assert done == [("db-2", 2)]
    refused.clear()
    later()
    deliver_all()
    assert done == [("db-2", 2), ("db-1", 1), ("db-1", 3)]


def test_after_its_last_attempt_it_is_parked_and_what_follows_goes_on(broken):
    ci = make_ci("db-1")
    parked = park(happen(ci, 1))
    broken["is"] = False
    following = happen(ci, 2)

    deliver_all()

    assert parked.state == "parked"
    assert events.lag()["parked"] == 1
    assert EventDelivery.objects.get(event=following).state == "done"


def test_a_parked_one_is_sent_again_when_somebody_says_so(broken, capsys):
    parked = park(happen(make_ci("db-1")))
    broken["is"] = False

    call_command("outbox", send_again="all")
    deliver_all()

    assert "the mail server is away" not in capsys.readouterr().out
    parked.refresh_from_db()
    assert parked.state == "done"
    with pytest.raises(outbox.NotParked):
        outbox.send_again(delivery_id=parked.pk, actor=SYSTEM)


def test_only_an_administrator_sends_again(broken, change_manager):
    parked = park(happen(make_ci("db-1")))

    with pytest.raises(Forbidden):
        outbox.send_again(delivery_id=parked.pk, actor=Actor.person(change_manager))

    parked.refresh_from_db()
    assert parked.state == "parked"


def test_one_that_kills_its_worker_each_time_is_parked_too(heard):
    event = happen(make_ci("db-1"))
    outbox.publish()
    for attempts in range(outbox.MOST_ATTEMPTS):
        later()
        assert outbox._claim(event.deliveries.get().pk, attempts)  # and then the worker dies

    later()
    assert outbox.drain("tests.listen") == 0
    outbox.park_killers()
    assert EventDelivery.objects.get(event=event).state == "parked"
    assert heard == []


def test_what_nobody_understands_any_more_is_parked_not_lost(subscribe, heard, monkeypatch):
    event = happen(make_ci("db-1"))
    outbox.publish()
    monkeypatch.setitem(events._subscribers, "test.happened", {})
    assert "no longer subscribes" in park(event).problem


def test_lag_tells_what_waits_and_how_long(heard, broken):
    ci = make_ci("db-1")
    deliver_all()
    assert events.lag()["undelivered"] == 0
    event = happen(ci)
    OutboxEvent.objects.filter(pk=event.pk).update(occurred_at=timezone.now() - timedelta(minutes=2))

    waiting = events.lag()
    outbox.publish()
    published = events.lag()
    deliver_all()

    assert waiting["unpublished"] >= 1
    assert 119 < waiting["unpublished_age"] < 130
    assert published["unpublished"] == published["unpublished_age"] == 0
    assert published["undelivered"] == 2
    assert 119 < published["undelivered_age"] < 130
    assert events.lag()["undelivered"] == 1


def test_old_events_are_forgotten_once_all_have_had_them(heard, broken):
    done, open_ = happen(make_ci("db-1"), 1), happen(make_ci("db-2"), 2)
    deliver_all()
    EventDelivery.objects.filter(event=done, subscriber="tests.fail").update(done_at=timezone.now())
    OutboxEvent.objects.update(occurred_at=timezone.now() - outbox.KEPT - timedelta(days=1))
    recent = happen(make_ci("db-3"), 3)

    outbox.forget()

    assert set(OutboxEvent.objects.filter(name="test.happened")) == {open_, recent}


def test_publishing_takes_the_same_few_queries_for_many(heard, django_assert_num_queries):
    ci = make_ci("db-1")
    for n in range(30):
        happen(ci, n)
    with django_assert_num_queries(11):
        outbox.publish()


@pytest.mark.django_db(transaction=True)
def test_two_relays_at_once_do_not_let_an_event_overtake_another(heard):
    ci = make_ci("db-1")
    happen(ci, 1)
    holds, may_go, second_done = Event(), Event(), Event()

    def slow_relay():
        with transaction.atomic():
            outbox._publish_batch()
            holds.set()
            may_go.wait(10)
        connection.close()

    def second_relay():
        outbox.publish()
        second_done.set()
        connection.close()

    first = Thread(target=slow_relay)
    first.start()
    holds.wait(10)
    happen(ci, 2)
    second = Thread(target=second_relay)
    second.start()
    overtook = second_done.wait(0.5)
    may_go.set()
    first.join(10)
    second.join(10)
    outbox.drain("tests.listen")

    assert not overtook
    assert [n for _, n in heard] == [1, 2]


@pytest.mark.django_db(transaction=True)
def test_two_workers_at_once_deliver_in_order_and_once(heard):
    ci = make_ci("db-1")
    for n in range(40):
        happen(ci, n)
    outbox.publish()

    def work():
        for _ in range(5):
            outbox.drain("tests.listen")
        connection.close()

    workers = [Thread(target=work) for _ in range(3)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join(30)

    assert [n for _, n in heard] == list(range(40))


@pytest.mark.django_db(transaction=True)
def test_one_worker_at_a_time_is_at_a_subscriber():
    seen = []

    def other():
        with alone("outbox x") as mine:
            seen.append(mine)
        connection.close()

    with alone("outbox x") as mine:
        thread = Thread(target=other)
        thread.start()
        thread.join(10)
    thread = Thread(target=other)
    thread.start()
    thread.join(10)
    assert (mine, seen) == (True, [False, True])
