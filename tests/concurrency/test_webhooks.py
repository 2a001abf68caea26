"""Workers that come to the same endpoint at once send each message once, and one slow endpoint holds up no other."""

import time

import pytest

from itsm.kernel.models import User, WebhookDelivery
from itsm.kernel.webhooks import operations, sending
from tests.builders import SYSTEM
from tests.concurrency.test_periods import together
from tests.kernel.webhooks.conftest import Receiver, on_loopback  # noqa: F401

pytestmark = pytest.mark.django_db(transaction=True)


def test_each_message_goes_out_once(on_loopback):  # noqa: F811
    receiver, owner = Receiver(), User.objects.create(username="owner")
    endpoint, _ = operations.create(name="Chat", url=receiver.url, patterns=["*"], owner=owner, actor=SYSTEM)
    for _n in range(5):
        operations.ping(endpoint_id=endpoint.pk, actor=SYSTEM)

    tried = together(*[lambda: sending.send_due(endpoint.pk)] * 4)
    receiver.close()

    assert sum(tried) == 5
    assert len({each["headers"]["webhook-id"] for each in receiver.got}) == len(receiver.got) == 5
    assert WebhookDelivery.objects.filter(done_at__isnull=False).count() == 5


def test_a_slow_endpoint_holds_up_no_other(on_loopback):  # noqa: F811
    slow, quick, owner = Receiver(delay=1.0), Receiver(), User.objects.create(username="owner")
    made = [
        operations.create(name="x", url=each.url, patterns=["*"], owner=owner, actor=SYSTEM)[0]
        for each in (slow, quick)
    ]
    for endpoint in made:
        operations.ping(endpoint_id=endpoint.pk, actor=SYSTEM)

    def took(endpoint):
        started = time.monotonic()
        sending.send_due(endpoint.pk)
        return time.monotonic() - started

    times = together(*[lambda e=endpoint: took(e) for endpoint in made])
    slow.close()
    quick.close()
    assert times[1] < 0.8 < times[0]
