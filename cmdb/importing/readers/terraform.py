"""Terraform: the resources of a state file of version 4, one CI for each instance, known by its address."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, BinaryIO

from cmdb.importing.readers.part import Part, told
from cmdb.importing.readers.repeated import Repeated
from cmdb.importing.readers.streaming import Path, first, place, walk
from cmdb.importing.readers.terraform_types import COMMON, NAMES, VERSIONS, Kind, kind_of
from cmdb.importing.records import Found, FoundCI, FoundRelation, Skipped, UnreadableFile

VERSION = 4
# A state says which resources an instance depends on, not on which of their instances: on all, up to so many;
# beyond that on the one with the same index.
MOST_INSTANCES = 20


def read(file: BinaryIO, options: Mapping[str, Any]) -> Iterator[Found]:
    """`environment` holds where no tag says one; `others` takes in resources of no known type too."""
    _check(file)
    others = bool(options.get("others"))
    state = _indexed(file, others)
    for resource in _resources(file):
        kind = resource.kind(others=others)
        if kind is None:
            yield from [Skipped(resource.what)] * max(len(resource.instances), 1)
        else:
            for instance in resource.instances:
                yield from _instance(instance, kind, state, options)
        yield from resource.part.problems


@dataclass(frozen=True)
class _Instance:
    """One real thing that a resource stands for."""

    part: Part
    type: str
    module: str
    resource: str
    index: str

    @property
    def key(self) -> str:
        return f"{self.module}.{self.resource}{self.index}".removeprefix(".")

    @property
    def said(self) -> Part:
        return self.part.part("attributes")

    @property
    def sensitive(self) -> set[str]:
        """Attributes that the state marks as secret, wholly or in part."""
        paths = [path for path in self.part.listed("sensitive_attributes") if isinstance(path, list)]
        steps = [path[0].get("value") for path in paths if path and isinstance(path[0], dict)]
        return {step for step in steps if isinstance(step, str)}


@dataclass(frozen=True)
class _Resource:
    part: Part
    type: str
    module: str
    name: str

    @property
    def is_data(self) -> bool:
        return self.part.data.get("mode") == "data"

    @property
    def what(self) -> str:
        return f"data.{self.type}" if self.is_data else self.type

    @property
    def instances(self) -> list[_Instance]:
        """Without those that Terraform has replaced already and is about to destroy."""
        return [
            _Instance(part, self.type, self.module, f"{self.type}.{self.name}", _index(part))
            for part in self.part.parts("instances")
            if part.data.get("deposed") is None
        ]

    def kind(self, *, others: bool) -> Kind | None:
        return None if self.is_data else kind_of(self.type, others=others)


@dataclass
class _State:
    """What is where: by a resource's address its instances, and which names are given twice."""

    instances: dict[str, list[tuple[str, str, str]]] = field(default_factory=lambda: defaultdict(list))
    names: Repeated = field(default_factory=Repeated)


def _check(file: BinaryIO) -> None:
    version = first(file, ("version",)).get(("version",))
    if version is None or isinstance(version, bool) or not isinstance(version, int):
        raise UnreadableFile("This is no Terraform state: it has no version. Save one with `terraform state pull`.")
    if version != VERSION:
        fix = "Let Terraform 0.12 or newer write the state." if version < VERSION else ""
        raise UnreadableFile(
            f"This is a Terraform state of version {version}; version {VERSION} is read. {fix}".strip()
        )


def _resources(file: BinaryIO) -> Iterator[_Resource]:
    for path, value in walk(file, _is_resource):
        part = Part(place(path), value)
        type_, name = part.text("type"), part.text("name")
        if part and not (type_ and name):
            part.tell("type" if name else "name", "a resource has a type and a name")
        yield _Resource(part, (name and type_) or "?", part.text("module") or "", name or "?")


def _is_resource(path: Path) -> bool:
    return len(path) == 2 and path[0] == "resources"


def _indexed(file: BinaryIO, others: bool) -> _State:
    """One look through the file, for who depends on whom and which names are given twice."""
    state = _State()
    for resource in _resources(file):
        if kind := resource.kind(others=others):
            for instance in resource.instances:
                address = f"{_plain(instance.module)}.{instance.resource}".removeprefix(".")
                state.instances[address].append((instance.module, instance.index, instance.key))
                state.names.add((kind.ci_class, _name(instance)))
    return state


def _instance(instance: _Instance, kind: Kind, state: _State, options: Mapping[str, Any]) -> Iterator[Found]:
    name, said, secret = _name(instance), instance.said, instance.sensitive
    if (kind.ci_class, name) in state.names and name != instance.key:
        name = f"{name} ({instance.key})"
    if len(instance.key) > 200 or len(name) > 200:
        instance.part.tell("name", f"the address is too long ({len(instance.key)} characters)")
        return
    kept = {each: said.attribute(each, said.get(each)) for each in (*COMMON, *kind.attributes) if each not in secret}
    yield FoundCI(
        row=instance.part.row, key=instance.key, ci_class=kind.ci_class, name=name, status="live",
        environment=_tag(said, "environment", "env") or options.get("environment") or None,
        version=next((found for each in VERSIONS if each not in secret and (found := _short(said, each))), None),
        attributes=told(terraform_type=instance.type, **kept),
    )  # fmt: skip
    yield from _dependencies(instance, state)


def _dependencies(instance: _Instance, state: _State) -> Iterator[Found]:
    named = [*instance.part.listed("dependencies"), *instance.part.listed("depends_on")]
    for address in dict.fromkeys(each for each in named if isinstance(each, str)):
        known = state.instances.get(address, [])
        own = [each for each in known if each[0] == instance.module] or known
        if len(own) > MOST_INSTANCES:
            own = [each for each in own if each[1] == instance.index]
        for _, _, key in own:
            if key != instance.key:
                yield FoundRelation(instance.part.row, instance.key, "depends_on", key)


def _name(instance: _Instance) -> str:
    """As people call it: by its tag, by its name, or else by its address."""
    said, secret = instance.said, instance.sensitive
    if tag := _tag(said, "name"):
        return tag
    meta = said.data.get("metadata")
    if isinstance(meta, list) and meta and isinstance(meta[0], dict) and isinstance(meta[0].get("name"), str):
        return "/".join(filter(None, (str(meta[0].get("namespace") or ""), meta[0]["name"])))
    names = (said.data.get(each) for each in NAMES if each not in secret)
    return next((each for each in names if isinstance(each, str) and 0 < len(each) <= 200), instance.key)


def _tag(said: Part, *names: str) -> str | None:
    tags = {**_mapping(said, "labels"), **_mapping(said, "tags_all"), **_mapping(said, "tags")}
    found = (value for name, value in tags.items() if name.lower() in names)
    return next((value.strip() for value in found if isinstance(value, str) and 0 < len(value.strip()) <= 40), None)


def _mapping(said: Part, name: str) -> dict[str, Any]:
    found = said.data.get(name)
    return found if isinstance(found, dict) else {}


def _short(said: Part, name: str) -> str | None:
    found = said.data.get(name)
    return found if isinstance(found, str) and 0 < len(found) <= 80 else None


def _index(part: Part) -> str:
    index = part.data.get("index_key")
    return "" if index is None else f"[{index}]" if isinstance(index, int) else f'["{index}"]'


def _plain(module: str) -> str:
    """The module's address without the keys of its instances: dependencies are named by it."""
    plain, inside, quoted = "", False, False
    for char in module:
        quoted ^= inside and char == '"'
        if not quoted and char in "[]":
            inside = char == "["
        elif not inside:
            plain += char
    return plain
