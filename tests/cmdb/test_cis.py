"""Configuration items: what may change and who may change it."""

import pytest

from cmdb.models import ConfigurationItem
from cmdb.operations import cis
from itsm.kernel.actor import Actor
from itsm.kernel.errors import Forbidden, IllegalMove, InvalidInput
from itsm.kernel.history import story_of
from tests.builders import make_ci, make_class

pytestmark = pytest.mark.django_db


def test_a_configuration_manager_records_a_ci(config_manager):
    ci = cis.create(ci_class=make_class(), name="db-1", actor=Actor.person(config_manager))

    assert ci.number == f"CI-{ci.pk}"
    assert story_of(ci)[0]["who"] == "Config Manager"


def test_it_refuses_a_viewer_and_records_nothing(viewer):
    with pytest.raises(Forbidden):
        cis.create(ci_class=make_class(), name="db-1", actor=Actor.person(viewer))

    assert not ConfigurationItem.objects.exists()


def test_it_refuses_attributes_that_do_not_fit_the_class():
    schema = {"properties": {"ram_gb": {"type": "integer"}}, "additionalProperties": False}
    server = make_class("rack-server", schema=schema)

    with pytest.raises(InvalidInput) as refusal:
        make_ci("db-1", ci_class=server, attributes={"ram_gb": "much"})

    assert "ram_gb" in refusal.value.errors["attributes"][0]


def test_it_refuses_the_same_name_twice_in_a_class():
    make_ci("db-1")
    with pytest.raises(InvalidInput):
        make_ci("db-1")


def test_a_retired_ci_does_not_come_back(system):
    ci = make_ci(status="retired")
    with pytest.raises(IllegalMove):
        cis.move(ci_id=ci.pk, to="live", actor=system)


def test_its_owner_verifies_a_ci_and_others_do_not(alice, bob, now):
    ci = make_ci(owner=alice)

    with pytest.raises(Forbidden):
        cis.verify(ci_id=ci.pk, actor=Actor.person(bob), now=now)
    cis.verify(ci_id=ci.pk, actor=Actor.person(alice), now=now)

    ci.refresh_from_db()
    assert (ci.verified_at, ci.verified_by) == (now, alice)
