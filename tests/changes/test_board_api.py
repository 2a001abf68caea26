"""Boards and meetings over REST: the same operations, the same refusals, and only what the caller may see."""

import pytest
from rest_framework.test import APIClient

from changes.models import BoardMeeting
from itsm.kernel import tokens
from itsm.kernel.roles import Role
from tests.builders import make_ci
from tests.changes.board_builders import call, item_of, make_board, seen, vote
from tests.changes.builders import make_change, make_policy

pytestmark = pytest.mark.django_db


@pytest.fixture
def five(person):
    return [person(f"member{n}", Role.CAB_MEMBER) for n in range(5)]


@pytest.fixture
def asked(alice, bob):
    make_policy(rules=[{"name": "the board", "require": [{"role": "cab_member"}]}])
    return make_change(requested_by=alice, assignee=bob, cis=[make_ci("fw-1")], status="assessment")


@pytest.fixture
def meeting(five, asked):
    return call(make_board(*five[1:], chair=five[0], quorum=1, decides_by="chair"), asked)


def api(user) -> APIClient:
    client = APIClient()
    client.credentials(HTTP_AUTHORIZATION=f"Token {tokens.make(user, name='test')}")
    return client


def test_a_board_is_made_read_and_changed(change_manager, five):
    client = api(change_manager)
    made = client.post(
        "/api/changes/boards/",
        {
            "name": "CAB", "quorum": 2, "recurrence": "FREQ=WEEKLY;BYDAY=TU", "first_start": "2026-11-24T13:00:00Z",
            "members": [{"person": "member0", "seat": "chair"}, {"person": "member1"}],
        },
        format="json",
    )  # fmt: skip
    assert made.status_code == 201, made.json()
    board = made.json()
    assert board["members"] == [{"person": "member0", "seat": "chair"}, {"person": "member1", "seat": "member"}]
    assert {action["name"]: action["allowed"] for action in board["actions"]} == {"call": True, "edit": True}

    changed = client.patch(
        f"/api/changes/boards/{board['id']}/", {"quorum": 1}, format="json", headers={"If-Match": made["ETag"]}
    )
    assert changed.json()["quorum"] == 1
    stale = client.patch(
        f"/api/changes/boards/{board['id']}/", {"quorum": 2}, format="json", headers={"If-Match": made["ETag"]}
    )
    assert stale.status_code == 412


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"recurrence": "FREQ=\x00"}, "recurrence"), ({"time_zone": "../../etc/passwd"}, "time_zone"),
        ({"time_zone": "x" * 63}, "time_zone"), ({"quorum": 99999999999}, "quorum"), ({"members": [{"person": 5}]}, ""),
        ({"recurrence": "FREQ=DAILY;INTERVAL=99999999999999999999", "first_start": "2026-11-24T13:00:00Z"}, ""),
        ({"recurrence": "DTSTART:20260101\nRRULE:FREQ=DAILY", "first_start": "2026-11-24T13:00:00Z"}, ""),
        ({"horizon_days": -1}, "horizon_days"), ({"first_start": "0001-01-01T00:00:00Z"}, ""),
    ],
)  # fmt: skip
def test_nonsense_is_refused_by_name_or_harmless(change_manager, body, field):
    answer = api(change_manager).post("/api/changes/boards/", {"name": "Odd", **body}, format="json")

    assert answer.status_code in (201, 400), answer.content
    if field:
        assert answer.status_code == 400
        assert any(field in error["pointer"] for error in answer.json()["errors"])
    from tests.changes.board_builders import prepare

    prepare()


def test_a_meeting_is_called_filled_voted_on_decided_minuted_and_closed(five, asked, change_manager):
    board = make_board(*five[1:], chair=five[0], quorum=2)
    manager, chair, member = api(change_manager), api(five[0]), api(five[1])
    called = manager.post(
        "/api/changes/meetings/",
        {"board": board.number, "starts_at": "2030-01-01T10:00:00Z", "reason": "At once.", "changes": [asked.number]},
        format="json",
    )
    assert called.status_code == 201, called.json()
    path = f"/api/changes/meetings/{called.json()['id']}/"
    (item,) = called.json()["items"]
    ballot = {"item": item["id"], "vote": "authorised", "fingerprint": item["fingerprint"]}

    assert manager.post(f"{path}open-item/", {"item": item["id"]}, format="json").json()["items"][0]["state"] == "open"
    assert member.post(f"{path}vote/", ballot, format="json").status_code == 200
    assert api(five[2]).post(f"{path}vote/", ballot, format="json").json()["items"][0]["state"] == "open"
    ruling = {"item": item["id"], "decision": "authorised", "fingerprint": item["fingerprint"]}
    assert chair.post(f"{path}decide/", ruling, format="json").status_code == 428
    tag = chair.get(path)["ETag"]
    decided = chair.post(f"{path}decide/", ruling, format="json", headers={"If-Match": tag})
    assert decided.json()["items"][0]["state"] == "authorised", decided.json()
    asked.refresh_from_db()
    assert asked.status == "scheduled"

    assert manager.post(f"{path}minute/", {"notes": "All agreed."}, format="json").json()["notes"] == "All agreed."
    manager.post(f"{path}fix/")
    assert manager.post(f"{path}close/").json()["state"] == "closed"
    minutes = member.get(f"{path}minutes/").json()
    assert minutes["lines"][0]["outcome"] == "Authorised"
    refused = manager.post(f"{path}close/")
    assert (refused.status_code, refused.json()["code"]) == (409, "illegal_state")


def test_a_vote_about_another_plan_is_refused(meeting, asked, five):
    item = item_of(meeting, asked)
    answer = api(five[1]).post(
        f"/api/changes/meetings/{meeting.pk}/vote/",
        {"item": item.pk, "vote": "authorised", "fingerprint": "0" * 64},
        format="json",
    )
    assert (answer.status_code, answer.json()["code"]) == (409, "plan_changed")


def test_it_refuses_who_may_not_and_hides_what_they_may_not_see(meeting, asked, viewer, five):
    item = item_of(meeting, asked)
    ballot = {"item": item.pk, "vote": "authorised", "fingerprint": seen(item)}
    path = f"/api/changes/meetings/{meeting.pk}/"
    client = api(viewer)
    assert client.post(f"{path}vote/", ballot, format="json").status_code == 403
    asked.confidential = True
    asked.save(update_fields=["confidential"])
    assert client.get(path).json()["items"] == []
    assert len(api(five[0]).get(path).json()["items"]) == 1
    assert client.get(f"{path}minutes/").json()["hidden"] == 1


def test_items_are_added_ordered_noted_and_withdrawn(meeting, asked, alice, bob, five, change_manager):
    second = make_change(requested_by=alice, assignee=bob, cis=[make_ci()], status="assessment")
    path, client = f"/api/changes/meetings/{meeting.pk}/", api(change_manager)
    items = client.post(
        f"{path}add-item/", {"change": second.number, "reading": "https://wiki.example/1"}, format="json"
    ).json()["items"]
    ids = [item["id"] for item in items]
    ordered = client.post(f"{path}order/", {"items": ids[::-1]}, format="json").json()["items"]
    assert [item["id"] for item in ordered] == ids[::-1]
    client.post(f"{path}note-item/", {"item": ids[0], "note": "Read."}, format="json")
    bad = client.post(f"{path}note-item/", {"item": ids[0], "reading": "javascript:alert(1)"}, format="json")
    assert bad.status_code == 400
    away = client.post(f"{path}withdraw-item/", {"item": ids[0], "reason": "Not ready."}, format="json").json()
    assert [i["state"] for i in away["items"]] == ["waiting", "withdrawn"]
    unknown = client.post(f"{path}withdraw-item/", {"item": 2**62, "reason": "?"}, format="json")
    assert unknown.status_code == 400


@pytest.mark.parametrize("number", [1, 5])
def test_lists_and_records_cost_the_same_queries_at_any_size(
    five, alice, bob, number, django_assert_max_num_queries, viewer
):
    make_policy(rules=[{"name": "the board", "require": [{"role": "cab_member"}]}])
    changes = [make_change(requested_by=alice, assignee=bob, status="assessment") for _ in range(number)]
    meeting = call(make_board(*five), *changes)
    for change in changes:
        vote(item_of(meeting, change), five[0], "abstained")
    client = api(viewer)
    with django_assert_max_num_queries(14):
        assert len(client.get(f"/api/changes/meetings/{meeting.pk}/").json()["items"]) == number
    with django_assert_max_num_queries(8):
        assert client.get("/api/changes/meetings/").json()["count"] == BoardMeeting.objects.count()
    with django_assert_max_num_queries(8):
        client.get("/api/changes/boards/")
