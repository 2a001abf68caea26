"""What the columns of a table of changes mean: a mapping, read from TOML and checked before any row is."""

import tomllib
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from changes.models import ChangeModel
from cmdb.models import CIClass, ConfigurationItem
from itsm.kernel.errors import InvalidInput

RISKS = ("low", "medium", "high")
REQUIRED = ("key", "ci", "planned_start", "planned_end")
OPTIONAL = (
    "type",
    "risk",
    "emergency",
    "cab",
    "actual_start",
    "actual_end",
    "opened",
    "ci_class",
    "ci_subclass",
    "component",
)
LISTS = ("title", "reason")
ALLOWED_VALUES: dict[str, tuple[Any, ...]] = {
    "type": tuple(ChangeModel.Type.values),
    "risk": RISKS,
    "emergency": (True, False),
    "cab": (True, False),
    "kind": tuple(CIClass.Kind.values),
}
FILE_SETTINGS = {"delimiter": ",", "encoding": "utf-8", "time_format": "%Y-%m-%d %H:%M", "time_zone": "UTC"}


class BadMapping(InvalidInput):
    """The mapping itself is wrong; nothing was read."""

    code = "bad_mapping"


@dataclass(frozen=True)
class ValueMap:
    """Patterns (`Standard *`) and what they mean, tried in their order; case does not matter."""

    name: str
    pairs: tuple[tuple[str, Any], ...]

    def get(self, value: str) -> Any:
        """Raises KeyError for a value that no pattern fits."""
        wanted = value.casefold()
        for pattern, meaning in self.pairs:
            if fnmatchcase(wanted, pattern):
                return meaning
        raise KeyError(value)


@dataclass(frozen=True)
class ImportMapping:
    """`columns` says in which column each field is, `values` what the words in it mean."""

    source: str
    columns: dict[str, str]
    titles: tuple[str, ...]
    reasons: tuple[str, ...]
    values: dict[str, ValueMap]
    delimiter: str
    encoding: str
    time_format: str
    zone: ZoneInfo
    component_class: str = "service-component"
    ci_status: str = ConfigurationItem.Status.LIVE
    needed: tuple[str, ...] = field(init=False)

    def __post_init__(self) -> None:
        needed = dict.fromkeys([*self.columns.values(), *self.titles, *self.reasons])
        object.__setattr__(self, "needed", tuple(needed))


def load(path: Path) -> ImportMapping:
    """Read and check a mapping file. Raises BadMapping with the key that is wrong."""
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise BadMapping(f"The mapping {path} cannot be read: {error}.") from error
    try:
        return parse(tomllib.loads(text))
    except tomllib.TOMLDecodeError as error:
        raise BadMapping(f"The mapping {path} is not TOML: {error}.") from error


def parse(data: dict[str, Any]) -> ImportMapping:
    _known("", data, {"source", "file", "columns", "values", "ci"})
    columns, file, ci = _table(data, "columns"), _table(data, "file"), _table(data, "ci")
    _known("columns.", columns, {*REQUIRED, *OPTIONAL, *LISTS})
    _known("file.", file, set(FILE_SETTINGS))
    _known("ci.", ci, {"component_class", "status"})
    for name in REQUIRED:
        if name not in columns:
            raise BadMapping.at(f"columns.{name}", "The mapping must name the column that holds it.")
    lists = {name: _names(f"columns.{name}", columns.pop(name, ())) for name in LISTS}
    return ImportMapping(
        source=_source(data.get("source")),
        columns={name: _text(f"columns.{name}", value) for name, value in columns.items()},
        titles=lists["title"] or (str(columns["key"]),),
        reasons=lists["reason"],
        values=_values(_table(data, "values"), columns),
        **_file(file),
        component_class=_text("ci.component_class", ci.get("component_class", "service-component")),
        ci_status=_one_of("ci.status", ci.get("status", "live"), ConfigurationItem.Status.values),
    )


def _known(prefix: str, table: dict[str, Any], known: set[str]) -> None:
    for key in table:
        if key not in known:
            raise BadMapping.at(f"{prefix}{key}", f"There is no such key; there are {', '.join(sorted(known))}.")


def _table(data: dict[str, Any], name: str) -> dict[str, Any]:
    table = data.get(name, {})
    if not isinstance(table, dict):
        raise BadMapping.at(name, f"This must be a table, [{name}].")
    return dict(table)


def _text(key: str, value: Any) -> str:
    if not isinstance(value, str) or not value:
        raise BadMapping.at(key, f"This must be a text, not {value!r}.")
    return value


def _names(key: str, value: Any) -> tuple[str, ...]:
    return tuple(_text(key, name) for name in ([value] if isinstance(value, str) else value))


def _one_of(key: str, value: Any, allowed: Any) -> Any:
    if value not in allowed:
        raise BadMapping.at(key, f"{value!r} is not known; there are {', '.join(map(repr, allowed))}.")
    return value


def _source(value: Any) -> str:
    source = _text("source", value)
    if len(source) > 60:
        raise BadMapping.at("source", "At most 60 characters.")
    return source


def _file(file: dict[str, Any]) -> dict[str, Any]:
    said = {name: _text(f"file.{name}", file.get(name, default)) for name, default in FILE_SETTINGS.items()}
    if len(said["delimiter"]) != 1:
        raise BadMapping.at("file.delimiter", "The delimiter is one character.")
    try:
        "".encode(said["encoding"])
    except LookupError as error:
        raise BadMapping.at("file.encoding", f"There is no encoding {said['encoding']!r}.") from error
    try:
        zone = ZoneInfo(said.pop("time_zone"))
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise BadMapping.at("file.time_zone", f"There is no time zone {file['time_zone']!r}.") from error
    return {**said, "zone": zone}


def _values(tables: dict[str, Any], columns: dict[str, Any]) -> dict[str, ValueMap]:
    _known("values.", tables, set(ALLOWED_VALUES))
    maps = {}
    for name, allowed in ALLOWED_VALUES.items():
        table = _table(tables, name)
        for word, meaning in table.items():
            _one_of(f'values.{name}."{word}"', meaning, allowed)
        if not table and name in columns:
            raise BadMapping.at(f"values.{name}", f"Say what the words in {columns[name]!r} mean.")
        maps[name] = ValueMap(name, tuple((word.casefold(), meaning) for word, meaning in table.items()))
    return maps
