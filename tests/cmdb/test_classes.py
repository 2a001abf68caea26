"""Classes change, and tell which CIs no longer fit; CIs are found by their attributes."""

import pytest

from cmdb import fits
from cmdb.filters.cis import ConfigurationItemFilter
from cmdb.models import AttributeValue, ConfigurationItem, FitCheck, Misfit
from cmdb.operations import cis, classes
from itsm.kernel.actor import Actor
from itsm.kernel.errors import InvalidInput
from tests.builders import make_ci, make_class

pytestmark = pytest.mark.django_db
ASKED = {"properties": {"ram_gb": {"type": "integer"}}, "required": ["ram_gb"]}


@pytest.fixture
def servers():
    kind = make_class("server")
    return [make_ci(f"s-{n}", ci_class=kind, attributes={"ram_gb": n * 8} if n % 2 else {}) for n in range(6)]


@pytest.mark.parametrize(
    ("schema", "place"),
    [
        ({"properties": {"ram_gb": {"type": "integr"}}}, "properties/ram_gb/type"),
        ({"properties": {"os": {"pattern": "("}}}, "properties/os/pattern"),
        ({"properties": {"os": {"$ref": "https://example.org/x"}}}, "properties/os/$ref"),
        ({"required": "os"}, "required"),
        ({"type": "array"}, "type"),
        ({"properties": {"a/b": {"minimum": "x"}}}, "properties/a~1b/minimum"),
    ],
)
def test_it_refuses_what_is_no_schema_by_its_place(schema, place, api, config_manager):
    with pytest.raises(InvalidInput) as refused:
        make_class("odd", schema=schema)
    assert place in refused.value.errors["schema"]
    answer = api(config_manager).post(
        "/api/cmdb/classes/", {"code": "odd", "name": "Odd", "schema": schema}, format="json"
    )
    assert answer.status_code == 400
    assert f"/schema/{place}" in [error["pointer"] for error in answer.json()["errors"]]


def test_it_refuses_a_schema_that_is_too_deep_or_too_long():
    deep: dict = {}
    for _ in range(200):
        deep = {"properties": {"a": deep}}
    for schema in (deep, {"description": "x" * 200_000}):
        with pytest.raises(InvalidInput):
            make_class("odd", schema=schema)


def test_the_editor_says_where_the_text_stops_being_json(browser_of, config_manager):
    said = {"code": "odd", "name": "Odd", "kind": "other", "schema": '{\n "properties": {,}}'}
    page = browser_of(config_manager).post("/cmdb/classes/new/", said)
    assert page.status_code == 422
    assert "Line 2, column 17" in page.content.decode()


def test_attributes_are_refused_each_at_its_place(api, config_manager):
    schema = {
        "properties": {"disks": {"type": "array", "items": {"properties": {"gb": {"type": "integer"}}}}},
        "required": ["os"], "additionalProperties": False,
    }  # fmt: skip
    make_class("server", schema=schema)
    said = {"ci_class": "server", "name": "s", "attributes": {"disks": [{"gb": "many"}], "colour": "red"}}
    answer = api(config_manager).post("/api/cmdb/cis/", said, format="json")
    assert answer.status_code == 400
    assert {error["pointer"] for error in answer.json()["errors"]} == {
        "/attributes/disks/0/gb", "/attributes/os", "/attributes/colour",
    }  # fmt: skip


def test_a_change_that_leaves_cis_behind_is_told_first_and_made_when_accepted(servers, config_manager, api, now):
    actor = Actor.person(config_manager)
    with pytest.raises(classes.ItemsDoNotFit) as refused:
        classes.update(class_id=servers[0].ci_class_id, schema=ASKED, actor=actor)
    assert "3 of 6" in refused.value.message
    assert not Misfit.objects.exists()

    classes.update(class_id=servers[0].ci_class_id, schema=ASKED, accept_misfits=True, actor=actor, now=now)

    found = api(config_manager).get("/api/cmdb/cis/", {"misfit": "true"}).json()["results"]
    assert {ci["name"] for ci in found} == {"s-0", "s-2", "s-4"}
    check = FitCheck.objects.get()
    assert (check.examined, check.misfits, check.finished_at) == (6, 3, now)


def test_a_ci_that_fits_again_is_no_misfit_and_others_may_still_be_edited(servers, config_manager):
    actor = Actor.person(config_manager)
    classes.update(class_id=servers[0].ci_class_id, schema=ASKED, accept_misfits=True, actor=actor)
    cis.update(ci_id=servers[0].pk, attributes={"ram_gb": 8}, actor=actor)
    cis.update(ci_id=servers[2].pk, version="2", actor=actor)
    assert set(Misfit.objects.values_list("ci", flat=True)) == {servers[2].pk, servers[4].pk}


def test_many_are_examined_part_by_part_and_a_second_worker_changes_nothing(servers, now, monkeypatch, system):
    monkeypatch.setattr(fits, "AT_ONCE", 0)
    monkeypatch.setattr(fits, "CHUNK", 2)
    classes.update(class_id=servers[0].ci_class_id, schema=ASKED, accept_misfits=True, actor=system, now=now)
    check = FitCheck.objects.get()
    assert (check.examined, check.finished_at) == (0, None)
    steps = []
    while part := fits.examine_part(check.pk, now=now):
        steps.append((part.examined, part.misfits))
    assert steps == [(2, 1), (4, 2), (6, 3), (6, 3)]
    assert fits.examine_part(check.pk, now=now) is None
    assert Misfit.objects.count() == 3


def test_the_preview_tells_and_changes_nothing(servers, api, config_manager):
    answer = api(config_manager).post("/api/cmdb/classes/server/preview/", {"schema": ASKED}, format="json").json()
    assert (answer["total"], answer["misfits"]) == (6, 3)
    assert answer["results"][0]["problems"] == [{"pointer": "/attributes/ram_gb", "detail": "This must be there."}]
    assert not FitCheck.objects.exists()


def test_only_who_may_change_a_class_has_thousands_of_cis_examined(servers, api, alice):
    answer = api(alice).post("/api/cmdb/classes/server/preview/", {"schema": ASKED}, format="json")
    assert answer.status_code == 403


def test_the_page_tells_before_it_saves(servers, browser_of, config_manager):
    browser, said = (
        browser_of(config_manager),
        {"name": "Server", "kind": "hardware", "schema": '{"required": ["ram_gb"]}'},
    )
    told = browser.post("/cmdb/classes/server/edit/", said)
    assert told.status_code == 422
    assert "3 of 6 CIs" in told.content.decode()
    assert browser.post("/cmdb/classes/server/edit/", said | {"accept_misfits": "on"}).status_code == 302
    page = browser.get("/cmdb/classes/server/").content.decode()
    assert "3 CIs of this class do not fit" in page
    assert "does not fit its class" in browser.get(servers[0].get_absolute_url()).content.decode()
    assert browser.get("/cmdb/classes/server/fit/").status_code == 200


@pytest.mark.parametrize(
    ("asked", "names"),
    [
        ({"attributes.ram_gb__gte": "24"}, {"s-3", "s-5"}),
        ({"attributes.ram_gb__lt": "24"}, {"s-1"}),
        ({"attributes.ram_gb": "24"}, {"s-3"}),
        ({"attributes.ram_gb__in": "8,40"}, {"s-1", "s-5"}),
        ({"attributes.ram_gb__isnull": "true"}, {"s-0", "s-2", "s-4"}),
        ({"attributes.until__lte": "2026-12-31"}, {"t-1"}),
        ({"attributes.ram_gb__gte": "24", "ci_class": "server"}, {"s-3", "s-5"}),
    ],
)
def test_cis_are_found_by_what_their_attributes_are(asked, names, servers, api, viewer):
    make_ci("t-1", attributes={"until": "2026-06-30", "ram_gb": "24"}, ci_class=make_class("tape"))
    make_ci("t-2", attributes={"until": "2027-06-30", "ram_gb": True}, ci_class=make_class("tape"))
    found = api(viewer).get("/api/cmdb/cis/", asked).json()["results"]
    assert {ci["name"] for ci in found if ci["name"] != "t-1" or names == {"t-1"}} - {"t-2"} == names


@pytest.mark.parametrize(
    "asked", ["attributes.a__gte=1e400", "attributes.a__isnull=maybe", "attributes.=1", "attributes.a%00=1"]
)
def test_what_cannot_be_asked_is_told(asked, api, viewer):
    assert api(viewer).get(f"/api/cmdb/cis/?{asked}").status_code == 400


def test_the_list_page_offers_what_the_chosen_class_names(browser_of, viewer):
    make_class("server", schema={"properties": {"ram_gb": {"type": "integer"}, "os": {"enum": ["bsd"]}}})
    page = browser_of(viewer).get("/cmdb/cis/?ci_class=server").content.decode()
    assert 'name="attributes.ram_gb__gte"' in page
    assert 'name="attributes.os"' in page


def test_attributes_are_found_however_they_were_written(servers):
    ConfigurationItem.objects.filter(pk=servers[0].pk).update(attributes={"ram_gb": 512})
    assert AttributeValue.objects.get(ci=servers[0].pk).value == 512
    for asked in ({"attributes.ram_gb__gte": "100"}, {"attributes.ram_gb": "512"}):
        assert list(ConfigurationItemFilter(asked, ConfigurationItem.objects.all()).qs) == [servers[0]]
    servers[0].delete()
    assert not AttributeValue.objects.filter(ci=servers[0].pk or 0, value=512).exists()
    assert not AttributeValue.objects.filter(value=512).exists()
