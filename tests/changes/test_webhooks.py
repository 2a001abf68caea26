"""What the owner of an endpoint may not see is not sent there, nor what points to it."""

import pytest

from changes.models import ChangeRequest
from itsm.kernel import subjects
from itsm.kernel.actor import Actor
from itsm.kernel.models import WebhookDelivery
from itsm.kernel.webhooks import operations, sending
from tests.builders import SYSTEM
from tests.changes.builders import make_change
from tests.kernel.outbox_builders import deliver_all

pytestmark = pytest.mark.django_db


@pytest.fixture
def endpoint_of():
    def make(owner, *patterns, **details):
        return operations.create(
            name=f"of {owner}", url="https://hooks.example.org/", patterns=patterns or ["changes.*"], owner=owner,
            actor=SYSTEM, **details,
        )[0]  # fmt: skip

    return make


def names_for(endpoint) -> set[str]:
    return set(WebhookDelivery.objects.filter(endpoint=endpoint).values_list("name", flat=True))


def test_a_confidential_change_its_task_and_its_authorisation_stay_unknown(
    endpoint_of, viewer, change_manager, alice, bob
):
    outsider, manager, requester = endpoint_of(viewer), endpoint_of(change_manager), endpoint_of(alice)
    make_change(requested_by=alice, assignee=bob, status="assessment", confidential=True)
    deliver_all()

    about_it = {"changes.change_request.drafted", "changes.task.added", "changes.task.acknowledged"}
    assert about_it <= names_for(manager)
    assert names_for(requester) >= about_it
    assert {name for name in names_for(outsider) if "change_request" in name or "task" in name} == set()
    assert not WebhookDelivery.objects.filter(endpoint=outsider, body__contains="Open the firewall").exists()


def test_an_open_change_is_told_to_everybody(endpoint_of, viewer, alice, bob):
    outsider = endpoint_of(viewer)
    make_change(requested_by=alice, assignee=bob)
    deliver_all()
    assert {"changes.change_request.drafted", "changes.task.added"} <= names_for(outsider)


def test_a_change_that_became_confidential_meanwhile_is_not_sent(endpoint_of, viewer, alice):
    outsider = endpoint_of(viewer, "changes.change_request.drafted")
    change = make_change(requested_by=alice)
    deliver_all()
    ChangeRequest.objects.filter(pk=change.pk).update(confidential=True)
    sending.send_due(outsider.pk)
    delivery = WebhookDelivery.objects.get(endpoint=outsider)
    assert (delivery.state, delivery.log.count()) == ("parked", 0)
    assert delivery.problem == "Its owner may no longer see what this is about."


def test_a_right_that_was_taken_away_ends_what_is_told(endpoint_of, change_manager, alice):
    manager = endpoint_of(change_manager, "changes.change_request.drafted")
    change_manager.assignments.all().delete()
    make_change(requested_by=alice, confidential=True)
    deliver_all()
    assert names_for(manager) == set()


def test_what_is_gone_is_known_only_where_its_kind_is_open(alice):
    actor = Actor.person(alice)
    assert not subjects.may_be_known("changes.changerequest", 999_999, actor)
    assert not subjects.may_be_known("changes.changetask", 999_999, actor)
    assert subjects.may_be_known("cmdb.relation", 999_999, actor)
    assert not subjects.may_be_known("no.such", 1, actor)
    assert not subjects.may_be_known("kernel.webhookendpoint", 1, actor)


def test_whoever_asks_for_one_service_hears_of_its_changes_alone(endpoint_of, change_manager, alice, bob):
    from tests.builders import make_service

    shop, till = make_service("Shop"), make_service("Till")
    endpoint = endpoint_of(change_manager, service_id=shop.pk)
    make_change(requested_by=alice, assignee=bob, services=[till])
    deliver_all()
    assert names_for(endpoint) == set()
    make_change(requested_by=alice, assignee=bob, services=[shop])
    deliver_all()
    assert "changes.task.added" in names_for(endpoint)
