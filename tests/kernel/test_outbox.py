"""The outbox: what happened is published after commit, and each subscriber has its effect once."""

import pytest
from django.db import transaction

from itsm.kernel import events, jobs
from itsm.kernel.models import EventReceipt, OutboxEvent
from tests.builders import make_ci

pytestmark = pytest.mark.django_db


@pytest.fixture
def heard(monkeypatch):
    """A subscriber to `test.happened` that writes down what it hears."""
    seen: list[str] = []

    def listen(event: OutboxEvent) -> None:
        seen.append(event.subject)

    monkeypatch.setitem(events._subscribers, "test.happened", {"tests.listen": listen})
    return seen


def test_an_event_of_a_refused_operation_never_was(system, heard):
    ci = make_ci("db-1")
    before = OutboxEvent.objects.count()

    with transaction.atomic():
        events.record("test.happened", ci, actor=system)
        transaction.set_rollback(True)

    assert OutboxEvent.objects.count() == before


def test_a_subscriber_hears_an_event_once_however_often_it_is_delivered(system, heard):
    event = events.record("test.happened", make_ci("db-1"), actor=system)

    assert events.deliver(event.pk, "tests.listen") is True
    assert events.deliver(event.pk, "tests.listen") is False

    assert heard == ["db-1"]
    assert EventReceipt.objects.count() == 1


def test_a_failed_effect_leaves_no_receipt_so_that_it_is_tried_again(system, monkeypatch):
    def fail(event: OutboxEvent) -> None:
        raise ValueError("the mail server is away")

    monkeypatch.setitem(events._subscribers, "test.happened", {"tests.fail": fail})
    event = events.record("test.happened", make_ci("db-1"), actor=system)

    with pytest.raises(ValueError):
        events.deliver(event.pk, "tests.fail")

    assert not EventReceipt.objects.exists()


def test_the_relay_hands_every_waiting_event_to_its_subscribers(system, heard, monkeypatch):
    handed: list[tuple[int, str]] = []
    monkeypatch.setattr(jobs.deliver_event, "delay", lambda *arguments: handed.append(arguments))
    event = events.record("test.happened", make_ci("db-1"), actor=system)

    jobs.publish_events()
    jobs.publish_events()

    assert handed == [(event.pk, "tests.listen")]
    assert not OutboxEvent.objects.filter(published_at__isnull=True).exists()
