"""Parked deliveries, by REST and on their page; administrators only."""

import pytest

from itsm.kernel import outbox
from tests.builders import make_ci
from tests.kernel.outbox_builders import deliver_all, happen, park

pytestmark = pytest.mark.django_db


@pytest.fixture
def administrator(person):
    return person("root", is_superuser=True)


def test_an_administrator_finds_a_parked_one_and_sends_it_again_by_rest(broken, administrator, api):
    parked = park(happen(make_ci("db-1")))
    broken["is"] = False
    client = api(administrator)

    [found] = client.get("/api/outbox/?state=parked").json()["results"]
    assert (found["event"]["name"], found["problem"]) == ("test.happened", "ValueError: the mail server is away")
    url = f"/api/outbox/{parked.pk}/send-again/"
    assert client.post(url, HTTP_IDEMPOTENCY_KEY="k").json()["state"] == "failing"
    assert client.post(url, HTTP_IDEMPOTENCY_KEY="k").status_code == 200
    assert client.post(url).json()["code"] == "not_parked"

    deliver_all()
    assert client.get(f"/api/outbox/{parked.pk}/").json()["state"] == "done"


def test_an_administrator_finds_a_parked_one_and_sends_it_again_on_its_page(broken, administrator, browser_of):
    parked = park(happen(make_ci("db-1")))
    client = browser_of(administrator)

    assert "the mail server is away" in client.get("/deliveries/?state=parked").content.decode()
    assert "Send again" in client.get(f"/deliveries/{parked.pk}/").content.decode()
    assert client.post(f"/deliveries/{parked.pk}/").status_code == 302
    assert client.post(f"/deliveries/{parked.pk}/").status_code == 422

    parked.refresh_from_db()
    assert parked.state == "failing"


def test_nobody_else_sees_deliveries(broken, change_manager, api, browser_of):
    parked = park(happen(make_ci("db-1")))
    for path in ("/api/outbox/", f"/api/outbox/{parked.pk}/"):
        assert api(change_manager).get(path).status_code == 403
    for path in ("/deliveries/", f"/deliveries/{parked.pk}/"):
        assert browser_of(change_manager).get(path).status_code == 403
    assert api(change_manager).post(f"/api/outbox/{parked.pk}/send-again/").status_code == 403
    assert browser_of(change_manager).post(f"/deliveries/{parked.pk}/").status_code == 403
    parked.refresh_from_db()
    assert parked.state == "parked"


def test_the_list_takes_the_same_few_queries_for_many(heard, administrator, api, django_assert_max_num_queries):
    ci = make_ci("db-1")
    for n in range(10):
        happen(ci, n)
    outbox.publish()
    client = api(administrator)
    with django_assert_max_num_queries(6):
        assert len(client.get("/api/outbox/?subscriber=tests.listen").json()["results"]) == 10
