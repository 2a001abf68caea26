"""The streams board: lanes that tile its days, runs as dots, roles that nobody covers."""

from datetime import date

import pytest

from itsm.kernel.models import Organisation, RoleAssignment
from itsm.kernel.roles import Role
from tests.builders import SYSTEM, make_service
from tests.transition.builders import at, make_plan, make_stream
from transition.operations import periods, runs, streams
from transition.queries import streams as ask
from transition.queries.board import board_of

pytestmark = pytest.mark.django_db
FIRST, AFTER, TODAY = date(2026, 11, 16), date(2026, 11, 30), date(2026, 11, 23)
NOW = at(23, 9)


def lane(stream, first=FIRST, after=AFTER):
    lanes = ask.listed().filter(pk=stream.pk)
    return board_of(list(lanes), first=first, after=after, now=NOW, today=TODAY).lanes[0].cells


def said(cells):
    return [(cell.first.day, cell.days, cell.state, len(cell.runs)) for cell in cells]


def test_periods_are_as_wide_as_their_days_and_those_ahead_follow_the_cadence():
    stream = make_stream(period_days=2, active_from=date(2026, 11, 16))
    runs.record_run(stream_id=stream.pk, actor=SYSTEM, now=at(16, 9))
    periods.turn(now=at(23, 9), actor=SYSTEM)

    assert said(lane(stream)) == [
        (16, 2, "met", 1), (18, 2, "missed", 0), (20, 1, "missed", 0), (21, 2, "not_expected", 0),
        (23, 2, "open", 0), (25, 2, "ahead", 0), (27, 1, "ahead", 0), (28, 2, "not_expected", 0),
    ]  # fmt: skip


def test_a_period_that_reaches_over_the_edge_is_cut():
    stream = make_stream(period_days=7, working_days_only=False, active_from=date(2026, 11, 16))
    periods.turn(now=at(23, 9), actor=SYSTEM)

    cells = lane(stream, first=date(2026, 11, 18), after=date(2026, 11, 26))

    assert said(cells) == [(18, 5, "missed", 0), (23, 3, "open", 0)]


def test_a_period_that_is_cut_still_says_all_of_its_runs_and_days():
    stream = make_stream(period_days=7, max_runs=1, working_days_only=False, active_from=date(2026, 11, 16))
    for day in (16, 18):
        runs.record_run(stream_id=stream.pk, actor=SYSTEM, now=at(day, 9), at=at(day, 9))
    periods.turn(now=at(23, 9), actor=SYSTEM)

    cell = lane(stream, first=date(2026, 11, 18), after=date(2026, 11, 21))[0]

    assert cell.title == "Mon 16 Nov – Sun 22 Nov: more runs than expected, 2 runs, at most 1 expected"


def test_a_single_day_has_room_for_a_sign_only():
    stream = make_stream(period_days=2, active_from=date(2026, 11, 16))
    periods.turn(now=at(23, 9), actor=SYSTEM)

    cells = [cell for cell in lane(stream) if cell.state == "missed"]

    assert [(cell.days, cell.word) for cell in cells] == [(2, "missed"), (2, "missed"), (1, "✕")]


def test_as_required_shows_runs_on_their_days():
    stream = make_stream(kind="hardware", period_days=None)
    runs.record_run(stream_id=stream.pk, actor=SYSTEM, now=at(18, 9))

    assert said(lane(stream)) == [(16, 2, "as_required", 0), (18, 1, "delivered", 1), (19, 11, "as_required", 0)]


def test_before_a_stream_and_while_it_pauses_nothing_is_shown():
    stream = make_stream(active_from=date(2026, 11, 18), working_days_only=False)
    streams.pause(stream_id=stream.pk, actor=SYSTEM, now=at(19, 9), reason="Holidays")
    periods.turn(now=at(23, 9), actor=SYSTEM)

    assert said(lane(stream)) == [
        (16, 2, "inactive", 0), (18, 1, "missed", 0), (19, 1, "not_expected", 0), (20, 10, "inactive", 0),
    ]  # fmt: skip


def test_a_role_that_nobody_holds_on_a_day_is_a_gap(config_manager, release_manager):
    plan = make_plan()
    roles = [Role.CONFIGURATION_MANAGER, Role.RELEASE_MANAGER]
    stream = make_stream(plan, roles=roles, active_from=date(2026, 11, 23))
    RoleAssignment.objects.all().update(since=at(1))
    RoleAssignment.objects.filter(user=config_manager).update(until=at(26))
    RoleAssignment.objects.create(user=config_manager, role=roles[0], since=at(27), service_id=plan.service_id)
    periods.turn(now=at(23, 9), actor=SYSTEM)

    gaps = {cell.first.day: cell.uncovered for cell in lane(stream) if cell.uncovered}

    assert gaps == {26: [Role.CONFIGURATION_MANAGER]}
    thursday = next(cell for cell in lane(stream) if cell.first.day == 26)
    assert (thursday.css, thursday.title) == ("ahead gap", "Thu 26 Nov: ahead, no one in SACM")


def test_a_role_for_another_service_covers_nothing(release_manager):
    stream = make_stream(roles=[Role.RELEASE_MANAGER], active_from=date(2026, 11, 23))
    other = make_plan(make_service("Intranet"))
    RoleAssignment.objects.filter(user=release_manager).update(service_id=other.service_id, since=at(1))

    assert all(cell.uncovered for cell in lane(stream) if cell.state == "ahead")


def test_the_board_asks_three_questions_for_any_number_of_streams(django_assert_num_queries):
    plan = make_plan()
    for _ in range(6):
        make_stream(plan, roles=[Role.RELEASE_MANAGER])
    periods.turn(now=at(23, 9), actor=SYSTEM)
    lanes = list(ask.listed())
    with django_assert_num_queries(3):
        board_of(lanes, first=FIRST, after=AFTER, now=at(23, 9), today=TODAY, said=Organisation())
