"""When a service is there: as written, by the wall clock, over the changes of the clock."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cmdb.service_hours import Hours, Unreadable, always, sentence, spans_in, week_in

BERLIN = ZoneInfo("Europe/Berlin")
OFFICE = Hours(
    "Europe/Berlin",
    week_in("Mon–Fri 08:00–12:00, 13:00–18:00; Sat 10:00–14:00"),
    {date(2026, 12, 24): [], date(2026, 12, 31): [(480, 720)]},
)


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=BERLIN)


@pytest.mark.parametrize(
    ("moment", "is_open", "changes_at"),
    [
        ("2026-11-23T07:59:59", False, "2026-11-23T08:00"),
        ("2026-11-23T08:00", True, "2026-11-23T12:00"),
        ("2026-11-23T12:00", False, "2026-11-23T13:00"),
        ("2026-11-27T18:00", False, "2026-11-28T10:00"),
        ("2026-11-28T14:00", False, "2026-11-30T08:00"),
        ("2026-12-24T09:00", False, "2026-12-25T08:00"),
        ("2026-12-31T11:00", True, "2026-12-31T12:00"),
        ("2026-12-31T13:30", False, "2027-01-01T08:00"),
    ],
)
def test_it_is_open_by_the_wall_clock_of_its_zone(moment, is_open, changes_at):
    assert OFFICE.is_open(at(moment)) is is_open
    assert OFFICE.changes_at(at(moment)) == at(changes_at)


def test_what_never_closes_changes_never():
    night = datetime(2026, 11, 23, 23, 59, tzinfo=UTC)
    assert always("Europe/Berlin").is_open(night)
    assert always("Europe/Berlin").changes_at(night) is None
    assert Hours("UTC", {}).changes_at(night) is None


def test_the_hour_that_a_night_loses_or_gains_is_counted():
    nights = Hours("Europe/Berlin", {7: [(0, 360)]})

    spans = {day: list(nights.between(at(f"{day}T00:00"), at(f"{day}T23:00"))) for day in ("2026-03-29", "2026-10-25")}
    hours = {
        day: sum((b.astimezone(UTC) - a.astimezone(UTC)).total_seconds() for a, b in found) / 3600
        for day, found in spans.items()
    }
    assert hours == {"2026-03-29": 5, "2026-10-25": 7}


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("Mon–Fri 08:00–18:00; Sat 10:00–14:00", "Mon–Fri 08:00–18:00; Sat 10:00–14:00"),
        ("mon-fri 8:00-18:00", "Mon–Fri 08:00–18:00"),
        ("Monday, Wednesday 09:00–12:00", "Mon 09:00–12:00; Wed 09:00–12:00"),
        ("24/7", "Mon–Sun 00:00–24:00"),
        ("Sat–Mon 10:00–11:00", "Mon 10:00–11:00; Sat–Sun 10:00–11:00"),
        ("", ""),
    ],
)
def test_a_week_is_read_as_people_write_it(written, read):
    assert sentence(week_in(written)) == read


@pytest.mark.parametrize(
    ("written", "says"),
    [
        ("always", "no day and hours"),
        ("Mon 25:00–26:00", "no time of day"),
        ("Mon 08:00", "no beginning and end"),
        ("Mon 22:00–06:00", "past midnight"),
        ("Mon 08:00–12:00, 11:00–14:00", "overlap"),
        ("Someday 08:00–12:00", "no day"),
        ("Mon ٠٨:00–12:00", "no day and hours"),
        ("\x00", "no day and hours"),
    ],
)
def test_what_cannot_be_read_is_refused_with_what_to_write(written, says):
    with pytest.raises(Unreadable, match=says):
        week_in(written)


minutes = st.integers(0, 1440)


@given(
    st.dictionaries(st.integers(1, 7), st.lists(st.tuples(minutes, minutes).filter(lambda p: p[0] < p[1]), max_size=1))
)
def test_a_week_in_words_is_read_as_it_was(week):
    said = {day: spans for day, spans in week.items() if spans}

    assert week_in(sentence(said)) == said


def test_a_day_left_empty_is_closed():
    assert spans_in("  ") == []
