"""A confidential incident, and what was learnt from it, is sent only to those who may know of it."""

from datetime import UTC, datetime

import pytest

from itsm.kernel.models import WebhookDelivery
from itsm.kernel.webhooks import operations
from tests.builders import SYSTEM, make_service
from tests.kernel.outbox_builders import deliver_all
from transition.operations import improvements, incidents

pytestmark = pytest.mark.django_db


def test_a_confidential_incident_stays_unknown(viewer, support_lead):
    endpoints = [
        operations.create(name="x", url="https://hooks.example.org/", patterns=["*"], owner=owner, actor=SYSTEM)[0]
        for owner in (viewer, support_lead)
    ]
    service, at = make_service("Shop"), datetime(2026, 11, 25, 1, tzinfo=UTC)
    for title, confidential in (("Known", False), ("Breach of the vault", True)):
        incident = incidents.report(title=title, opened_at=at, service=service, confidential=confidential, actor=SYSTEM)
        improvements.log(title=f"After {title}", incident=incident, service=service, actor=SYSTEM)
    deliver_all()

    told = [
        WebhookDelivery.objects.filter(endpoint=each, name__in=NAMES).values_list("name", flat=True)
        for each in endpoints
    ]
    assert [sorted(each) for each in told] == [sorted(NAMES), sorted(NAMES * 2)]
    assert not WebhookDelivery.objects.filter(endpoint=endpoints[0], body__contains="Breach").exists()


NAMES = ["transition.incident.reported", "transition.improvement.logged"]
