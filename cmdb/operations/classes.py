"""Define the classes that CIs belong to."""

from datetime import datetime
from typing import Any

from django.utils import timezone

from cmdb import fits, rules
from cmdb.models import CIClass
from cmdb.queries.classes import below
from cmdb.schemas import problems_of
from itsm.kernel import events
from itsm.kernel.actor import Actor
from itsm.kernel.errors import DomainError, InvalidInput
from itsm.kernel.operation import operation
from itsm.kernel.permissions import require
from itsm.kernel.uniqueness import unique

EDITABLE = frozenset({"name", "kind", "parent", "schema", "reason_required", "reviewed_from", "verify_days"})
FITTING = frozenset({"schema", "parent"})


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
def update(
    *, class_id: int, actor: Actor, accept_misfits: bool = False, now: datetime | None = None, **changes: Any
) -> CIClass:
    """Change what is named. Raises ItemsDoNotFit where CIs no longer fit and nobody said that this is accepted.

    What no longer fits is kept as such and stays until it is mended; many CIs are examined by a worker.
    """
    ci_class = CIClass.objects.lock(class_id)
    require(rules.may_edit_class, actor, ci_class)
    _set(ci_class, changes)
    if FITTING & set(changes) and not accept_misfits:
        _refuse_misfits(ci_class)
    ci_class.save(update_fields=sorted(changes))
    if FITTING & set(changes):
        fits.begin(ci_class, now=now or timezone.now())
    events.record("cmdb.ci_class.updated", ci_class, actor=actor, fields=sorted(changes))
    return ci_class


def preview(*, class_id: int, **changes: Any) -> fits.Fit:
    """Which CIs would no longer fit if this were changed; changes nothing."""
    ci_class = CIClass.objects.select_related("parent").get(pk=class_id)
    _set(ci_class, changes)
    return fits.preview(ci_class)


def _set(ci_class: CIClass, changes: dict[str, Any]) -> None:
    for field, value in changes.items():
        if field not in EDITABLE:
            raise InvalidInput.at(field, "This cannot be changed here.")
        setattr(ci_class, field, value)
    if ci_class.parent_id in below(ci_class):
        raise InvalidInput.at("parent", f"{ci_class.parent} is a kind of {ci_class} already.")
    if "schema" in changes:
        _check_schema(ci_class.schema)


def _check_schema(schema: dict[str, Any]) -> None:
    if problems := problems_of(schema):
        raise InvalidInput("This is no JSON Schema for attributes.", errors={"schema": problems})


def _refuse_misfits(ci_class: CIClass) -> None:
    fit = fits.preview(ci_class)
    if not fit.misfits:
        return
    checks = [
        {
            "code": "attributes",
            "label": f"{ci.number} {ci.name}",
            "message": " ".join(f"{place or 'attributes'}: {sentence}" for place, sentence in problems),
            "url": ci.get_absolute_url(),
        }
        for ci, problems in fit.shown
    ]
    of = f"{fit.examined:,}" if fit.examined == fit.total else f"the first {fit.examined:,} of {fit.total:,}"
    raise ItemsDoNotFit(f"{fit.misfits:,} of {of} CIs of {ci_class} would not fit any more.", checks=checks)
