"""What an audit can read: the files that imports read, and a list of CIs as a call of the API names them."""

import json
from collections.abc import Iterator, Mapping
from typing import Any, BinaryIO

from cmdb.importing.readers import READERS, Reader
from cmdb.importing.records import Found, FoundCI, FoundRelation
from itsm.kernel.errors import InvalidInput

LISTED = "listed"


def read_list(file: BinaryIO, options: Mapping[str, Any]) -> Iterator[Found]:
    said = json.load(file)
    for at, each in enumerate(said["cis"]):
        yield FoundCI(row=f"cis[{at}]", **each)
    for at, each in enumerate(said["relations"]):
        yield FoundRelation(row=f"relations[{at}]", **each)


FORMATS: dict[str, Reader] = READERS | {LISTED: Reader(label="A list of CIs", read=read_list)}


def listed(cis: list[dict[str, Any]], relations: list[dict[str, Any]]) -> bytes:
    return json.dumps({"cis": cis, "relations": relations}).encode()


def check(format: str, options: dict[str, Any]) -> None:
    """Raises InvalidInput when a file of this format could not be read by these options."""
    reader = FORMATS.get(format)
    if reader is None:
        raise InvalidInput.at("format", f"There is no format {format!r}. There are {', '.join(READERS)}.")
    if reader.has_columns and not options.get("columns"):
        raise InvalidInput.at("profile", "Name the import profile that says what the columns are.")
    reader.check(options)
