"""Define the classes that CIs belong to."""

from typing import Any

import jsonschema

from cmdb import rules
from cmdb.models import CIClass, ConfigurationItem
from cmdb.schemas import validator_of
from itsm.kernel import events
from itsm.kernel.actor import Actor
from itsm.kernel.errors import DomainError, InvalidInput
from itsm.kernel.operation import operation
from itsm.kernel.permissions import require
from itsm.kernel.uniqueness import unique

EDITABLE = frozenset({"name", "kind", "parent", "schema", "reason_required"})


class ItemsDoNotFit(DomainError):
    code = "items_do_not_fit"


@operation
def create(*, code: str, name: str, actor: Actor, kind: str = "other", **details: Any) -> CIClass:
    require(rules.may_edit_class, actor)
    ci_class = CIClass(code=code, name=name, kind=kind, **details)
    _check_schema(ci_class.schema)
    with unique("code", f"There is a class {code!r} already."):
        ci_class.save(force_insert=True)
    events.record("cmdb.ci_class.created", ci_class, actor=actor)
    return ci_class


@operation
def update(*, class_id: int, actor: Actor, **changes: Any) -> CIClass:
    """Change what is named; the CIs that there are must fit a changed schema."""
    ci_class = CIClass.objects.lock(class_id)
    require(rules.may_edit_class, actor, ci_class)
    for field, value in changes.items():
        if field not in EDITABLE:
            raise InvalidInput.at(field, "This cannot be changed here.")
        setattr(ci_class, field, value)
    if ci_class.parent_id in _below(ci_class):
        raise InvalidInput.at("parent", f"{ci_class.parent} is a kind of {ci_class} already.")
    if "schema" in changes:
        _check_schema(ci_class.schema)
    if {"schema", "parent"} & set(changes):
        _check_items(ci_class)
    ci_class.save(update_fields=sorted(changes))
    events.record("cmdb.ci_class.updated", ci_class, actor=actor, fields=sorted(changes))
    return ci_class


def _check_schema(schema: dict[str, Any]) -> None:
    try:
        jsonschema.Draft202012Validator.check_schema(schema)
    except jsonschema.SchemaError as error:
        raise InvalidInput.at("schema", error.message) from error


def _check_items(ci_class: CIClass) -> None:
    """Also of the classes below. Read one by one, so that many need little memory; five misfits say enough."""
    classes = _whole_lineages(ci_class)
    validators = {pk: validator_of(each) for pk, each in classes.items()}
    misfits = []
    items = ConfigurationItem.objects.filter(ci_class__in=classes).only("name", "attributes", "ci_class_id")
    for ci in items.order_by("pk").iterator():
        if (wrong := next(validators[ci.ci_class_id].iter_errors(ci.attributes), None)) is not None:
            label, fix = f"{ci.number} {ci.name}", ci.get_absolute_url()
            misfits.append({"code": "attributes", "label": label, "message": wrong.message, "url": fix})
        if len(misfits) == 5:
            break
    if misfits:
        raise ItemsDoNotFit(f"There are CIs of {ci_class} that this schema does not fit.", checks=misfits)


def _whole_lineages(ci_class: CIClass) -> dict[int, CIClass]:
    """The class as it is about to be and all below it, each with its parents at hand; one query."""
    known = {each.pk: each for each in CIClass.objects.all()} | {ci_class.pk: ci_class}
    for each in known.values():
        each.parent = known.get(each.parent_id) if each.parent_id else None
    return {pk: known[pk] for pk in _below(ci_class)}


def _below(ci_class: CIClass) -> set[int]:
    """The class and all that are a kind of it; classes are few, so all are read at once."""
    parents = dict(CIClass.objects.values_list("pk", "parent"))
    below = {ci_class.pk}
    while more := {pk for pk, parent in parents.items() if parent in below} - below:
        below |= more
    return below
