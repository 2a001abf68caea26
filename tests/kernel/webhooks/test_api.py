"""Webhooks by REST: an administrator makes, tests, rotates, disables; nobody sees a secret twice."""

import pytest
from standardwebhooks.webhooks import Webhook

from itsm.kernel.models import StoredAnswer, WebhookDelivery, WebhookEndpoint
from tests.builders import make_ci, make_service
from tests.kernel.webhooks.builders import send_all

pytestmark = pytest.mark.django_db
URL = "/api/webhooks/"


@pytest.fixture
def client(api, administrator):
    return api(administrator)


@pytest.fixture
def made(client, receiver):
    return client.post(URL, {"name": "Chat", "url": receiver.url, "patterns": ["cmdb.ci.*"]}).json()


def test_a_client_makes_one_tests_it_and_reads_what_came_of_it(client, receiver, made):
    assert made["owner"] == "root"
    assert made["secret"].startswith("whsec_")
    assert "secret" not in client.get(f"{URL}{made['id']}/").json()
    pinged = client.post(f"{URL}{made['id']}/ping/", HTTP_IDEMPOTENCY_KEY="k")
    again = client.post(f"{URL}{made['id']}/ping/", HTTP_IDEMPOTENCY_KEY="k")
    assert (pinged.status_code, again.json()) == (202, pinged.json())
    make_ci("db-1")
    send_all()

    assert sorted(receiver.types()) == ["cmdb.ci.created", "ping"]
    assert Webhook(made["secret"]).verify(receiver.got[0]["body"], receiver.got[0]["headers"])
    listed = client.get(f"{URL}deliveries/?endpoint={made['id']}&state=done").json()
    assert {each["name"] for each in listed["results"]} == {"cmdb.ci.created", "ping"}
    whole = client.get(f"{URL}deliveries/{pinged.json()['id']}/").json()
    assert whole["payload"]["type"] == "ping"
    assert [each["status"] for each in whole["log"]] == [204]

    sent = client.post(f"{URL}deliveries/{whole['id']}/send-again/")
    assert (sent.status_code, sent.json()["state"]) == (200, "waiting")
    send_all()
    assert len(client.get(f"{URL}deliveries/{whole['id']}/").json()["log"]) == 2


def test_an_answer_with_a_secret_is_not_kept(client, receiver, made):
    for url, body in ((URL, {"name": "x", "url": receiver.url, "patterns": ["*"]}), (f"{URL}{made['id']}/rotate/", {})):
        response = client.post(url, body, HTTP_IDEMPOTENCY_KEY="k")
        assert response.status_code == 400
        assert "shown once" in response.json()["detail"]
    assert not StoredAnswer.objects.exists()
    assert WebhookEndpoint.objects.count() == 1
    rotated = client.post(f"{URL}{made['id']}/rotate/")
    assert rotated["Cache-Control"] == "no-store"
    assert rotated.json()["secret"] != made["secret"]


def test_it_is_changed_disabled_and_enabled(client, made):
    service, url = make_service("Shop"), f"{URL}{made['id']}/"
    changed = client.patch(url, {"name": "Chat 2", "service": service.slug}, HTTP_IF_MATCH='"r1"')
    assert (changed.json()["name"], changed.json()["service"]) == ("Chat 2", service.slug)
    assert client.patch(url, {"name": "x"}, HTTP_IF_MATCH='"r1"').status_code == 412

    assert client.post(f"{url}disable/", {"reason": "moving"}).json()["state"] == "disabled"
    assert client.post(f"{url}disable/", {"reason": "moving"}).json()["code"] == "illegal_state"
    assert client.post(f"{url}ping/").json()["code"] == "endpoint_disabled"
    refused = {a["name"]: a["reason"] for a in client.get(url).json()["actions"] if not a["allowed"]}
    assert set(refused) == {"ping", "disable"}
    enabled = client.post(f"{url}enable/").json()
    assert (enabled["state"], enabled["reason"]) == ("active", "")
    assert client.patch(url, {"service": None}).json()["service"] is None


@pytest.mark.parametrize(
    ("wrong", "field", "said"),
    [
        ({"url": "http://169.254.169.254/latest/"}, "url", "WEBHOOK_ALLOWED_RANGES"),
        ({"url": "https://10.0.0.1/"}, "url", "not a public address"),
        ({"url": "file:///etc/passwd"}, "url", "https://"),
        ({"patterns": ["cmdb.nothing"]}, "patterns", "cmdb.nothing"),
        ({"patterns": [" "]}, "patterns", ""),
        ({"owner": "nobody.known"}, "owner", ""),
        ({"colour": "red"}, "colour", "Unknown field"),
        ({"state": "disabled"}, "state", "Unknown field"),
    ],
)
def test_what_is_wrong_is_named_and_nothing_is_made(client, receiver, wrong, field, said):
    body = {"name": "Chat", "url": receiver.url, "patterns": ["*"], **wrong}
    response = client.post(URL, body)
    assert response.status_code == 400
    assert response.json()["errors"][0]["pointer"].startswith(f"/{field}")
    assert said in response.content.decode()
    assert not WebhookEndpoint.objects.exists()


def test_nobody_else_comes_near(api, change_manager, made, client):
    client.post(f"{URL}{made['id']}/ping/")
    delivery, other = WebhookDelivery.objects.get(), api(change_manager)
    for path in ("", f"{made['id']}/", f"{made['id']}/deliveries/", "deliveries/", f"deliveries/{delivery.pk}/"):
        assert other.get(f"{URL}{path}").status_code == 403
    for path in ("", *(f"{made['id']}/{verb}/" for verb in ("rotate", "ping", "disable", "enable"))):
        assert other.post(f"{URL}{path}").status_code == 403
    assert other.post(f"{URL}deliveries/{delivery.pk}/send-again/").status_code == 403
    assert other.patch(f"{URL}{made['id']}/", {"name": "x"}).status_code == 403
    assert WebhookEndpoint.objects.get().revision == 1


def test_lists_take_the_same_few_queries_for_many(client, made, endpoint_to, django_assert_max_num_queries):
    for _n in range(10):
        endpoint_to("*")
        client.post(f"{URL}{made['id']}/ping/")
    with django_assert_max_num_queries(7):
        assert len(client.get(URL).json()["results"]) == 11
    with django_assert_max_num_queries(7):
        assert len(client.get(f"{URL}{made['id']}/deliveries/").json()["results"]) == 10
    with django_assert_max_num_queries(7):
        assert len(client.get(f"{URL}deliveries/").json()["results"]) == 10
