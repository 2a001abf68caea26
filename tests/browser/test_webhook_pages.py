"""The pages of webhooks: no violation in any look, and the secret stays in reach of the keyboard."""

import pytest

from itsm.kernel.models import WebhookAttempt, WebhookDelivery
from itsm.kernel.webhooks import operations
from tests.builders import SYSTEM

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.mark.parametrize(("width", "theme"), [(1280, "light"), (1280, "dark"), (360, "light")])
def test_they_have_no_violation_at_any_width(open_as, axe, person, width, theme):
    root = person("root", is_superuser=True)
    endpoint, _ = operations.create(
        name="Chat", url="https://hooks.example.org/slipway/a/long/way/to/the/receiver", patterns=["*"], owner=root,
        actor=SYSTEM,
    )  # fmt: skip
    delivery = operations.ping(endpoint_id=endpoint.pk, actor=SYSTEM)
    WebhookAttempt.objects.create(
        delivery=delivery, status=500, problem="It answered 500, not 2xx.", answer="ill " * 200, milliseconds=1234
    )
    WebhookDelivery.objects.update(problem="It answered 500, not 2xx.")
    home = "/administration/webhooks/"
    page = open_as(root, home, width=width, theme=theme)
    found = {}
    verbs = [f"{home}{endpoint.pk}/{verb}" for verb in ("", "edit/", "rotate/", "disable/")]
    for path in [home, f"{home}new/", f"{home}deliveries/", f"{home}deliveries/{delivery.pk}/", *verbs]:
        page.goto(path)
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), f"{path} scrolls sideways"
        if violations := axe(page):
            found[path] = violations
    assert found == {}


def test_a_new_secret_is_shown_in_place_of_the_form(open_as, axe, person):
    root = person("root", is_superuser=True)
    page = open_as(root, "/administration/webhooks/new/")
    page.fill("[name=name]", "Chat")
    page.fill("[name=url]", "https://10.0.0.1/")
    page.click("text=Make it")
    page.wait_for_selector("text=is not a public address")
    page.fill("[name=url]", "https://hooks.example.org/")
    page.click("text=Make it")
    page.wait_for_selector("#secret")
    assert page.input_value("#secret").startswith("whsec_")
    assert axe(page) == []
    page.click("text=I have copied it")
    page.wait_for_selector("text=Nothing was sent yet.")
    assert "whsec_" not in page.content()
