"""Files that are broken as a whole say what is wrong and where; no format takes anything from them."""

import io
import tracemalloc

import pytest

from cmdb.importing.readers import READERS
from cmdb.importing.readers.streaming import first, place, walk
from cmdb.importing.records import UnreadableFile


def everything(text: bytes) -> list:
    return list(walk(io.BytesIO(text), lambda path: len(path) == 2 and path[0] == "a"))


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (b"", "Line 1: the file ends in the middle"),
        (b'{"a": [1,\n2,', "Line 2: the file ends in the middle"),
        (b'{\n"a": [1,\nx]}', "Line 3: this is no JSON"),
        (b'{"a": [1]} and more', "Line 1: this is no JSON"),
        (b'{"a":\n["caf\xe9"]}', "Line 2: a character is not in UTF-8"),
        ('{"a": [1]}'.encode("utf-16"), "The file is UTF-16"),
        (b"\x1f\x8b\x08\x00", "compressed (gzip)"),
        (b"<html>", "XML or HTML"),
        (b'{"a": [' + b"9" * 5000 + b"]}", "a number is larger"),
        (b'{"a": ' + b"[" * 100_000 + b"]" * 100_000 + b"}", "nested more than 64 deep"),
    ],
    ids=str,
)
def test_it_names_what_breaks_a_file_and_the_line(text, told):
    with pytest.raises(UnreadableFile) as refusal:
        everything(text)
    assert told in refusal.value.message


@pytest.mark.parametrize("format_", ["cyclonedx", "netbox", "terraform"])
@pytest.mark.parametrize("text", [b"", b"[]", b"{}", b"null", b'"text"', b'{"version": "4"', b'[{"results": 7', b"7"])
def test_each_format_refuses_what_is_none_of_its_files(format_, text):
    with pytest.raises(UnreadableFile):
        list(READERS[format_].read(io.BytesIO(text), {}))


def test_a_byte_order_mark_of_utf_8_is_no_obstacle():
    assert everything(b'\xef\xbb\xbf{"a": [1]}') == [(("a", 0), 1)]


def test_each_wanted_value_comes_whole_with_its_place():
    found = everything(b'{"b": [{"a": [0]}], "a": [{"x": [1, {"y": null}]}, "two", []]}')

    assert found == [(("a", 0), {"x": [1, {"y": None}]}), (("a", 1), "two"), (("a", 2), [])]
    assert place(("a", 0, "x", 1)) == "a[0].x[1]"


def test_a_value_near_the_beginning_is_found_without_reading_on():
    file = io.BytesIO(b'{"version": 4, "rest": [' + b"1," * 1_000_000 + b"broken")
    assert first(file, ("version",)) == {("version",): 4}
    assert file.tell() < 100_000


def test_memory_does_not_grow_with_the_file():
    text = b'{"a": [' + b",".join(b'{"name": "x", "tags": ["a", "b"]}' for _ in range(100_000)) + b"]}"
    file = io.BytesIO(text)
    tracemalloc.start()
    count = sum(1 for _ in walk(file, lambda path: len(path) == 2))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()

    assert count == 100_000
    assert peak < 2_000_000
