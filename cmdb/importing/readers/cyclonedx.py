"""CycloneDX: the components of an application, as its software bill of materials (JSON) lists them.

A component is known by its package URL without the version, so that the next bill shows what was upgraded. Where an
application has several versions of one package, the lowest has the plain key and each further one a number.
"""

import hashlib
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, BinaryIO

from cmdb.importing.readers import purl
from cmdb.importing.readers.part import LONGEST_KEY, Part, told
from cmdb.importing.readers.streaming import Path, first, place, walk
from cmdb.importing.records import Found, FoundCI, FoundRelation, RowProblem, UnreadableFile

VERSIONS = ("1.2", "1.3", "1.4", "1.5", "1.6", "1.7")
LONGEST_DESCRIPTION = 500
COMPONENT, APPLICATION = "software-component", "application"


def read(file: BinaryIO, options: Mapping[str, Any]) -> Iterator[Found]:
    """The application first, then its components, then who depends on whom."""
    application = _application(file, options)
    environment = options.get("environment") or None
    yield application.found(environment)
    bill = _indexed(file, application)
    yield from bill.problems
    seen: set[str] = {application.key}
    for part, above in _components(file):
        key = bill.key_of(part)
        if key in seen:  # the same package in the same version, found in two places
            continue
        seen.add(key)
        yield from _component(part, key, bill, environment)
        yield from part.problems
        parent = bill.keys.get(above, application.key) if above else application.key
        if parent != key:
            yield FoundRelation(part.row, key, "part_of", parent)
    yield from _dependencies(file, bill)


@dataclass(frozen=True)
class _Application:
    """What the bill is of."""

    key: str
    name: str
    version: str | None
    ref: str
    attributes: Mapping[str, Any] | None

    def found(self, environment: str | None) -> FoundCI:
        return FoundCI(
            row="metadata.component", key=self.key, ci_class=APPLICATION, name=self.name, environment=environment,
            version=self.version, attributes=self.attributes,
        )  # fmt: skip


@dataclass
class _Bill:
    """How the components are called: a package's versions and a name's components by number, keys by reference."""

    application: _Application
    versions: dict[str, dict[str, int]] = field(default_factory=lambda: defaultdict(dict))
    namesakes: dict[str, dict[tuple[str, str], int]] = field(default_factory=lambda: defaultdict(dict))
    keys: dict[str, str] = field(default_factory=dict)
    problems: list[RowProblem] = field(default_factory=list)

    def key_of(self, part: Part) -> str:
        package = _package(part)
        number = self.number_of(package, _version(part))
        return package if number == 1 else f"{package} ({number})"

    def number_of(self, package: str, version: str | None) -> int:
        versions = self.versions.get(package, {})
        return versions[version or ""] if len(versions) > 1 else 1

    def name_of(self, part: Part) -> str:
        """Told apart by number: a package in several versions, or a jar and its tests of one name."""
        name = _full_name(part)
        number = self.namesakes[name][_version(part) or "", _package(part)]
        return f"{_fitting(name, 120)}{f' ({number})' if number > 1 else ''} in {self.application.name[:60]}"


def _application(file: BinaryIO, options: Mapping[str, Any]) -> _Application:
    said = first(file, ("bomFormat",), ("specVersion",), ("metadata", "component"))
    if said.get(("bomFormat",)) != "CycloneDX":
        raise UnreadableFile('This is no CycloneDX file: it does not say "bomFormat": "CycloneDX".')
    if (version := said.get(("specVersion",))) not in VERSIONS:
        known = ", ".join(VERSIONS)
        raise UnreadableFile(f"specVersion {str(version)[:20]!r} is not known. Known: {known}.")
    part = Part("metadata.component", said.get(("metadata", "component")) or {})
    name = options.get("application") or _full_name(part)
    if not name:
        raise UnreadableFile("The file does not say what it is of (metadata.component). Name the application.")
    key = _package(part) if part else f"{APPLICATION}:{name}"[:LONGEST_KEY]
    version = options.get("version") or _version(part)
    return _Application(key, name, version, part.text("bom-ref") or "", told(purl=part.text("purl")))


def _indexed(file: BinaryIO, application: _Application) -> _Bill:
    """One look through the components, to know which packages come in several versions and what refers to what."""
    bill, by_ref = _Bill(application), dict[str, tuple[str, str]]()
    for part, _ in _components(file):
        package, version = _package(part), _version(part) or ""
        if package != application.key and version not in bill.versions[package]:
            bill.versions[package][version] = 0
            bill.namesakes[_full_name(part)][version, package] = 0
        ref = part.text("bom-ref")
        if ref and by_ref.setdefault(ref, (package, version)) != (package, version):
            bill.problems.append(RowProblem(part.row, "bom-ref", f"Another component has the bom-ref {ref!r}."))
    for versions in bill.versions.values():
        versions |= {each: number for number, each in enumerate(sorted(versions, key=purl.natural), 1)}
    for alike in bill.namesakes.values():
        in_order = sorted(alike, key=lambda each: (purl.natural(each[0]), each[1]))
        alike |= {each: number for number, each in enumerate(in_order, 1)}
    for ref, (package, version) in by_ref.items():
        number = bill.number_of(package, version)
        bill.keys[ref] = package if number == 1 else f"{package} ({number})"
    if application.ref:
        bill.keys[application.ref] = application.key
    return bill


def _components(file: BinaryIO) -> Iterator[tuple[Part, str]]:
    """Each component, and the reference of the one that it is inside of."""
    for path, value in walk(file, _is_component):
        yield from _nested(Part(place(path), value), "")


def _is_component(path: Path) -> bool:
    return len(path) == 2 and path[0] == "components"


def _nested(part: Part, above: str) -> Iterator[tuple[Part, str]]:
    yield part, above
    for inner in part.parts("components"):
        inner.problems = {}
        yield from _nested(inner, part.text("bom-ref") or above)


def _component(part: Part, key: str, bill: _Bill, environment: str | None) -> Iterator[Found]:
    if not _full_name(part):
        part.tell("name", "the component has no name")
        return
    yield FoundCI(
        row=part.row, key=key, ci_class=COMPONENT, environment=environment, status="live",
        name=bill.name_of(part),
        version=part.text("version", longest=80) or purl.version_of(part.text("purl") or ""),
        attributes=told(
            type=part.text("type", longest=40),
            purl=part.text("purl"),
            scope=part.text("scope", longest=40),
            publisher=part.text("publisher"),
            description=_shortened(part.get("description")),
            licenses=_licenses(part),
            sha256=next((each.text("content") for each in part.parts("hashes") if each.get("alg") == "SHA-256"), None),
        ),
    )  # fmt: skip


def _licenses(part: Part) -> list[str]:
    """By SPDX id, by expression or by name, as the bill says."""
    found = [
        each.text("license", "id") or each.text("expression") or each.text("license", "name")
        for each in part.parts("licenses")
    ]
    return [each for each in found if each]


def _dependencies(file: BinaryIO, bill: _Bill) -> Iterator[Found]:
    said: set[tuple[str, str]] = set()
    for path, value in walk(file, lambda path: len(path) == 2 and path[0] == "dependencies"):
        part = Part(place(path), value)
        source = _known(part, "ref", part.text("ref"), bill)
        for target_ref in part.listed("dependsOn"):
            target = _known(part, "dependsOn", target_ref, bill)
            if source and target and source != target and (source, target) not in said:
                said.add((source, target))
                yield FoundRelation(part.row, source, "depends_on", target)
            elif source == target and target_ref == part.get("ref"):
                part.tell("dependsOn", f"{target_ref!r} depends on itself")
        yield from part.problems


def _known(part: Part, column: str, ref: Any, bill: _Bill) -> str | None:
    key = bill.keys.get(ref) if isinstance(ref, str) else None
    if key is None:
        part.tell(column, f"no component has the bom-ref {str(ref)[:100]!r}")
    return key


def _package(part: Part) -> str:
    """What it is called whatever its version: by package URL, or else by type, group and name."""
    said = part.data.get("purl")
    if isinstance(said, str) and said.startswith("pkg:"):
        return _fitting(purl.without_version(said), LONGEST_KEY - 10)
    return _fitting(f"{part.data.get('type', '')}:{_full_name(part)}", LONGEST_KEY - 10)


def _full_name(part: Part) -> str:
    group, name = part.text("group"), part.text("name")
    return f"{group}/{name}" if group and name else name or ""


def _version(part: Part) -> str | None:
    version = part.data.get("version")
    return version if isinstance(version, str) else None


def _fitting(text: str, most: int) -> str:
    """Cut to length, and still another than what begins alike."""
    return text if len(text) <= most else text[: most - 9] + "~" + hashlib.sha256(text.encode()).hexdigest()[:8]


def _shortened(text: Any) -> str | None:
    return text.replace("\x00", "")[:LONGEST_DESCRIPTION].strip() if isinstance(text, str) else None
