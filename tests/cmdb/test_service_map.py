"""The map of a service: a box for each CI that is near, a line for each relation between them."""

import re
from itertools import combinations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from hypothesis import strategies as st

from cmdb.models import ConfigurationItem, Relation
from cmdb.operations import relations
from cmdb.portfolio.drawing import ACROSS, HIGH, WIDE, drawn, path
from cmdb.queries.overview import overview_of
from cmdb.queries.service_map import BELOW, map_of
from tests.builders import SYSTEM, make_ci, make_class, make_service
from tests.plans import copies, made_up, plan_of

levels = st.dictionaries(st.integers(1, 40), st.integers(-3, 4), max_size=30)


@given(levels, st.lists(st.tuples(st.integers(0, 40), st.integers(0, 40)), max_size=40))
def test_no_two_boxes_meet_and_all_are_in_the_picture(found, lines):
    found = {**found, 0: 0}

    picture = drawn(found, lines)

    places = picture.places
    assert places.keys() == found.keys()
    for one, other in combinations(places.values(), 2):
        assert abs(one.x - other.x) >= WIDE or abs(one.y - other.y) >= HIGH
    assert all(0 <= p.x <= picture.width - WIDE and 0 <= p.y <= picture.height - HIGH for p in places.values())


@given(levels)
def test_what_is_nearer_stands_nearer_and_no_row_is_too_wide(found):
    found = {**found, 0: 0}

    picture = drawn(found, [])

    for one, other in combinations(found, 2):
        if found[one] < found[other]:
            assert picture.places[one].y < picture.places[other].y
    rows = [place.y for place in picture.places.values()]
    assert max(rows.count(row) for row in rows) <= ACROSS


def test_a_box_stands_below_the_one_that_it_has_a_line_to():
    picture = drawn({0: 0, 1: 1, 2: 1, 3: 2, 4: 2}, [(0, 1), (0, 2), (2, 3), (1, 4)])

    assert picture.places[4].x == picture.places[1].x
    assert picture.places[3].x == picture.places[2].x


def test_rows_of_one_level_stand_beside_each_other_so_that_a_line_to_the_second_goes_by_the_first():
    places = drawn({0: 0} | dict.fromkeys(range(1, 7), 1), [(0, n) for n in range(1, 7)]).places
    first, second = ({p.x for p in places.values() if p.y == y} for y in sorted({p.y for p in places.values()})[1:])

    assert len(first) == len(second) == 3
    assert not first & second


def test_a_line_begins_at_its_source_and_ends_at_its_target():
    places = drawn({0: 0, 1: 1, 2: 1, 3: 1}, []).places

    def ends(line):
        numbers = [int(n) for n in re.findall(r"-?\d+", line)]
        return tuple(numbers[:2]), tuple(numbers[-2:])

    assert ends(path(places[0], places[1])) == (
        (places[0].middle, places[0].y + HIGH), (places[1].middle, places[1].y),
    )  # fmt: skip
    assert ends(path(places[1], places[0])) == (
        (places[1].middle, places[1].y), (places[0].middle, places[0].y + HIGH),
    )  # fmt: skip
    assert path(places[1], places[2]) == f"M{places[1].x + WIDE} {places[1].y + HIGH // 2}H{places[2].x}"
    assert ends(path(places[3], places[1]))[1] == (places[1].middle, places[1].y + HIGH)


@pytest.fixture
def shop(db):
    """The portal depends on the shop, the shop on two web servers, these on a lost database."""
    shop, portal = make_service("Shop"), make_service("Portal")
    database = make_ci("db-1", status="lost")
    relations.relate(source=portal.ci, type="depends_on", target=shop.ci, actor=SYSTEM)
    for name in ("web-1", "web-2"):
        web = make_ci(name)
        relations.relate(source=shop.ci, type="depends_on", target=web, actor=SYSTEM)
        relations.relate(source=web, type="connects_to", target=database, actor=SYSTEM)
    return shop


def test_rest_tells_what_the_map_shows(api, viewer, shop):
    said = api(viewer).get(f"/api/cmdb/services/{shop.slug}/map/").json()

    assert {(node["ci"]["name"], node["level"]) for node in said["nodes"]} == {
        ("Portal", -1), ("Shop", 0), ("web-1", 1), ("web-2", 1), ("db-1", 2),
    }  # fmt: skip
    assert [each["type"] for each in said["relations"]].count("depends_on") == 3
    assert len(said["relations"]) == 5
    assert said["left_out"] == 0


def test_the_page_draws_it_with_a_link_at_each_box_and_says_what_is_lost(browser_of, viewer, shop):
    page = browser_of(viewer).get(shop.get_absolute_url()).content.decode()

    drawing = page[
        page.index('<svg class="service-map"') : page.index("</svg>", page.index('<svg class="service-map"'))
    ]
    assert len(re.findall(r'<a class="box [^"]+" href="/cmdb/cis/', drawing)) == 5
    assert drawing.count('class="line') == 5
    assert "web-1 connects to db-1" in drawing
    assert re.search(r">lost · ", drawing)


def test_a_service_that_hangs_on_nothing_says_what_to_do(browser_of, viewer, db):
    page = browser_of(viewer).get(make_service("Lone").get_absolute_url()).content.decode()

    assert "Nothing to draw yet." in page
    assert '<svg class="service-map"' not in page


def test_it_stays_a_picture_and_takes_one_query_whatever_is_in_reach(shop):
    for n in range(40):
        relations.relate(source=shop.ci, type="depends_on", target=make_ci(f"node-{n}"), actor=SYSTEM)
    overview = overview_of(shop.ci)

    with CaptureQueriesContext(connection) as queries:
        found = map_of(shop, overview)
        sentences = [str(line.relation) for line in found.lines]

    assert len(queries) == 1
    assert len(sentences) == len(found.lines) > BELOW
    assert len(found.boxes) == BELOW + 2
    assert found.left_out == 40 + 3 - BELOW


def test_the_libraries_of_an_application_do_not_hide_what_it_runs_on(shop):
    web = ConfigurationItem.objects.get(name="web-1")
    library = make_class("library", kind="code")
    for n in range(30):
        part = make_ci(f"lib-{n}", ci_class=library)
        relations.relate(source=part, type="part_of", target=web, actor=SYSTEM)

    found = map_of(shop, overview_of(shop.ci))

    assert {box.ci.name for box in found.boxes} == {"Portal", "Shop", "web-1", "web-2", "db-1"}
    assert found.left_out == 30


def test_relations_are_found_by_an_index(shop):
    with CaptureQueriesContext(connection) as queries:
        map_of(shop, overview_of(shop.ci))
    with made_up([Relation]) as write:
        ends = {"source_id": "1000000 + n", "target_id": "2000000 + n"}
        copies(write, Relation.objects.earliest("pk"), 2000, **ends)

    assert "Seq Scan on cmdb_relation " not in plan_of(queries[-1]["sql"])
