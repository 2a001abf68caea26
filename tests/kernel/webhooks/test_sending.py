"""Events reach endpoints: signed, again until they are taken, and never what the owner may not see."""

import json
import socket
import threading
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest
from django.utils import timezone

from itsm.kernel.actor import Actor
from itsm.kernel.models import EventDelivery, Notification, WebhookAttempt, WebhookDelivery
from itsm.kernel.webhooks import call, operations, sending
from tests.builders import SYSTEM, make_ci, make_service
from tests.kernel.webhooks.builders import later, long_ago, send_all

pytestmark = pytest.mark.django_db


def only(endpoint) -> WebhookDelivery:
    return WebhookDelivery.objects.get(endpoint=endpoint)


def state_of(endpoint) -> str:
    endpoint.refresh_from_db()
    return str(endpoint.state)


def test_an_event_arrives_once_signed_so_that_the_library_verifies_it(receiver, endpoint_to):
    endpoint, secret = endpoint_to("cmdb.ci.*")
    ci = make_ci("db-1")
    send_all()
    send_all()

    assert receiver.types() == ["cmdb.ci.created"]
    said = receiver.verified(secret)
    assert said["data"]["subject"] == {"type": "cmdb.configurationitem", "id": ci.pk, "display": str(ci)}
    assert datetime.fromisoformat(said["timestamp"]).tzinfo
    assert receiver.got[0]["path"] == "/hook?for=slipway"
    assert receiver.got[0]["headers"]["Content-Type"] == "application/json"
    delivery = only(endpoint)
    assert receiver.got[0]["headers"]["webhook-id"] == delivery.message_id
    assert (delivery.state, delivery.attempts, delivery.log.get().status) == ("done", 1, 204)


def test_only_what_it_asked_for_is_sent(receiver, endpoint_to):
    shop, till = make_service("Shop"), make_service("Till")
    endpoint_to("cmdb.service.updated", service_id=shop.pk)
    from cmdb.operations import services

    for service in (shop, till):
        services.update(service_id=service.pk, actor=SYSTEM, summary="x")
    send_all()
    assert receiver.types() == ["cmdb.service.updated"]
    assert json.loads(receiver.got[0]["body"])["data"]["subject"]["id"] == shop.pk


def test_without_an_endpoint_nothing_is_written(db):
    make_ci("db-1")
    send_all()
    assert not EventDelivery.objects.filter(subscriber__contains="webhooks").exists()


def test_what_is_not_taken_is_sent_again_with_the_same_id_and_a_new_time(receiver, endpoint_to):
    endpoint, secret = endpoint_to("cmdb.ci.created")
    make_ci("db-1")
    receiver.answer(500, b"we are\x00 ill")
    send_all()
    delivery = only(endpoint)
    assert (delivery.state, delivery.problem) == ("failing", "It answered 500, not 2xx.")
    assert timedelta(seconds=4) < delivery.due_at - timezone.now() < timedelta(seconds=6)

    send_all()
    assert len(receiver.got) == 1  # not before its time
    later()
    send_all()
    assert only(endpoint).state == "done"
    assert len({each["headers"]["webhook-id"] for each in receiver.got}) == 1
    assert receiver.verified(secret)["type"] == "cmdb.ci.created"
    first, second = WebhookAttempt.objects.order_by("pk")
    assert (first.status, first.answer, second.status) == (500, "we are ill", 204)


def test_the_waits_are_those_of_the_standard(receiver, endpoint_to):
    assert sum(sending.WAITS, timedelta()) == timedelta(hours=75, minutes=35, seconds=5)
    for attempts, wait in enumerate(sending.WAITS, 1):
        assert wait <= sending.wait_after(attempts) <= wait * 1.1
    endpoint, _ = endpoint_to("cmdb.ci.created")
    make_ci("db-1")
    for _n in range(sending.MOST_ATTEMPTS + 2):
        receiver.answer(500)
        send_all()
        later()
    assert len(receiver.got) == sending.MOST_ATTEMPTS
    assert only(endpoint).state == "parked"


@pytest.mark.parametrize("header", ["7200", "date"])
def test_it_waits_as_long_as_a_busy_endpoint_asks_with_all_its_messages(receiver, endpoint_to, header):
    endpoint, _ = endpoint_to("cmdb.ci.created")
    make_ci("db-1")
    make_ci("db-2")
    asked = "7200" if header == "7200" else format_datetime(datetime.now(UTC) + timedelta(hours=2), usegmt=True)
    receiver.answer(429, Retry_After=asked)
    send_all()
    send_all()
    assert len(receiver.got) == 1
    failing = WebhookDelivery.objects.get(endpoint=endpoint, attempts=1)
    endpoint.health.refresh_from_db()
    for until in (failing.due_at, endpoint.health.paused_until):
        assert timedelta(minutes=119) < until - timezone.now() < timedelta(minutes=121)


def test_410_disables_the_endpoint_at_once_and_tells_its_owner(receiver, endpoint_to, alice):
    endpoint, _ = endpoint_to("cmdb.ci.created")
    make_ci("db-1")
    receiver.answer(410)
    send_all()
    assert state_of(endpoint) == "disabled"
    assert only(endpoint).state == "parked"
    told = Notification.objects.get(user=alice)
    assert told.text.startswith("The webhook Chat was disabled. It answered 410")
    assert told.link == endpoint.get_absolute_url()

    make_ci("db-2")
    send_all()
    assert len(receiver.got) == 1


def test_an_endpoint_that_fails_for_days_is_disabled_and_what_waits_goes_out_when_it_is_enabled(
    receiver, endpoint_to, alice
):
    endpoint, _ = endpoint_to("cmdb.ci.created")
    make_ci("db-1")
    receiver.answer(500)
    send_all()
    assert state_of(endpoint) == "active"
    long_ago(endpoint)
    later()
    receiver.answer(500)
    send_all()
    assert state_of(endpoint) == "disabled"
    assert endpoint.reason.startswith("Nothing got through since")
    assert Notification.objects.filter(user=alice).count() == 1

    operations.enable(endpoint_id=endpoint.pk, actor=SYSTEM)
    later()
    send_all()
    assert (state_of(endpoint), only(endpoint).state) == ("active", "done")
    endpoint.health.refresh_from_db()
    assert endpoint.health.failing_since is None


def test_one_success_forgives_what_failed_before(receiver, endpoint_to):
    endpoint, _ = endpoint_to("cmdb.ci.created")
    make_ci("db-1")
    receiver.answer(500)
    send_all()
    long_ago(endpoint)
    later()
    send_all()
    make_ci("db-2")
    receiver.answer(500)
    send_all()
    assert state_of(endpoint) == "active"


def test_the_administrators_are_told_where_a_machine_account_owns_it(receiver, endpoint_to, pipeline, administrator):
    endpoint_to("cmdb.ci.created", owner=pipeline)
    make_ci("db-1")
    receiver.answer(410)
    send_all()
    assert Notification.objects.get().user == administrator


def test_a_redirect_is_not_followed(receiver, endpoint_to):
    endpoint, _ = endpoint_to("cmdb.ci.created")
    make_ci("db-1")
    receiver.answer(307, Location=f"http://127.0.0.1:{receiver.port}/elsewhere")
    send_all()
    assert [each["path"] for each in receiver.got] == ["/hook?for=slipway"]
    assert only(endpoint).problem.startswith("It answered 307; redirects are not followed.")


def test_only_the_beginning_of_an_answer_is_kept(receiver, endpoint_to):
    endpoint, _ = endpoint_to("cmdb.ci.created")
    make_ci("db-1")
    receiver.answer(200, b"x" * 1_000_000)
    send_all()
    assert (only(endpoint).state, len(only(endpoint).log.get().answer)) == ("done", call.ANSWER_KEPT)


@pytest.mark.parametrize(
    ("beginning", "taken"),
    [(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n", True), (b"HTTP/1.1 ", False)],
)
def test_an_endpoint_that_trickles_is_cut_off_and_judged_by_its_status(monkeypatch, on_loopback, beginning, taken):
    monkeypatch.setattr(call, "DEADLINE_SECONDS", 0.4)
    listener, over = socket.create_server(("127.0.0.1", 0)), threading.Event()

    def trickle():
        line, _ = listener.accept()
        with line:
            line.recv(65536)
            line.sendall(beginning)
            while not over.wait(0.1):
                try:
                    line.sendall(b"x")
                except OSError:
                    return

    threading.Thread(target=trickle, daemon=True).start()
    started = timezone.now()
    answer = call.post(f"http://127.0.0.1:{listener.getsockname()[1]}/", b"{}", {})
    over.set()
    listener.close()
    assert answer.took_it is taken
    assert timezone.now() - started < timedelta(seconds=2)


def test_one_that_is_not_there_costs_one_attempt_a_turn(endpoint_to, receiver):
    endpoint_to("cmdb.ci.created")
    make_ci("db-1")
    make_ci("db-2")
    receiver.close()
    send_all()
    assert sorted(WebhookDelivery.objects.values_list("attempts", flat=True)) == [0, 1]
    assert WebhookAttempt.objects.get().problem == "No connection: Connection refused."


def test_a_worker_that_dies_on_the_way_leaves_the_message_to_another(receiver, endpoint_to):
    endpoint, _ = endpoint_to("cmdb.ci.created")
    operations.ping(endpoint_id=endpoint.pk, actor=SYSTEM)
    assert sending._claim(endpoint.pk)
    send_all()
    assert receiver.got == []
    later()
    send_all()
    assert (only(endpoint).state, only(endpoint).attempts) == ("done", 2)


def test_after_a_rotation_both_secrets_sign_for_a_day(receiver, endpoint_to):
    endpoint, old = endpoint_to("cmdb.ci.created")
    now = timezone.now()
    _, new = operations.rotate(endpoint_id=endpoint.pk, actor=SYSTEM, now=now)
    make_ci("db-1")
    send_all()
    assert receiver.verified(old) == receiver.verified(new)

    endpoint.refresh_from_db()
    endpoint.previous_until = now - timedelta(seconds=1)
    endpoint.save()
    make_ci("db-2")
    send_all()
    assert receiver.verified(new)
    with pytest.raises(Exception, match="No matching signature"):
        receiver.verified(old)


def test_a_message_is_sent_again_with_its_id(receiver, endpoint_to):
    endpoint, secret = endpoint_to("cmdb.ci.created")
    make_ci("db-1")
    send_all()
    operations.send_again(delivery_id=only(endpoint).pk, actor=SYSTEM)
    send_all()
    assert receiver.got[0]["body"] == receiver.got[1]["body"]
    assert receiver.got[0]["headers"]["webhook-id"] == receiver.got[1]["headers"]["webhook-id"]
    assert receiver.verified(secret)
    assert only(endpoint).log.count() == 2


def test_nothing_is_sent_for_an_owner_whose_account_is_closed(receiver, endpoint_to, alice):
    endpoint_to("cmdb.ci.created")
    alice.is_active = False
    alice.save()
    make_ci("db-1")
    send_all()
    assert receiver.got == []


def test_a_lost_secret_parks_the_message_and_says_what_to_do(receiver, endpoint_to, settings):
    endpoint, _ = endpoint_to("cmdb.ci.created")
    make_ci("db-1")
    settings.SECRET_KEY = "another one"
    send_all()
    assert (receiver.got, only(endpoint).state) == ([], "parked")
    assert "Rotate it" in only(endpoint).problem


def test_a_message_whose_worker_died_at_its_last_attempt_is_parked(receiver, endpoint_to):
    endpoint, _ = endpoint_to("cmdb.ci.created")
    operations.ping(endpoint_id=endpoint.pk, actor=SYSTEM)
    WebhookDelivery.objects.update(attempts=sending.MOST_ATTEMPTS, due_at=timezone.now())
    assert sending.park_lost() == 1
    assert only(endpoint).state == "parked"


def test_old_messages_are_forgotten(receiver, endpoint_to):
    endpoint, _ = endpoint_to("cmdb.ci.created")
    for days in (31, 1):
        delivery = operations.ping(endpoint_id=endpoint.pk, actor=SYSTEM)
        WebhookDelivery.objects.filter(pk=delivery.pk).update(created_at=timezone.now() - timedelta(days=days))
    sending.forget()
    assert WebhookDelivery.objects.count() == 1


def test_a_payload_too_long_for_receivers_is_left_out(receiver, endpoint_to, subscribe, heard):
    endpoint_to("*")
    from tests.kernel.outbox_builders import happen

    happen(make_ci("db-1"), "n" * 30_000)
    send_all()
    [said] = [json.loads(each["body"]) for each in receiver.got if b"test.happened" in each["body"]]
    assert (said["data"]["payload"], said["data"]["payload_omitted"]) == ({}, True)


def test_a_ping_goes_to_this_endpoint_alone(receiver, endpoint_to):
    endpoint, _ = endpoint_to("cmdb.ci.created")
    endpoint_to("*")
    operations.ping(endpoint_id=endpoint.pk, actor=SYSTEM)
    send_all()
    assert "ping" in receiver.types()
    assert WebhookDelivery.objects.filter(name="ping").get().endpoint == endpoint


def test_only_an_administrator_may(endpoint_to, change_manager):
    endpoint, _ = endpoint_to("*")
    actor, refused = Actor.person(change_manager), "Only an administrator"
    for attempt in (
        lambda: operations.create(name="x", url="https://1.1.1.1/", patterns=["*"], actor=actor),
        lambda: operations.update(endpoint_id=endpoint.pk, name="x", actor=actor),
        lambda: operations.rotate(endpoint_id=endpoint.pk, actor=actor, now=timezone.now()),
        lambda: operations.disable(endpoint_id=endpoint.pk, reason="x", actor=actor),
        lambda: operations.ping(endpoint_id=endpoint.pk, actor=actor),
    ):
        with pytest.raises(Exception, match=refused):
            attempt()
    endpoint.refresh_from_db()
    assert (endpoint.revision, endpoint.name) == (1, "Chat")
