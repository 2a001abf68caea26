"""Changes to critical CIs: proposed by one person, accepted or sent back by another."""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from cmdb import rules
from cmdb.edit_fields import Change, changes_of, standing, values_of
from cmdb.models import CIEdit, ConfigurationItem
from cmdb.operations import cis
from cmdb.schemas import is_reviewed
from itsm.kernel import events
from itsm.kernel.actor import Actor
from itsm.kernel.errors import DomainError, InvalidInput
from itsm.kernel.operation import operation
from itsm.kernel.permissions import require


class EditIsStale(DomainError):
    code = "edit_is_stale"


@operation
def submit(*, ci_id: int, actor: Actor, reason: str = "", to: str = "", **changes: Any) -> ConfigurationItem | CIEdit:
    """Change the CI, or move it `to` a status; where a second person has to accept that, propose it instead."""
    ci = ConfigurationItem.objects.lock(ci_id)
    require(rules.may_edit_ci, actor, ci)
    if actor.is_system or not is_reviewed(ci):
        if to:
            return cis.apply_move(ci, to=to, actor=actor, reason=reason)
        return cis.apply(ci, actor=actor, reason=reason, **changes)
    return propose(ci, said=changes | ({"status": to} if to else {}), actor=actor, reason=reason)


@operation
def propose(ci: ConfigurationItem, *, said: dict[str, Any], actor: Actor, reason: str) -> CIEdit:
    """Of a CI that is locked, for an operation that has asked whether it is reviewed.

    Only what could be accepted as the CI is now; and only what is another value than the present one.
    """
    if actor.user is None:
        raise InvalidInput.at("by", "Only a person can propose a change.")
    if unknown := sorted(set(said) - cis.EDITABLE - {"status", "external_keys"}):
        raise InvalidInput.at(unknown[0], "This cannot be changed here.")
    cis.check_reason(ci, reason)
    changes = changes_of(ci, said)
    if not changes:
        raise InvalidInput(f"Nothing of this is another value than {ci} has.")
    _rehearse(ci, changes, actor, reason)
    edit = CIEdit.objects.create(ci=ci, changes=changes, reason=reason, proposed_by=actor.user)
    events.record("cmdb.ci_edit.proposed", edit, actor=actor, fields=sorted(changes))
    return edit


def _rehearse(ci: ConfigurationItem, changes: dict[str, list[Any]], actor: Actor, reason: str) -> None:
    """What the CI could not become is refused now, and not to whoever accepts it."""
    fresh = ConfigurationItem.objects.select_related("ci_class").get(pk=ci.pk)
    values, to = values_of(fresh, changes)
    for field, value in values.items():
        if field != "external_keys":
            setattr(fresh, field, value)
    if {"attributes", "ci_class"} & set(values):
        cis.check_attributes(fresh)
    if to:
        ConfigurationItem.LIFECYCLE.move(fresh, to=to)


@operation
def accept(
    *, edit_id: int, actor: Actor, now: datetime, take: Collection[str] | None = None, comment: str = ""
) -> CIEdit:
    """Make the change. Where the CI became something else meanwhile, `take` says which fields are made all the same.

    Raises EditIsStale when nobody said so.
    """
    edit = CIEdit.objects.lock(edit_id)
    require(rules.may_decide_edit, actor, edit)
    CIEdit.LIFECYCLE.move(edit, to=CIEdit.State.ACCEPTED)
    ci = ConfigurationItem.objects.lock(edit.ci_id)
    wanted = _wanted(edit, standing(ci, edit.changes), take)
    values, to = values_of(ci, {field: edit.changes[field] for field in wanted})
    if values:
        cis.apply(ci, actor=actor, reason=edit.reason, **values)
    if to and to != ci.status:
        cis.apply_move(ci, to=to, actor=actor, reason=edit.reason)
    return _decided(edit, actor, now, comment, taken=wanted)


def _wanted(edit: CIEdit, rows: list[Change], take: Collection[str] | None) -> list[str]:
    if take is not None:
        if unknown := sorted(set(take) - set(edit.changes)):
            raise InvalidInput.at("take", f"{edit} does not change {', '.join(unknown)}.")
        if not take:
            raise InvalidInput.at("take", "Take at least one field, or send the edit back.")
        return sorted(set(take))
    if clashes := [row for row in rows if row.clashes]:
        checks = [
            {"code": row.field, "label": row.label, "message": f"Was {row.was}, is now {row.now}.", "url": ""}
            for row in clashes
        ]
        raise EditIsStale(f"{edit.ci} has changed since this was proposed: say which fields to take.", checks=checks)
    return sorted(edit.changes)


@operation
def send_back(*, edit_id: int, actor: Actor, now: datetime, comment: str) -> CIEdit:
    """Refuse it, and say why."""
    edit = CIEdit.objects.lock(edit_id)
    require(rules.may_decide_edit, actor, edit)
    CIEdit.LIFECYCLE.move(edit, to=CIEdit.State.SENT_BACK)
    if not comment.strip():
        raise InvalidInput.at("comment", "Say what is wrong with it.")
    return _decided(edit, actor, now, comment)


@operation
def withdraw(*, edit_id: int, actor: Actor, now: datetime) -> CIEdit:
    """Take one's own proposal back."""
    edit = CIEdit.objects.lock(edit_id)
    require(rules.may_withdraw_edit, actor, edit)
    CIEdit.LIFECYCLE.move(edit, to=CIEdit.State.WITHDRAWN)
    return _decided(edit, actor, now, "")


def _decided(edit: CIEdit, actor: Actor, now: datetime, comment: str, *, taken: Collection[str] = ()) -> CIEdit:
    edit.decided_by, edit.decided_at, edit.comment, edit.taken = actor.user, now, comment, list(taken)
    edit.save(update_fields=["state", "decided_by", "decided_at", "comment", "taken"])
    events.record("cmdb.ci_edit.decided", edit, actor=actor, state=edit.state, fields=sorted(taken))
    return edit
