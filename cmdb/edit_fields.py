"""The fields of a change to a CI: how they are kept in an edit, read back, and compared with what the CI is now."""

from dataclasses import dataclass
from typing import Any

from django.db.models import ForeignKey, Model

from cmdb.keys import Key
from cmdb.models import ConfigurationItem
from cmdb.queries.labels import Labels

ATTRIBUTE = "attributes."
KEYS = "external_keys"
NOTHING = "–"


@dataclass(frozen=True)
class Change:
    """One field of an edit in words: what it was when this was proposed, what it shall be, what it is now."""

    field: str
    label: str
    was: str
    shall_be: str
    now: str
    is_so: bool
    clashes: bool

    @property
    def standing(self) -> str:
        return "is_so" if self.is_so else "clashes" if self.clashes else "open"


def changes_of(ci: ConfigurationItem, said: dict[str, Any]) -> dict[str, list[Any]]:
    """{field: [was, shall be]} of what is another value than the CI has; attributes one by one."""
    wanted = {name: _kept(value) for name, value in said.items() if name not in ("attributes", KEYS)}
    if said.get(KEYS) is not None:
        wanted[KEYS] = sorted(str(key) for key in map(_joined, said[KEYS]))
    if "attributes" in said:
        names = {*(ci.attributes or {}), *said["attributes"]}
        wanted |= {ATTRIBUTE + name: said["attributes"].get(name) for name in sorted(names)}
    now = {name: present(ci, name) for name in wanted}
    return {name: [now[name], value] for name, value in wanted.items() if now[name] != value}


def present(ci: ConfigurationItem, name: str) -> Any:
    """What the CI has there, as an edit keeps it."""
    if name == KEYS:
        return sorted(map(str, ci.external_keys.all()))
    if name.startswith(ATTRIBUTE):
        return (ci.attributes or {}).get(name.removeprefix(ATTRIBUTE))
    return _kept(getattr(ci, name))


def values_of(ci: ConfigurationItem, changes: dict[str, list[Any]]) -> tuple[dict[str, Any], str]:
    """What `cis.apply` takes, and the status that the CI moves to (empty: none)."""
    values: dict[str, Any] = {}
    for name, (_, shall_be) in changes.items():
        if name == "status":
            continue
        if name == KEYS:
            values[KEYS] = [key for key in map(Key.read, shall_be) if key is not None]
        elif name.startswith(ATTRIBUTE):
            held = values.setdefault("attributes", dict(ci.attributes or {}))
            _set(held, name.removeprefix(ATTRIBUTE), shall_be)
        else:
            values[name] = _read(name, shall_be)
    return values, str(changes.get("status", ["", ""])[1])


def standing(ci: ConfigurationItem, changes: dict[str, list[Any]]) -> list[Change]:
    """Each field as it stands: to be changed, so already, or changed by somebody else meanwhile."""
    found, labels = [], Labels()
    for name, (was, shall_be) in changes.items():
        now = present(ci, name)
        before, after, today = (_said(name, value) for value in (was, shall_be, now))
        clashes = now not in (was, shall_be)
        found.append(Change(name, labels(name), before, after, today, is_so=now == shall_be, clashes=clashes))
    return found


def _set(held: dict[str, Any], name: str, value: Any) -> None:
    if value is None:
        held.pop(name, None)
    else:
        held[name] = value


def _joined(key: Any) -> str:
    return f"{key.source}:{key.key}"


def _kept(value: Any) -> Any:
    return value.pk if isinstance(value, Model) else value


def _read(name: str, kept: Any) -> Any:
    field = ConfigurationItem._meta.get_field(name)
    if isinstance(field, ForeignKey) and kept is not None:
        return field.related_model._base_manager.get(pk=kept)
    return kept


def _said(name: str, kept: Any) -> str:
    """In words: a choice by its label, another record by what it is called."""
    if kept in (None, "", []):
        return NOTHING
    if name == KEYS:
        return ", ".join(kept)
    if name.startswith(ATTRIBUTE):
        return str(kept)
    field = ConfigurationItem._meta.get_field(name)
    if isinstance(field, ForeignKey):
        return str(field.related_model._base_manager.filter(pk=kept).first() or kept)
    return str(dict(getattr(field, "flatchoices", ())).get(kept, kept))
