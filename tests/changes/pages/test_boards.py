"""Boards, their meetings and the workbench: everything on one page, by buttons, and nothing that one may not see."""

import pytest
from django.test import Client

from changes.models import AgendaItem, Board, BoardMeeting, BoardVote
from itsm.kernel.roles import Role
from tests.builders import make_ci
from tests.changes.board_builders import call, item_of, make_board, put_on, seen, vote
from tests.changes.builders import make_change, make_policy

pytestmark = pytest.mark.django_db
RULES = [{"name": "the board", "require": [{"role": "cab_member"}]}]


@pytest.fixture
def five(person):
    return [person(f"member{n}", Role.CAB_MEMBER) for n in range(5)]


@pytest.fixture
def asked(alice, bob, firewall):
    make_policy(rules=RULES)
    return make_change(requested_by=alice, assignee=bob, cis=[firewall], status="assessment")


@pytest.fixture
def board(five):
    return make_board(*five[1:], chair=five[0], quorum=3)


@pytest.fixture
def meeting(board, asked):
    return call(board, asked)


def signed_in(user) -> Client:
    client = Client()
    client.force_login(user, backend="itsm.kernel.sign_in.Backend")
    return client


def ballot(item: AgendaItem, said: str, **more: str) -> dict[str, object]:
    return {"item": item.pk, "vote": said, "fingerprint": seen(item), **more}


def test_the_workbench_shows_the_agenda_the_item_the_card_and_the_minutes(meeting, asked, five):
    page = signed_in(five[0]).get(meeting.get_absolute_url()).content.decode()

    assert asked.title in page
    assert all(f'value="{said}"' in page for said in ("authorised", "rejected", "abstained", "deferred"))
    assert "Nobody has voted yet" in page


def test_a_member_votes_by_a_button_and_the_next_item_is_shown(meeting, asked, five, alice):
    second = make_change(requested_by=alice, cis=[make_ci()], status="assessment")
    other = put_on(meeting, second)
    answer = signed_in(five[1]).post(
        f"{meeting.get_absolute_url()}vote/", ballot(item_of(meeting, asked), "authorised")
    )

    assert answer.status_code == 302
    assert answer["Location"].endswith(f"?item={other.pk}")
    assert BoardVote.objects.get().by == five[1]


def test_a_refusal_is_shown_on_the_card_and_nothing_is_lost(meeting, asked, five):
    item = item_of(meeting, asked)
    answer = signed_in(five[1]).post(f"{meeting.get_absolute_url()}vote/", ballot(item, "rejected"))

    assert answer.status_code == 422
    assert "Say why" in answer.content.decode()
    assert not BoardVote.objects.exists()


def test_who_has_no_seat_sees_no_buttons_and_is_refused(meeting, asked, viewer):
    client, item = signed_in(viewer), item_of(meeting, asked)
    page = client.get(meeting.get_absolute_url()).content.decode()

    assert "Only the members of this board vote." in page
    assert 'name="vote"' not in page
    assert client.post(f"{meeting.get_absolute_url()}vote/", ballot(item, "authorised")).status_code == 422
    assert not BoardVote.objects.exists()


def test_the_chairs_word_is_refused_when_the_meeting_went_on_meanwhile(meeting, asked, five):
    item = item_of(meeting, asked)
    for member in five[1:3]:
        vote(item, member)
    ruling = {"item": item.pk, "decision": "deferred", "comment": "Later.", "revision": meeting.revision}
    BoardMeeting.objects.filter(pk=meeting.pk).update(notes="Somebody wrote.")
    client = signed_in(five[0])

    answer = client.post(f"{meeting.get_absolute_url()}decide/", ruling, follow=True)
    assert "went on while you read" in answer.content.decode()
    item.refresh_from_db()
    assert item.state == "waiting"


def test_a_confidential_change_is_only_counted_for_those_who_may_not_see_it(meeting, asked, viewer, five):
    asked.confidential, asked.title = True, "Zugzwang"
    asked.save(update_fields=["confidential", "title"])

    page = signed_in(viewer).get(meeting.get_absolute_url()).content.decode()
    assert "Zugzwang" not in page
    assert "1 more, confidential" in page
    assert "Zugzwang" in signed_in(five[0]).get(meeting.get_absolute_url()).content.decode()


def test_a_board_is_set_up_edited_and_called_by_forms(change_manager, five):
    client = signed_in(change_manager)
    about = {
        "name": "Network board", "kind": "cab", "role": "cab_member", "decides_by": "votes", "quorum": "2",
        "least_risk": "1", "time_zone": "UTC", "duration_minutes": "30", "item_minutes": "5",
        "fixed_minutes_before": "60", "active": "on", "chair": "member0", "members": "member1\nmember2",
    }  # fmt: skip
    assert client.post("/changes/boards/new/", about).status_code == 302
    board = Board.objects.get(name="Network board")
    assert [(one.user.username, one.seat) for one in board.seated] == [
        ("member0", "chair"), ("member1", "member"), ("member2", "member"),
    ]  # fmt: skip

    form = client.get(f"/changes/boards/{board.number}/edit/").content.decode()
    assert "member1" in form
    refused = client.post("/changes/boards/new/", about | {"recurrence": "FREQ=NEVER", "name": "Other"})
    assert refused.status_code == 422
    called = client.post(f"/changes/boards/{board.number}/call/", {"starts_at": "2030-01-01T10:00", "reason": "Now."})
    assert called.status_code == 302
    assert board.meetings.count() == 1


@pytest.mark.parametrize("path", ["/changes/meetings/", "/changes/boards/"])
def test_the_lists_hold_their_records(meeting, viewer, path):
    assert "CAB" in signed_in(viewer).get(path).content.decode()


def test_what_is_to_be_voted_on_stands_in_my_work_and_in_the_navigation(meeting, asked, five):
    page = signed_in(five[1]).get("/?kind=meeting").content.decode()

    assert "to vote before" in page
    assert meeting.get_absolute_url() in page


@pytest.mark.parametrize("number", [1, 6])
def test_the_workbench_costs_the_same_queries_at_any_length(
    alice, bob, board, five, number, django_assert_max_num_queries
):
    make_policy(rules=RULES)
    changes = [
        make_change(requested_by=alice, assignee=bob, cis=[make_ci()], status="assessment") for _ in range(number)
    ]
    meeting = call(board, *changes)
    for change in changes:
        vote(item_of(meeting, change), five[1], "abstained")
    client = signed_in(five[0])
    client.get(meeting.get_absolute_url())

    with django_assert_max_num_queries(40):
        client.get(meeting.get_absolute_url())
