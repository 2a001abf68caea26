"""Waiting for a decision: told when it is there, with no connection held and places left for others."""

import threading
import time

import pytest

from tests.transition.gate_builders import NO_FAILURE, ask, make_shop
from transition.models import Deployment
from transition.waiting import WaitingRoom

EMPTY = [{"kind": "tests", "passed": 0, "failed": 0}]


class Answers:
    """Stands for the database: who is undecided, and how often it was asked."""

    def __init__(self, *undecided: int):
        self.undecided, self.asked = set(undecided), 0

    def __call__(self, ids):
        self.asked += 1
        return self.undecided & set(ids)


def wait_in(room, pk, seconds, told):
    def sit():
        told.append((pk, room.wait(pk, seconds)))

    thread = threading.Thread(target=sit)
    thread.start()
    return thread


def test_fifty_who_wait_are_asked_for_together_and_told_at_once(db):
    answers, told = Answers(*range(50)), []
    room = WaitingRoom(50, answers)
    threads = [wait_in(room, pk, 20, told) for pk in range(50)]
    time.sleep(0.3)
    began, answers.undecided = time.monotonic(), set()
    for thread in threads:
        thread.join(5)

    assert len(told) == 50
    assert all(waited for _, waited in told)
    assert time.monotonic() - began < 2
    assert answers.asked < 20  # not one question each


def test_who_finds_no_place_is_answered_at_once(db):
    room, told = WaitingRoom(1, Answers(1, 2)), []
    first = wait_in(room, 1, 1, told)
    time.sleep(0.2)

    began = time.monotonic()
    assert room.wait(2, 20) is False
    assert time.monotonic() - began < 0.1
    first.join(5)
    assert told == [(1, True)]


def test_the_time_is_up_and_the_room_is_empty_again(db):
    room = WaitingRoom(1, Answers(1))
    assert room.wait(1, 0.1) is True
    assert room.wait(1, 0.1) is True  # the place is free again


def test_what_fails_lets_those_who_wait_go(db):
    def broken(ids):
        raise OSError

    began = time.monotonic()
    assert WaitingRoom(1, broken).wait(1, 20) is True
    assert time.monotonic() - began < 5


@pytest.mark.django_db
def test_by_rest_a_decided_one_is_answered_at_once_and_a_longer_wait_is_refused(api, pipeline, now):
    shop = make_shop([NO_FAILURE])
    deployment = ask(shop, now)
    path = f"/api/transition/deployments/{deployment.number}"
    client = api(pipeline)

    assert client.get(f"{path}/?wait=20").json()["decision"] == "authorised"
    answer = client.get(f"{path}/decision/?wait=20").json()
    assert (answer["decision"], answer["number"]) == ("authorised", deployment.number)
    assert client.get(f"{path}/decision/?wait=61").status_code == 400
    assert client.get(f"{path}/?wait=soon").status_code == 400


@pytest.mark.django_db(transaction=True)
def test_a_long_poll_ends_when_people_have_decided(live_server, api, pipeline, change_manager, now):
    import json
    import urllib.request

    from itsm.kernel import tokens

    shop = make_shop([NO_FAILURE | {"inconclusive": "ask"}])
    deployment = ask(shop, now, evidence=EMPTY)
    headers = {"Authorization": f"Token {tokens.make(pipeline, name='wait')}"}
    request = urllib.request.Request(
        f"{live_server.url}/api/transition/deployments/{deployment.number}/decision/?wait=20", headers=headers
    )
    timer = threading.Timer(
        1, lambda: Deployment.objects.filter(pk=deployment.pk).update(decision="authorised", state="authorised")
    )
    timer.start()
    began = time.monotonic()
    with urllib.request.urlopen(request, timeout=30) as answer:
        said = json.load(answer)
    assert said["decision"] == "authorised"
    assert 0.5 < time.monotonic() - began < 8
