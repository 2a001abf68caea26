"""The formats that can be read, one module each.

A reader streams: its memory does not grow with the file. What is wrong with a part of the file it yields as a
RowProblem and reads on; when the file as a whole cannot be read it raises UnreadableFile.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, BinaryIO

from cmdb.importing.mapping import parse
from cmdb.importing.readers import csv_table, cyclonedx, netbox, terraform
from cmdb.importing.readers.options import checked
from cmdb.importing.records import Found


def always(options: Mapping[str, Any]) -> bool:
    return True


def nothing(options: Mapping[str, Any]) -> dict[str, str]:
    return {}


@dataclass(frozen=True)
class Reader:
    """A format. The file given to `read` can be sought in; `options` are those of the run."""

    label: str
    read: Callable[[BinaryIO, Mapping[str, Any]], Iterator[Found]]
    suffixes: tuple[str, ...] = ()
    # What it may be told, each with its type; of a table that is its mapping.
    told: Mapping[str, type] = field(default_factory=dict)
    # Raises InvalidInput when a file could not be read by these options.
    check: Callable[[Mapping[str, Any]], object] = nothing
    # What the fields are called in such a file; for problems that are found later.
    headings: Callable[[Mapping[str, Any]], dict[str, str]] = nothing
    # Whether a file read with these options names all relations of the CIs in it: then those
    # that this source named before and does not name any more are removed.
    tells_relations: Callable[[Mapping[str, Any]], bool] = always
    # Whether it names all parts of what is in it, so that the next one tells what was added and removed.
    is_bill: bool = False
    # Whether somebody has to say what its columns are.
    has_columns: bool = False


BILL = {"application": str, "version": str, "environment": str}
NETBOX = {"environment": str, "device_classes": dict}
STATE = {"environment": str, "others": bool}
READERS: dict[str, Reader] = {
    "csv": Reader(
        label="CSV",
        read=csv_table.read,
        suffixes=(".csv", ".txt", ".tsv"),
        check=parse,
        headings=lambda options: {target: heading for heading, target in parse(options).columns.items()},
        tells_relations=lambda options: bool(parse(options).relations),
        has_columns=True,
    ),
    "cyclonedx": Reader(
        label="CycloneDX SBOM (JSON)",
        read=cyclonedx.read,
        is_bill=True,
        suffixes=(".json",),
        told=BILL,
        check=checked(**BILL),
    ),
    "netbox": Reader(
        label="NetBox (pages of its REST API)",
        read=netbox.read,
        suffixes=(".json",),
        told=NETBOX,
        check=checked(**NETBOX),
    ),
    "terraform": Reader(
        label="Terraform state (version 4)",
        read=terraform.read,
        suffixes=(".tfstate", ".json"),
        told=STATE,
        check=checked(**STATE),
    ),
}
