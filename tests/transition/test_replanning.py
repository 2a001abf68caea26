"""Packages are cut into smaller ones and go over into streams; nothing is lost, and either can be undone."""

from datetime import date
from decimal import Decimal

import pytest

from itsm.kernel.actor import Actor
from itsm.kernel.errors import Forbidden, InvalidInput
from tests.builders import SYSTEM, make_service
from tests.transition.builders import at, make_item, make_package, make_plan, make_requirement, make_stream
from transition.models import DeliveryItem, NonFunctionalTarget, ReleasePackage
from transition.operations import items, packages, replanning, targets
from transition.queries.replanning import Slice

pytestmark = pytest.mark.django_db
NOW = at(23, 10)
SPRING = date(2027, 3, 1)


@pytest.fixture
def package():
    return make_package(target_date=date(2026, 12, 1), els_days=15)


def cut(package, *moving, **details):
    piece = Slice(**{"name": "Delivery 1b", "target_date": SPRING, "items": moving} | details)
    replanning.slice_(package_id=package.pk, slices=[piece], actor=SYSTEM, reason="Too much at once")
    return ReleasePackage.objects.get(sliced_from=package, name=piece.name)


def test_items_go_into_the_slice_with_their_offsets_and_the_rest_stays(package):
    briefing, code = make_item(package, kind="briefing", offset_days=-21), make_item(package)

    piece = cut(package, briefing)

    assert (piece.plan, piece.ordinal, piece.els_days) == (package.plan, 2, 15)
    briefing.refresh_from_db()
    assert (briefing.package, briefing.due) == (piece, date(2027, 2, 8))
    assert list(package.items.all()) == [code]


def test_a_preview_tells_each_way_and_changes_nothing(package):
    moving, staying = make_item(package, title="Index", offset_days=2), make_item(package, title="Stays")

    ways = replanning.preview_slices(package=package, slices=[Slice("Later", SPRING, [moving])], actor=SYSTEM)

    assert {way.item.title: (way.to_name, way.due_before, way.due_after) for way in ways} == {
        "Index": ("Later", date(2026, 12, 3), date(2027, 3, 3)),
        "Stays": ("", date(2026, 12, 1), date(2026, 12, 1)),
    }
    assert ReleasePackage.objects.count() == 1
    assert set(package.items.all()) == {moving, staying}


def test_a_target_goes_along_with_the_items_of_its_requirement_and_comes_back(package):
    wanted = make_requirement(package.plan, "x", kind="non_functional")
    targets.set_target(package=package, requirement=wanted, target_percent=Decimal(75), actor=SYSTEM)
    item = make_item(package, kind="nfr", requirement=wanted)
    make_item(package)

    piece = cut(package, item)
    assert NonFunctionalTarget.objects.get().package == piece

    replanning.undo(package_id=package.pk, actor=SYSTEM, now=NOW)
    assert NonFunctionalTarget.objects.get().package == package


@pytest.mark.parametrize("wrong", ["nothing", "none in it", "twice", "of another"])
def test_it_refuses_slices_that_lose_or_double_something(package, wrong):
    item = make_item(package)
    other = make_item(make_package(package.plan, ordinal=7))
    pieces = {
        "nothing": [],
        "none in it": [Slice("A", SPRING, [])],
        "twice": [Slice("A", SPRING, [item]), Slice("B", SPRING, [item])],
        "of another": [Slice("A", SPRING, [other])],
    }[wrong]

    with pytest.raises(InvalidInput) as refusal:
        replanning.slice_(package_id=package.pk, slices=pieces, actor=SYSTEM)

    assert "slices" in refusal.value.errors
    assert ReleasePackage.objects.count() == 2


def test_it_refuses_what_operations_took_over(package):
    item = make_item(package)
    packages.build(package_id=package.pk, actor=SYSTEM)
    packages.accept(package_id=package.pk, actor=SYSTEM)
    with pytest.raises(replanning.TooLate):
        cut(package, item)
    with pytest.raises(replanning.TooLate):
        replanning.replan_as_streams(package_id=package.pk, actor=SYSTEM)


def test_a_viewer_neither_cuts_nor_looks_ahead(package, viewer):
    item, actor = make_item(package), Actor.person(viewer)
    with pytest.raises(Forbidden):
        replanning.slice_(package_id=package.pk, slices=[Slice("A", SPRING, [item])], actor=actor)
    with pytest.raises(Forbidden):
        replanning.preview_streams(package=package, streams={}, actor=actor)


def test_each_open_item_goes_to_the_stream_for_its_kind(package):
    kinds = ("code", "knowledge", "acceptance_test", "hardware")
    streams = {kind: make_stream(package.plan, kind=kind) for kind in kinds}
    wanted = {
        "code": "code", "knowledge": "knowledge", "document": "knowledge", "briefing": "knowledge",
        "training": "knowledge", "acceptance_test": "acceptance_test", "nfr": "acceptance_test",
        "hardware": "hardware",
    }  # fmt: skip
    for kind in wanted:
        make_item(package, kind=kind, title=kind)
    done = items.complete(item_id=make_item(package, title="done").pk, actor=SYSTEM, now=NOW)

    replanning.replan_as_streams(package_id=package.pk, actor=SYSTEM)

    went = {item.title: item.stream for item in DeliveryItem.objects.exclude(stream=None)}
    assert went == {kind: streams[stream] for kind, stream in wanted.items()}
    assert list(package.items.all()) == [done]


def test_without_a_stream_for_a_kind_it_refuses_and_names_what_is_lost(package):
    make_stream(package.plan, kind="code")
    make_item(package)
    rack = make_item(package, kind="hardware", title="Rack")

    with pytest.raises(replanning.NoStreamForKind) as refusal:
        replanning.replan_as_streams(package_id=package.pk, actor=SYSTEM)

    assert [check["label"] for check in refusal.value.checks] == [rack.title]
    assert package.items.count() == 2
    ways = replanning.preview_streams(package=package, streams={}, actor=SYSTEM)
    assert [way.item.title for way in ways if way.missing] == ["Rack"]


def test_a_stream_that_is_named_for_a_kind_takes_it_but_not_one_of_another_plan(package):
    code = make_stream(package.plan, kind="code")
    rack = make_item(package, kind="hardware")
    foreign = {"hardware": make_stream(make_plan(make_service("Another")))}
    with pytest.raises(InvalidInput):
        replanning.replan_as_streams(package_id=package.pk, streams=foreign, actor=SYSTEM)

    replanning.replan_as_streams(package_id=package.pk, streams={"hardware": code}, actor=SYSTEM)

    rack.refresh_from_db()
    assert rack.stream == code


def test_undone_items_are_back_with_their_dates_and_slices_are_cancelled(package):
    moving = make_item(package, offset_days=-7)
    make_item(package)
    piece = cut(package, moving)

    replanning.undo(package_id=package.pk, actor=SYSTEM, now=NOW)

    moving.refresh_from_db()
    piece.refresh_from_db()
    assert (moving.package, moving.due, moving.state) == (package, date(2026, 11, 24), "planned")
    assert piece.state == "cancelled"
    with pytest.raises(replanning.NothingToUndo):
        replanning.undo(package_id=package.pk, actor=SYSTEM, now=NOW)


def test_items_come_back_from_streams_unless_one_was_delivered_there(package):
    make_stream(package.plan, kind="code")
    first, second = make_item(package), make_item(package)
    replanning.replan_as_streams(package_id=package.pk, actor=SYSTEM)
    replanning.undo(package_id=package.pk, actor=SYSTEM, now=NOW)
    assert set(package.items.all()) == {first, second}

    replanning.replan_as_streams(package_id=package.pk, actor=SYSTEM)
    items.complete(item_id=first.pk, actor=SYSTEM, now=NOW)
    with pytest.raises(replanning.MovedOn) as refusal:
        replanning.undo(package_id=package.pk, actor=SYSTEM, now=NOW)
    assert first.number in refusal.value.message


def test_a_slice_that_got_more_since_is_not_undone(package):
    moving = make_item(package)
    added = make_item(cut(package, moving))
    with pytest.raises(replanning.MovedOn):
        replanning.undo(package_id=package.pk, actor=SYSTEM, now=NOW)
    added.refresh_from_db()
    assert added.state == "planned"


def test_rest_previews_cuts_and_undoes(api, planner, package, django_assert_max_num_queries):
    client, path = api(planner), f"/api/transition/packages/{package.number}/"
    many = [make_item(package, title=f"Item {place}") for place in range(40)]
    body = {"slices": [{"name": "Later", "target_date": "2027-03-01", "items": [item.number for item in many[:30]]}]}

    with django_assert_max_num_queries(20):
        told = client.post(f"{path}slice/", body | {"preview": True}).json()
    assert (told["preview"], told["moving"], told["staying"]) == (True, 30, 10)
    assert told["ways"][0]["to"] == "Later"
    assert ReleasePackage.objects.count() == 1

    answer = client.post(f"{path}slice/", body)
    assert (answer.status_code, answer.json()["item_count"]) == (200, 10)
    later = client.get(f"/api/transition/packages/?sliced_from={package.pk}").json()["results"]
    assert [(one["name"], one["item_count"]) for one in later] == [("Later", 30)]

    assert client.post(f"{path}undo-replanning/").json()["item_count"] == 40


def test_rest_replans_as_streams_and_refuses_with_what_is_missing(api, planner, package):
    client, path = api(planner), f"/api/transition/packages/{package.number}/replan-as-streams/"
    item = make_item(package)
    refused = client.post(path, {})
    assert (refused.status_code, refused.json()["code"]) == (409, "no_stream_for_kind")
    assert client.post(path, {"preview": True}).json()["missing"] == 1

    stream = make_stream(package.plan, kind="code")
    assert client.post(path, {"streams": {"code": stream.number}}).json()["item_count"] == 0
    item.refresh_from_db()
    assert item.stream == stream
    wrong = client.post(path, {"streams": {"code": "STR-999999"}})
    assert (wrong.status_code, wrong.json()["code"]) == (400, "invalid")


def test_the_page_shows_each_way_before_it_cuts(browser_of, planner, package):
    browser, path = browser_of(planner), f"{package.get_absolute_url()}slice/"
    moving, _ = make_item(package, title="Index"), make_item(package, title="Facets")
    said = {"name": "Later", "target_date": "2027-03-01", "items": [moving.pk], "reason": ""}

    page = browser.post(path, {**said, "preview": "1"})
    assert page.status_code == 200
    assert "Each item's way" in page.content.decode()
    assert ReleasePackage.objects.count() == 1

    assert browser.post(path, said).status_code == 302
    moving.refresh_from_db()
    assert moving.package.name == "Later"
    assert browser.post(f"{package.get_absolute_url()}undo-replanning/").status_code == 302
    assert package.items.count() == 2


def test_the_page_lets_a_stream_be_chosen_for_each_kind(browser_of, planner, package):
    browser, path = browser_of(planner), f"{package.get_absolute_url()}replan-as-streams/"
    rack = make_item(package, kind="hardware", title="Rack")
    code = make_stream(package.plan, kind="code")
    assert "no hardware stream" in browser.get(path).content.decode()
    assert browser.post(path, {"hardware": "", "reason": ""}).status_code == 422

    assert browser.post(path, {"hardware": code.pk, "reason": "No date any more"}).status_code == 302
    rack.refresh_from_db()
    assert rack.stream == code
