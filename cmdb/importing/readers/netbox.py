"""NetBox: sites, devices, virtual machines, clusters, services and cables, as its REST API answers them.

A file holds one page, a list of pages, or an object by endpoint (`{"dcim/sites": [...], "dcim/devices": {page}}`).
"""

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any, BinaryIO

from cmdb.importing.readers.netbox_cables import cable
from cmdb.importing.readers.part import Part, told
from cmdb.importing.readers.repeated import Repeated
from cmdb.importing.readers.streaming import Path, place, walk
from cmdb.importing.records import Found, FoundCI, FoundRelation, Skipped, UnreadableFile

ENDPOINT = re.compile(r"[a-z-]+/[a-z-]+")
IN_AN_ADDRESS = re.compile(r"/api/(?:plugins/)?([a-z-]+/[a-z-]+)/\d+/?$")
SITE, DEVICE, MACHINE, CLUSTER, SERVICE = "site", "device", "virtual-machine", "cluster", "network-service"
# A failed or switched-off device is in use still; its own word is kept as an attribute.
STATUS = {
    "planned": "planned",
    "staged": "building",
    "staging": "building",
    "inventory": "planned",
    "retired": "retired",
}


def read(file: BinaryIO, options: Mapping[str, Any]) -> Iterator[Found]:
    """`environment` holds for all; `device_classes` says which role of a device is which class."""
    names, something = Repeated(), False
    for endpoint, part in _records(file):
        something = True
        if name := _given(endpoint, part):
            names.add((endpoint, name))
    if not something:
        raise UnreadableFile("No page of NetBox's is in this file. Save what its REST API answers.")
    for endpoint, part in _records(file):
        if part and part.get("id") is None:
            part.tell("id", "a record of NetBox's has an id")
        reader = READS.get(endpoint)
        if reader is None:
            yield Skipped(endpoint or "a record without a url")
        elif (number := part.number("id")) is not None:
            yield from reader(part, number, options, lambda name, of=endpoint: (of, name) in names)  # type: ignore[misc]
        yield from part.problems


Reads = Callable[[Part, int, Mapping[str, Any], Callable[[str], bool]], Iterator[Found]]


def _records(file: BinaryIO) -> Iterator[tuple[str, Part]]:
    """Each record with its endpoint, wherever it stands."""
    for path, value in walk(file, _may_be_record):
        if isinstance(value, dict) and isinstance(value.get("results"), list):
            for at, inner in enumerate(value["results"]):
                yield _told_apart((*path, "results", at), inner)
        else:
            yield _told_apart(path, value)


def _may_be_record(path: Path) -> bool:
    """In the results of a page, in a list of all pages, or in an endpoint's list; whole pages are taken apart later."""
    if not path or not isinstance(path[-1], int):
        return False
    *above, last = path[:-1] or ("",)
    if last == "results":
        return not above or (len(above) == 1 and bool(ENDPOINT.fullmatch(str(above[0]))))
    return not above and (last == "" or bool(ENDPOINT.fullmatch(str(last))))


def _told_apart(path: Path, value: Any) -> tuple[str, Part]:
    part = Part(place(path), value)
    named = str(path[0]) if path and ENDPOINT.fullmatch(str(path[0])) else ""
    address = part.data.get("url")
    match = IN_AN_ADDRESS.search(address) if isinstance(address, str) else None
    return named or (match[1] if match else ""), part


def _given(endpoint: str, part: Part) -> str | None:
    """The name in NetBox, where it is one that CIs get."""
    name = part.data.get("name")
    return name if isinstance(name, str) and endpoint in READS and endpoint != "ipam/services" else None


def _site(part: Part, number: int, options: Mapping[str, Any], twice: Callable[[str], bool]) -> Iterator[Found]:
    yield from _found(
        part, f"site-{number}", SITE, part.text("name", longest=200), options,
        facility=part.text("facility"), region=part.text("region", "name"), time_zone=part.text("time_zone"),
        address=part.text("physical_address"), latitude=part.get("latitude"), longitude=part.get("longitude"),
    )  # fmt: skip


def _device(part: Part, number: int, options: Mapping[str, Any], twice: Callable[[str], bool]) -> Iterator[Found]:
    role = part.part("role") or part.part("device_role")  # NetBox before 3.6 says device_role
    classes = options.get("device_classes") or {}
    site = part.text("site", "name")
    key = f"device-{number}"
    yield from _found(
        part, key, classes.get(role.text("slug") or "", DEVICE), _called(part, twice, site), options,
        role=role.text("name"), manufacturer=part.text("device_type", "manufacturer", "name"),
        model=part.text("device_type", "model"), serial=part.text("serial"), asset_tag=part.text("asset_tag"),
        platform=part.text("platform", "name"), rack=part.text("rack", "name"), tenant=part.text("tenant", "name"),
        ip=part.text("primary_ip", "address"),
    )  # fmt: skip
    yield from _related(part, key, "depends_on", "site")
    yield from _related(part, key, "part_of", "cluster")


def _machine(part: Part, number: int, options: Mapping[str, Any], twice: Callable[[str], bool]) -> Iterator[Found]:
    key = f"vm-{number}"
    yield from _found(
        part, key, MACHINE, _called(part, twice, part.text("cluster", "name") or part.text("site", "name")), options,
        vcpus=part.get("vcpus"), memory_mb=part.get("memory"), disk=part.get("disk"), role=part.text("role", "name"),
        platform=part.text("platform", "name"), tenant=part.text("tenant", "name"),
        ip=part.text("primary_ip", "address"),
    )  # fmt: skip
    for above in ("cluster", "device"):
        yield from _related(part, key, "runs_on", above)
    if part.get("cluster") is None:
        yield from _related(part, key, "depends_on", "site")


def _cluster(part: Part, number: int, options: Mapping[str, Any], twice: Callable[[str], bool]) -> Iterator[Found]:
    key = f"cluster-{number}"
    yield from _found(
        part, key, CLUSTER, _called(part, twice, part.text("site", "name") or part.text("scope", "name")), options,
        type=part.text("type", "name"), group=part.text("group", "name"), tenant=part.text("tenant", "name"),
    )  # fmt: skip
    if part.get("scope_type") == "dcim.site":  # NetBox from 4.2 on
        yield from _related(part, key, "depends_on", "scope", kind="site")
    else:
        yield from _related(part, key, "depends_on", "site")


def _service(part: Part, number: int, options: Mapping[str, Any], twice: Callable[[str], bool]) -> Iterator[Found]:
    """Named after what it runs on: there is an https on each machine."""
    key, kind = f"service-{number}", PARENTS.get(part.text("parent_object_type") or "")  # NetBox from 4.3 on
    above = "parent" if kind else "device" if part.get("device") else "virtual_machine"
    host = part.text(above, "name") or part.text(above, "display") or ""
    name = part.text("name", longest=90)
    yield from _found(
        part, key, SERVICE, f"{name} on {host[:100]}" if name and host else name, options,
        protocol=part.get("protocol", "value") if isinstance(part.get("protocol"), dict) else part.get("protocol"),
        ports=part.listed("ports"), description=part.text("description"),
    )  # fmt: skip
    yield from _related(part, key, "runs_on", above, kind=kind or above)


PARENTS = {"dcim.device": "device", "virtualization.virtualmachine": "virtual_machine"}
PREFIX = {"virtual_machine": "vm"}


def _related(part: Part, key: str, type_: str, step: str, *, kind: str = "") -> Iterator[FoundRelation]:
    number = part.number(step, "id")
    if number is not None:
        kind = kind or step
        yield FoundRelation(part.row, key, type_, f"{PREFIX.get(kind, kind)}-{number}")


def _called(part: Part, twice: Callable[[str], bool], place_: str | None) -> str | None:
    """Its name; with its place where the name is given twice; what NetBox shows where it has none."""
    name = part.text("name", longest=120)
    if name is None:
        return part.text("display", longest=200)
    return f"{name} ({place_[:60]})" if place_ and twice(name) else name


def _found(
    part: Part, key: str, ci_class: str, name: str | None, options: Mapping[str, Any], **attributes: Any
) -> Iterator[FoundCI]:
    said = part.get("status")
    status = said.get("value") if isinstance(said, dict) else said
    kept = {each: part.attribute(each, value) for each, value in attributes.items()}
    if not name:
        if not (part.get("name") or part.get("display")):
            part.tell("name", "it has neither a name nor a display")
        return
    yield FoundCI(
        row=part.row, key=key, ci_class=ci_class, name=name, environment=options.get("environment") or None,
        status=STATUS.get(status, "live") if isinstance(status, str) else None,
        attributes=told(**kept, netbox_status=part.attribute("status", status)),
    )  # fmt: skip


READS: dict[str, Reads] = {
    "dcim/sites": _site,
    "dcim/devices": _device,
    "virtualization/virtual-machines": _machine,
    "virtualization/clusters": _cluster,
    "ipam/services": _service,
    "dcim/cables": lambda part, number, options, twice: cable(part),
}
