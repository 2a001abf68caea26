"""Whether a service was there in its hours, and how soon it was again."""

from datetime import timedelta

import pytest

from cmdb.operations import services
from itsm.kernel import measures
from itsm.kernel.actor import Actor
from itsm.kernel.measures import Scope
from tests.builders import SYSTEM, make_service
from transition.models import Incident

HOUR = timedelta(hours=1)


@pytest.fixture
def shop(db):
    return make_service()


def broke(shop, opened, length=None, **said):
    return Incident.objects.create(
        title="Down", service=shop, opened_at=opened, priority=said.pop("priority", 1),
        resolved_at=opened + length if length else None, state="resolved" if length else "open", **said,
    )  # fmt: skip


def taken(name, shop, now, days=10, actor=SYSTEM):
    scope = Scope(since=now - timedelta(days=days), until=now, actor=actor, service=shop.pk)
    return measures.get(name).take(scope)


def test_only_incidents_in_the_agreed_hours_count_and_each_moment_once(shop, now):
    services.update(
        service_id=shop.pk, service_hours={"zone": "UTC", "week": {n: [(480, 1080)] for n in range(1, 8)}}, actor=SYSTEM
    )
    morning = now.replace(hour=8) - timedelta(days=2)
    broke(shop, morning - HOUR, 2 * HOUR)
    broke(shop, morning, HOUR / 2)
    broke(shop, morning + 12 * HOUR, 3 * HOUR)
    broke(shop, morning + 3 * HOUR, HOUR, priority=3)

    found = taken("availability", shop, now)

    assert found.parts["agreed_hours"] == 100
    assert found.parts["down_hours"] == 1
    assert found.value == pytest.approx(0.99)


def test_what_is_broken_still_counts_until_now_and_without_hours_all_of_them_do(shop, now):
    broke(shop, now - timedelta(days=30))

    assert taken("availability", shop, now).value == 0
    assert taken("availability", make_service("Other"), now).value == 1


def test_availability_is_asked_of_one_service(db, now):
    scope = Scope(since=now - HOUR, until=now, actor=SYSTEM)

    assert measures.get("availability").take(scope).value is None


def test_the_median_of_serious_incidents_is_the_time_to_restore(shop, now):
    for hours in (1, 2, 9):
        broke(shop, now - timedelta(days=1), hours * HOUR, priority=2)
    broke(shop, now - timedelta(days=1), 23 * HOUR, priority=4)

    found = taken("time_to_restore", shop, now)

    assert (found.value, found.parts["incidents"]) == (2 * 3600, 3)
    assert taken("time_to_restore", make_service("Other"), now).value is None


def test_confidential_incidents_count_for_those_who_may_see_them(shop, viewer, now):
    broke(shop, now - timedelta(days=1), 12 * HOUR, confidential=True)

    assert taken("availability", shop, now).value < 1
    assert taken("availability", shop, now, actor=Actor.person(viewer)).value == 1
