"""What else goes on, and the next slot in which nothing does."""

from datetime import UTC, datetime, timedelta

import pytest
from django.utils import timezone

from changes.operations import freezes, jobs
from changes.queries.basics import verdicts_of
from changes.queries.collisions import collisions_of
from changes.queries.slots import next_free_slots
from itsm.kernel.errors import InvalidInput
from itsm.kernel.recurrence import occurrences
from tests.builders import SYSTEM, make_ci, make_class, make_service
from tests.changes.builders import END, NOW, START, make_change, make_model

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


def test_slots_lie_within_the_hours_of_the_model(alice):
    """On the organisation's clock, and none that is longer than what is left of the evening."""
    firewall = make_ci("fw")
    backup(firewall, at=datetime(2026, 11, 24, 20, 30, tzinfo=UTC))  # an hour each evening
    model = make_model("evenings", windows="Tue 20:00-24:00; Thu 21:00-23:00")
    day = timedelta(days=1)
    change = make_change(requested_by=alice, cis=[firewall], model=model, start=START + day, end=END + day)
    zone = timezone.get_default_timezone()
    slots = next_free_slots(change, timedelta(hours=2), START - timedelta(hours=12))
    said = [start.astimezone(zone) for start, _ in slots]

    assert model.windows == "Tue 20:00–24:00; Thu 21:00–23:00"
    assert {(at.isoweekday(), at.hour >= 20) for at in said} <= {(2, True), (4, True)}
    assert len(said) == 3
    assert all(end.astimezone(zone).date() == at.date() or end.astimezone(zone).hour == 0
               for at, (_, end) in zip(said, slots, strict=True))  # fmt: skip
    assert {v.code: v for v in verdicts_of(change, NOW)}["nothing_else"].verdict == "warn"
    assert next_free_slots(change, timedelta(hours=5), START) == []
    with pytest.raises(InvalidInput):
        make_model("never", windows="when the moon is full")


@pytest.mark.parametrize(
    ("scope", "barred"),
    [
        ("services", True), ("service_of_ci", True), ("ci", True), ("hit", True), ("class", True),
        ("class_above", True), ("environment", True), ("another", False),
    ],
)  # fmt: skip
def test_a_freeze_bars_what_its_scope_names(alice, scope, barred):
    above = make_class("network")
    below = make_class("firewall", parent=above)
    firewall = make_ci("fw", ci_class=below, environment="production")
    app = make_ci("app", depends_on=[firewall])
    shop, other = make_service("Shop"), make_service("Other")
    change = make_change(requested_by=alice, cis=[firewall, shop.ci], services=[shop] if scope == "services" else [])
    said = {
        "services": {"services": [shop]}, "service_of_ci": {"services": [shop]}, "ci": {"cis": [firewall]},
        "hit": {"cis": [app]}, "class": {"classes": [below]}, "class_above": {"classes": [above]},
        "environment": {"environments": [" production ", ""]},
        "another": {"services": [other], "cis": [other.ci], "classes": [make_class("printer")],
                    "environments": ["test"]},
    }[scope]  # fmt: skip
    freeze = freezes.create(name="Year end", start=START, end=END, actor=SYSTEM, **said)

    assert [c.what for c in collisions_of(change).found] == ([freeze] if barred else [])


def test_a_freeze_that_names_nothing_is_refused(alice):
    with pytest.raises(InvalidInput):
        freezes.create(name="Nothing", start=START, end=END, environments=[" "], actor=SYSTEM)
    freeze = freezes.create(name="Tests", start=START, end=END, environments=["test"], actor=SYSTEM)
    with pytest.raises(InvalidInput):
        freezes.update(freeze_id=freeze.pk, environments=[], actor=SYSTEM)
    kept = freezes.update(freeze_id=freeze.pk, cis=[make_ci("fw")], environments=[], actor=SYSTEM)
    assert (kept.environments, kept.cis.count()) == ([], 1)


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
