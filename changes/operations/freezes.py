"""Freezes: times in which changes are barred, save by exception."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from changes import rules
from changes.models import Freeze
from changes.operations.planning import window_of
from cmdb.models import CIClass, ConfigurationItem, Service
from itsm.kernel import events
from itsm.kernel.actor import Actor
from itsm.kernel.errors import InvalidInput
from itsm.kernel.locks import Lock, hold
from itsm.kernel.operation import operation
from itsm.kernel.permissions import require

EDITABLE = frozenset({"name", "reason", "everywhere", "environments", "override_role", "emergency_lane"})
SCOPE = ("services", "cis", "classes")


@operation
def create(
    *,
    name: str,
    start: datetime,
    end: datetime,
    actor: Actor,
    services: Iterable[Service] = (),
    cis: Iterable[ConfigurationItem] = (),
    classes: Iterable[CIClass] = (),
    environments: Iterable[str] = (),
    everywhere: bool = False,
    **details: Any,
) -> Freeze:
    """Of everything, or of what one of its scopes names; each class with those below it."""
    require(rules.may_edit_freeze, actor, None)
    hold(Lock.CALENDAR)
    scope = {"services": list(services), "cis": list(cis), "classes": list(classes)}
    freeze = Freeze(
        name=name, window=window_of(start, end), everywhere=everywhere, environments=_cleaned(environments), **details
    )
    _check_scope(freeze, any(scope.values()))
    freeze.save(force_insert=True)
    for what, records in scope.items():
        getattr(freeze, what).set(records)
    events.record("changes.freeze.created", freeze, actor=actor)
    return freeze


@operation
def update(*, freeze_id: int, actor: Actor, **changes: Any) -> Freeze:
    hold(Lock.CALENDAR)
    freeze = Freeze.objects.lock(freeze_id)
    require(rules.may_edit_freeze, actor, freeze)
    start, end = changes.pop("start", freeze.window.lower), changes.pop("end", freeze.window.upper)
    scope = {what: list(changes.pop(what)) for what in SCOPE if changes.get(what) is not None}
    for field, value in changes.items():
        if field not in EDITABLE:
            raise InvalidInput.at(field, "This cannot be changed here.")
        setattr(freeze, field, _cleaned(value) if field == "environments" else value)
    named = [scope[what] if what in scope else getattr(freeze, what).exists() for what in SCOPE]
    _check_scope(freeze, any(named))
    freeze.window = window_of(start, end)
    freeze.save()
    for what, records in scope.items():
        getattr(freeze, what).set(records)
    events.record("changes.freeze.updated", freeze, actor=actor, fields=sorted(changes))
    return freeze


def _cleaned(environments: Iterable[str]) -> list[str]:
    return sorted({name.strip() for name in environments if name.strip()})


def _check_scope(freeze: Freeze, names_something: bool) -> None:
    """A freeze that names nothing would bar nothing, and nobody would notice."""
    if not (freeze.everywhere or freeze.environments or names_something):
        said = "Name services, CIs, classes or environments, or say that it holds everywhere."
        raise InvalidInput.at("services", said)
