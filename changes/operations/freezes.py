"""Freezes: times in which changes are barred, save by exception."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from changes import rules
from changes.models import Freeze
from changes.operations.planning import window_of
from cmdb.models import Service
from itsm.kernel import events
from itsm.kernel.actor import Actor
from itsm.kernel.errors import InvalidInput
from itsm.kernel.locks import Lock, hold
from itsm.kernel.operation import operation
from itsm.kernel.permissions import require

EDITABLE = frozenset({"name", "reason", "everywhere", "override_role", "emergency_lane"})


@operation
def create(
    *,
    name: str,
    start: datetime,
    end: datetime,
    actor: Actor,
    services: Iterable[Service] = (),
    everywhere: bool = False,
    **details: Any,
) -> Freeze:
    require(rules.may_edit_freeze, actor, None)
    hold(Lock.CALENDAR)
    chosen = list(services)
    _check_scope(everywhere, chosen)
    freeze = Freeze.objects.create(name=name, window=window_of(start, end), everywhere=everywhere, **details)
    freeze.services.set(chosen)
    events.record("changes.freeze.created", freeze, actor=actor)
    return freeze


@operation
def update(*, freeze_id: int, actor: Actor, **changes: Any) -> Freeze:
    hold(Lock.CALENDAR)
    freeze = Freeze.objects.lock(freeze_id)
    require(rules.may_edit_freeze, actor, freeze)
    start, end = changes.pop("start", freeze.window.lower), changes.pop("end", freeze.window.upper)
    services = changes.pop("services", None)
    for field, value in changes.items():
        if field not in EDITABLE:
            raise InvalidInput.at(field, "This cannot be changed here.")
        setattr(freeze, field, value)
    _check_scope(freeze.everywhere, list(services) if services is not None else list(freeze.services.all()))
    freeze.window = window_of(start, end)
    freeze.save()
    if services is not None:
        freeze.services.set(services)
    events.record("changes.freeze.updated", freeze, actor=actor, fields=sorted(changes))
    return freeze


def _check_scope(everywhere: bool, services: list[Service]) -> None:
    """A freeze that names nothing would bar nothing, and nobody would notice."""
    if not everywhere and not services:
        raise InvalidInput.at("services", "Name the services, or say that it holds everywhere.")
