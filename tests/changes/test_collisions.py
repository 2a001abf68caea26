"""What else goes on, and the next slot in which nothing does."""

from datetime import UTC, datetime, timedelta

import pytest

from changes.operations import freezes, jobs
from changes.queries.basics import verdicts_of
from changes.queries.collisions import collisions_of
from changes.queries.slots import next_free_slots
from itsm.kernel.recurrence import occurrences
from tests.builders import SYSTEM, make_ci
from tests.changes.builders import END, NOW, START, make_change

pytestmark = pytest.mark.django_db


def backup(*cis, at=START + timedelta(minutes=30), **details):
    return jobs.create(
        name="Backup DB-ORDERS", kind="backup", first_start=at - timedelta(days=30), recurrence="FREQ=DAILY",
        duration_minutes=60, cis=cis, actor=SYSTEM, **details,
    )  # fmt: skip


def test_a_nightly_backup_through_the_firewall_blocks(alice):
    firewall = make_ci("CORP_PIX_001")
    database = make_ci("DB-ORDERS", depends_on=[firewall])
    job = backup(database)
    change = make_change(requested_by=alice, cis=[firewall])

    found = collisions_of(change).found

    assert [(c.what, c.why, c.path, c.severity) for c in found] == [
        (job, "same path", ["CORP_PIX_001", "DB-ORDERS"], "block")
    ]
    assert found[0].start == START + timedelta(minutes=30)


def test_the_next_free_slot_avoids_the_backup(alice):
    firewall = make_ci("fw")
    backup(firewall)
    change = make_change(requested_by=alice, cis=[firewall])

    slots = next_free_slots(change, timedelta(hours=2), START)

    assert slots[0] == (START + timedelta(minutes=90), START + timedelta(minutes=210))
    assert len(slots) == 3


def test_a_window_that_begins_when_another_ends_does_not_collide(alice):
    firewall = make_ci("fw")
    make_change(requested_by=alice, cis=[firewall], status="scheduled")
    after = make_change(requested_by=alice, cis=[firewall], start=END, end=END + timedelta(hours=1))
    within = make_change(requested_by=alice, cis=[firewall], start=END - timedelta(minutes=1), end=END)

    assert collisions_of(after).found == []
    assert [c.severity for c in collisions_of(within).found] == ["block"]


def test_the_same_person_twice_is_found(alice, bob):
    make_change(requested_by=alice, assignee=bob, cis=[make_ci("a")], status="scheduled")
    change = make_change(requested_by=alice, assignee=bob, cis=[make_ci("b")])

    assert [c.kind for c in collisions_of(change).found] == ["person"]
    group = {v.code: v for v in verdicts_of(change, NOW)}["nobody_assumes"]
    assert group.verdict == "block"
    assert "Bob" in group.explanation


def test_a_freeze_blocks_a_normal_change_and_lets_an_emergency_pass(alice):
    from tests.changes.builders import make_model

    freezes.create(name="Christmas", start=START - timedelta(days=1), end=END, everywhere=True, actor=SYSTEM)
    normal = make_change(requested_by=alice, cis=[make_ci("a")])
    model = make_model("emergency", type="emergency")
    emergency = make_change(requested_by=alice, cis=[make_ci("b")], model=model)

    assert [c.severity for c in collisions_of(normal).found] == ["block"]
    assert [c.severity for c in collisions_of(emergency).found] == ["warn"]


def test_without_a_ci_nothing_else_is_unknown_never_in_order(alice):
    change = make_change(requested_by=alice)

    verdicts = {v.code: v.verdict for v in verdicts_of(change, NOW)}

    assert verdicts["nothing_else"] == "unknown"
    assert verdicts["no_surprise"] == "unknown"


def test_a_job_keeps_its_wall_clock_over_daylight_saving():
    first = datetime(2026, 10, 20, 20, 30, tzinfo=UTC)  # 22:30 in Amsterdam, summer time
    runs = list(
        occurrences(
            first=first, rule="FREQ=DAILY", zone="Europe/Amsterdam", lasts=timedelta(hours=1),
            start=datetime(2026, 10, 24, tzinfo=UTC), end=datetime(2026, 10, 27, tzinfo=UTC),
        )
    )  # fmt: skip

    assert [start.astimezone(UTC).hour for start, _ in runs] == [20, 21, 21]
    assert all(end - start == timedelta(hours=1) for start, end in runs)
