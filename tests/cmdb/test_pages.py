"""Pages of CIs, classes and services."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from cmdb.models import CIClass, ConfigurationItem, Relation, Service
from cmdb.queries.overview import overview_of
from tests.builders import make_ci, make_class, make_service

pytestmark = pytest.mark.django_db


@pytest.fixture
def chain():
    database = make_ci("db-1")
    return database, make_ci("shop", depends_on=[database])


def test_each_page_opens_in_few_queries(chain, browser_of, viewer, django_assert_max_num_queries):
    browser, service = browser_of(viewer), make_service()
    for path in (
        "/cmdb/cis/", chain[0].get_absolute_url(), f"{chain[0].get_absolute_url()}graph/", "/cmdb/classes/",
        "/cmdb/classes/server/", "/cmdb/services/", service.get_absolute_url(),
    ):  # fmt: skip
        with django_assert_max_num_queries(20):
            assert browser.get(path).status_code == 200, path


def test_the_lists_ask_as_often_for_many_as_for_one(chain, browser_of, viewer):
    browser = browser_of(viewer)

    def asked():
        with CaptureQueriesContext(connection) as captured:
            for noun in ("ci", "ci-class", "service"):
                browser.get(reverse(f"cmdb:{noun}-list"))
        return len(captured)

    make_service()
    asked()
    for_one = asked()
    for name in ("a", "b", "c"):
        make_ci(name, ci_class=make_class(f"class-{name}"))
        make_service(name)

    assert asked() == for_one


def test_a_ci_is_recorded_edited_moved_and_verified(browser_of, config_manager):
    browser, server = browser_of(config_manager), make_class()
    browser.post("/cmdb/cis/new/", {"ci_class": server.pk, "name": "web-1", "environment": "test", "criticality": 2})
    ci = ConfigurationItem.objects.get(name="web-1")
    at = ci.get_absolute_url()

    for verb, data in (("move", {"to": "building"}), ("verify", {})):
        assert browser.post(f"{at}{verb}/", data).status_code == 302, verb

    ci.refresh_from_db()
    assert (ci.status, ci.verified_by) == ("building", config_manager)


def test_a_relation_is_made_and_taken_away(chain, browser_of, config_manager):
    browser, (database, shop) = browser_of(config_manager), chain
    relation = Relation.objects.get()
    assert browser.get(f"{shop.get_absolute_url()}relations/{relation.pk}/remove/").status_code == 200

    browser.post(f"{shop.get_absolute_url()}relations/{relation.pk}/remove/", {})
    assert not Relation.objects.exists()

    browser.post(f"{shop.get_absolute_url()}relate/", {"type": "depends_on", "target": database.number})
    assert Relation.objects.get().target == database


def test_a_class_is_defined_and_refuses_a_schema_that_is_none(browser_of, config_manager):
    browser = browser_of(config_manager)
    said = {"code": "switch", "name": "Switch", "kind": "network", "schema": "{"}
    assert browser.post("/cmdb/classes/new/", said).status_code == 422
    assert not CIClass.objects.filter(code="switch").exists()

    browser.post("/cmdb/classes/new/", said | {"schema": '{"properties": {"ports": {"type": "integer"}}}'})

    assert "ports" in browser.get("/cmdb/classes/switch/").content.decode()


def test_a_service_passes_its_transition_points(browser_of, service_owner):
    service = make_service(owner=service_owner, sponsor=service_owner, summary="Sells.", live=False)

    answer = browser_of(service_owner).post(f"{service.get_absolute_url()}transition/", {"to": "chartered"})

    assert answer.status_code == 302
    assert Service.objects.get().sub_state == "chartered"


@pytest.mark.parametrize("path", ["/cmdb/cis/new/", "/cmdb/classes/new/", "/cmdb/services/new/"])
def test_who_may_not_is_told_so_before_the_form(path, browser_of, viewer):
    assert browser_of(viewer).get(path).status_code == 403


@pytest.fixture
def deep():
    """A CI that hangs on three, each of which hangs on three, and so on: 120 in reach, 39 within three steps."""
    server, names = make_class(), ["top"]
    for _ in range(4):
        names = [f"{name}-{n}" for name in names for n in range(3)] if names != ["top"] else ["a", "b", "c"]
        ConfigurationItem.objects.bulk_create(
            [ConfigurationItem(ci_class=server, name=name, status="live") for name in names]
        )
    top, known = make_ci("top"), {ci.name: ci for ci in ConfigurationItem.objects.all()}
    below = [(known[name.rpartition("-")[0]] if "-" in name else top, ci) for name, ci in known.items() if ci != top]
    Relation.objects.bulk_create([Relation(source=over, type="depends_on", target=ci) for over, ci in below])
    return top


def test_a_page_looks_only_as_far_as_it_needs_and_counts_the_rest_when_it_is_there(deep, browser_of, viewer):
    browser = browser_of(viewer)

    page = browser.get(deep.get_absolute_url()).content.decode()
    told = f"{deep.get_absolute_url()}reach/?direction=upstream"

    assert f'hx-get="{told}"' in page
    assert "39 within 3 steps" in page
    assert browser.get(told).content.decode().strip() == "120 hardware ·"


def test_the_nearest_are_the_same_however_far_is_looked(deep):
    far, near = overview_of(deep, whole=True), overview_of(deep)

    assert (near.up.whole, near.up.count, far.up.whole, far.up.count) == (False, 39, True, 120)
    assert near.up.nearest == far.up.nearest
    assert (near.down.whole, near.down.count) == (True, 0)


def test_where_little_is_near_it_looks_further():
    chain = make_ci("c-0")
    for n in range(1, 8):
        chain = make_ci(f"c-{n}", depends_on=[chain])

    found = overview_of(chain).up

    assert [near.distance for near in found.nearest] == [1, 2, 3, 4, 5, 6, 7]
    assert found.whole


def test_the_page_of_a_service_leads_to_the_impact_of_its_ci(browser_of, viewer):
    service = make_service()
    relation = {"source": service.ci, "type": "depends_on", "target": make_ci("db-1")}
    Relation.objects.create(**relation)
    browser = browser_of(viewer)

    page = browser.get(service.get_absolute_url()).content.decode()

    (address,) = set(re.findall(r'href="(/cmdb/cis/[^"]+/impact/[^"]*)"', page))
    assert address == f"{service.ci.get_absolute_url()}impact/?direction=upstream"
    assert browser.get(address).status_code == 200


def test_the_list_leads_to_what_may_be_done_with_what_it_finds(chain, browser_of, config_manager):
    browser = browser_of(config_manager)
    page = browser.get("/cmdb/cis/?ci_class=server").content.decode()
    for label in ("Take a baseline of these", "Draw a sample of these", "What became of these"):
        address = re.search(rf'href="([^"]+)"[^>]*>\s*{label}', page)[1].replace("&amp;", "&")
        answer = browser.get(address)
        assert answer.status_code == 200, label
        assert "ci_class=server" in answer.content.decode(), label
    assert "Draw a sample of these" not in browser.get("/cmdb/cis/").content.decode()
