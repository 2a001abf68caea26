"""Configuration items: what may change and who may change it."""

import pytest

from cmdb.models import ConfigurationItem
from cmdb.operations import cis, classes
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

    assert "ram_gb" in refusal.value.errors["attributes"]


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


@pytest.fixture
def lineage():
    """server ← rack server: what is above is asked of both."""
    own = {"height": {"type": "number"}, "lit": {"type": "boolean"}}
    asked = {"ram_gb": {"type": "integer"}, "os": {"enum": ["debian", "bsd"]}}
    above = make_class("server", schema={"properties": asked, "required": ["os"]})
    below = make_class("rack-server", parent=above, schema={"properties": own, "additionalProperties": False})
    return above, below


def test_a_class_inherits_what_is_asked_above_it(lineage, config_manager):
    _, below = lineage
    actor = Actor.person(config_manager)

    with pytest.raises(InvalidInput) as refused:
        cis.create(ci_class=below, name="r-1", attributes={"ram_gb": "much", "colour": "red"}, actor=actor)
    assert len(refused.value.errors["attributes"]) == 3
    fitting = {"ram_gb": 32, "os": "debian", "height": 1.5}
    assert cis.create(ci_class=below, name="r-1", attributes=fitting, actor=actor).attributes == fitting


def test_a_schema_is_not_changed_under_the_cis_of_the_classes_below(lineage, config_manager):
    above, below = lineage
    make_ci("r-1", ci_class=below, attributes={"os": "debian"})

    with pytest.raises(classes.ItemsDoNotFit) as refused:
        classes.update(class_id=above.pk, schema={"required": ["ram_gb"]}, actor=Actor.person(config_manager))

    assert "r-1" in refused.value.checks[0]["label"]


def test_a_class_may_demand_a_reason_for_each_change(lineage, config_manager):
    above, below = lineage
    ci = make_ci("r-1", ci_class=below, attributes={"os": "debian"})
    actor = Actor.person(config_manager)
    classes.update(class_id=above.pk, reason_required=True, actor=actor)

    for act in (lambda **more: cis.update(ci_id=ci.pk, version="2", actor=actor, **more),
                lambda **more: cis.move(ci_id=ci.pk, to="retired", actor=actor, **more)):  # fmt: skip
        with pytest.raises(InvalidInput) as refused:
            act()
        assert "reason" in refused.value.errors
        act(reason="Ticket 7")
        assert story_of(ci)[0]["reason"] == "Ticket 7"


def test_cis_are_found_by_their_attributes(lineage, api, viewer):
    _, below = lineage
    make_ci("r-1", ci_class=below, attributes={"os": "debian", "ram_gb": 32, "lit": True})
    make_ci("r-2", ci_class=below, attributes={"os": "bsd", "ram_gb": 32})

    def found(asked: str) -> list[str]:
        return [ci["name"] for ci in api(viewer).get("/api/cmdb/cis/", {"attribute": asked}).json()["results"]]

    assert found("os:debian") == found("lit:true") == ["r-1"]
    assert sorted(found("ram_gb:32")) == ["r-1", "r-2"]
    assert found("ram_gb:32, os:bsd") == ["r-2"]
    assert found("os:plan9") == []
    wrong = api(viewer).get("/api/cmdb/cis/", {"attribute": "debian"})
    assert wrong.status_code == 400
    assert "/attribute" in str(wrong.json()["errors"])


def test_the_form_asks_for_what_the_class_names(lineage, browser_of, config_manager):
    _, below = lineage
    browser = browser_of(config_manager)
    said = {"ci_class": below.pk, "name": "r-1", "criticality": 2}

    asked = browser.post("/cmdb/cis/new/", said)
    assert asked.status_code == 422
    assert 'name="attribute_height"' in asked.content.decode()
    said |= {"attribute_os": "debian", "attribute_ram_gb": "32", "attribute_lit": "True", "attribute_height": ""}
    assert browser.post("/cmdb/cis/new/", said).status_code == 302
    ci = ConfigurationItem.objects.get(name="r-1")
    assert ci.attributes == {"os": "debian", "ram_gb": 32, "lit": True}
    page = browser.get(f"/cmdb/cis/{ci.number}/edit/").content.decode()
    assert 'name="attribute_ram_gb" value="32"' in page
    assert 'name="attributes"' not in page
