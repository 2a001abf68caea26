"""Jobs, freezes, the calendar, free slots, and collisions over many changes."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db.backends.postgresql.psycopg_any import NumericRange

from changes.models import AffectedCI, BoardMeeting, ChangeRequest, Freeze, OperationalJob
from changes.operations import boards, freezes, jobs, requests
from changes.queries.calendar import entries
from changes.queries.collisions import collisions_in, collisions_of
from changes.queries.nearby import Scope
from changes.queries.slots import next_free_slots
from cmdb.models import ServiceHours
from itsm.kernel.actor import Actor
from itsm.kernel.errors import Forbidden, InvalidInput
from itsm.kernel.recurrence import occurrences
from tests.builders import SYSTEM, make_ci, make_service
from tests.changes.builders import END, START, make_change

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


def job(*cis, **details):
    return jobs.create(
        **{"name": "Backup", "first_start": START, "duration_minutes": 60, "cis": cis, "actor": SYSTEM, **details}
    )


# --- Jobs and freezes ----------------------------------------------------------------------


@pytest.mark.parametrize(
    "details",
    [
        {"recurrence": "every night"},
        {"recurrence": "FREQ=MINUTELY"},
        {"time_zone": "Mars/Olympus"},
        {"duration_minutes": 0},
    ],
)
def test_a_job_that_cannot_be_is_refused(details):
    with pytest.raises(InvalidInput):
        job(**details)
    assert not OperationalJob.objects.exists()


def test_the_owner_and_the_managers_move_a_job(person, alice, bob, change_manager):
    backup = job(owner=bob)
    for user in (bob, change_manager):
        jobs.update(job_id=backup.pk, name=f"Backup of {user}", actor=Actor.person(user))
    with pytest.raises(Forbidden):
        jobs.update(job_id=backup.pk, name="x", actor=Actor.person(alice))

    backup.refresh_from_db()
    assert backup.name == f"Backup of {change_manager}"


def test_a_freeze_says_what_it_bars(change_manager):
    manager = Actor.person(change_manager)
    with pytest.raises(InvalidInput):
        freezes.create(name="Peak", start=START, end=END, actor=manager)
    with pytest.raises(InvalidInput):
        freezes.create(name="Peak", start=END, end=START, everywhere=True, actor=manager)
    assert not Freeze.objects.exists()

    freeze = freezes.create(name="Peak", start=START, end=END, everywhere=True, actor=manager)
    with pytest.raises(InvalidInput):
        freezes.update(freeze_id=freeze.pk, everywhere=False, actor=manager)
    moved = freezes.update(freeze_id=freeze.pk, end=END + HOUR, actor=manager)
    assert (moved.window.lower, moved.window.upper) == (START, END + HOUR)


def test_a_freeze_of_a_service_bars_what_hits_it(alice):
    database = make_ci("db")
    shop, mail = make_service("Shop"), make_service("Mail")
    from cmdb.operations import relations

    relations.relate(source=shop.ci, type="depends_on", target=database, actor=SYSTEM)
    freezes.create(name="Peak", start=START, end=END, services=[shop], actor=SYSTEM)
    hits = make_change(requested_by=alice, cis=[database])
    elsewhere = make_change(requested_by=alice, cis=[make_ci("other")], services=[mail])

    assert [c.kind for c in collisions_of(hits).found] == ["freeze"]
    assert collisions_of(elsewhere).found == []
    assert collisions_of(elsewhere).examined["freezes"] == 1


# --- When jobs run -------------------------------------------------------------------------


def test_an_hour_that_the_clock_skips_or_repeats_still_has_one_run_of_the_right_length():
    def runs(first, start, days):
        return [
            (a.astimezone(UTC), (b - a))
            for a, b in occurrences(
                first=first, rule="FREQ=DAILY", zone="Europe/Amsterdam", lasts=HOUR, start=start,
                end=start + timedelta(days=days),
            )
        ]  # fmt: skip

    spring = runs(datetime(2026, 3, 1, 1, 30, tzinfo=UTC), datetime(2026, 3, 28, 12, tzinfo=UTC), 2)
    autumn = runs(datetime(2026, 10, 1, 0, 30, tzinfo=UTC), datetime(2026, 10, 24, 12, tzinfo=UTC), 2)

    assert [moment.hour for moment, _ in spring] == [1, 0]  # 02:30 does not exist on the 29th: 03:30 summer time
    assert [moment.hour for moment, _ in autumn] == [0, 1]  # 02:30 comes twice on the 25th: the first
    assert {length for _, length in spring + autumn} == {HOUR}


def test_a_job_of_many_years_runs_as_its_rule_says():
    monday = datetime(2006, 1, 2, 3, 0, tzinfo=UTC)
    runs = occurrences(
        first=monday, rule="FREQ=WEEKLY;INTERVAL=2", zone="UTC", lasts=HOUR, start=START, end=START + timedelta(days=28)
    )

    found = [start for start, _ in runs]
    assert [(start - monday).days % 14 for start in found] == [0, 0]


def test_a_run_that_began_before_the_window_still_counts_and_one_that_ends_with_it_does_not():
    def count(start, end):
        return len(list(occurrences(first=START, rule="", zone="UTC", lasts=HOUR, start=start, end=end)))

    assert count(START + HOUR / 2, END) == 1
    assert count(START + HOUR, END) == 0
    assert count(START - HOUR, START) == 0


# --- Collisions ----------------------------------------------------------------------------


def test_a_change_on_a_related_ci_warns_with_the_path(alice):
    disk = make_ci("disk")
    database = make_ci("db", depends_on=[disk])
    shop = make_ci("shop", depends_on=[database])
    rival = make_change(requested_by=alice, cis=[shop], status="scheduled")
    change = make_change(requested_by=alice, cis=[disk])

    found = collisions_of(change).found
    back = collisions_of(rival).found

    assert [(c.what, c.why, c.path, c.severity) for c in found] == [
        (rival, "same path", ["disk", "db", "shop"], "warn"),
    ]  # fmt: skip
    assert back == []  # a draft is in nobody's way


@pytest.mark.parametrize("status", ["draft", "closed", "cancelled", "rejected"])
def test_what_does_not_stand_in_the_calendar_is_in_nobodys_way(alice, status):
    firewall = make_ci("fw")
    rival = make_change(requested_by=alice, cis=[firewall], status="scheduled")
    ChangeRequest.objects.filter(pk=rival.pk).update(status=status, outcome="failed")
    change = make_change(requested_by=alice, cis=[firewall])

    assert collisions_of(change).found == []


def test_a_change_that_is_over_is_compared_with_what_stood_then(alice):
    firewall = make_ci("fw")
    first, second = [make_change(requested_by=alice, cis=[firewall], status="scheduled") for _ in range(2)]
    ChangeRequest.objects.update(status="closed", outcome="successful")
    first.refresh_from_db()

    assert [c.what for c in collisions_of(first).found] == [second]


def test_a_confidential_rival_is_seen_but_not_told(alice):
    firewall = make_ci("fw")
    make_change(requested_by=alice, cis=[firewall], status="scheduled", title="Merger", confidential=True)
    change = make_change(requested_by=alice, cis=[firewall])

    found = collisions_of(change).found
    assert [c.severity for c in found] == ["block"]
    assert "Merger" not in found[0].what.display


def test_every_answer_says_what_was_examined_and_what_was_not(alice):
    make_change(requested_by=alice, cis=[make_ci("a")], status="scheduled")
    job(make_ci("b"))
    unplanned = requests.draft(title="x", model=ChangeRequest.objects.get().model, actor=Actor.person(alice))

    report = collisions_of(make_change(requested_by=alice))
    assert (report.examined["changes"], report.examined["cis"]) == (1, 0)
    assert report.skipped == ["changes and jobs on CIs: no CI is named"]
    assert collisions_of(unplanned).skipped == ["everything: there is no window yet"]


def test_it_asks_as_often_for_a_thousand_rivals_as_for_one(alice, django_assert_max_num_queries):
    firewall = make_ci("fw")
    change = make_change(requested_by=alice, cis=[firewall])
    rival = make_change(requested_by=alice, cis=[firewall], status="scheduled")
    rivals = ChangeRequest.objects.bulk_create(
        ChangeRequest(title="r", model=rival.model, type="normal", status="scheduled", window=rival.window)
        for _ in range(1000)
    )
    AffectedCI.objects.bulk_create(AffectedCI(change=r, ci=firewall) for r in rivals)

    with django_assert_max_num_queries(9):
        report = collisions_of(change)
    assert len(report.blocking) == report.examined["changes"] == 1001


# --- Free slots ----------------------------------------------------------------------------


def test_slots_begin_on_quarters_and_lie_between_what_is_in_the_way(alice):
    firewall = make_ci("fw")
    job(firewall, first_start=START + timedelta(minutes=7), duration_minutes=20)
    job(firewall, first_start=START + 3 * HOUR, duration_minutes=60)
    change = make_change(requested_by=alice, cis=[firewall])

    slots = next_free_slots(change, 2 * HOUR, START + timedelta(minutes=1), count=2)

    assert slots == [
        (START + HOUR / 2, START + 2.5 * HOUR),
        (START + 4 * HOUR, START + 6 * HOUR),
    ]


def test_a_slot_is_free_when_looked_at_again_and_warnings_do_not_bar_it(alice, bob):
    firewall, proxy = make_ci("fw"), make_ci("proxy")
    make_change(requested_by=alice, assignee=bob, cis=[proxy], status="scheduled")
    make_change(requested_by=alice, cis=[make_ci("shop", depends_on=[firewall])], status="scheduled")
    change = make_change(requested_by=alice, assignee=bob, cis=[firewall], start=START, end=END)

    (start, end), *_ = next_free_slots(change, END - START, START)

    report = collisions_in(Scope.of(change), start, end)
    assert start >= START + HOUR / 2  # Bob is busy for the first half hour
    assert report.blocking == []


def test_a_month_without_room_has_no_slot(alice):
    freezes.create(name="For ever", start=START, end=START + timedelta(days=90), everywhere=True, actor=SYSTEM)
    change = make_change(requested_by=alice, cis=[make_ci("fw")])

    assert next_free_slots(change, HOUR, START) == []


# --- Calendar ------------------------------------------------------------------------------


def test_the_calendar_has_changes_runs_and_freezes_in_order(alice, viewer):
    firewall = make_ci("fw")
    change = make_change(requested_by=alice, cis=[firewall], status="scheduled")
    backup = job(firewall, recurrence="FREQ=DAILY")
    freeze = freezes.create(name="Peak", start=END, end=END + HOUR, everywhere=True, actor=SYSTEM)
    make_change(requested_by=alice, cis=[firewall])

    found = entries(START - HOUR, START + timedelta(days=1), actor=Actor.person(viewer))

    assert [e.record for e in found] == [backup, change, freeze]
    assert [e.layer for e in entries(START, END, actor=Actor.person(viewer), ci=make_ci("x"))] == []
    assert [e.layer for e in entries(START, END, actor=Actor.person(viewer), layers=["job"])] == ["job"]


def test_the_calendar_keeps_what_is_confidential(alice, viewer):
    make_change(requested_by=alice, cis=[make_ci("fw")], status="scheduled", confidential=True)

    [busy] = entries(START, END, actor=Actor.person(viewer))
    assert (busy.layer, busy.title, busy.number, busy.url) == ("busy", "Busy", "", "")
    [known] = entries(START, END, actor=Actor.person(alice))
    assert known.layer == "change"


# --- Timeline and projected outage ---------------------------------------------------------


def test_windows_that_overlap_take_a_service_once_and_only_in_its_agreed_hours(api, viewer, alice):
    shop = make_service("Online Shop")
    midnight = START.replace(hour=0)
    ServiceHours.objects.create(service=shop, weekday=midnight.isoweekday(), span=NumericRange(8 * 60, 18 * 60))
    type(shop).objects.filter(pk=shop.pk).update(hours_zone="UTC")
    for begins, lasts in ((7, 3), (9, 2), (20, 1)):  # 8–11 is agreed time, an hour of it twice; the night is not
        start = midnight + timedelta(hours=begins)
        change = make_change(requested_by=alice, status="scheduled", start=start, end=start + timedelta(hours=lasts))
        change.services.add(shop)
    asked = {"from": midnight.isoformat(), "to": (midnight + timedelta(days=1)).isoformat()}
    (found,) = api(viewer).get("/api/changes/calendar/outages/", asked).json()["results"]

    assert found == {
        "service": "online-shop", "changes": 3, "planned_minutes": 180, "agreed_minutes": 600, "percent": 30.0,
    }  # fmt: skip


def test_other_layers_are_shown_when_they_are_asked_for(api, viewer, alice):
    board = boards.establish(name="Weekly CAB", role="cab_member", actor=SYSTEM)
    BoardMeeting.objects.create(board=board, starts_at=START, duration_minutes=30, agenda_due_at=START - HOUR)
    asked = {"from": START.isoformat(), "to": END.isoformat()}
    get = api(viewer).get

    assert get("/api/changes/calendar/", asked).json()["results"] == []
    (found,) = get("/api/changes/calendar/", asked | {"layers": "meeting,run"}).json()["results"]
    assert (found["layer"], found["title"]) == ("meeting", "Weekly CAB")
    assert get("/api/changes/calendar/", asked | {"layers": "moon"}).status_code == 400
