"""The hot questions are answered by indexes: among thousands of CIs no table is read from end to end for them."""

import pytest
from django.db import connection

from cmdb.filters.cis import ConfigurationItemFilter
from cmdb.models import AttributeValue, ConfigurationItem, ExternalKey, Relation
from itsm.kernel import counting
from tests.builders import make_ci, make_class, make_service
from tests.plans import end_to_end, made_up

pytestmark = pytest.mark.django_db
LARGE = (ConfigurationItem, Relation, ExternalKey, AttributeValue, ConfigurationItem.pgh_event_model,
         Relation.pgh_event_model)  # fmt: skip
MANY = 2000
OF_EACH = "id, created_at, updated_at, revision"
HISTORY = {
    "configurationitem": f"{OF_EACH}, ci_class_id, name, environment, status, version, criticality, attributes",
    "relation": f"{OF_EACH}, source_id, type, target_id, told_by",
}
ASKED = {
    "the list": "/cmdb/cis/",
    "one class in one environment": "/api/cmdb/cis/?ci_class=router&environment=test",
    "a state": "/api/cmdb/cis/?status=testing",
    "the critical ones": "/api/cmdb/cis/?criticality__gte=4&status=live",
    "a part of the name": "/api/cmdb/cis/?name__icontains=host-17",
    "a search": "/api/cmdb/cis/?search=host-1321",
    "by name": "/api/cmdb/cis/?ordering=name",
    "a later page": "/api/cmdb/cis/?limit=50&offset=1000",
    "whose they are": "/api/cmdb/cis/?owner=config.manager",
    "the key of a tool": "/api/cmdb/cis/?external_key=tool:host-1321",
    "an attribute": "/api/cmdb/cis/?attribute=rack:r17",
    "an attribute and more": "/api/cmdb/cis/?attributes.ram_gb__gte=499",
    "never verified": "/cmdb/cis/?verification=never",
    "due again": "/api/cmdb/cis/?verification=due&ordering=verified_at",
    "a CI": "{first}",
    "a CI by REST": "/api/cmdb/cis/{number}/",
    "its history": "/api/cmdb/cis/{number}/history/",
    "as it was": "/api/cmdb/cis/{number}/as-of/?at={at}",
    "its impact": "/api/cmdb/cis/{number}/impact/?depth=3",
    "what it hangs on": "{first}impact/?direction=upstream&depth=3",
    "its map": "{first}neighbours/",
    "its picture": "{first}graph/",
    "its relations": "/api/cmdb/relations/?source={number}",
    "a service": "{service}",
    "the map of a service": "/api/cmdb/services/shop/map/",
    "services": "/cmdb/services/",
}


@pytest.fixture
def world(config_manager):
    """Two CIs among thousands, and a service whose CI hangs on the first."""
    classes = [make_class(code).pk for code in ("server", "router", "queue", "table")]
    first, second = make_ci("first", attributes={"ram_gb": 77}), make_ci("second")
    service = make_service("Shop")
    with made_up(LARGE) as write:
        write(
            """INSERT INTO cmdb_configurationitem (ci_class_id, name, environment, status, version, criticality,
                   owner_id, attributes, verified_at)
               SELECT (%s::bigint[])[1 + n %% 4], 'host-' || n, (ARRAY['production', 'test', 'staging'])[1 + n %% 3],
                   (ARRAY['live', 'live', 'live', 'testing', 'retired'])[1 + n %% 5], '1.' || n %% 50, 1 + n %% 4,
                   CASE WHEN n %% 400 = 0 THEN %s END, jsonb_build_object('ram_gb', n %% 500, 'rack', 'r' || n %% 300),
                   CASE WHEN n %% 40 > 0 THEN now() - n %% 300 * interval '1 day' END
               FROM generate_series(1, %s) n""",
            [classes, config_manager.pk, MANY],
        )
        write("""INSERT INTO cmdb_attributevalue (ci_id, name, value) SELECT id, key, value
                 FROM cmdb_configurationitem, jsonb_each(attributes) ON CONFLICT DO NOTHING""")
        write("INSERT INTO cmdb_externalkey (ci_id, source, key) SELECT id, 'tool', name FROM cmdb_configurationitem")
        write(
            """INSERT INTO cmdb_relation (source_id, type, target_id) SELECT ci.id, 'depends_on', ci.id + step
                 FROM cmdb_configurationitem ci, unnest(ARRAY[1, 7, 61]) step WHERE name LIKE 'host-%%'
                     AND ci.id + step <= (SELECT max(id) FROM cmdb_configurationitem)""",
            [],
        )
        write(
            "INSERT INTO cmdb_relation (source_id, type, target_id) VALUES (%s, 'depends_on', %s)",
            [service.ci_id, first.pk],
        )
        for table, columns in HISTORY.items():
            write(f"""INSERT INTO cmdb_{table}event (pgh_created_at, pgh_label, pgh_obj_id, {columns})
                      SELECT created_at, 'insert', id, {columns} FROM cmdb_{table}""")
    return first, second, service


def test_nothing_that_people_ask_all_day_reads_a_large_table_from_end_to_end(
    world, browser_of, config_manager, now, monkeypatch
):  # fmt: skip
    monkeypatch.setattr(counting, "COUNTED", 100)  # as a list of a million is counted
    first, _, service = world
    told = {"first": first.get_absolute_url(), "number": first.number, "service": service.get_absolute_url(),
            "at": now.isoformat().replace("+", "%2B")}  # fmt: skip
    browser, slow = browser_of(config_manager), {}

    def ask(address: str) -> None:
        assert browser.get(address).status_code == 200, address

    for what, address in ASKED.items():
        if found := end_to_end(LARGE, lambda address=address: ask(address.format(**told))):
            slow[what] = found

    assert slow == {}


def test_it_is_noticed_when_a_table_is_read_from_end_to_end(world):
    assert end_to_end(LARGE, lambda: list(ConfigurationItem.objects.filter(version="1.7"))) == [
        "cmdb_configurationitem"
    ]


@pytest.mark.parametrize("field", sorted({*ConfigurationItemFilter.orders()} - {"name"}))
def test_a_list_is_in_order_by_an_index(field):
    """Of a state there are hundreds of thousands; CIs of one name are few, and may be sorted among each other."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off; SET LOCAL enable_sort = off")
        cursor.execute("SET LOCAL enable_incremental_sort = off")
    for order in (field, f"-{field}"):
        found = ConfigurationItemFilter({"ordering": order}, ConfigurationItem.objects.all()).qs[:50]
        assert "Sort" not in found.explain(), order


@pytest.mark.parametrize(("asked", "index"), [
    ({"attributes.ram_gb__gte": "499"}, "attribute_by_value"), ({"attributes.ram_gb": "77"}, "ci_by_attribute"),
])  # fmt: skip
def test_attributes_are_found_by_an_index_of_their_own(world, asked, index):
    found = ConfigurationItemFilter(asked, ConfigurationItem.objects.all()).qs

    assert index in found.order_by().explain()
