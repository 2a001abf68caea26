"""Periods open in time, are judged when over, and a late run is heard."""

from datetime import date

import pytest

from itsm.kernel.actor import Actor
from itsm.kernel.errors import Forbidden, InvalidInput
from itsm.kernel.models import Notification, OutboxEvent
from itsm.kernel.roles import Role
from itsm.kernel.workdays import WorkCalendar
from tests.builders import SYSTEM
from tests.transition.builders import at, make_item, make_plan, make_requirement, make_stream
from transition.cadence import day_of, tile
from transition.models import StreamPeriod, StreamRun
from transition.operations import periods, runs, streams
from transition.subscriptions.delivery import tell_whose_rhythm_broke

pytestmark = pytest.mark.django_db


def turn(now):
    return periods.turn(now=now, actor=SYSTEM)


def run(stream, when, **details):
    return runs.record_run(stream_id=stream.pk, actor=SYSTEM, **{"now": when, "at": when} | details)


def states(stream):
    return list(StreamPeriod.objects.filter(stream=stream).order_by("span").values_list("state", flat=True))


def test_a_period_opens_when_its_time_comes_and_not_before():
    stream = make_stream(active_from=date(2026, 11, 23))

    assert turn(at(22, 23, 59)) == periods.Turned(0, 0)
    assert turn(at(23)) == periods.Turned(1, 0)
    assert turn(at(23, 12)) == periods.Turned(0, 0)
    assert states(stream) == ["open"]


def test_it_is_met_missed_or_exceeded_by_its_runs():
    stream = make_stream(active_from=date(2026, 11, 16), max_runs=2)
    for when in (at(16, 9), at(18, 9), at(18, 10), at(18, 11)):
        run(stream, when)

    turn(at(19))

    assert states(stream) == ["met", "missed", "excess", "open"]


def test_a_failed_run_delivers_nothing():
    stream = make_stream(active_from=date(2026, 11, 23))
    run(stream, at(23, 9), outcome="failed")

    turn(at(24))

    assert states(stream) == ["missed", "open"]


def test_after_an_outage_everything_is_as_if_there_had_been_none():
    plan = make_plan()
    away, there = (make_stream(plan, active_from=date(2026, 11, 2)) for _ in "ab")
    for day in range(2, 23):
        periods.bring_up_to(at(day, 0, 1), there, SYSTEM)

    turn(at(23, 8))

    spans = StreamPeriod.objects.order_by("span")
    assert list(spans.filter(stream=away).values_list("span", "state")) == list(
        spans.filter(stream=there).values_list("span", "state")
    )
    assert states(away) == (["missed"] * 5 + ["not_expected"]) * 3 + ["open"]


def test_turning_costs_the_same_for_one_stream_and_for_twenty(django_assert_max_num_queries):
    plan = make_plan()
    for _ in range(20):
        make_stream(plan)
    with django_assert_max_num_queries(12):
        assert turn(at(23, 8)).closed == 20 * 15


def broken():
    return OutboxEvent.objects.filter(name="transition.rhythm.broken")


def test_the_owner_of_a_missed_period_is_told_once(alice):
    make_stream(active_from=date(2026, 11, 20), owner=alice)
    turn(at(20, 9))
    turn(at(21))
    turn(at(21))
    assert OutboxEvent.objects.filter(name="transition.period.missed").count() == 1

    tell_whose_rhythm_broke(broken().get())
    tell_whose_rhythm_broke(broken().get())

    assert "missed its period of Fri 20 Nov" in Notification.objects.get(user=alice).text


def test_after_an_outage_of_weeks_an_owner_hears_of_it_once_and_of_how_much_it_is(alice):
    plan = make_plan()
    for _ in range(3):
        make_stream(plan, active_from=date(2026, 11, 2), owner=alice)

    turn(at(23, 8))
    for event in broken():
        tell_whose_rhythm_broke(event)

    assert OutboxEvent.objects.filter(name="transition.period.missed").count() == 3 * 15
    assert "44 more" in Notification.objects.get(user=alice).text


def test_who_made_it_good_in_time_is_not_told(alice):
    stream = make_stream(active_from=date(2026, 11, 20), owner=alice)
    turn(at(21))
    run(stream, at(20, 16), now=at(21, 9))

    tell_whose_rhythm_broke(broken().get())

    assert not Notification.objects.exists()


def test_it_is_turned_lot_by_lot_to_the_same_end():
    plan = make_plan()
    for _ in range(5):
        make_stream(plan, active_from=date(2026, 11, 16))

    lots = list(iter(lambda: periods.turn(now=at(19), actor=SYSTEM, most=2), periods.Turned(0, 0)))

    assert sum(lot.opened for lot in lots) == 5 * 4
    assert sum(lot.closed for lot in lots) == 5 * 3
    assert max(lot.closed for lot in lots) <= 2
    assert StreamPeriod.objects.filter(state="open").count() == 5


@pytest.mark.parametrize(
    "rhythm",
    [{"period_days": 1}, {"period_days": 2}, {"period_days": 3, "working_days_only": False}, {"period_days": 7},
     {"period_days": 14}, {"period_days": 10, "working_days_only": False}, {"period_days": None, "period_months": 1},
     {"period_days": 2, "country": "DE", "time_zone": "Europe/Berlin"}],
)  # fmt: skip
def test_what_is_written_for_all_is_what_the_cadence_says_of_each(rhythm):
    stream = make_stream(active_from=date(2026, 10, 7), **rhythm)

    turn(at(23, 8))

    zone = stream.time_zone
    said = tile(stream.cadence(WorkCalendar(stream.country)), stream.active_from, day_of(at(24, 8), zone))
    written = StreamPeriod.objects.filter(stream=stream).order_by("span")
    assert [(p.first_day, p.after_day, p.state != "not_expected") for p in written] == [
        (s.first, s.after, s.expected) for s in said
    ]


def test_another_rhythm_holds_from_the_next_period_on_and_the_open_one_stays():
    stream = make_stream(active_from=date(2026, 11, 16), period_days=7)
    turn(at(18, 9))

    streams.change_rhythm(stream_id=stream.pk, period_days=2, reason="Faster.", actor=SYSTEM, now=at(18, 9))
    turn(at(26))

    spans = StreamPeriod.objects.filter(stream=stream, expected_min=1).order_by("span")
    assert [(p.first_day.day, p.after_day.day) for p in spans] == [(16, 21), (23, 25), (25, 27)]


def test_page_and_api_change_the_rhythm(api, browser_of, person):
    planner = person("planner", Role.TRANSITION_PLANNER)
    stream = make_stream(active_from=date(2026, 11, 16), period_days=7)
    said = {"period_days": None, "period_months": 1, "max_runs": 1, "reason": "Less is enough."}
    answer = api(planner).post(f"/api/transition/streams/{stream.pk}/change-rhythm/", said, format="json")
    assert (answer.status_code, answer.json()["rhythm"]) == (200, "1 a month")

    form = {"period_days": "2", "min_runs": "1", "max_runs": "", "working_days_only": "on", "reason": "More is better."}
    browser_of(planner).post(f"/transition/streams/{stream.number}/change-rhythm/", form)
    stream.refresh_from_db()
    assert (stream.period_days, stream.period_months, stream.working_days_only) == (2, None, True)

    streams.end(stream_id=stream.pk, actor=SYSTEM, now=stream.created_at, reason="Over.")
    refused = api(planner).post(f"/api/transition/streams/{stream.pk}/change-rhythm/", said, format="json")
    assert (refused.status_code, refused.json()["code"]) == (409, "stream_has_ended")


def test_it_refuses_a_rhythm_without_a_reason_or_in_two_measures():
    stream = make_stream(active_from=date(2026, 11, 16), period_days=7)
    for wrong in ({"period_days": 2, "reason": " "}, {"period_months": 1, "reason": "Slower."}):
        with pytest.raises(InvalidInput):
            streams.change_rhythm(stream_id=stream.pk, actor=SYSTEM, now=at(18, 9), **wrong)
    stream.refresh_from_db()
    assert (stream.period_days, stream.period_months, stream.rhythm_from) == (7, None, None)


def test_a_late_run_turns_a_missed_period_into_a_met_one():
    stream = make_stream(active_from=date(2026, 11, 20))
    turn(at(23, 8))
    assert states(stream)[0] == "missed"

    late = run(stream, at(20, 16), now=at(23, 9))

    assert late.period.state == "missed"  # as it was read
    assert states(stream)[0] == "met"
    assert OutboxEvent.objects.filter(name="transition.period.met").count() == 1


def test_a_run_counts_for_the_period_of_its_time_though_no_beat_has_come_yet():
    stream = make_stream(active_from=date(2026, 11, 16))
    found = run(stream, at(17, 9), now=at(17, 9))

    assert found.period.first_day == date(2026, 11, 17)
    assert states(stream) == ["missed", "open"]


def test_the_same_origin_is_one_run():
    stream = make_stream()
    first = run(stream, at(23, 9), origin="deployment:17")
    again = run(stream, at(23, 10), origin="deployment:17")

    assert first == again
    assert StreamRun.objects.count() == 1


def test_it_refuses_a_run_that_is_still_to_come():
    stream = make_stream()
    with pytest.raises(InvalidInput):
        run(stream, at(24), now=at(23, 9))
    assert not StreamRun.objects.exists()


def test_it_refuses_a_run_by_someone_without_a_role_in_the_stream(alice, test_manager):
    stream = make_stream(roles=[Role.TEST_MANAGER])

    with pytest.raises(Forbidden):
        runs.record_run(stream_id=stream.pk, actor=Actor.person(alice), now=at(23, 9))
    assert not StreamRun.objects.exists()

    assert runs.record_run(stream_id=stream.pk, actor=Actor.person(test_manager), now=at(23, 9)).by == test_manager


def test_a_run_completes_its_items_and_builds_their_requirement():
    stream = make_stream()
    requirement = make_requirement(stream.plan)
    item = make_item(stream, requirement=requirement)

    found = run(stream, at(23, 9), items=[item])

    item.refresh_from_db()
    requirement.refresh_from_db()
    assert (item.state, item.done_in, item.done_at) == ("done", found, at(23, 9))
    assert (requirement.status, requirement.built_at) == ("built", at(23, 9))


def test_while_it_pauses_a_stream_owes_nothing_and_resuming_goes_on_from_today():
    stream = make_stream(active_from=date(2026, 11, 16))
    streams.pause(stream_id=stream.pk, actor=SYSTEM, now=at(17, 9), reason="Holidays")
    turn(at(19, 9))
    assert states(stream) == ["missed", "not_expected"]

    streams.resume(stream_id=stream.pk, actor=SYSTEM, now=at(20, 9))
    turn(at(21))

    spans = StreamPeriod.objects.filter(stream=stream).order_by("span")
    assert [(p.first_day.day, p.state) for p in spans] == [
        (16, "missed"), (17, "not_expected"), (20, "missed"), (21, "not_expected"),
    ]  # fmt: skip


def test_it_refuses_a_pause_without_a_reason():
    stream = make_stream()
    with pytest.raises(InvalidInput):
        streams.pause(stream_id=stream.pk, actor=SYSTEM, now=at(23), reason=" ")
    stream.refresh_from_db()
    assert stream.state == "active"


@pytest.mark.parametrize(
    "wrong",
    [{"period_days": 0}, {"country": "XX"}, {"time_zone": "Mars/Olympus"}, {"max_runs": 0}, {"roles": ["king"]}],
)
def test_it_refuses_a_cadence_that_cannot_be_computed(wrong):
    with pytest.raises(InvalidInput) as refusal:
        make_stream(**wrong)
    assert set(refusal.value.errors) == set(wrong)
