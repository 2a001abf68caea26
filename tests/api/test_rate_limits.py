"""Too many requests are told when to come again; a lost Valkey limits nobody."""

import pytest
from django.core.cache import cache

from itsm.kernel.api import throttling

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _one_minute(monkeypatch):
    monkeypatch.setattr(throttling.time, "time", lambda: 1_795_000_020.0)
    cache.clear()


def test_too_many_requests_are_429_with_retry_after(api, viewer, alice, settings):
    settings.REQUESTS_A_MINUTE = 2
    client = api(viewer)
    answers = [client.get("/api/teams/") for _ in range(3)]

    assert [answer.status_code for answer in answers] == [200, 200, 429]
    assert answers[2].json()["code"] == "throttled"
    assert 0 < int(answers[2]["Retry-After"]) <= 61
    assert api(alice).get("/api/teams/").status_code == 200


def test_without_a_limit_nothing_is_counted(api, viewer, settings):
    settings.REQUESTS_A_MINUTE = 0

    assert {api(viewer).get("/api/teams/").status_code for _ in range(3)} == {200}


def test_when_the_cache_is_away_the_work_goes_on(api, viewer, settings):
    settings.REQUESTS_A_MINUTE = 1
    settings.CACHES = {"default": settings.CACHES["default"] | {"LOCATION": "redis://127.0.0.1:1/0"}}

    assert {api(viewer).get("/api/teams/").status_code for _ in range(3)} == {200}
