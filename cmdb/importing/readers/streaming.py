"""JSON read as it comes, one object at a time; what breaks it is named with its place."""

from collections.abc import Callable, Iterator
from typing import Any, BinaryIO

import ijson

from cmdb.importing.records import UnreadableFile

Path = tuple[str | int, ...]
DEEPEST = 64
BUFFER = 64 * 1024
# How files begin that are no JSON in UTF-8, and what they are.
OTHERS = {
    b"\xff\xfe": "UTF-16",
    b"\xfe\xff": "UTF-16",
    b"\x1f\x8b": "compressed (gzip)",
    b"\xfd7zXZ": "compressed (xz)",
    b"PK\x03\x04": "compressed (zip)",
    b"<": "XML or HTML",
}
UTF8_MARK = b"\xef\xbb\xbf"


def walk(file: BinaryIO, wants: Callable[[Path], bool]) -> Iterator[tuple[Path, Any]]:
    """Each value whose path is wanted, whole, with its path; all else is passed over.

    Raises UnreadableFile, with the line, where the file is no JSON or ends too early.
    """
    path: list[Any] = []  # of each open container, the key or the index one is at
    built: list[Any] = []  # the containers of a wanted value that are not closed yet
    for event, said in _events(file):
        if event == "map_key":
            path[-1] = said
            continue
        if event.startswith("end_"):
            path.pop()
            whole = built.pop() if built else None
            if whole is not None and not built:
                yield tuple(path), whole
            continue
        if path and type(path[-1]) is int:
            path[-1] += 1
        value = STARTS[event]() if event in STARTS else said
        wanted = bool(built) or wants(tuple(path))
        if built:
            _put(built[-1], path[-1], value)
        elif wanted and event not in STARTS:
            yield tuple(path), value
        if event in STARTS:
            if wanted:
                built.append(value)
            path.append(FIRST[event])


STARTS: dict[str, Callable[[], Any]] = {"start_map": dict, "start_array": list}
FIRST: dict[str, str | int] = {"start_map": "", "start_array": -1}


def first(file: BinaryIO, *paths: Path) -> dict[Path, Any]:
    """What stands at these paths; read no further than needed."""
    found: dict[Path, Any] = {}
    for path, value in walk(file, paths.__contains__):
        found[path] = value
        if len(found) == len(paths):
            break
    return found


def place(path: Path) -> str:
    """The path as people write it: components[3].licenses[0]."""
    text = ""
    for step in path:
        text += f"[{step}]" if isinstance(step, int) else f".{step}" if text else step
    return text or "the whole file"


def _put(container: Any, at: Any, value: Any) -> None:
    if isinstance(container, list):
        container.append(value)
    else:
        container[at] = value


def _events(file: BinaryIO) -> Iterator[tuple[str, Any]]:
    depth = 0
    try:
        for event, value in ijson.basic_parse(_rewound(file), buf_size=BUFFER, use_float=True):
            depth += event.startswith("start_") - event.startswith("end_")
            if depth > DEEPEST:
                raise UnreadableFile(f"{_line(file)}: nested more than {DEEPEST} deep; no such file is.")
            yield event, value
    except (ijson.JSONError, ValueError) as error:
        raise UnreadableFile(f"{_line(file)}: {_reason(error)}.") from error


def _rewound(file: BinaryIO) -> BinaryIO:
    file.seek(0)
    start = file.read(6)
    for mark, what in OTHERS.items():
        if start.startswith(mark):
            raise UnreadableFile(f"The file is {what}. Save it as plain JSON in UTF-8.")
    file.seek(len(UTF8_MARK) if start.startswith(UTF8_MARK) else 0)
    return file


class _ByLine:
    """The file given out line by line, so that it is known in which one the parser stopped."""

    def __init__(self, file: BinaryIO):
        self.file, self.line, self.ended = file, 0, True

    def read(self, size: int = -1) -> bytes:
        text = self.file.readline(min(size, BUFFER)) if size else b""
        self.line += bool(text and self.ended)
        self.ended = text.endswith(b"\n") if text else self.ended
        return text


def _line(file: BinaryIO) -> str:
    """Where the file breaks, found by reading it once more."""
    lines, depth = _ByLine(_rewound(file)), 0
    try:
        for event, _ in ijson.basic_parse(lines, use_float=True):
            depth += event.startswith("start_") - event.startswith("end_")
            if depth > DEEPEST:
                break
    except (ijson.JSONError, ValueError):
        pass
    return f"Line {max(lines.line, 1)}"


def _reason(error: Exception) -> str:
    said = str(error).removeprefix("b'").removeprefix('b"').split("\\n")[0].split("\n")[0]
    if "premature EOF" in said or "incomplete" in said.lower():
        return "the file ends in the middle; it was cut off, so fetch it again"
    if "overflow" in said:
        return "a number is larger than any computer counts"
    if "UTF8" in said:
        return "a character is not in UTF-8; save the file in UTF-8"
    return f"this is no JSON ({said})"
