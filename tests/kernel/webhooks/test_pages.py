"""The pages of webhooks, for administrators."""

import re

import pytest
from standardwebhooks.webhooks import Webhook

from itsm.kernel.models import WebhookDelivery, WebhookEndpoint
from itsm.kernel.webhooks import operations
from tests.builders import SYSTEM, make_service
from tests.kernel.webhooks.builders import send_all

pytestmark = pytest.mark.django_db
PAGE = "/administration/webhooks/"


@pytest.fixture
def browser(browser_of, administrator):
    return browser_of(administrator)


def secret_in(response) -> str:
    found = re.search(r"whsec_[A-Za-z0-9+/=]+", response.content.decode())
    return found[0] if found else ""


def test_an_administrator_makes_one_tests_it_and_sends_it_again(browser, receiver, alice):
    service = make_service("Shop")
    said = {"name": "Chat", "url": receiver.url, "patterns": "cmdb.*\nchanges.*", "owner": "alice", "service": "shop"}
    answer = browser.post(f"{PAGE}new/", said)
    endpoint = WebhookEndpoint.objects.get()
    assert answer.status_code == 200
    assert "no-store" in answer["Cache-Control"]
    assert (endpoint.owner, endpoint.service_id, endpoint.patterns) == (alice, service.pk, ["cmdb.*", "changes.*"])

    assert browser.post(f"{PAGE}{endpoint.pk}/ping/").status_code == 302
    send_all()
    assert Webhook(secret_in(answer)).verify(receiver.got[0]["body"], receiver.got[0]["headers"])["type"] == "ping"
    page = browser.get(f"{PAGE}{endpoint.pk}/").content.decode()
    assert "whsec_" not in page
    assert endpoint.secret not in page
    delivery = WebhookDelivery.objects.get(name="ping")
    assert f"{PAGE}deliveries/{delivery.pk}/" in page

    assert "&quot;type&quot;: &quot;ping&quot;" in browser.get(f"{PAGE}deliveries/{delivery.pk}/").content.decode()
    assert browser.post(f"{PAGE}deliveries/{delivery.pk}/").status_code == 302
    send_all()
    assert delivery.log.count() == 2


def test_a_new_secret_is_shown_once_also_to_htmx(browser, endpoint_to):
    endpoint, old = endpoint_to("*")
    assert "secret" in browser.get(f"{PAGE}{endpoint.pk}/rotate/").content.decode()
    answer = browser.post(f"{PAGE}{endpoint.pk}/rotate/", headers={"HX-Request": "true"})
    assert secret_in(answer) not in ("", old)
    assert b"<html" not in answer.content
    assert "The old one signs until" in browser.get(f"{PAGE}{endpoint.pk}/").content.decode()


def test_it_is_edited_disabled_and_enabled(browser, endpoint_to, receiver):
    endpoint, _ = endpoint_to("*")
    said = {"name": "Chat 2", "url": receiver.url, "patterns": "*", "owner": "alice", "seen_revision": 1}
    assert browser.post(f"{PAGE}{endpoint.pk}/edit/", said).status_code == 302
    assert browser.post(f"{PAGE}{endpoint.pk}/edit/", said).status_code == 422  # seen before it changed
    assert browser.post(f"{PAGE}{endpoint.pk}/disable/", {"reason": "moving"}).status_code == 302
    assert "moving" in browser.get(f"{PAGE}{endpoint.pk}/").content.decode()
    delivery = WebhookDelivery.objects.create(endpoint=endpoint, message_id="m", name="ping", body="{}")
    refused = browser.post(f"{PAGE}deliveries/{delivery.pk}/")
    assert (refused.status_code, "Enable it first" in refused.content.decode()) == (422, True)
    assert browser.post(f"{PAGE}{endpoint.pk}/enable/").status_code == 302
    endpoint.refresh_from_db()
    assert (endpoint.name, endpoint.state, endpoint.reason) == ("Chat 2", "active", "")


def test_an_address_inside_is_refused_at_its_field(browser, alice):
    said = {"name": "Chat", "url": "https://192.168.0.1/", "patterns": "*", "owner": "alice"}
    answer = browser.post(f"{PAGE}new/", said)
    assert (answer.status_code, "not a public address" in answer.content.decode()) == (422, True)
    assert not WebhookEndpoint.objects.exists()


def test_nobody_else_comes_near(browser_of, change_manager, endpoint_to):
    endpoint, _ = endpoint_to("*")
    delivery = operations.ping(endpoint_id=endpoint.pk, actor=SYSTEM)
    client = browser_of(change_manager)
    verbs = [f"{endpoint.pk}/{verb}/" for verb in ("edit", "rotate", "ping", "enable", "disable")]
    for path in ("", "new/", f"{endpoint.pk}/", "deliveries/", f"deliveries/{delivery.pk}/", *verbs):
        assert client.get(f"{PAGE}{path}").status_code == 403
    for path in ("new/", f"deliveries/{delivery.pk}/", *verbs):
        assert client.post(f"{PAGE}{path}").status_code == 403
    assert PAGE not in client.get("/").content.decode()


def test_the_pages_take_the_same_few_queries_for_many(browser, endpoint_to, django_assert_max_num_queries):
    for _n in range(10):
        endpoint, _ = endpoint_to("*")
        operations.ping(endpoint_id=endpoint.pk, actor=SYSTEM)
        operations.ping(endpoint_id=endpoint.pk, actor=SYSTEM)
    for path in ("", f"{endpoint.pk}/", "deliveries/"):
        with django_assert_max_num_queries(20):
            assert browser.get(f"{PAGE}{path}").status_code == 200
