"""Imports by themselves: begun when they are due, once, and those who answer for them hear of failures."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import IntegrityError, connection, transaction

from cmdb.importing.fetching import running as fetching
from cmdb.models import ImportRun, ImportSchedule
from cmdb.operations import import_profiles, import_schedules, import_steps
from itsm.kernel.actor import Actor
from itsm.kernel.errors import DomainError, Forbidden, InvalidInput
from itsm.kernel.models import Notification, OutboxEvent, RoleAssignment
from itsm.kernel.recurrence import next_after, read
from tests.builders import SYSTEM
from tests.kernel.outbox_builders import deliver_all
from tests.plans import copies, made_up, plan_of

pytestmark = pytest.mark.django_db
NIGHTLY = {
    "name": "NetBox, nightly", "format": "netbox", "source": "netbox", "address": "https://netbox.example.org",
    "recurrence": "FREQ=DAILY", "time_zone": "Europe/Amsterdam",
    "first_start": datetime(2026, 11, 1, 1, 30, tzinfo=UTC),
}  # fmt: skip


@pytest.fixture
def manager(config_manager):
    return Actor.person(config_manager)


@pytest.fixture
def nightly(manager, now):
    return import_schedules.create(**NIGHTLY, token="s3cret", actor=manager, now=now)


def failed(run: ImportRun, message="It is away.") -> None:
    import_steps.fail(run_id=run.pk, message=message, actor=SYSTEM, now=run.created_at)
    deliver_all()


def cancelled(schedule: ImportSchedule) -> None:
    schedule.runs.filter(state="fetching").update(state="cancelled")


class TestRhythm:
    def test_it_knows_when_it_is_next_due_by_its_wall_clock(self, nightly, now):
        assert nightly.next_at == datetime(2026, 11, 24, 1, 30, tzinfo=UTC)
        summer = now + timedelta(days=200)
        assert next_after(
            first=nightly.first_start, rule="FREQ=DAILY", zone="Europe/Amsterdam", after=summer
        ) == summer.replace(hour=0, minute=30) + timedelta(days=1)

    def test_nothing_is_begun_before_its_time(self, nightly, now):
        assert fetching.start_due(now) == 0
        assert not ImportRun.objects.exists()

    def test_when_it_is_due_one_run_begins_on_the_owners_behalf(self, nightly, now):
        due = nightly.next_at
        assert fetching.start_due(due) == 1
        run = ImportRun.objects.get()
        assert (run.state, run.source, run.schedule, run.scheduled_for) == ("fetching", "netbox", nightly, due)
        assert run.requested_by == nightly.owner
        nightly.refresh_from_db()
        assert nightly.next_at == due + timedelta(days=1)

    def test_a_second_beat_begins_nothing(self, nightly):
        due = nightly.next_at
        assert [fetching.start_due(due) for _ in range(3)] == [1, 0, 0]
        assert ImportRun.objects.count() == 1

    def test_after_an_outage_of_weeks_it_is_one_run_and_the_rhythm_goes_on(self, nightly):
        back = nightly.next_at + timedelta(days=40, hours=5)
        assert fetching.start_due(back) == 1
        cancelled(nightly)
        assert fetching.start_due(back + timedelta(minutes=1)) == 0
        nightly.refresh_from_db()
        assert nightly.next_at == datetime(2027, 1, 4, 1, 30, tzinfo=UTC)

    def test_while_one_is_under_way_no_other_begins(self, nightly):
        fetching.start_due(nightly.next_at)
        assert fetching.start_due(nightly.next_at + timedelta(days=1)) == 0
        assert ImportRun.objects.count() == 1
        cancelled(nightly)
        assert fetching.start_due(nightly.next_at + timedelta(days=2)) == 1

    def test_the_database_keeps_two_runs_of_one_time_apart(self, nightly):
        fetching.start_due(nightly.next_at)
        run = ImportRun.objects.get()
        with pytest.raises(IntegrityError), transaction.atomic():
            ImportRun.objects.create(
                source="x", format="csv", file_name="x", schedule=nightly, scheduled_for=run.scheduled_for
            )

    def test_a_paused_one_rests_and_goes_on_from_now(self, nightly, manager, now):
        paused = import_schedules.update(schedule_id=nightly.pk, enabled=False, actor=manager, now=now)
        assert paused.next_at is None
        later = now + timedelta(days=30)
        assert fetching.start_due(later) == 0
        again = import_schedules.update(schedule_id=nightly.pk, enabled=True, actor=manager, now=later)
        assert again.next_at > later

    def test_without_a_rhythm_it_runs_when_asked(self, manager, now):
        schedule = import_schedules.create(**NIGHTLY | {"recurrence": ""}, actor=manager, now=now)
        assert schedule.next_at is None
        run = import_schedules.run(schedule_id=schedule.pk, actor=manager)
        assert (run.state, run.scheduled_for) == ("fetching", None)
        with pytest.raises(import_schedules.UnderWay, match=run.number):
            import_schedules.run(schedule_id=schedule.pk, actor=manager)

    def test_another_name_leaves_the_rhythm_alone(self, nightly, manager):
        late = nightly.next_at + timedelta(hours=1)
        kept = import_schedules.update(schedule_id=nightly.pk, name="NetBox", actor=manager, now=late)
        assert kept.next_at == nightly.next_at

    def test_what_is_due_is_found_by_an_index(self, nightly, manager):
        run = import_schedules.run(schedule_id=nightly.pk, actor=manager)
        with made_up([ImportSchedule, ImportRun]) as write:
            copies(write, nightly, 2000, name="'n' || n", next_at="now() + n * interval '1 minute'")
            copies(write, run, 2000, state="'done'")
        due = "SELECT id FROM cmdb_importschedule WHERE next_at <= now() ORDER BY next_at, id"
        assert "import_schedule_due" in plan_of(due)
        assert "import_to_fetch" in plan_of("SELECT id FROM cmdb_importrun WHERE state = 'fetching' ORDER BY id")


@pytest.mark.parametrize(
    "rule",
    ["daily", "FREQ=MINUTELY", "FREQ=HOURLY;BYMONTH=2;BYMONTHDAY=30", "FREQ=DAILY;INTERVAL=0", "FREQ=HOURLY;BYHOUR=25",
     "FREQ=HOURLY;BYEASTER=400", "DTSTART:20260101T000000\nRRULE:FREQ=DAILY\nRRULE:FREQ=WEEKLY", "FREQ=DAILY;BYDAY=XX"],
)  # fmt: skip
def test_a_rule_that_is_none_or_never_comes_is_refused_at_once(rule, now):
    with pytest.raises(ValueError, match=r"."):
        read(rule, now.replace(tzinfo=None))


class TestToken:
    def test_it_is_kept_encrypted_and_in_no_history(self, nightly):
        assert "s3cret" not in nightly.token
        assert nightly.has_token
        with connection.cursor() as cursor:
            cursor.execute("SELECT to_jsonb(e)::text FROM cmdb_importscheduleevent e")
            (row,) = cursor.fetchone()
        assert "token" not in row
        assert "s3cret" not in str(list(OutboxEvent.objects.values()))

    def test_it_stays_until_another_is_given(self, nightly, manager, now):
        kept = import_schedules.update(schedule_id=nightly.pk, name="NetBox", actor=manager, now=now)
        assert kept.token == nightly.token
        gone = import_schedules.update(schedule_id=nightly.pk, token="", actor=manager, now=now)
        assert not gone.has_token

    @pytest.mark.parametrize(
        "address", ["https://evil.example/", "http://netbox.example.org", "https://netbox.example.org:8443"]
    )
    def test_it_is_not_sent_to_another_host_by_whoever_turns_the_address(
        self, nightly, manager, now, address, settings
    ):
        with pytest.raises(InvalidInput) as refusal:
            import_schedules.update(schedule_id=nightly.pk, address=address, actor=manager, now=now)
        assert "token" in refusal.value.errors
        nightly.refresh_from_db()
        assert nightly.address == NIGHTLY["address"]

    @pytest.mark.parametrize("token", ["a b", "a\nb", "é", "x" * 1001])
    def test_what_can_be_no_token_is_refused(self, nightly, manager, now, token):
        with pytest.raises(InvalidInput, match="token"):
            import_schedules.update(schedule_id=nightly.pk, token=token, actor=manager, now=now)


@pytest.mark.parametrize(
    ("said", "field"),
    [
        ({"name": " "}, "name"), ({"source": "a:b"}, "source"), ({"source": "people"}, "source"),
        ({"source": "People "}, "source"), ({"format": "xml"}, "format"), ({"format": "csv"}, "profile"),
        ({"options": {"colour": "red"}}, "options.colour"), ({"address": "ftp://x"}, "address"),
        ({"address": "https://127.0.0.1/"}, "address"), ({"address": "https://10.0.0.1/"}, "address"),
        ({"address": "http://netbox.example.org/"}, None), ({"address": "https://netbox.example.org/?q=1"}, "address"),
        ({"time_zone": "Mars"}, "time_zone"), ({"time_zone": "../etc/passwd"}, "time_zone"),
        ({"recurrence": "now and then"}, "recurrence"), ({"first_start": datetime(1, 1, 1, tzinfo=UTC)}, "first_start"),
        ({"first_start": datetime(9999, 1, 1, tzinfo=UTC)}, "first_start"), ({"colour": 1}, "colour"),
    ],
)  # fmt: skip
def test_what_cannot_be_is_refused_at_its_field(said, field, manager, now):
    if field is None:  # whether a name leads inside is seen when it is asked for, each time
        assert import_schedules.create(**NIGHTLY | said, actor=manager, now=now)
        return
    with pytest.raises(InvalidInput) as refusal:
        import_schedules.create(**NIGHTLY | said, actor=manager, now=now)
    assert field in refusal.value.errors
    assert not ImportSchedule.objects.exists()


def test_there_is_one_of_a_name(nightly, manager, now):
    with pytest.raises(InvalidInput, match="already"):
        import_schedules.create(**NIGHTLY, actor=manager, now=now)


def test_who_answers_for_it_must_be_somebody_who_may_import(alice, manager, now):
    with pytest.raises(InvalidInput) as refusal:
        import_schedules.create(**NIGHTLY, owner=alice, actor=manager, now=now)
    assert "owner" in refusal.value.errors


def test_only_configuration_managers_keep_and_run_them(nightly, alice, now):
    actor = Actor.person(alice)
    with pytest.raises(Forbidden):
        import_schedules.create(**NIGHTLY | {"name": "Mine"}, actor=actor, now=now)
    with pytest.raises(Forbidden):
        import_schedules.update(schedule_id=nightly.pk, name="Mine", actor=actor, now=now)
    with pytest.raises(Forbidden):
        import_schedules.run(schedule_id=nightly.pk, actor=actor)
    with pytest.raises(Forbidden):
        import_schedules.remove(schedule_id=nightly.pk, actor=actor)
    assert ImportSchedule.objects.get().name == NIGHTLY["name"]


class TestFailure:
    def test_who_answers_for_it_is_told_once_and_again_when_it_works(self, nightly, manager):
        for day in range(3):
            fetching.start_due(nightly.next_at + timedelta(days=day))
            failed(ImportRun.objects.latest("pk"))
        (told,) = Notification.objects.all()
        assert told.user == nightly.owner
        assert told.text == "“NetBox, nightly” fails: It is away."
        assert told.link == f"/cmdb/imports/{ImportRun.objects.earliest('pk').number}/"
        nightly.refresh_from_db()
        assert nightly.failing_since

        run = import_schedules.run(schedule_id=nightly.pk, actor=manager)
        ImportRun.objects.filter(pk=run.pk).update(state="done")
        OutboxEvent.objects.create(name="cmdb.import.merged", subject_type="cmdb.importrun", subject_id=run.pk)
        deliver_all()
        assert Notification.objects.latest("pk").text == "“NetBox, nightly” works again."
        nightly.refresh_from_db()
        assert nightly.failing_since is None

    def test_when_the_owner_lost_the_role_it_fails_and_says_so(self, nightly):
        RoleAssignment.objects.filter(user=nightly.owner).delete()
        fetching.start_due(nightly.next_at)
        fetching.work_through()
        deliver_all()
        run = ImportRun.objects.get()
        assert (run.state, run.failure) == ("failed", "Only a configuration manager imports what other tools know.")
        assert Notification.objects.get().user == nightly.owner

    def test_when_the_owner_left_the_configuration_managers_are_told(self, nightly, person):
        other = person("other.manager")
        RoleAssignment.objects.create(user=other, role="configuration_manager")
        nightly.owner.is_active = False
        nightly.owner.save()
        fetching.start_due(nightly.next_at)
        failed(ImportRun.objects.get())
        assert Notification.objects.get().user == other

    def test_a_preview_that_found_something_waits_for_who_answers_for_it(self, nightly, manager):
        for counts in ({"created": 0}, {"created": 2}):
            run = import_schedules.run(schedule_id=nightly.pk, actor=manager)
            ImportRun.objects.filter(pk=run.pk).update(state="previewed", counts=counts)
            OutboxEvent.objects.create(name="cmdb.import.previewed", subject_type="cmdb.importrun", subject_id=run.pk)
            deliver_all()
        assert Notification.objects.get().text == "“NetBox, nightly” was read; what it would change waits for you."

    def test_an_import_by_hand_that_fails_tells_nobody_of_a_schedule(self, nightly):
        run = ImportRun.objects.create(source="x", format="csv", file_name="x", state="queued")
        failed(run)
        assert not Notification.objects.exists()


def test_a_cancelled_one_is_not_fetched(nightly, manager):
    from cmdb.operations import imports

    run = import_schedules.run(schedule_id=nightly.pk, actor=manager)
    imports.cancel(run_id=run.pk, actor=manager)
    fetching.work_through()
    run.refresh_from_db()
    assert run.state == "cancelled"


def test_what_it_fetched_stays_when_it_is_removed_and_what_waits_fails(nightly, manager):
    run = import_schedules.run(schedule_id=nightly.pk, actor=manager)
    import_schedules.remove(schedule_id=nightly.pk, actor=manager)
    fetching.work_through()
    run.refresh_from_db()
    assert (run.state, run.schedule) == ("failed", None)
    assert "schedule was removed" in run.failure


def test_a_profile_that_it_is_read_by_stays(manager, now):
    profile = import_profiles.create(
        name="Servers", source="inventory", columns={"id": "key", "kind": "ci_class"}, actor=manager
    )
    said = NIGHTLY | {"format": "csv", "source": ""}
    schedule = import_schedules.create(**said, profile=profile, actor=manager, now=now)
    assert schedule.source == "inventory"
    with pytest.raises(DomainError, match=schedule.number):
        import_profiles.remove(profile_id=profile.pk, actor=manager)
