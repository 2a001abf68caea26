"""Make, change, move and verify configuration items."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from cmdb import rules
from cmdb.keys import Key, checked_source
from cmdb.models import CIClass, ConfigurationItem, ExternalKey, Misfit
from cmdb.reconciling import typed
from cmdb.reconciling.words import recorded
from cmdb.schemas import is_reviewed, lineage, misfits
from itsm.kernel import events
from itsm.kernel.actor import Actor
from itsm.kernel.errors import DomainError, InvalidInput
from itsm.kernel.operation import operation
from itsm.kernel.permissions import require
from itsm.kernel.uniqueness import unique

EDITABLE = frozenset(
    {"name", "ci_class", "environment", "version", "owner", "support_team", "criticality", "attributes"}
)


class ReviewNeeded(DomainError):
    code = "review_needed"


@operation
def create(
    *, ci_class: CIClass, name: str, actor: Actor, external_keys: Iterable[Key] = (), **details: Any
) -> ConfigurationItem:
    """Record a new CI. Raises InvalidInput when its attributes do not fit the class."""
    require(rules.may_edit_ci, actor)
    ci = ConfigurationItem(ci_class=ci_class, name=name, **details)
    check_attributes(ci)
    with unique("name", f"There is a {ci_class.name} {name!r} in this environment already."):
        ci.save(force_insert=True)
    if keys := list(external_keys):
        _know_as(ci, keys)
    typed.keep(ci, {}, actor)
    events.record("cmdb.ci.created", ci, actor=actor)
    return ci


@operation
def update(
    *, ci_id: int, actor: Actor, external_keys: Iterable[Key] | None = None, reason: str = "", **changes: Any
) -> ConfigurationItem:
    """Change what is named; a status moves through `move` instead. External keys replace those there were.

    Raises ReviewNeeded where a second person has to accept the change first: see `edits.submit`.
    """
    ci = ConfigurationItem.objects.lock(ci_id)
    require(rules.may_edit_ci, actor, ci)
    _check_review(ci, actor)
    return apply(ci, actor=actor, external_keys=external_keys, reason=reason, **changes)


@operation
def move(*, ci_id: int, to: str, actor: Actor, reason: str = "") -> ConfigurationItem:
    """Move a CI along its lifecycle (planned → building → testing → live → retired; lost)."""
    ci = ConfigurationItem.objects.lock(ci_id)
    require(rules.may_edit_ci, actor, ci)
    _check_review(ci, actor)
    return apply_move(ci, to=to, actor=actor, reason=reason)


@operation
def apply(
    ci: ConfigurationItem,
    *,
    actor: Actor,
    external_keys: Iterable[Key] | None = None,
    reason: str = "",
    **changes: Any,
) -> ConfigurationItem:
    """The change itself, of a CI that is locked, for an operation that has asked whether it may be made."""
    check_reason(ci, reason)
    before = recorded(ci)
    for field, value in changes.items():
        if field not in EDITABLE:
            raise InvalidInput.at(field, "This cannot be changed here.")
        setattr(ci, field, value)
    if {"attributes", "ci_class"} & set(changes):
        check_attributes(ci)
        Misfit.objects.filter(ci=ci).delete()
    with unique("name", f"There is another {ci.ci_class.name} {ci.name!r} in this environment."):
        ci.save(update_fields=sorted(changes) or ["name"])
    if external_keys is not None:
        _know_as(ci, external_keys)
    typed.keep(ci, before, actor)
    events.record("cmdb.ci.updated", ci, actor=actor, fields=sorted(changes))
    return ci


@operation
def apply_move(ci: ConfigurationItem, *, to: str, actor: Actor, reason: str) -> ConfigurationItem:
    check_reason(ci, reason)
    before = recorded(ci)
    ConfigurationItem.LIFECYCLE.move(ci, to=to)
    ci.save(update_fields=["status"])
    typed.keep(ci, before, actor)
    events.record("cmdb.ci.moved", ci, actor=actor, to=to)
    return ci


@operation
def verify(*, ci_id: int, actor: Actor, now: datetime) -> ConfigurationItem:
    """Say that the record was compared with reality and is true."""
    ci = ConfigurationItem.objects.lock(ci_id)
    require(rules.may_verify, actor, ci)
    ci.verified_at, ci.verified_by = now, actor.user
    ci.save(update_fields=["verified_at", "verified_by"])
    events.record("cmdb.ci.verified", ci, actor=actor)
    return ci


def _know_as(ci: ConfigurationItem, keys: Iterable[Key]) -> None:
    """Other tools know it by these names and no others; a name is one CI's."""
    wanted = dict.fromkeys(keys)
    had = {Key(known.source, known.key): known.pk for known in ci.external_keys.all()}
    ExternalKey.objects.filter(pk__in=[pk for key, pk in had.items() if key not in wanted]).delete()
    new = [
        ExternalKey(ci=ci, source=checked_source(key.source, "external_keys"), key=key.key)
        for key in wanted
        if key not in had
    ]
    with unique("external_keys", "Another CI is known by one of these names already."):
        ExternalKey.objects.bulk_create(new)


def check_attributes(ci: ConfigurationItem) -> None:
    """The attributes must fit the JSON Schema of the class; every misfit is named, at its place."""
    if errors := misfits(ci.ci_class, ci.attributes):
        raise InvalidInput("The attributes do not fit the class.", errors={"attributes": errors})


def check_reason(ci: ConfigurationItem, reason: str) -> None:
    if any(each.reason_required for each in lineage(ci.ci_class)) and not reason.strip():
        raise InvalidInput.at("reason", f"Say why: no {ci.ci_class} is changed without a reason.")


def _check_review(ci: ConfigurationItem, actor: Actor) -> None:
    """The program's own parts were told what to do by somebody who could be asked then."""
    if not actor.is_system and is_reviewed(ci):
        raise ReviewNeeded(f"{ci} is {ci.get_criticality_display().lower()}: a second person accepts each change.")
