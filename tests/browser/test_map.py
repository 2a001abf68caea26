"""The map of a CI, in a real browser: it grows, nothing moves, nothing is lost."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import expect

from cmdb.models import ConfigurationItem, Relation
from tests.builders import make_ci, make_class

pytestmark = pytest.mark.django_db(transaction=True)

POSITIONS = """() => Object.fromEntries(
    document.querySelector("[data-map]").ciMap.graph.nodes().map((node) => [node.id(), node.position()]))"""
GROW = "id => document.querySelector('[data-map]').ciMap.pressed(String(id))"


@pytest.fixture
def web():
    """A server under three applications, one of which carries ten sites and shares a queue with the others."""
    server = make_ci("server-1")
    applications = [make_ci(f"app-{n}", depends_on=[server], ci_class=make_class("application")) for n in (1, 2, 3)]
    for n in range(10):
        make_ci(f"site-{n}", depends_on=[applications[0]], ci_class=make_class("site"))
    make_ci("queue", depends_on=applications, ci_class=make_class("queue"))
    return server, applications


def opened(open_as, user, ci, **options):
    page = open_as(user, f"{ci.get_absolute_url()}map/", **options)
    expect(page.locator("[data-map][data-drawn]")).to_be_visible()
    return page


def test_growth_leaves_what_is_there_in_its_place_and_loses_nothing(open_as, viewer, web):
    server, (first, second, _) = web
    page = opened(open_as, viewer, server)
    before = page.evaluate(POSITIONS)
    assert len(before) == 4

    for ci in (first, second):
        page.evaluate(GROW, ci.pk)
        after = page.evaluate(POSITIONS)
        assert {pk: after[pk] for pk in before} == before
        before = after

    expect(page.locator("[data-map-rows] li")).to_have_count(15)
    places = [tuple(place.values()) for place in before.values()]
    assert len(set(places)) == len(places), "no two in one place"


def test_many_of_one_class_are_folded_and_open(open_as, viewer, web):
    server, (first, *_) = web
    page = opened(open_as, viewer, server)
    page.evaluate(GROW, first.pk)
    folded = page.evaluate(POSITIONS)
    fold = next(pk for pk in folded if pk.startswith("fold:"))
    expect(page.locator("[data-map-rows]")).to_contain_text("site-9")

    page.evaluate(GROW, fold)
    opened_ = page.evaluate(POSITIONS)

    sites = {str(pk) for pk in ConfigurationItem.objects.filter(name__startswith="site").values_list("pk", flat=True)}
    assert sites <= set(opened_)
    assert fold not in opened_
    assert {pk: opened_[pk] for pk in folded if pk != fold} == {pk: folded[pk] for pk in folded if pk != fold}
    edges = page.evaluate("() => document.querySelector('[data-map]').ciMap.graph.edges().length")
    assert edges == Relation.objects.count() - 2  # the queue's two other relations come when it is grown


def test_five_hundred_stay_a_picture(open_as, viewer):
    hub = make_ci("hub")
    classes = [make_class(f"class-{n}") for n in range(5)]
    cis = ConfigurationItem.objects.bulk_create(
        [ConfigurationItem(ci_class=classes[n % 5], name=f"leaf-{n}", status="live") for n in range(499)]
    )
    Relation.objects.bulk_create([Relation(source=ci, type="depends_on", target=hub) for ci in cis])

    page = opened(open_as, viewer, hub)

    assert len(page.evaluate(POSITIONS)) == 6
    expect(page.locator("[data-map-rows] li")).to_have_count(500)

    for fold in [pk for pk in page.evaluate(POSITIONS) if pk.startswith("fold:")]:
        page.evaluate(GROW, fold)
    places = [(place["x"], place["y"]) for place in page.evaluate(POSITIONS).values()]
    assert len(places) == len(set(places)) == 500
    wide, high = (max(each) - min(each) for each in zip(*places, strict=True))
    assert 0.5 < wide / high < 2, "a block that fits a screen, and no line"


def test_what_branches_five_hundredfold_stays_a_block(open_as, viewer):
    hub, kind = make_ci("hub"), make_class("leaf")
    branches = [make_ci(f"branch-{n}") for n in range(12)]
    leaves = [ConfigurationItem(ci_class=kind, name=f"leaf-{n}", status="live") for n in range(480)]
    ConfigurationItem.objects.bulk_create(leaves)
    ends = [(each, hub) for each in branches] + [(leaf, branches[n % 12]) for n, leaf in enumerate(leaves)]
    Relation.objects.bulk_create([Relation(source=one, type="depends_on", target=other) for one, other in ends])

    page = opened(open_as, viewer, hub)
    page.evaluate(GROW, next(pk for pk in page.evaluate(POSITIONS) if pk.startswith("fold:")))
    for each in branches:
        page.evaluate(GROW, str(each.pk))
    for fold in [pk for pk in page.evaluate(POSITIONS) if pk.startswith("fold:")]:
        page.evaluate(GROW, fold)

    places = [(place["x"], place["y"]) for place in page.evaluate(POSITIONS).values()]
    assert len(places) == len(set(places)) == 493
    wide, high = (max(each) - min(each) for each in zip(*places, strict=True))
    assert 0.5 < wide / high < 2, (wide, high)


def test_it_is_worked_by_keyboard_alone(open_as, viewer, web):
    page = opened(open_as, viewer, web[0])
    page.get_by_role("button", name="Grow: app-1").focus()
    page.keyboard.press("Enter")

    expect(page.locator("[data-map-rows] li")).to_have_count(15)
    expect(page.get_by_role("button", name="Find: app-1")).to_be_focused()
    expect(page.locator("#live")).to_contain_text("12 related to app-1")


def test_it_is_saved_as_svg_and_csv(open_as, viewer, web):
    page = opened(open_as, viewer, web[0])
    texts = {}
    for kind in ("SVG", "CSV"):
        with page.expect_download() as saving:
            page.get_by_role("button", name=kind).click()
        texts[kind] = Path(saving.value.path()).read_text()

    assert texts["SVG"].startswith("<svg")
    assert len(re.findall("<circle", texts["SVG"])) == 4
    assert "server-1" in texts["SVG"]
    assert len(texts["CSV"].splitlines()) == 1 + 4 + 3


@pytest.mark.parametrize(("theme", "width"), [("light", 1280), ("dark", 1280), ("light", 360)])
@pytest.mark.parametrize("page_of", ["map", "impact"])
def test_map_and_impact_are_accessible(page_of, theme, width, open_as, viewer, web, axe):
    page = open_as(viewer, f"{web[0].get_absolute_url()}{page_of}/", theme=theme, width=width)
    page.wait_for_load_state("networkidle")

    assert axe(page) == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
