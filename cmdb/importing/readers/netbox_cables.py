"""Cables of NetBox's: which devices they connect."""

from collections.abc import Iterator

from cmdb.importing.readers.part import Part
from cmdb.importing.records import Found, FoundRelation, Skipped


def cable(part: Part) -> Iterator[Found]:
    """One relation for each pair of devices; what ends elsewhere (at a circuit, a power feed) is passed over."""
    ends = [_devices(part, side) for side in ("a", "b")]
    pairs = {(min(a, b), max(a, b)) for a in ends[0] for b in ends[1] if a != b}
    for low, high in sorted(pairs):
        yield FoundRelation(part.row, f"device-{low}", "connects_to", f"device-{high}")
    if not pairs:
        yield Skipped("a cable that connects no two devices")


def _devices(part: Part, side: str) -> set[int]:
    """From 3.3 on a side has a list of terminations, before that it had one."""
    found = [each.part("object") for each in part.parts(f"{side}_terminations")]
    found.append(part.part(f"termination_{side}"))
    return {number for each in found if (number := each.number("device", "id")) is not None}
