"""Boards meet by their rhythm; their agenda fills by the rule, and is then fixed."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from changes.models import AgendaItem, BoardMeeting
from changes.operations import agendas, board_decisions, boards, meetings, requests
from itsm.kernel.actor import Actor
from itsm.kernel.errors import Forbidden, IllegalMove, InvalidInput
from itsm.kernel.models import Notification, OutboxEvent
from itsm.kernel.outbox import drain, publish, waiting_subscribers
from itsm.kernel.roles import Role
from tests.builders import SYSTEM, make_ci, make_service
from tests.changes.board_builders import TUESDAY, call, item_of, make_board, next_meeting, prepare, put_on, rule, vote
from tests.changes.builders import NOW, START, decide, make_change, make_model, make_policy, waiting

pytestmark = pytest.mark.django_db
RULES = [{"name": "the board", "require": [{"role": "cab_member"}]}]


@pytest.fixture
def change(alice, bob):
    make_policy(rules=RULES)
    return make_change(requested_by=alice, assignee=bob, cis=[make_ci("fw-1")], status="assessment")


# --- Rhythm ---------------------------------------------------------------------------------------


def test_meetings_are_planned_by_the_rhythm_once_however_often_the_beat_comes(cab_member):
    board = make_board(cab_member)

    assert prepare().planned == 5
    assert prepare().planned == 0
    starts = list(BoardMeeting.objects.filter(board=board).order_by("starts_at").values_list("starts_at", flat=True))
    assert starts == [TUESDAY + timedelta(weeks=week) for week in range(5)]


def test_the_wall_clock_of_the_zone_counts_when_the_clocks_change():
    amsterdam = ZoneInfo("Europe/Amsterdam")
    now = datetime(2026, 10, 20, 12, 0, tzinfo=UTC)
    first = datetime(2026, 10, 20, 14, 0, tzinfo=amsterdam)
    make_board(first_start=first.astimezone(UTC), time_zone="Europe/Amsterdam")
    prepare(now)

    starts = BoardMeeting.objects.order_by("starts_at").values_list("starts_at", flat=True)
    assert [start.astimezone(amsterdam).hour for start in starts[:3]] == [14, 14, 14]
    assert [start.hour for start in starts[:3]] == [12, 13, 13]


def test_another_rhythm_plans_anew_but_keeps_where_somebody_voted(change, cab_member, person):
    board = make_board(cab_member, person("two", Role.CAB_MEMBER), quorum=2)
    prepare()
    kept = next_meeting(board)
    vote(item_of(kept, change), cab_member)

    boards.update(board_id=board.pk, recurrence="FREQ=WEEKLY;BYDAY=TH", actor=SYSTEM)
    prepare()

    days = {meeting.starts_at.weekday() for meeting in BoardMeeting.objects.exclude(pk=kept.pk)}
    assert days == {3}
    assert BoardMeeting.objects.filter(pk=kept.pk).exists()


def test_a_cancelled_meeting_is_not_planned_again(cab_member):
    board = make_board(cab_member)
    prepare()
    meetings.cancel(meeting_id=next_meeting(board).pk, reason="Christmas", actor=SYSTEM, now=NOW)

    assert prepare().planned == 0


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("recurrence", "FREQ=SOMETIMES"), ("recurrence", "FREQ=SECONDLY"), ("time_zone", "Europe/Atlantis"),
        ("quorum", 0), ("quorum", 3), ("types", ["strange"]), ("first_start", None), ("name", "Other"),
    ],
)  # fmt: skip
def test_it_refuses_what_could_never_work_and_names_the_field(cab_member, field, value):
    make_board(name="Other")
    with pytest.raises(InvalidInput) as refusal:
        make_board(cab_member, **{field: value})

    assert field in refusal.value.errors


def test_it_refuses_two_chairs_a_machine_and_two_seats(cab_member, alice, pipeline):
    for seats in ({"chair": [alice, cab_member]}, {"member": [pipeline]}, {"member": [alice], "deputy": [alice]}):
        with pytest.raises(InvalidInput) as refusal:
            boards.establish(name="Odd", members=seats, actor=SYSTEM)
        assert "members" in refusal.value.errors


def test_only_a_change_manager_sets_boards_up(viewer, cab_member, change_manager):
    for who in (viewer, cab_member):
        with pytest.raises(Forbidden):
            boards.establish(name="Mine", actor=Actor.person(who))
    boards.establish(name="Ours", actor=Actor.person(change_manager))


# --- Agenda ---------------------------------------------------------------------------------------


def test_what_waits_for_the_board_comes_on_its_next_agenda_once(change, cab_member):
    board = make_board(cab_member)

    assert prepare().filled == 1
    assert prepare().filled == 0
    item = AgendaItem.objects.get()
    assert (item.meeting, item.change, item.late, item.position) == (next_meeting(board), change, False, 1)


def test_what_is_decided_elsewhere_goes_from_an_agenda_that_is_not_fixed(change, cab_member):
    make_board(cab_member)
    prepare()
    decide(waiting(change, "cab_member"), cab_member)
    prepare()

    assert not AgendaItem.objects.exists()


def test_what_was_decided_and_is_asked_again_is_to_be_decided_on_the_same_agenda(change, cab_member):
    board = make_board(cab_member)
    prepare()
    item = AgendaItem.objects.get()
    decided = decide(waiting(change, "cab_member"), cab_member)
    board_decisions.take_note(authorisation_id=decided.pk, actor=SYSTEM, now=NOW)
    item.refresh_from_db()
    assert item.state == "authorised"

    requests.plan(change_id=change.pk, check_minutes=17, actor=SYSTEM)
    prepare()
    item.refresh_from_db()
    assert (item.meeting, item.state, item.settled_at) == (next_meeting(board), "waiting", None)
    assert item.comment == "Asked again, as the plan changed."


def test_a_meeting_that_is_called_for_now_has_what_waits_on_its_agenda_at_once(change, cab_member):
    board = make_board(cab_member, kind="ecab", recurrence="", first_start=None)
    meeting = call(board)

    assert [item.change for item in meeting.items.all()] == [change]


@pytest.mark.parametrize(
    ("scope", "comes"),
    [
        ({}, True), ({"types": ["emergency"]}, False), ({"types": ["emergency", "normal"]}, True),
        ({"least_risk": 2}, False), ({"horizon_days": 1}, True), ({"role": Role.SERVICE_OWNER}, False),
    ],
)  # fmt: skip
def test_the_rule_of_the_board_says_what_comes(change, scope, comes):
    make_board(**scope)
    prepare()

    assert AgendaItem.objects.exists() is comes


def test_a_change_far_ahead_waits_for_a_later_meeting(change):
    change.window = (START + timedelta(days=30), START + timedelta(days=30, hours=1))
    change.save(update_fields=["window"])
    make_board(horizon_days=7)
    prepare()

    assert not AgendaItem.objects.exists()


def test_a_board_of_one_service_sees_only_its_changes(change):
    shop = make_service("Online Shop")
    make_board(services=[shop])
    prepare()
    assert not AgendaItem.objects.exists()

    change.services.add(shop)
    prepare()
    assert AgendaItem.objects.count() == 1


def test_the_agenda_is_fixed_at_its_time_and_the_members_hear_of_it(change, cab_member):
    board = make_board(cab_member)
    prepare()
    assert next_meeting(board).state == "planned"

    due = TUESDAY - timedelta(days=1)
    assert prepare(due).fixed == 1
    assert prepare(due).fixed == 0
    assert next_meeting(board).state == "fixed"
    publish()
    for subscriber in waiting_subscribers():
        drain(subscriber)
    assert Notification.objects.filter(user=cab_member, kind="changes.board").count() == 1


def test_after_that_nothing_slips_in_and_what_is_added_is_marked_as_late(change, alice, bob, cab_member):
    board = make_board(cab_member)
    prepare()
    meeting = meetings.fix(meeting_id=next_meeting(board).pk, actor=SYSTEM, now=NOW)
    second = make_change(requested_by=alice, assignee=bob, cis=[make_ci("fw-2")], status="assessment")
    prepare()
    assert not AgendaItem.objects.filter(meeting=meeting, change=second).exists()

    with pytest.raises(InvalidInput) as refusal:
        put_on(meeting, second, actor=Actor.person(alice))
    assert "reason" in refusal.value.errors
    AgendaItem.objects.filter(change=second).delete()  # the rule put it on the meeting after
    item = put_on(meeting, second, actor=Actor.person(alice), reason="The certificate ends on Friday.")
    assert item.late


def test_what_was_taken_off_does_not_come_back_to_this_meeting(change, alice, cab_member):
    board = make_board(cab_member)
    prepare()
    item = AgendaItem.objects.get()
    agendas.withdraw(
        meeting_id=item.meeting_id, item_id=item.pk, reason="Not ready.", actor=Actor.person(alice), now=NOW
    )
    prepare()

    assert AgendaItem.objects.filter(meeting=next_meeting(board)).values_list("state", flat=True).get() == "withdrawn"


def test_it_refuses_others_to_place_a_change_and_what_waits_for_nobody(change, alice, bob, person, viewer):
    board = make_board()
    meeting = call(board)
    stranger = person("stranger", Role.REQUESTER)
    draft = make_change(requested_by=alice, cis=[make_ci("fw-3")])
    for who in (viewer, stranger):
        with pytest.raises(Forbidden):
            put_on(meeting, change, actor=Actor.person(who))
    with pytest.raises(agendas.NothingAwaited):
        put_on(meeting, draft, actor=Actor.person(alice))
    put_on(meeting, change, actor=Actor.person(alice))
    with pytest.raises(agendas.OnAgenda):
        put_on(meeting, change, actor=Actor.person(alice))


def test_items_are_put_in_order_and_taken_up_one_at_a_time(change, alice, bob, change_manager):
    second = make_change(requested_by=alice, assignee=bob, cis=[make_ci("fw-2")], status="assessment")
    meeting = call(make_board(), change, second)
    first, last = item_of(meeting, change), item_of(meeting, second)
    manager = Actor.person(change_manager)

    agendas.move(meeting_id=meeting.pk, item_id=last.pk, up=True, actor=manager)
    assert [i.pk for i in meeting.items.order_by("position")] == [last.pk, first.pk]
    agendas.take_up(meeting_id=meeting.pk, item_id=first.pk, actor=manager, now=NOW)
    agendas.take_up(meeting_id=meeting.pk, item_id=last.pk, actor=manager, now=NOW)
    first.refresh_from_db()
    assert first.state == "waiting"
    with pytest.raises(meetings.NotOver):
        meetings.close(meeting_id=meeting.pk, actor=manager, now=NOW)


def test_closing_puts_off_what_was_not_reached_and_it_comes_on_the_next_agenda(change, cab_member):
    board = make_board(cab_member)
    meeting = call(board, change)
    prepare(NOW)
    meetings.close(meeting_id=meeting.pk, actor=SYSTEM, now=NOW)
    assert item_of(meeting, change).state == "deferred"

    prepare()
    assert AgendaItem.objects.filter(change=change, state="waiting", meeting__starts_at=TUESDAY).exists()
    with pytest.raises(IllegalMove):
        meetings.fix(meeting_id=meeting.pk, actor=SYSTEM, now=NOW)
    with pytest.raises(agendas.MeetingOver):
        rule(item_of(meeting, change), cab_member)


def test_a_meeting_that_was_forgotten_is_closed_after_a_day(change):
    meeting = call(make_board(), change)
    prepare()

    assert prepare(NOW + timedelta(days=2)).closed == 1
    meeting.refresh_from_db()
    assert meeting.state == "closed"


def test_only_who_runs_the_board_fixes_closes_and_minutes(change, viewer, cab_member, person):
    secretary = person("secretary")
    board = boards.establish(
        name="CAB", members={"secretary": [secretary], "member": [cab_member]}, actor=SYSTEM
    )  # fmt: skip
    meeting = call(board, change)
    for who in (viewer, cab_member):
        with pytest.raises(Forbidden):
            meetings.fix(meeting_id=meeting.pk, actor=Actor.person(who), now=NOW)
    meetings.fix(meeting_id=meeting.pk, actor=Actor.person(secretary), now=NOW)
    meetings.minute(meeting_id=meeting.pk, notes="All were there.", actor=Actor.person(secretary))
    assert OutboxEvent.objects.filter(name="changes.meeting.minuted").count() == 1


def test_filling_costs_the_same_queries_for_one_change_and_for_many(alice, bob, django_assert_num_queries):
    make_policy(rules=RULES)
    model = make_model()
    make_board()
    prepare()

    def count() -> int:
        with CaptureQueriesContext(connection) as captured:
            prepare()
        return len(captured)

    empty = count()
    for number in range(6):
        make_change(requested_by=alice, assignee=bob, cis=[make_ci(f"s-{number}")], status="assessment", model=model)
    assert count() == empty
    assert AgendaItem.objects.count() == 6


def test_closing_costs_the_same_queries_for_one_change_and_for_many(alice, bob):
    make_policy(rules=RULES)
    model = make_model()

    def closing(board: str, changes: int) -> int:
        meeting = call(make_board(name=board, types=["emergency"]))  # the rule brings none of these
        for number in range(changes):
            ci = make_ci(f"{board}-{number}")
            put_on(meeting, make_change(requested_by=alice, assignee=bob, cis=[ci], status="assessment", model=model))
        meetings.fix(meeting_id=meeting.pk, actor=SYSTEM, now=NOW)
        with CaptureQueriesContext(connection) as captured:
            meetings.close(meeting_id=meeting.pk, actor=SYSTEM, now=NOW)
        assert meeting.items.filter(state="deferred").count() == changes
        return len(captured)

    assert closing("one", 1) == closing("many", 5)


def test_what_nobody_asks_of_the_board_any_more_is_taken_off_when_the_meeting_is_closed(change, cab_member):
    meeting = call(make_board(cab_member), change)
    prepare(NOW)
    change.authorisations.update(state="authorised")
    meetings.close(meeting_id=meeting.pk, actor=SYSTEM, now=NOW)
    assert item_of(meeting, change).state == "withdrawn"


def test_who_runs_a_board_does_nothing_with_a_change_that_they_may_not_see(change, cab_member, person):
    secretary = person("secretary")
    members = {"secretary": [secretary], "member": [cab_member]}
    meeting = call(boards.establish(name="CAB", members=members, actor=SYSTEM), change)
    about = {"meeting_id": meeting.pk, "item_id": item_of(meeting, change).pk, "actor": Actor.person(secretary)}
    agendas.note(note="To be read before.", **about)
    type(change).objects.filter(pk=change.pk).update(confidential=True)

    for attempt in (
        lambda: agendas.note(note="Seen.", **about),
        lambda: agendas.take_up(now=NOW, **about),
        lambda: agendas.withdraw(reason="Not now.", now=NOW, **about),
    ):
        with pytest.raises(InvalidInput, match="no such item"):
            attempt()
    assert item_of(meeting, change).note == "To be read before."
