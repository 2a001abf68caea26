"""The answer as it is shown: totals first, then pages; by REST, as page and as file."""

import pytest

from cmdb.models import Relation, RelationGroup
from cmdb.operations import relations
from cmdb.queries.hits import Question, answer_to, every_row
from tests.builders import SYSTEM, make_ci, make_class, make_cluster, make_service

pytestmark = pytest.mark.django_db


@pytest.fixture
def shop():
    """db ← shop ← Online Shop (a service); db ← batch in the test environment ← report."""
    db = make_ci("db")
    shop = make_ci("shop", depends_on=[db], ci_class=make_class("application", "application"), environment="production")
    service = make_service().ci
    relations.relate(source=service, type="depends_on", target=shop, actor=SYSTEM)
    batch = make_ci("batch", environment="test")
    relations.relate(source=batch, type="runs_on", target=db, actor=SYSTEM)
    report = make_ci("report", environment="production")
    relations.relate(source=report, type="depends_on", target=batch, actor=SYSTEM)
    return {"db": db, "shop": shop, "service": service, "batch": batch, "report": report}


def at(ci):
    return f"/api/cmdb/cis/{ci.number}/impact/"


def test_totals_come_with_the_first_page(shop, api, viewer):
    answer = api(viewer).get(at(shop["db"]), {"limit": 1}).json()

    assert (answer["count"], answer["reached"], answer["service_count"]) == (4, 4, 1)
    assert answer["services"] == [shop["service"].number]
    assert {each["ci_class"]: each["count"] for each in answer["by_class"]} == {
        "server": 2,
        "application": 1,
        "service": 1,
    }
    assert answer["by_distance"] == [{"distance": 1, "count": 2}, {"distance": 2, "count": 2}]
    assert len(answer["results"]) == 1
    assert "offset=1" in answer["next"]
    assert answer["previous"] is None


def test_pages_together_are_the_whole_each_with_its_path(shop, api, viewer):
    client, rows, url = api(viewer), [], f"{at(shop['db'])}?limit=3"
    while url:
        answer = client.get(url).json()
        rows, url = rows + answer["results"], answer["next"]

    paths = {row["number"]: row["path"] for row in rows}
    assert len(rows) == len(paths) == 4
    assert paths[shop["service"].number] == [shop["db"].number, shop["shop"].number, shop["service"].number]


@pytest.mark.parametrize(
    ("asked", "names"),
    [
        ({"type": "depends_on"}, {"shop", "Online Shop"}),
        ({"type": "runs_on,depends_on"}, {"shop", "Online Shop", "batch", "report"}),
        ({"environment": "production"}, {"shop", "report"}),
        ({"ci_class": "application"}, {"shop"}),
        ({"distance": 2}, {"Online Shop", "report"}),
        ({"depth": 1}, {"shop", "batch"}),
    ],
)
def test_it_is_narrowed(asked, names, shop, api, viewer):
    answer = api(viewer).get(at(shop["db"]), asked).json()

    assert {row["name"] for row in answer["results"]} == names
    assert answer["count"] == len(names)


def test_the_way_may_lead_through_what_is_not_told(shop, api, viewer):
    rows = api(viewer).get(at(shop["db"]), {"environment": "production", "distance": 2}).json()["results"]

    assert rows[0]["path"] == [shop[name].number for name in ("db", "batch", "report")]


def test_several_fail_together(api, viewer):
    servers = [make_ci(f"web-{n}") for n in (1, 2, 3)]
    cluster, group = make_cluster("cluster", servers, needs=2)
    client = api(viewer)

    alone = client.get(at(servers[0])).json()
    both = client.get(at(servers[0]), {"with": f"{servers[1].number},{servers[0].number}"}).json()

    assert alone["results"] == []
    assert alone["held_by_redundancy"] == [
        {"group": group.pk, "name": "cluster", "ci": cluster.number, "down": 1, "members": 3, "needs": 2}
    ]
    assert both["with"] == [servers[1].number]
    assert [row["number"] for row in both["results"]] == [cluster.number]


@pytest.mark.parametrize(
    "asked",
    [
        {"direction": "sideways"}, {"depth": "0"}, {"depth": "99"}, {"type": "documents"}, {"type": "\x00"},
        {"with": "CI-999999999"}, {"with": "nonsense"}, {"with": "1" * 400}, {"environment": "\x00"}, {"limit": "-1"},
        {"offset": "1e9"}, {"offset": "9" * 30}, {"ci_class": "no-such"}, {"distance": "x"}, {"unknown": "1"},
        {"with": ",".join(["1"] * 101)},
    ],
)  # fmt: skip
def test_what_cannot_be_understood_is_named(asked, shop, api, viewer):
    answer = api(viewer).get(at(shop["db"]), asked)

    assert answer.status_code == 400
    assert next(iter(asked)) in str(answer.json()["errors"])


def test_it_asks_as_often_for_many_as_for_one(shop, api, viewer, django_assert_max_num_queries):
    for n in range(30):
        make_ci(f"more-{n}", depends_on=[shop["db"]], ci_class=make_class(f"class-{n}"))
    client = api(viewer)

    with django_assert_max_num_queries(9):
        assert client.get(at(shop["db"])).json()["count"] == 34


def test_the_page_says_the_same_and_asks_as_seldom(shop, browser_of, viewer, django_assert_max_num_queries):
    browser, page = browser_of(viewer), f"{shop['db'].get_absolute_url()}impact/"
    for n in range(60):
        make_ci(f"more-{n}", depends_on=[shop["db"]])

    with django_assert_max_num_queries(18):
        first = browser.get(page).content.decode()
    last = browser.get(page, {"page": 99}).content.decode()

    assert "64 CIs are hit" in first
    assert "1–50 of 64" in first
    assert "51–64 of 64" in last


def test_the_page_takes_what_if(browser_of, viewer):
    servers = [make_ci(f"web-{n}") for n in (1, 2, 3)]
    make_cluster("cluster", servers, needs=2)
    browser, page = browser_of(viewer), f"{servers[0].get_absolute_url()}impact/"

    alone = browser.get(page).content.decode()
    both = browser.get(page, {"with": "web-2"}).content.decode()

    assert "Nothing else is hit" in alone
    assert "1 of 3 down, 2 needed" in alone
    assert "If web-1 and web-2 fail together, 1 CI is hit" in both


@pytest.mark.parametrize("asked", [{"with": "nobody"}, {"depth": "x"}, {"type": "documents"}, {"ci_class": "x"}])
def test_a_page_that_is_asked_nonsense_says_so(asked, shop, browser_of, viewer):
    answer = browser_of(viewer).get(f"{shop['db'].get_absolute_url()}impact/", asked)
    assert answer.status_code == 422
    assert "below is the answer without it.</p><ul><li>" in answer.content.decode()


@pytest.mark.parametrize("door", ["page", "api"])
def test_all_rows_are_to_be_had_as_a_file(door, shop, browser_of, api, viewer):
    if door == "page":
        answer = browser_of(viewer).get(f"{shop['db'].get_absolute_url()}impact/?format=csv&environment=production")
    else:
        answer = api(viewer).get(f"{at(shop['db'])}?format=csv&environment=production")
    lines = b"".join(answer.streaming_content).decode().splitlines()

    assert lines[0] == "Number,Name,Class,Criticality,Distance,Path"
    assert len(lines) == 3
    assert f"{shop['db'].number} > {shop['batch'].number} > {shop['report'].number}" in lines[2]


def test_both_directions_are_told(shop):
    upstream = answer_to(Question((shop["service"].pk,), "upstream"))

    assert [hit.id for hit in upstream.hits] == [shop["shop"].pk, shop["db"].pk]
    assert len(list(every_row(Question((shop["service"].pk,), "upstream")))) == 2


def test_groups_are_formed_changed_and_dissolved_by_rest(api, config_manager, viewer):
    servers = [make_ci(f"web-{n}") for n in (1, 2, 3)]
    ci = make_ci("cluster", depends_on=servers)
    members = list(ci.relations_out.order_by("pk").values_list("pk", flat=True))
    said = {"ci": ci.number, "name": "web", "needs": 2, "relations": members}
    client = api(config_manager)

    assert api(viewer).post("/api/cmdb/relation-groups/", said, format="json").status_code == 403
    made = client.post("/api/cmdb/relation-groups/", said, format="json")
    assert made.status_code == 201, made.json()
    assert [each["id"] for each in made.json()["relations"]] == members
    url = f"/api/cmdb/relation-groups/{made.json()['id']}/"
    assert client.patch(url, {"needs": 9}, format="json").status_code == 400
    assert client.patch(url, {"needs": 1, "relations": members[:2]}, format="json").json()["needs"] == 1
    assert Relation.objects.get(pk=members[2]).group is None
    assert client.get("/api/cmdb/relation-groups/", {"ci": ci.number}).json()["count"] == 1
    assert client.delete(url).status_code == 204
    assert not RelationGroup.objects.exists()


def test_redundancy_is_recorded_on_the_page_of_the_ci(browser_of, config_manager):
    servers = [make_ci(f"web-{n}") for n in (1, 2, 3)]
    ci = make_ci("cluster", depends_on=servers)
    members = list(ci.relations_out.values_list("pk", flat=True))
    browser, at_ci = browser_of(config_manager), ci.get_absolute_url()

    assert browser.post(f"{at_ci}group/", {"name": "web", "needs": 9, "relations": members}).status_code == 422
    assert browser.post(f"{at_ci}group/", {"name": "web", "needs": 2, "relations": members}).status_code == 302
    group = RelationGroup.objects.get()
    assert "needs 2 of 3" in browser.get(at_ci).content.decode()
    assert (
        browser.post(f"{at_ci}groups/{group.pk}/edit/", {"name": "web", "needs": 1, "relations": members}).status_code
        == 302
    )
    assert browser.post(f"{at_ci}groups/{group.pk}/dissolve/", {}).status_code == 302
    assert not RelationGroup.objects.exists()
