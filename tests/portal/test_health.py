"""Live asks nobody; ready asks every part, and names the one that is not well."""

import time

import pytest
import redis

from itsm.kernel import heartbeats
from itsm.kernel.broker import broker, key

READY = "/health/ready"


@pytest.fixture(autouse=True)
def _silence(db):
    broker().delete(key("heartbeats"))


@pytest.fixture
def all_alive():
    heartbeats.give("worker", "celery@one")
    heartbeats.give("beat", "one")


def heard_ago(part, name, seconds):
    broker().zadd(key("heartbeats"), {f"{part} {name}": time.time() - seconds})


def test_it_is_ready_when_every_part_is(client, all_alive):
    answer = client.get(READY)

    assert answer.status_code == 200
    assert answer.json() == {
        "status": "ready",
        **dict.fromkeys(["database", "broker", "migrations", "worker", "beat"], "ok"),
        "ages": answer.json()["ages"],
    }
    assert set(answer.json()["ages"]) == {"worker", "beat"}
    assert max(answer.json()["ages"].values()) < 5


def test_it_is_not_ready_when_no_worker_was_ever_heard_of(client):
    heartbeats.give("beat", "one")

    answer = client.get(READY)

    assert answer.status_code == 503
    assert (answer.json()["worker"], answer.json()["beat"]) == ("missing", "ok")


def test_it_is_not_ready_when_the_last_sign_of_life_is_old_and_says_how_old(client):
    heartbeats.give("worker", "celery@one")
    heard_ago("beat", "one", 300)

    answer = client.get(READY)

    assert answer.status_code == 503
    assert (answer.json()["worker"], answer.json()["beat"]) == ("ok", "late")
    assert 299 < answer.json()["ages"]["beat"] < 310


def test_one_living_worker_is_enough(client, all_alive):
    heard_ago("worker", "celery@gone", 300)

    assert client.get(READY).status_code == 200


def test_processes_that_are_long_gone_are_forgotten():
    heard_ago("worker", "celery@gone", 2 * heartbeats.FORGOTTEN_AFTER)

    heartbeats.give("worker", "celery@one")

    assert [heartbeat.name for heartbeat in heartbeats.heard()] == ["celery@one"]


def test_a_broker_that_is_away_is_named_and_stops_no_process(client, settings):
    broker.cache_clear()
    settings.REDIS_URL = "redis://127.0.0.1:1/0"
    try:
        heartbeats.give("worker", "celery@one")
        answer = client.get(READY)
        with pytest.raises(redis.RedisError):
            heartbeats.heard()
    finally:
        broker.cache_clear()

    assert answer.status_code == 503
    assert answer.json()["database"] == "ok"
    assert {answer.json()[part] for part in ("broker", "worker", "beat")} == {"unreachable"}


def test_pages_may_be_asked_for_without_workers(client):
    assert client.get(READY, {"parts": "database,broker,migrations"}).status_code == 200
    assert client.get(READY, {"parts": "worker"}).status_code == 503


def test_a_part_that_is_none_is_refused_by_name(client):
    answer = client.get(READY, {"parts": "database,workers"})

    assert answer.status_code == 400
    assert "'workers'" in answer.json()["status"]
    assert "migrations, worker, beat" in answer.json()["status"]


def test_live_asks_neither_database_nor_broker(client, django_assert_num_queries):
    with django_assert_num_queries(0):
        assert client.get("/health/live").json() == {"status": "live"}
