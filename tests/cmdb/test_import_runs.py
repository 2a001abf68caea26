"""The way of a run: preview, merge, cancel, a worker that dies, roll back."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from functools import partial

import pytest
from django.db import OperationalError, connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from cmdb.auditing import running as auditing_running
from cmdb.importing import files, merging, progress, running, staging, undoing, working
from cmdb.importing.progress import Cancelled, Watch
from cmdb.models import ConfigurationItem, ExternalKey, ImportChunk, ImportProgress, ImportRun, Relation
from cmdb.operations import audit_steps, audits, cis, imports, relations
from itsm.kernel.actor import Actor
from itsm.kernel.errors import DomainError, Forbidden
from itsm.kernel.inserting import run as execute
from itsm.kernel.models import RoleAssignment
from tests.builders import SYSTEM, make_ci, make_class
from tests.cmdb.auditing import handed_in, seen
from tests.cmdb.importing import hand_in, problems_of, take_in

pytestmark = pytest.mark.django_db
TWO = "id,name,class,ver,runs on\nw1,web-1,server,1.0,h1\nh1,host-1,server,8,\n"


@pytest.fixture(autouse=True)
def server():
    return make_class()


def ci(name: str) -> ConfigurationItem:
    return ConfigurationItem.objects.get(name=name)


def worked(run: ImportRun) -> ImportRun:
    running.work_through()
    run.refresh_from_db()
    return run


def rolled_back(run: ImportRun) -> dict[str, str]:
    """What became of each difference, by what it is about."""
    imports.roll_back(run_id=run.pk, actor=SYSTEM)
    assert worked(run).state == "rolled_back", run.failure
    return {f"{row.kind} {row.label}": row.undone for row in run.differences.all()}


class TestPreview:
    def test_it_shows_what_would_be_done_and_does_nothing(self):
        make_ci("host-1", version="7")
        run = worked(hand_in(TWO, dry_run=True))

        assert run.state == "previewed"
        told = {(row.kind, row.label) for row in run.differences.all()}
        assert told == {("created", "web-1"), ("changed", "host-1"), ("related", "w1")}
        assert ConfigurationItem.objects.count() == 1
        assert (ci("host-1").version, ci("host-1").revision) == ("7", 1)
        assert not ExternalKey.objects.exists()

    def test_then_it_can_be_merged(self):
        run = worked(hand_in(TWO, dry_run=True))
        imports.merge(run_id=run.pk, actor=SYSTEM)
        assert worked(run).state == "done"
        assert run.differences.filter(kind="created", ci_id=ci("web-1").pk).count() == 1

    def test_broken_rows_hold_the_merge_back_unless_they_are_left_out(self):
        run = worked(hand_in(TWO + "x,y,nonsense,,\n", dry_run=True))
        with pytest.raises(imports.BrokenRows):
            imports.merge(run_id=run.pk, actor=SYSTEM)
        imports.merge(run_id=run.pk, leave_out_broken=True, actor=SYSTEM)
        assert worked(run).state == "done"
        assert ConfigurationItem.objects.count() == 2


class TestColumns:
    def test_a_table_waits_until_its_columns_are_known(self):
        run = worked(hand_in(TWO, columns={}))
        assert run.state == "uploaded"
        options = {"columns": {"id": "key", "class": "ci_class"}}
        imports.describe(run_id=run.pk, options=options, save_as="Inventory", retire_missing=True, actor=SYSTEM)
        assert worked(run).state == "done"
        assert run.profile.options["columns"] == options["columns"]

    def test_a_profile_reads_the_next_one(self):
        run = hand_in(TWO, columns={})
        options = {"columns": {"id": "key", "class": "ci_class"}, "values": {"ci_class": {"Srv": "server"}}}
        imports.describe(run_id=run.pk, options=options, save_as="Inventory", actor=SYSTEM)
        worked(run)
        profile = ImportRun.objects.get(pk=run.pk).profile
        again = imports.hand_in(
            file_name="n.csv", data=[b"id,class\nn,Srv\n"], profile=profile, dry_run=False, actor=SYSTEM
        )
        assert worked(again).state == "done", problems_of(again)
        assert ExternalKey.objects.get(key="n").source == "inventory"


class TestCancel:
    def test_what_waits_is_cancelled_at_once(self):
        run = hand_in(TWO)
        imports.cancel(run_id=run.pk, actor=SYSTEM)
        assert worked(run).state == "cancelled"
        assert not ConfigurationItem.objects.exists()

    def test_what_is_being_read_stops_and_writes_nothing(self, monkeypatch):
        run = hand_in(TWO)
        monkeypatch.setattr(merging, "_relate", lambda intake: _cancel_now(intake))

        assert worked(run).state == "cancelled"
        assert not ConfigurationItem.objects.exists()
        assert not run.differences.exists()

    def test_a_preview_may_be_cancelled_and_a_done_one_not(self):
        run = worked(hand_in(TWO, dry_run=True))
        imports.cancel(run_id=run.pk, actor=SYSTEM)
        with pytest.raises(DomainError, match="cannot become cancelled"):
            imports.cancel(run_id=take_in(TWO).pk, actor=SYSTEM)


def _cancel_now(intake) -> None:
    raise Cancelled


class TestWorkers:
    def test_a_run_whose_worker_died_is_taken_up_again(self, monkeypatch):
        run = hand_in(TWO)
        with monkeypatch.context() as patch:
            patch.setattr(staging, "stage", _die)
            with pytest.raises(KeyboardInterrupt):
                running.work_through()
        run.refresh_from_db()
        assert run.state == "reading"

        assert worked(run).state == "done"
        assert ConfigurationItem.objects.count() == 2

    def test_one_that_kills_its_worker_each_time_is_given_up(self):
        run = hand_in(TWO)
        ImportProgress.objects.filter(run=run).update(attempts=working.MOST_ATTEMPTS)
        assert worked(run).state == "failed"
        assert "died" in run.failure

    def test_a_database_that_goes_away_leaves_it_for_the_next(self, monkeypatch):
        run = hand_in(TWO)
        with monkeypatch.context() as patch:
            patch.setattr(staging, "stage", _away)
            with pytest.raises(OperationalError):
                running.work_through()
        assert worked(run).state == "done"

    def test_an_error_of_the_program_is_told_and_changes_nothing(self, monkeypatch):
        monkeypatch.setattr(merging, "_relate", lambda intake: 1 / 0)
        run = take_in(TWO)
        assert (run.state, ConfigurationItem.objects.count()) == ("failed", 0)
        assert "ZeroDivisionError" in run.failure

    def test_whoever_lost_the_role_meanwhile_imports_nothing(self, config_manager):
        run = hand_in(TWO, actor=Actor.person(config_manager))
        RoleAssignment.objects.filter(user=config_manager).delete()
        assert worked(run).state == "failed"
        assert not ConfigurationItem.objects.exists()


def _die(*_: object) -> None:
    raise KeyboardInterrupt


def _away(*_: object) -> None:
    raise OperationalError("server closed the connection")


@pytest.mark.django_db(transaction=True)
def test_a_statement_under_way_is_broken_off_by_a_cancellation():
    make_class()
    run = hand_in(TWO)
    ImportProgress.objects.filter(run=run).update(cancel_asked=True)
    with pytest.raises(OperationalError), Watch(run.progress):
        execute("SELECT pg_sleep(30)")


class TestRollBack:
    def test_created_cis_and_relations_go(self):
        told = rolled_back(take_in(TWO))
        assert told == {"created web-1": "yes", "created host-1": "yes", "related w1": "yes"}
        assert not ConfigurationItem.objects.exists()
        assert not ExternalKey.objects.exists()
        assert ConfigurationItem.pgh_event_model.objects.filter(pgh_label="delete").count() == 2

    def test_changed_fields_are_as_before(self, alice):
        before = make_ci("web-1", version="0.9", attributes={"ram_gb": "8"})
        told = rolled_back(take_in("id,name,class,ver,ram,owner\nw1,web-1,server,1.0,16,alice\n"))
        before.refresh_from_db()
        assert told == {"changed web-1": "yes"}
        assert (before.version, before.attributes, before.owner) == ("0.9", {"ram_gb": "8"}, None)
        assert not ExternalKey.objects.exists()

    def test_an_attribute_that_came_by_it_goes(self):
        before = make_ci("web-1", attributes={"rack": "r"})
        rolled_back(take_in("id,name,class,ram\nw1,web-1,server,16\n"))
        before.refresh_from_db()
        assert before.attributes == {"rack": "r"}

    def test_what_was_changed_since_then_stays_and_is_told(self):
        make_ci("web-1", version="0.9", criticality=1)
        run = take_in("id,name,class,ver,crit\nw1,web-1,server,1.0,4\n")
        cis.update(ci_id=ci("web-1").pk, version="1.1", actor=SYSTEM)
        told = rolled_back(run)
        assert told == {"changed web-1": "changed since then: version"}
        assert (ci("web-1").version, ci("web-1").criticality) == ("1.1", 1)

    def test_a_created_ci_that_others_refer_to_is_retired(self):
        run = take_in(TWO)
        relations.relate(source=make_ci("mine"), type="depends_on", target=ci("host-1"), actor=SYSTEM)
        told = rolled_back(run)
        assert told["created host-1"] == "retired, not removed: a relation refers to it"
        assert ci("host-1").status == "retired"
        assert not ConfigurationItem.objects.filter(name="web-1").exists()

    def test_what_it_retired_lives_again(self):
        take_in(TWO)
        run = take_in("id,name,class\nh1,host-1,server\n", retire_missing=True)
        assert rolled_back(run)["retired web-1"] == "yes"
        assert ci("web-1").status == "live"
        assert ExternalKey.objects.get(key="w1").gone_in is None

    def test_relations_that_it_removed_are_there_again(self):
        take_in(TWO)
        rolled_back(take_in(TWO.replace("1.0,h1", "1.0,")))
        assert Relation.objects.get().told_by == ["inventory"]

    def test_the_source_is_known_to_have_said_what_it_said_before(self):
        take_in(TWO)
        rolled_back(take_in(TWO.replace("1.0", "2.0")))
        assert ExternalKey.objects.get(key="w1").said["version"] == "1.0"
        assert ci("web-1").version == "1.0"

    def test_only_what_is_done_can_be_rolled_back_and_only_once(self):
        run = take_in(TWO)
        rolled_back(run)
        with pytest.raises(DomainError, match="rolled back"):
            imports.roll_back(run_id=run.pk, actor=SYSTEM)


class TestKeeping:
    def test_the_file_is_forgotten_after_a_month_and_says_so(self):
        run = worked(hand_in(TWO, dry_run=True))
        assert files.forget(timezone.now() + timedelta(days=29)) == 0
        assert files.forget(timezone.now() + timedelta(days=31)) == 1
        run.refresh_from_db()
        assert run.file_forgotten_at
        assert not ImportChunk.objects.exists()
        with pytest.raises(imports.FileForgotten):
            imports.merge(run_id=run.pk, actor=SYSTEM)

    def test_a_large_file_is_read_in_pieces(self, monkeypatch):
        monkeypatch.setattr(files, "PIECE", 10)
        run = hand_in(TWO)
        assert run.chunks.count() == -(-len(TWO) // 10)
        assert files.open_file(run).read() == TWO.encode()
        assert worked(run).state == "done"

    def test_a_file_that_is_too_large_is_refused(self, settings):
        settings.IMPORT_MEGABYTES = 0
        with pytest.raises(DomainError, match="larger than"):
            hand_in(TWO)


@pytest.mark.parametrize("verb", [imports.merge, imports.cancel, imports.roll_back])
def test_only_configuration_managers_decide_about_imports(verb, alice):
    run = worked(hand_in(TWO, dry_run=True))
    with pytest.raises(Forbidden):
        verb(run_id=run.pk, actor=Actor.person(alice))
    run.refresh_from_db()
    assert run.state == "previewed"


def test_only_configuration_managers_hand_files_in(alice):
    with pytest.raises(Forbidden):
        hand_in(TWO, actor=Actor.person(alice))


def test_what_was_written_in_bulk_is_known_to_the_planner_before_more_is_built_on_it(monkeypatch):
    """Taken for an empty table, a million rows were compared with each other one by one."""
    monkeypatch.setattr(merging, "MANY", 0)
    with CaptureQueriesContext(connection) as queries:
        take_in("id,class,runs on\na,server,\nb,server,a\n")

    said = [query["sql"].strip() for query in queries]
    for table in ("cmdb_configurationitem", "cmdb_externalkey", "cmdb_relation"):
        (written,) = [at for at, sql in enumerate(said) if f'INSERT INTO "{table}"' in sql]
        assert said[written + 1].endswith(f"ANALYZE {table}")


def test_checks_of_foreign_keys_do_not_pile_up_while_much_is_taken_back():
    """Each statement of a row trigger looks through those that wait: for 20,000 CIs that took a minute."""
    run = take_in(TWO)
    imports.roll_back(run_id=run.pk, actor=SYSTEM)
    with CaptureQueriesContext(connection) as queries:
        worked(run)

    said = [query["sql"].strip() for query in queries]
    (at_once,) = [at for at, sql in enumerate(said) if sql.endswith("SET CONSTRAINTS ALL IMMEDIATE")]
    assert at_once < min(at for at, sql in enumerate(said) if "DELETE FROM cmdb_" in sql)


@pytest.mark.django_db(transaction=True)
def test_what_is_being_written_or_compared_is_cancelled_without_waiting_for_its_end(monkeypatch, now):
    """With a million CIs it is minutes to the end."""
    make_class()
    monkeypatch.setattr(progress, "BEAT_SECONDS", 0.02)

    def cancel_and_work_on(cancel, said, *_) -> None:
        with ThreadPoolExecutor(1) as other:
            other.submit(_apart, cancel, said).result(timeout=5)
        execute("SELECT pg_sleep(5)")

    done, run = take_in(TWO.replace("w1", "w2").replace("web-1", "web-2")), hand_in(TWO)
    for module, last, each, after in ((merging, "_relate", run, "cancelled"), (undoing, "_remove", done, "done")):
        if each is done:
            imports.roll_back(run_id=done.pk, actor=SYSTEM)
        with monkeypatch.context() as patch:
            patch.setattr(module, last, partial(cancel_and_work_on, imports.cancel, {"run_id": each.pk}))
            assert worked(each).state == after
    assert {each.name for each in ConfigurationItem.objects.all()} == {"web-2", "host-1"}

    audit = handed_in(seen("w2", name="web-9"), now=now)
    with monkeypatch.context() as patch:
        told = {"audit_id": audit.pk, "now": now}
        patch.setattr(audit_steps, "_verify_what_agrees", partial(cancel_and_work_on, audits.cancel, told))
        auditing_running.work_through()
    audit.refresh_from_db()
    assert audit.state == "cancelled"


def _apart(cancel, said) -> None:
    """As somebody else does it: in a connection of their own."""
    try:
        execute("SET lock_timeout = '3s'")
        cancel(**said, actor=SYSTEM)
    finally:
        connection.close()
