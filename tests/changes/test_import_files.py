"""Files, mappings and the command of the import: encodings, packing, wrong headings, memory, the bank's own file."""

import lzma
import tracemalloc
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from changes import import_mapping, import_rows
from changes.models import ChangeRequest
from changes.operations import imports
from cmdb.models import ConfigurationItem
from itsm.kernel.actor import Actor
from tests.changes.import_files import HEADING, MAPPING, line, nothing_was_taken_in

CHECKOUT = Path(__file__).parents[2]
BANK = CHECKOUT.parent / "shared/data/bpic2014/Detail_Change.csv.xz"
BANK_MAPPING = CHECKOUT / "changes/mappings/bpic2014.toml"


def test_a_byte_order_mark_is_no_part_of_the_heading(take_in):
    assert take_in(content=b"\xef\xbb\xbf" + f"{HEADING}\n{line()}\n".encode()).changes_new == 1


def test_bytes_of_another_encoding_are_reported_where_they_stand(take_in, heard):
    report = take_in(content=f"{HEADING}\n{line(ci='caf')}\n{line('C2', ci='café')}\n".encode("latin-1"))

    assert report.changes_new == 1
    assert str(heard.problems[0]) == "row 3, CI: the byte 0xE9 is not utf-8; check [file] encoding"


def test_a_mapping_may_name_the_encoding(take_in):
    mapping = MAPPING.replace("[file]", '[file]\nencoding = "cp1252"')
    take_in(content=f"{HEADING}\n{line(ci='café')}\n".encode("cp1252"), mapping=mapping)
    assert ConfigurationItem.objects.get().name == "café"


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "The file is empty"),
        (HEADING.replace("CI;", "").encode(), "no column 'CI'"),
        (HEADING.replace(";", ",").encode(), "delimiter"),
        (f"{HEADING}\n{line()}\n".encode("utf-16"), "no column"),
        (lzma.compress(f"{HEADING}\n{line()}\n".encode())[:-20], "not a whole .xz file"),
    ],
)
def test_a_file_that_cannot_be_read_is_refused_as_a_whole(take_in, content, message):
    with pytest.raises(import_rows.UnreadableFile, match=message):
        take_in(content=content)
    assert nothing_was_taken_in()


def test_a_packed_file_is_read_whatever_its_name(take_in):
    assert take_in(content=lzma.compress(f"{HEADING}\n{line()}\n".encode())).changes_new == 1


def test_a_heading_without_rows_changes_nothing(take_in):
    assert take_in().rows == 0
    assert nothing_was_taken_in()


@pytest.mark.parametrize(
    ("was", "wrong", "key"),
    [
        ('key = "Change"', 'kye = "Change"', "columns.kye"),
        ('ci = "CI"\n', "", "columns.ci"),
        ('source = "old-tool"', "", "source"),
        ('"Europe/Amsterdam"', '"Mars/Olympus"', "file.time_zone"),
        ('delimiter = ";"', 'delimiter = ";;"', "file.delimiter"),
        ('"big" = "high"', '"big" = "enormous"', 'values.risk."big"'),
        ("[values.cab]", "[values.cap]", "values.cap"),
        ('"Y" = true\n"N" = false\n[values.kind]', "[values.kind]", "values.cab"),
    ],
)
def test_a_wrong_mapping_is_refused_by_its_key(take_in, was, wrong, key):
    assert was in MAPPING
    with pytest.raises(import_mapping.BadMapping) as refusal:
        take_in(line(), mapping=MAPPING.replace(was, wrong, 1))
    assert key in refusal.value.message


def test_a_mapping_that_is_no_toml_is_refused(take_in):
    with pytest.raises(import_mapping.BadMapping, match="is not TOML"):
        take_in(line(), mapping="source = ")


def test_memory_does_not_grow_with_the_file(tmp_path):
    (tmp_path / "m.toml").write_text(MAPPING)
    mapping = import_mapping.load(tmp_path / "m.toml")

    def peak(rows: int) -> int:
        lines = (HEADING + "\n" if n == 0 else line(f"C{n}", f"srv-{n}") + "\n" for n in range(rows))
        tracemalloc.start()
        assert sum(1 for _ in import_rows.read(lines, mapping)) == rows - 1
        _, most = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        return most

    peak(100)
    assert peak(8000) < peak(800) + 50_000


def test_the_command_reports_counts_and_problems(db, tmp_path):
    (tmp_path / "c.csv").write_text("\n".join([HEADING, line(), line("C2", Risk="huge")]))
    (tmp_path / "m.toml").write_text(MAPPING)
    out, err = StringIO(), StringIO()

    call_command(
        "import_changes",
        tmp_path / "c.csv",
        "--mapping",
        str(tmp_path / "m.toml"),
        "--report",
        str(tmp_path / "r.txt"),
        stdout=out,
        stderr=err,
    )

    assert "changes: 1 new" in out.getvalue()
    assert "rows that cannot be read: 1" in out.getvalue()
    assert "row 3, Risk: 'huge' is not in the mapping's [values.risk]" in err.getvalue()
    assert (tmp_path / "r.txt").read_text().startswith("row 3, Risk")


def test_the_command_says_plainly_what_is_wrong(db, tmp_path):
    (tmp_path / "m.toml").write_text(MAPPING)
    with pytest.raises(CommandError, match="No such file"):
        call_command("import_changes", tmp_path / "none.csv", "--mapping", str(tmp_path / "m.toml"))


@pytest.mark.skipif(not BANK.exists(), reason=f"needs the bank's history in {BANK}")
def test_the_banks_history_goes_in_whole(db):
    mapping = import_mapping.load(BANK_MAPPING)
    with import_rows.open_text(BANK, mapping.encoding) as text:
        rows = import_rows.read(text, mapping)
        report = imports.import_changes(rows=rows, mapping=mapping, actor=Actor.system("test"))

    assert (report.rows, report.unreadable) == (29139, 0)
    assert (report.changes_new, report.cis_new, report.components_new) == (17262, 10151, 285)
    assert (report.oddities.windows_of_length_zero, report.oddities.exact_duplicates) == (2014, 2)
    assert ChangeRequest.objects.filter(type="emergency").count() == 35
    assert ChangeRequest.objects.filter(cab_required=True).count() == 362
