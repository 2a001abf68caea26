"""The rhythm: periods tile time, whoever computes them and from where."""

import itertools
from datetime import UTC, date, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from transition.cadence import Cadence, add_working_days, is_working_day, midnight, tile

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
CADENCES = st.builds(
    Cadence,
    active_from=DAYS,
    period_days=st.integers(1, 40),
    working_days_only=st.booleans(),
    time_zone=st.sampled_from(ZONES),
    country=st.sampled_from(["", "DE", "US", "JP"]),
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
            working = [day for day in days if is_working_day(day, cadence.country)]
            assert is_working_day(days[-1], cadence.country)
            assert len(working) <= cadence.period_days
        else:
            assert not any(is_working_day(day, cadence.country) for day in days)


def test_two_days_are_monday_tuesday_wednesday_thursday_friday():
    found = list(tile(Cadence(date(2026, 11, 2), 2, True), date(2026, 11, 9), date(2026, 11, 16)))

    assert days_of(found) == [(9, 11), (11, 13), (13, 14)]
    assert days_of(found, expected=False) == [(14, 16)]


def test_a_week_starts_on_monday_though_the_stream_began_on_a_thursday():
    found = list(tile(Cadence(date(2026, 11, 5), 7), date(2026, 11, 1), date(2026, 11, 20)))

    assert days_of(found) == [(5, 9), (9, 16), (16, 23)]


def test_a_holiday_lengthens_a_period_that_it_falls_into():
    ascension = list(tile(Cadence(date(2027, 5, 3), 2, True, country="DE"), date(2027, 5, 3), date(2027, 5, 10)))

    assert days_of(ascension) == [(3, 5), (5, 8)]  # Thursday the 6th is Ascension Day
    assert days_of(ascension, expected=False) == [(8, 10)]


def test_as_required_has_no_periods():
    assert list(tile(Cadence(date(2026, 11, 2), None), date(2026, 11, 2), date(2027, 11, 2))) == []


def test_a_day_lasts_from_midnight_to_midnight_when_clocks_change():
    (day,) = tile(Cadence(date(2026, 1, 1), 1, time_zone="Europe/Berlin"), date(2026, 10, 25), date(2026, 10, 26))

    assert day.start == datetime(2026, 10, 24, 22, tzinfo=UTC)
    assert day.end - day.start == timedelta(hours=25)


def test_working_days_are_counted_over_weekends_and_holidays():
    assert add_working_days(date(2026, 11, 19), 2) == date(2026, 11, 23)
    assert add_working_days(date(2026, 12, 24), 1, "DE") == date(2026, 12, 28)
    assert add_working_days(date(2026, 11, 19), 0) == date(2026, 11, 19)
