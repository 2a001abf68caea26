"""The formats that can be read, one module each.

A reader streams: its memory does not grow with the file. What is wrong with a part of the file it yields as a
RowProblem and reads on; when the file as a whole cannot be read it raises UnreadableFile.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, BinaryIO

from cmdb.importing.records import Found


def always(options: Mapping[str, Any]) -> bool:
    return True


@dataclass(frozen=True)
class Reader:
    """A format. The file given to `read` can be sought in; `options` are those of the run."""

    label: str
    read: Callable[[BinaryIO, Mapping[str, Any]], Iterator[Found]]
    suffixes: tuple[str, ...] = ()
    # Whether a file read with these options would name all relations of the CIs in it: then those
    # that this source named before and does not name any more are removed.
    tells_relations: Callable[[Mapping[str, Any]], bool] = always
    needs_profile: bool = False


READERS: dict[str, Reader] = {}
