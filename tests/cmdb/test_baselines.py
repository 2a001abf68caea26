"""Baselines: what they keep, that nobody alters them, and what is different since."""

import pytest
from django.db import connection, transaction
from django.db.utils import DatabaseError
from django.test.utils import CaptureQueriesContext

from changes.models import ChangeRequest
from changes.operations import standard
from cmdb.models import Baseline, BaselineItem, ConfigurationItem, Relation
from cmdb.operations import baselines, cis, relations
from cmdb.queries.baselines import diff_of
from itsm.kernel.actor import Actor
from itsm.kernel.errors import Forbidden, InvalidInput
from itsm.kernel.models import OutboxEvent
from tests.builders import SYSTEM, make_ci, make_service
from tests.changes.builders import END, START, make_change
from tests.transition.builders import make_package
from transition.operations import packages

pytestmark = pytest.mark.django_db


@pytest.fixture
def shop():
    service = make_service()
    web, database = make_ci("web-1", version="1", attributes={"os": "debian", "ram_gb": 32}), make_ci("db-1")
    make_ci("elsewhere")
    relations.relate(source=service.ci, type="runs_on", target=web, actor=SYSTEM)
    relations.relate(source=web, type="depends_on", target=database, actor=SYSTEM)
    return service


def take(service, now, **said) -> Baseline:
    return baselines.take(name="Before", service=service, actor=SYSTEM, now=now, **said)


def seen(diff) -> list[tuple]:
    return [(d.kind, d.name, d.field, d.was, d.now) for d in diff.rows[:100]]


def test_it_keeps_the_cis_of_a_service_with_attributes_and_relations(shop, now):
    baseline = take(shop, now)

    assert {item.state["name"] for item in baseline.items.all()} == {shop.name, "web-1", "db-1"}
    web = baseline.items.get(state__name="web-1").state
    assert (web["version"], web["attributes"]) == ("1", {"os": "debian", "ram_gb": 32})
    assert (baseline.ci_count, baseline.relation_count) == (3, 2)


def test_it_keeps_what_a_filter_finds_and_refuses_what_is_no_filter(shop, now):
    found = baselines.take(name="Webs", query="name=web-1&page=3", actor=SYSTEM, now=now)
    assert (found.ci_count, found.query) == (1, "name=web-1")

    for wrong in ("colour=red", "status=broken", "a\x00b=1"):
        with pytest.raises(InvalidInput):
            baselines.take(name="x", query=wrong, actor=SYSTEM, now=now)
    with pytest.raises(baselines.NothingToKeep):
        baselines.take(name="x", query="name=nobody", actor=SYSTEM, now=now)
    assert Baseline.objects.count() == 1


@pytest.mark.parametrize(
    "alter",
    [
        lambda b: Baseline.objects.filter(pk=b.pk).update(name="x"),
        lambda b: b.delete(),
        lambda b: b.items.update(state={}),
        lambda b: b.items.all().delete(),
        lambda b: b.relations.update(type="part_of"),
        lambda b: BaselineItem.objects.create(baseline=b, ci_id=10**9, state={}),
    ],
)
def test_the_database_lets_nobody_alter_one(shop, now, alter):
    baseline = take(shop, now)
    with pytest.raises(DatabaseError), transaction.atomic():
        alter(baseline)


def test_nothing_is_different_at_first(shop, now):
    assert seen(diff_of(take(shop, now), None)) == []


def test_the_difference_to_now_is_told_attribute_by_attribute_and_relation_by_relation(shop, now):
    baseline = take(shop, now)
    web, database = ConfigurationItem.objects.get(name="web-1"), ConfigurationItem.objects.get(name="db-1")
    cis.update(ci_id=web.pk, version="2", attributes={"os": "debian", "cores": 4}, actor=SYSTEM)
    relations.remove(relation_id=Relation.objects.get(source=web, target=database).pk, actor=SYSTEM)
    cache = make_ci("cache-1")
    relations.relate(source=web, type="depends_on", target=cache, actor=SYSTEM)

    assert seen(diff_of(baseline, None)) == [
        ("added", "cache-1", "", None, seen(diff_of(baseline, None))[0][4]),
        ("changed", "web-1", "attributes.cores", None, 4),
        ("changed", "web-1", "attributes.ram_gb", 32, None),
        ("changed", "web-1", "version", "1", "2"),
        ("relation_added", "web-1", "depends_on", None, None),
        ("relation_removed", "web-1", "depends_on", None, None),
    ]


def test_two_baselines_are_compared_whatever_has_happened_since(shop, now):
    before = take(shop, now)
    web = ConfigurationItem.objects.get(name="web-1")
    cis.update(ci_id=web.pk, version="2", actor=SYSTEM)
    after = take(shop, now)
    cis.update(ci_id=web.pk, version="3", actor=SYSTEM)

    assert seen(diff_of(before, after)) == [("changed", "web-1", "version", "1", "2")]
    assert seen(diff_of(after, before)) == [("changed", "web-1", "version", "2", "1")]


def test_who_may_take_one(shop, now, viewer, config_manager):
    with pytest.raises(Forbidden):
        baselines.take(name="x", service=shop, actor=Actor.person(viewer), now=now)
    assert baselines.take(name="x", service=shop, actor=Actor.person(config_manager), now=now).taken_by
    assert OutboxEvent.objects.filter(name="cmdb.baseline.taken").count() == 1


def test_the_difference_takes_two_queries_for_many_as_for_few(shop, now):
    baseline = take(shop, now)
    ConfigurationItem.objects.update(version="9")
    with CaptureQueriesContext(connection) as captured:
        assert len(seen(diff_of(baseline, None))) == 3
    assert len(captured) == 2


def test_rest_takes_lists_shows_and_compares(shop, api, config_manager, viewer):
    client = api(config_manager)
    made = client.post("/api/cmdb/baselines/", {"name": "Before", "service": "online-shop"}, format="json")
    assert made.status_code == 201, made.json()
    at = f"/api/cmdb/baselines/{made.json()['number']}/"
    ConfigurationItem.objects.filter(name="web-1").update(version="2")

    body = api(viewer).get(f"{at}diff/?with=now&limit=1").json()
    assert body["count"] == 1
    assert [(r["field"], r["was"], r["now"]) for r in body["results"]] == [("version", "1", "2")]
    assert client.get(f"{at}items/").json()["count"] == 3
    assert client.get(f"{at}relations/").json()["count"] == 2
    for path, status in (
        ("diff/?with=BL-999999", 400), ("diff/?with=nonsense", 400), ("diff/?cursor=", 400),
    ):  # fmt: skip
        assert client.get(at + path).status_code == status, path
    assert client.patch(at, {"name": "x"}, format="json").status_code == 405
    assert client.delete(at).status_code == 405
    for wrong in ({"name": "x"}, {"name": "x", "service": "online-shop", "query": ""}, {"name": "x", "query": "a=b"}):
        assert client.post("/api/cmdb/baselines/", wrong, format="json").status_code == 400, wrong


def test_the_pages_take_show_and_compare(shop, browser_of, config_manager, django_assert_max_num_queries):
    browser = browser_of(config_manager)
    assert "Take a baseline of these" in browser.get("/cmdb/cis/?name=web-1").content.decode()
    assert "Of 1 CIs" in browser.get("/cmdb/baselines/new/?query=name%3Dweb-1").content.decode()
    assert browser.get("/cmdb/baselines/new/?query=colour%3Dred").status_code == 404
    said = {"name": "Before", "service": shop.slug}
    at = browser.post("/cmdb/baselines/new/", said).headers["Location"]
    ConfigurationItem.objects.filter(name="web-1").update(version="2")
    web = ConfigurationItem.objects.get(name="web-1")

    for path in ("/cmdb/baselines/", at, f"{at}diff/?with=now", f"{at}items/{web.pk}/", shop.get_absolute_url()):
        with django_assert_max_num_queries(20):
            assert browser.get(path).status_code == 200, path
    assert "<del>1</del>" in browser.get(f"{at}diff/").content.decode()
    csv = b"".join(browser.get(f"{at}diff/?format=csv").streaming_content).decode()
    assert "version,1,2" in csv


def test_one_is_taken_when_a_change_begins_and_only_then(shop, alice, bob):
    web = ConfigurationItem.objects.get(name="web-1")
    change = make_change(requested_by=alice, assignee=bob, cis=[web], status="scheduled")
    ChangeRequest.objects.filter(pk=change.pk).update(window=(START, END))
    assert not Baseline.objects.exists()

    standard.begin(change_id=change.pk, actor=SYSTEM, now=START)

    baseline = Baseline.objects.get()
    assert (baseline.of_number, baseline.automatic, baseline.ci_count) == (change.number, True, 1)
    assert baseline.items.get().state["version"] == "1"


def test_what_a_confidential_change_is_called_is_not_told_by_its_baseline(shop, alice, bob):
    web = ConfigurationItem.objects.get(name="web-1")
    change = make_change(requested_by=alice, assignee=bob, cis=[web], status="scheduled", confidential=True)
    ChangeRequest.objects.filter(pk=change.pk).update(window=(START, END))
    standard.begin(change_id=change.pk, actor=SYSTEM, now=START)
    assert Baseline.objects.get().name == f"Before {change.number}"


def test_one_is_taken_before_a_package_is_deployed_with_what_its_service_hangs_on(now):
    package = make_package()
    packages.build(package_id=package.pk, actor=SYSTEM)
    packages.accept(package_id=package.pk, actor=SYSTEM)
    server = make_ci("web-1")
    relations.relate(source=package.plan.service.ci, type="runs_on", target=server, actor=SYSTEM)

    packages.deploy(package_id=package.pk, actor=SYSTEM, now=now)

    baseline = Baseline.objects.get(of_number=package.number)
    assert {"web-1", package.plan.service.name} <= {item.state["name"] for item in baseline.items.all()}


def test_its_pages_call_fields_and_choices_as_people_do(shop, now, browser_of, viewer):
    baseline = take(shop, now)
    web = ConfigurationItem.objects.get(name="web-1")
    cis.update(ci_id=web.pk, criticality=4, actor=SYSTEM)
    browser = browser_of(viewer)

    item = browser.get(f"{baseline.get_absolute_url()}items/{web.pk}/").content.decode()
    assert item.index("<dt>Name<") < item.index("<dt>Status</dt><dd>Live<") < item.index("<dt>Ram gb</dt><dd>32<")
    diff = browser.get(f"{baseline.get_absolute_url()}diff/?with=now").content.decode()
    assert "<td>Criticality</td>" in diff
    assert "<ins>Critical</ins>" in diff
    assert "All differences" not in browser.get(baseline.get_absolute_url()).content.decode(), "all are there already"
