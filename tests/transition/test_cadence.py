"""The rhythm: periods tile time, whoever computes them and from where."""

import itertools
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from itsm.kernel.workdays import WorkCalendar
from transition.cadence import Cadence, midnight, tile

ZONES = [
    "UTC",
    "Europe/Berlin",
    "America/New_York",
    "America/Sao_Paulo",
    "Pacific/Apia",
    "Asia/Beirut",
    "Asia/Kathmandu",
]
DAYS = st.dates(date(2005, 1, 1), date(2035, 1, 1))
CALENDARS = st.builds(
    WorkCalendar,
    country=st.sampled_from(["", "DE", "US", "JP"]),
    days_off=st.frozensets(DAYS, max_size=5),
    weekdays=st.frozensets(st.integers(1, 7), min_size=1),
)
LENGTHS = st.one_of(st.tuples(st.integers(1, 40), st.none()), st.tuples(st.none(), st.integers(1, 12)))
CADENCES = st.builds(
    lambda length, **said: Cadence(period_days=length[0], period_months=length[1], **said),
    length=LENGTHS,
    active_from=DAYS,
    working_days_only=st.booleans(),
    time_zone=st.sampled_from(ZONES),
    calendar=CALENDARS,
    anchor=st.one_of(st.none(), DAYS),
)


def days_of(stretches, expected=True):
    return [(s.first.day, s.after.day) for s in stretches if s.expected is expected]


@given(CADENCES, DAYS, st.integers(0, 120))
def test_periods_tile_time_without_gap_or_overlap(cadence, start, length):
    until = start + timedelta(days=length)
    found = list(tile(cadence, start, until))

    assert all(stretch.start < stretch.end for stretch in found)
    assert all(one.end == other.start for one, other in itertools.pairwise(found))
    begins = max(start, cadence.active_from)
    if begins < until:
        assert found[0].start == midnight(begins, cadence.time_zone)
        assert found[-1].end >= midnight(until, cadence.time_zone)
    else:
        assert found == []


@given(CADENCES, DAYS, st.integers(1, 60), st.integers(1, 60))
def test_computed_in_two_goes_they_are_the_same_as_in_one(cadence, start, first, more):
    whole = list(tile(cadence, start, start + timedelta(days=first + more)))
    early = list(tile(cadence, start, start + timedelta(days=first)))
    resumed = early[-1].after if early else start
    late = list(tile(cadence, resumed, start + timedelta(days=first + more)))

    assert early + late == whole


@given(CADENCES, DAYS)
def test_working_days_only_expects_nothing_of_weekends_and_holidays_alone(cadence, start):
    for stretch in tile(cadence, start, start + timedelta(days=60)):
        days = [stretch.first + timedelta(days=i) for i in range((stretch.after - stretch.first).days)]
        if not cadence.working_days_only:
            assert stretch.expected
        elif stretch.expected:
            working = [day for day in days if cadence.calendar.works(day)]
            assert cadence.calendar.works(days[-1])
            assert len(working) <= (cadence.period_days or 366)
        else:
            assert not any(cadence.calendar.works(day) for day in days)


def test_two_days_are_monday_tuesday_wednesday_thursday_friday():
    found = list(tile(Cadence(date(2026, 11, 2), 2, True), date(2026, 11, 9), date(2026, 11, 16)))

    assert days_of(found) == [(9, 11), (11, 13), (13, 14)]
    assert days_of(found, expected=False) == [(14, 16)]


def test_a_week_starts_on_monday_though_the_stream_began_on_a_thursday():
    found = list(tile(Cadence(date(2026, 11, 5), 7), date(2026, 11, 1), date(2026, 11, 20)))

    assert days_of(found) == [(5, 9), (9, 16), (16, 23)]


def test_a_holiday_lengthens_a_period_that_it_falls_into():
    ascension = list(
        tile(Cadence(date(2027, 5, 3), 2, True, calendar=WorkCalendar("DE")), date(2027, 5, 3), date(2027, 5, 10))
    )

    assert days_of(ascension) == [(3, 5), (5, 8)]  # Thursday the 6th is Ascension Day
    assert days_of(ascension, expected=False) == [(8, 10)]


def test_as_required_has_no_periods():
    assert list(tile(Cadence(date(2026, 11, 2), None), date(2026, 11, 2), date(2027, 11, 2))) == []


def test_a_day_lasts_from_midnight_to_midnight_when_clocks_change():
    (day,) = tile(Cadence(date(2026, 1, 1), 1, time_zone="Europe/Berlin"), date(2026, 10, 25), date(2026, 10, 26))

    assert day.start == datetime(2026, 10, 24, 22, tzinfo=UTC)
    assert day.end - day.start == timedelta(hours=25)


def test_working_days_are_counted_over_weekends_and_holidays():
    assert WorkCalendar().after(date(2026, 11, 19), 2) == date(2026, 11, 23)
    assert WorkCalendar("DE").after(date(2026, 12, 24), 1) == date(2026, 12, 28)
    assert WorkCalendar().after(date(2026, 11, 19), 0) == date(2026, 11, 19)


def test_own_days_off_and_another_working_week_are_heeded():
    off = Cadence(date(2026, 11, 9), 1, True, calendar=WorkCalendar(days_off=frozenset({date(2026, 11, 10)})))
    assert days_of(tile(off, date(2026, 11, 9), date(2026, 11, 12))) == [(9, 10), (11, 12)]
    sunday = Cadence(date(2026, 11, 6), 1, True, calendar=WorkCalendar(weekdays=frozenset({7, 1, 2, 3, 4})))
    assert days_of(tile(sunday, date(2026, 11, 6), date(2026, 11, 10))) == [(8, 9), (9, 10)]


def test_months_are_calendar_months_counted_from_the_anchors():
    monthly = Cadence(date(2026, 11, 17), period_months=1)
    assert [(s.first, s.after) for s in tile(monthly, date(2026, 11, 1), date(2027, 1, 15))] == [
        (date(2026, 11, 17), date(2026, 12, 1)),
        (date(2026, 12, 1), date(2027, 1, 1)),
        (date(2027, 1, 1), date(2027, 2, 1)),
    ]
    quarterly = Cadence(date(2026, 11, 1), period_months=3)
    assert next(tile(quarterly, date(2027, 3, 5), date(2027, 3, 6))).after == date(2027, 5, 1)


@given(CADENCES, CADENCES, DAYS, st.integers(1, 90))
def test_another_rhythm_takes_over_where_the_last_period_ends(before, after, start, days):
    """The periods of the old and then of the new rhythm tile time as one rhythm does."""
    start = max(start, before.active_from)
    old = list(tile(before, start, start + timedelta(days=days)))
    turn = old[-1].after if old else start
    new = list(
        tile(replace(after, active_from=turn, anchor=turn, time_zone=before.time_zone), turn, turn + timedelta(60))
    )

    whole = [*old, *new]
    assert all(one.end == other.start for one, other in itertools.pairwise(whole))
