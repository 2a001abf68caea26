"""Waking workers: nobody who asks for it is kept waiting, or fails, for a broker that is away."""

import logging
from types import SimpleNamespace

import pytest
from django.db import transaction

from itsm.kernel import waking


def test_a_broker_that_is_away_is_noted_and_hurts_nobody(caplog):
    def refuse(**how):
        raise ConnectionError("nobody there")

    with caplog.at_level(logging.WARNING, logger="itsm.kernel.waking"):
        waking.wake(SimpleNamespace(name="cmdb.work", apply_async=refuse))
    assert "cmdb.work" in caplog.text


@pytest.mark.django_db
def test_it_rings_once_and_only_after_the_transaction(django_capture_on_commit_callbacks):
    rung = []

    def ring():
        rung.append(1)

    with django_capture_on_commit_callbacks(execute=True), transaction.atomic():
        waking.after_commit(ring)
        waking.after_commit(ring)
        assert not rung
    assert rung == [1]


def test_who_was_just_woken_is_woken_once_more_when_the_moment_is_over(monkeypatch):
    woken, later = [], []
    job = SimpleNamespace(name="tests.work", apply_async=lambda **how: woken.append(how))

    class Timer:
        def __init__(self, seconds, function, arguments):
            later.append(lambda: function(*arguments))

        def start(self):
            pass

    monkeypatch.setattr(waking.threading, "Timer", Timer)
    for _ in range(5):
        waking.wake(job, expires=60)
    assert woken == [{"retry": False, "expires": 60}]
    assert len(later) == 1

    later[0]()
    assert len(woken) == 2
