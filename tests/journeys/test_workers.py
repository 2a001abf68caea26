"""With real schedulers and a real worker: what is due is done, once."""

import pytest

from itsm.kernel import events
from itsm.kernel.models import EventReceipt, OutboxEvent
from tests.builders import SYSTEM, make_ci
from tests.journeys.conftest import eventually

pytestmark = pytest.mark.django_db(transaction=True)


def test_the_relay_publishes_what_happened_though_nobody_rang(start):
    ci = make_ci("db-1")
    event = events.record("test.unheard", ci, actor=SYSTEM)
    start("worker")
    start("beat")

    assert eventually(lambda: OutboxEvent.objects.get(pk=event.pk).published_at is not None)
    assert not EventReceipt.objects.exists()
