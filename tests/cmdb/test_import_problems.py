"""Broken input: everything is told with row and column, and nothing is half taken in."""

import pytest

from cmdb.importing import running, staging
from cmdb.importing.mapping import BadMapping
from cmdb.models import ConfigurationItem, ImportRun
from cmdb.operations import cis, imports
from itsm.kernel.errors import InvalidInput
from tests.builders import SYSTEM, make_ci, make_class
from tests.cmdb.importing import hand_in, problems_of, take_in

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def server():
    return make_class(schema={"properties": {"ram_gb": {"type": "integer"}}})


def refused(text: str | bytes, **details) -> list[tuple[str, str, str]]:
    """The problems of a file of which nothing was taken in."""
    before = ConfigurationItem.objects.count()
    run = take_in(text, **details)
    assert run.state == "failed"
    assert ConfigurationItem.objects.count() == before
    return problems_of(run)


@pytest.mark.parametrize(
    ("text", "row", "column", "message"),
    [
        ("id,class\na,nonsense\n", "row 2", "class", "There is no class 'nonsense'"),
        ("id,class\na,server\na,server\n", "row 3", "id", "“a” stands in row 2 already"),
        ("id,name,class\na,x,server\nb,x,server\n", "row 3", "name", "row 2 has this class, name"),
        ("id,class,owner\na,server,nobody.here\n", "row 2", "owner", "There is no user “nobody.here”"),
        ("id,class,team\na,server,Ghosts\n", "row 2", "team", "There is no team “Ghosts”"),
        ("id,class,status\na,server,on fire\n", "row 2", "status", "'on fire' is no status"),
        ("id,class,crit\na,server,7\n", "row 2", "crit", "7 is none of 1, 2, 3 and 4"),
        ("id,class,ram\na,server,lots\n", "row 2", "ram", "'lots' is not of type 'integer'"),
        ("id,class,runs on\na,server,zz\n", "row 2", "runs on", "names a CI “zz”"),
        ("id,class,runs on\na,server,a\n", "row 2", "runs on", "cannot be related to itself"),
        ("id,class\n,server\n", "row 2", "id", "This is empty"),
        ("id,class\na,\n", "row 2", "class", "This is empty"),
        ("id,class\na,server,more\n", "row 2", "", "3 cells where the heading has 2"),
        ('id,class\n"a,server\n', "row 2", "", "a quotation mark is opened and not closed"),
        ("id,class\na\0b,server\n", "row 2", "id", "NUL"),
        (b"id,class\ncaf\xe9,server\n", "row 2", "id", "0xE9 is not utf-8"),
        ("id,class\n" + "x" * 201 + ",server\n", "row 2", "id", "201 characters"),
    ],
)
def test_each_problem_names_row_column_and_reason(text, row, column, message):
    (found,) = refused(text)
    assert found[:2] == (row, column)
    assert message in found[2]


def test_all_problems_of_a_file_are_told_at_once():
    found = refused("id,class,crit\na,nonsense,9\nb,server,1\nb,server,1\nc,server,x\n")
    assert {row for row, _, _ in found} == {"row 2", "row 4", "row 5"}
    assert len(found) == 4


def test_ten_thousand_keys_that_stand_twice_are_all_told():
    rows = "".join(f"k{n},server\n" for n in range(10_000))
    run = take_in("id,class\n" + rows + rows)
    assert (run.state, run.problem_count) == ("failed", 10_000)
    assert run.problems.count() == 10_000
    assert not ConfigurationItem.objects.exists()


def test_of_more_problems_the_first_are_kept_and_all_are_counted(monkeypatch):
    monkeypatch.setattr(staging, "MOST_PROBLEMS", 10)
    run = take_in("id,class\n" + "".join(f"k{n},none\n" for n in range(25)))
    assert (run.problem_count, run.problems.count()) == (25, 10)


def test_an_attribute_of_ten_megabytes_is_told_and_costs_its_row_only():
    text = "id,class,ram\na,server,1\nb,server," + "9" * 10_000_000 + "\nc,server,3\n"

    (found,) = refused(text)
    assert found[0] == "row 3"
    assert "longer than" in found[2]

    run = take_in(text, leave_out_broken=True)
    assert sorted(ConfigurationItem.objects.values_list("name", flat=True)) == ["a", "c"]
    assert run.state == "done"


def test_a_file_that_breaks_off_says_where():
    ((row, _, message),) = refused('id,name,class\na,x,server\nb,"y')
    assert (row, "quotation mark" in message) == ("row 3", True)


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"\n\n", "The first line is empty"),
        (b"PK\x03\x04rest", "spreadsheet"),
        ("id,class\n".encode("utf-16"), "UTF-16"),
        (b"\x1f\x8b\x08rest", "gzip"),
        (b"id,id,class\n", "Two columns are called 'id'"),
        (b"name,class\n", "has no column 'id'"),
        (b"caf\xe9,id\n", "is not utf-8"),
    ],
)
def test_a_file_that_cannot_be_read_at_all_says_why(data, message):
    run = take_in(data, columns={"id": "key", "class": "ci_class"})
    assert run.state == "failed"
    assert message in run.failure


def test_an_empty_file_is_not_taken():
    with pytest.raises(InvalidInput, match="empty"):
        hand_in(b"", columns={"id": "key", "class": "ci_class"})
    assert not ImportRun.objects.exists()


def test_the_other_encoding_reads_it():
    run = take_in(b"id,class\ncaf\xe9,server\n", options={"encoding": "cp1252"})
    assert run.state == "done"
    assert ConfigurationItem.objects.get().name == "café"


@pytest.mark.parametrize("delimiter", [";", "\t", "|"])
def test_the_delimiter_is_found_out(delimiter):
    columns = {"id": "key", "class": "ci_class"}
    assert take_in(f"id{delimiter}class\na{delimiter}server\n", columns=columns).state == "done"


def test_broken_rows_can_be_left_out():
    run = take_in("id,class,runs on\na,server,b\nb,nonsense,\nc,server,a\n", leave_out_broken=True)

    assert run.state == "done"
    assert sorted(ConfigurationItem.objects.values_list("name", flat=True)) == ["a", "c"]
    assert [(row, column) for row, column, _ in problems_of(run)] == [("row 3", "class"), ("row 2", "runs on")]


def test_with_broken_rows_nothing_counts_as_missing():
    take_in("id,class\na,server\nb,server\n")
    run = take_in("id,class\na,server\nb,nonsense\n", leave_out_broken=True, retire_missing=True)
    assert (run.counts["retired"], ConfigurationItem.objects.filter(status="retired").count()) == (0, 0)


def test_a_file_that_names_nothing_retires_nothing():
    take_in("id,class\na,server\n")
    assert take_in("id,class\n", columns={"id": "key", "class": "ci_class"}, retire_missing=True).counts["retired"] == 0


def test_what_a_class_needs_may_be_there_already():
    needy = make_class("needy", schema={"required": ["rack"], "properties": {"rack": {"type": "string"}}})
    make_ci("b", ci_class=needy, attributes={"rack": "r1"})
    columns = {"id": "key", "class": "ci_class", "ver": "version"}

    ((row, column, message),) = refused("id,class,ver\na,needy,1\nb,needy,2\n", columns=columns)

    assert (row, column, message) == ("row 2", "attributes.rack", "A Needy needs this.")


def test_rules_over_several_attributes_are_asked_of_the_whole():
    make_class("pair", schema={"if": {"required": ["a"]}, "then": {"required": ["b"]}})
    columns = {"id": "key", "class": "ci_class", "a": "attributes.a"}
    make_ci("x", ci_class=make_class("pair"), attributes={"b": "1"})
    run = take_in("id,class,a\nx,pair,1\n", columns=columns)
    assert run.state == "done", problems_of(run)


def test_a_name_that_another_ci_has_is_told():
    other = make_ci("taken")
    take_in("id,name,class\na,free,server\n")
    ((row, column, message),) = refused("id,name,class\na,taken,server\n")
    assert (row, column) == ("row 2", "name")
    assert other.number in message


def test_a_ci_cannot_have_two_keys_of_one_source():
    take_in("id,name,class\na,x,server\n")
    found = refused("id,name,class\nb,x,server\n")
    assert "knows it as “a”" in found[0][2] or "as “a” already" in found[0][2]


def test_a_class_that_does_not_fit_what_is_there_is_told():
    make_class("strict", schema={"properties": {"ver": {"type": "integer"}}, "additionalProperties": False})
    columns = {"id": "key", "class": "ci_class", "rack": "attributes.rack"}
    take_in("id,class,rack\na,server,r1\n", columns=columns)
    ((row, column, _),) = refused("id,class\na,strict\n")
    assert (row, column) == ("row 2", "attributes")


@pytest.mark.parametrize(
    ("options", "field"),
    [
        ({"columns": {"a": "name"}}, "columns"),
        ({"columns": {"a": "key"}}, "columns"),
        ({"columns": {"a": "key", "b": "key"}, "fixed": {"ci_class": "server"}}, "columns"),
        ({"columns": {"a": "key", "b": "weight"}, "fixed": {"ci_class": "server"}}, "columns"),
        ({"columns": {"a": "key", "b": "relations.eats"}, "fixed": {"ci_class": "server"}}, "columns"),
        ({"columns": {"a": "key"}, "fixed": {"ci_class": "server", "name": "x"}}, "fixed"),
        ({"columns": {"a": "key"}, "fixed": {"ci_class": "server"}, "encoding": "koi8-r"}, "encoding"),
        ({"columns": {"a": "key"}, "fixed": {"ci_class": "server"}, "colour": "red"}, "colour"),
        ({"columns": ["a"]}, "columns"),
    ],
)
def test_a_mapping_that_cannot_be_right_is_refused_by_field(options, field):
    with pytest.raises(BadMapping) as refusal:
        imports.hand_in(file_name="f.csv", data=[b"a,b\n"], source="s", options=options, actor=SYSTEM)
    assert field in refusal.value.errors


def test_a_ci_renamed_by_hand_meanwhile_does_not_break_the_merge():
    run = hand_in("id,name,class\na,x,server\n", dry_run=True)
    running.work_through()
    cis.create(ci_class=make_class(), name="x", actor=SYSTEM)
    imports.merge(run_id=run.pk, actor=SYSTEM)
    running.work_through()
    run.refresh_from_db()
    assert (run.state, run.counts["created"], run.counts["cis"]) == ("done", 0, 1)
