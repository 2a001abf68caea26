"""Taking a recorded history of changes in: what becomes of good rows, odd rows and bad rows."""

from datetime import UTC, datetime, timedelta

import pytest

from changes.models import AffectedCI, ChangeRequest
from changes.operations import imports
from cmdb.models import CIClass, ConfigurationItem, Relation
from itsm.kernel import history
from itsm.kernel.actor import Actor
from itsm.kernel.errors import Forbidden
from itsm.kernel.models import OutboxEvent
from tests.builders import make_ci, make_class
from tests.changes.import_files import line, nothing_was_taken_in


def test_a_row_becomes_a_closed_change_on_a_ci(take_in):
    take_in(line(Risk="big", CAB="Y", Began="01-07-2013 20:10", Ended="01-07-2013 21:00", Opened="30-06-2013 09:00"))

    change = ChangeRequest.objects.get(source="old-tool", external_key="C1")
    assert (change.status, change.type, change.outcome, change.cab_required) == ("closed", "standard", "", True)
    assert change.risk == ChangeRequest.Level.HIGH
    assert change.starts_at == datetime(2013, 7, 1, 18, 0, tzinfo=UTC)
    assert change.finished_at == datetime(2013, 7, 1, 19, 0, tzinfo=UTC)
    ci = change.cis.get()
    assert (ci.name, ci.status, ci.ci_class.code, ci.ci_class.kind) == ("srv-1", "live", "server", "hardware")


def test_several_rows_of_a_change_are_its_cis(take_in):
    report = take_in(line(ci="srv-1"), line(ci="srv-2"), line("C2", "srv-2"))

    assert (report.changes_new, report.cis_new, report.touches_new) == (2, 2, 3)
    assert sorted(ci.name for ci in ChangeRequest.objects.get(external_key="C1").cis.all()) == ["srv-1", "srv-2"]


def test_an_emergency_flag_outweighs_the_type(take_in):
    take_in(line(Urgent="Y"))
    assert ChangeRequest.objects.get().type == "emergency"


def test_a_ci_is_part_of_its_service_component(take_in):
    take_in(line(Component="WBS1"), line("C2", "srv-2", Component="WBS1"))

    component = ConfigurationItem.objects.get(name="WBS1")
    assert set(Relation.objects.filter(type="part_of", target=component).values_list("source__name", flat=True)) == {
        "srv-1",
        "srv-2",
    }


def test_a_ci_of_the_same_class_and_name_is_found_not_made(take_in):
    known = make_ci("srv-1", ci_class=make_class("server"))

    assert take_in(line()).cis_new == 0
    assert ChangeRequest.objects.get().cis.get() == known
    assert known.external_keys.get().key == "srv-1"


def test_running_it_again_changes_nothing(take_in, heard):
    rows = [line(Component="WBS1"), line("C2", "srv-2", From="27-10-2013 02:30", To="27-10-2013 02:30")]
    take_in(*rows)
    before = list(ChangeRequest.objects.order_by("pk").values())
    counts = [m.objects.count() for m in (ConfigurationItem, CIClass, Relation, AffectedCI, OutboxEvent)]

    report = take_in(*rows)

    assert (report.changes_new, report.changes_unchanged, report.changes_different) == (0, 2, 0)
    assert list(ChangeRequest.objects.order_by("pk").values()) == before
    assert [m.objects.count() for m in (ConfigurationItem, CIClass, Relation, AffectedCI, OutboxEvent)] == counts
    assert heard.differences == []


def test_a_row_that_differs_from_its_record_is_reported_and_the_record_stays(take_in, heard):
    take_in(line())
    before = ChangeRequest.objects.values().get()

    report = take_in(line(To="01-07-2013 23:00"), line(ci="srv-9"))

    assert report.changes_different == 1
    assert [(d.key, d.field, d.found) for d in heard.differences][1:] == [("C1", "CI", "srv-9")]
    assert (heard.differences[0].field, heard.differences[0].line) == ("window", 2)
    assert ChangeRequest.objects.values().get() == before
    assert not ConfigurationItem.objects.filter(name="srv-9").exists()


@pytest.mark.parametrize(
    ("bad", "column", "reason"),
    [
        (line(""), "Change", "is empty"),
        (line(ci=" "), "CI", "is empty"),
        (line(From="2013-07-01"), "From", "is not a time like"),
        (line(From="31-02-2013 10:00"), "From", "is not a time like"),
        (line(From=""), "From", "is empty, the other end is not"),
        (line(To="01-07-2013 19:59"), "To", "is before 01-07-2013 20:00"),
        (line(Began="01-07-2013 20:00", Ended="01-07-2013 19:00"), "Ended", "is before"),
        (line(Risk="huge"), "Risk", "'huge' is not in the mapping's [values.risk]"),
        (line(Urgent="maybe"), "Urgent", "[values.emergency]"),
        (line("C" * 101), "Change", "longer than 100"),
        (line("C\0"), "Change", "NUL"),
        ("C1;srv-1;server", "", "there are 3 cells where the heading has 13"),
    ],
)
def test_a_row_that_cannot_be_read_is_reported_and_the_rest_goes_in(take_in, heard, bad, column, reason):
    report = take_in(line("C0"), bad, line("C9"))

    assert (report.rows, report.unreadable, report.changes_new) == (3, 1, 2)
    (problem,) = heard.problems
    assert (problem.line, problem.column) == (3, column)
    assert reason in problem.reason
    assert set(ChangeRequest.objects.values_list("external_key", flat=True)) == {"C0", "C9"}


def test_every_problem_of_a_row_is_named(take_in, heard):
    take_in(line("", Risk="huge", From="soon"))
    assert [problem.column for problem in heard.problems] == ["From", "Risk", "Change"]


def test_a_strict_import_takes_nothing_in_when_a_row_cannot_be_read(take_in, heard):
    with pytest.raises(imports.UnreadableRows, match="1 of 3 rows"):
        take_in(line("C0"), line("C1", Risk="huge"), line("C2"), strict=True)

    assert heard.problems[0].line == 3
    assert nothing_was_taken_in()


def test_a_dry_run_says_what_it_would_do_and_does_nothing(take_in):
    report = take_in(line(), line("C2"), dry_run=True)

    assert (report.changes_new, report.cis_new, report.dry_run) == (2, 1, True)
    assert nothing_was_taken_in()


def test_a_window_of_length_zero_is_kept_as_one_minute(take_in):
    report = take_in(line(To="01-07-2013 20:00"))

    change = ChangeRequest.objects.get()
    assert change.ends_at - change.starts_at == timedelta(minutes=1)
    assert report.oddities.windows_of_length_zero == 1


def test_oddities_are_counted(take_in):
    report = take_in(
        line(),
        line(),
        line(Began="01-07-2013 20:00"),
        line("C2", Kind="laptop", Opened="05-07-2013 09:00", Began="01-07-2013 20:00", Ended="01-07-2013 20:00"),
    )

    found = report.oddities
    assert (found.exact_duplicates, found.same_change_and_ci_again) == (1, 1)
    assert (found.unlike_first_row_of_change, found.unlike_first_row_of_ci) == (1, 1)
    assert (found.without_actual_times, found.with_one_actual_time, found.starts_before_the_record) == (2, 1, 1)
    assert ChangeRequest.objects.get(external_key="C1").started_at is None
    assert ConfigurationItem.objects.get().ci_class.code == "server"


@pytest.mark.parametrize(
    ("wall_clock", "moment", "odd"),
    [
        ("27-10-2013 02:30", datetime(2013, 10, 27, 0, 30, tzinfo=UTC), "twice_on_the_clock"),
        ("31-03-2013 02:30", datetime(2013, 3, 31, 1, 30, tzinfo=UTC), "never_on_the_clock"),
        ("31-03-2013 03:30", datetime(2013, 3, 31, 1, 30, tzinfo=UTC), None),
        ("15-01-2013 12:00", datetime(2013, 1, 15, 11, 0, tzinfo=UTC), None),
    ],
)
def test_the_wall_clock_of_the_file_is_understood_where_it_jumps(take_in, wall_clock, moment, odd):
    report = take_in(line(From=wall_clock, To="01-12-2013 00:00"))

    assert ChangeRequest.objects.get().starts_at == moment
    counted = {name for name in ("twice_on_the_clock", "never_on_the_clock") if getattr(report.oddities, name)}
    assert counted == ({odd} if odd else set())


def test_a_broken_quotation_mark_costs_one_row(take_in, heard):
    report = take_in(line("C0"), line('"C1'), *(line(f"D{n}") for n in range(700)), line('"C2', ci='sr"v'), line("C3"))

    assert [problem.line for problem in heard.problems] == [3, 704]
    assert "quotation mark" in heard.problems[0].reason
    assert report.changes_new == 702


def test_a_quoted_cell_may_hold_delimiters_quotes_and_line_breaks(take_in, heard):
    take_in(line('"C;1"'), line('"say ""C2"""', ci='"two\r\nlines"'), line("C3", Risk="huge"))

    assert set(ChangeRequest.objects.values_list("external_key", flat=True)) == {"C;1", 'say "C2"'}
    assert heard.problems[0].line == 5


def test_history_says_who_took_it_in(take_in, config_manager):
    take_in(line(), actor=Actor.person(config_manager))

    change = ChangeRequest.objects.get()
    for record in (change, change.cis.get()):
        (entry,) = history.story_of(record)
        assert (entry["who"], entry["through"]) == ("Config Manager", "imports.import_changes")


def test_only_a_configuration_manager_may_import(take_in, viewer):
    with pytest.raises(Forbidden):
        take_in(line(), actor=Actor.person(viewer))
    assert nothing_was_taken_in()


def test_rows_are_taken_in_chunks_and_told(take_in, heard, monkeypatch):
    monkeypatch.setattr(imports, "CHUNK", 10)
    take_in(*(line(f"C{n}") for n in range(25)))
    assert heard.read == [10, 20, 25]
