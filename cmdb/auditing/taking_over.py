"""Let the record say what an audit found, each CI once."""

from collections.abc import Iterable
from typing import Any

from cmdb.edit_fields import changes_of
from cmdb.keys import Key
from cmdb.models import CIClass, CIEdit, ConfigurationItem, Discrepancy, Relation
from cmdb.operations import cis, edits, relations
from cmdb.schemas import is_reviewed
from itsm.kernel.actor import Actor
from itsm.kernel.errors import DomainError
from itsm.kernel.models import Team, User

ATTRIBUTE = "attributes."
Kind = Discrepancy.Kind
# An edit that waits for a second person, and the discrepancies that are in it.
Proposed = list[tuple[CIEdit, set[int]]]


class CannotUpdate(DomainError):
    code = "cannot_update"


def take_over(discrepancies: list[Discrepancy], actor: Actor) -> Proposed:
    """New CIs first, then each known CI with all that is different of it, then the relations between them."""
    record_unexpected(discrepancies, actor)
    proposed: Proposed = []
    by_ci: dict[int, list[Discrepancy]] = {}
    related = []
    for each in discrepancies:
        if each.kind in (Kind.DIFFERENT, Kind.MISSING) and each.ci_id:
            by_ci.setdefault(each.ci_id, []).append(each)
        elif each.kind in (Kind.RELATION_MISSING, Kind.RELATION_UNEXPECTED):
            related.append(each)
    for ci_id, mine in by_ci.items():
        edit = _change(ci_id, mine, actor)
        if edit is not None:
            proposed.append((edit, {each.pk for each in mine}))
    for each in related:
        _relate(each, actor)
    return proposed


def record_unexpected(discrepancies: Iterable[Discrepancy], actor: Actor) -> None:
    for each in discrepancies:
        if each.kind == Kind.UNEXPECTED and each.ci_id is None:
            _record(each, actor)


def _change(ci_id: int, mine: list[Discrepancy], actor: Actor) -> CIEdit | None:
    """All fields at once, then the status; or both as one proposal."""
    first, reason = mine[0], f"As found by audit {mine[0].audit.number}"
    ci = _there(ci_id, first, first.ci_name)
    try:
        values, to = _wanted(ci, mine)
        if actor.is_system or not is_reviewed(ci):
            if values:
                edits.submit(ci_id=ci_id, actor=actor, reason=reason, **values)
            if to:
                edits.submit(ci_id=ci_id, actor=actor, reason=reason, to=to)
            return None
        if not changes_of(ci, values | ({"status": to} if to else {})):
            return None  # somebody else said it meanwhile
        done = edits.submit(ci_id=ci_id, actor=actor, reason=reason, to=to, **values)
    except DomainError as error:
        raise CannotUpdate(f"{first.number} {first.ci_name}: {error.message}") from error
    return done if isinstance(done, CIEdit) else None


def _wanted(ci: ConfigurationItem, mine: list[Discrepancy]) -> tuple[dict[str, Any], str]:
    """The values that are not so yet, and the status to move to (empty: none)."""
    values: dict[str, Any] = {}
    to = ""
    for each in mine:
        if each.kind == Kind.MISSING:
            to = ConfigurationItem.Status.LOST
        elif each.field == "status":
            to = str(each.found)
        elif each.field.startswith(ATTRIBUTE):
            held = values.setdefault("attributes", dict(ci.attributes))
            held[each.field.removeprefix(ATTRIBUTE)] = each.found
            if each.found is None:
                del held[each.field.removeprefix(ATTRIBUTE)]
        else:
            values[each.field] = _value(each.field, each.found)
    return values, to if to != ci.status else ""


def _record(each: Discrepancy, actor: Actor) -> None:
    found: dict[str, Any] = each.found or {}
    said = {name: value for name, value in found.items() if name != "attributes"}
    try:
        made = {name: _value(name, value) for name, value in said.items()}
        made.setdefault("status", ConfigurationItem.Status.LIVE)
        keys = [Key(each.audit.source, each.key)]
        ci = cis.create(attributes=found.get("attributes", {}), external_keys=keys, actor=actor, **made)
    except DomainError as error:
        raise CannotUpdate(f"{each.number} {each.ci_name}: {error.message}") from error
    Discrepancy.objects.filter(pk=each.pk).update(ci=ci)
    each.ci_id = ci.pk


def _relate(each: Discrepancy, actor: Actor) -> None:
    source = _there(each.ci_id, each, each.ci_name)
    target = _there(each.other_id, each, each.other_name)
    held = Relation.objects.filter(source=source, type=each.field, target=target).first()
    try:
        if each.kind == Kind.RELATION_UNEXPECTED and held is None:
            relations.relate(source=source, type=each.field, target=target, actor=actor)
        elif each.kind == Kind.RELATION_MISSING and held is not None:
            relations.remove(relation_id=held.pk, actor=actor)
    except DomainError as error:
        raise CannotUpdate(f"{each.number} {each.ci_name}: {error.message}") from error


def _there(pk: int | None, each: Discrepancy, name: str) -> ConfigurationItem:
    found = ConfigurationItem.objects.select_related("ci_class").filter(pk=pk or 0).first()
    if found is None:
        raise CannotUpdate(f"{each.number}: {name} is no longer recorded.")
    return found


NAMED: dict[str, tuple[Any, str, str]] = {
    "owner": (User.objects, "username", "person"),
    "support_team": (Team.objects, "name", "team"),
    "ci_class": (CIClass.objects, "code", "class"),
}


def _value(field: str, value: Any) -> Any:
    """People, teams and classes were found by name; an empty name is nobody."""
    if field not in NAMED:
        return value
    if value == "":
        return None
    records, by, noun = NAMED[field]
    found = records.filter(**{by: value}).first()
    if found is None:
        raise CannotUpdate(f"there is no {noun} {value!r}. Make it first, or ignore the discrepancy.")
    return found
