"""Bring a service into the portfolio, and change what is said of it."""

from typing import Any

from django.utils.text import slugify

from cmdb import rules
from cmdb.models import CIClass, PointPassed, Service
from cmdb.operations import cis, points
from cmdb.operations.service_parts import SETTERS
from cmdb.portfolio.points import ADOPTED
from itsm.kernel import events
from itsm.kernel.actor import Actor
from itsm.kernel.errors import InvalidInput
from itsm.kernel.operation import operation
from itsm.kernel.permissions import require
from itsm.kernel.uniqueness import unique

EDITABLE = frozenset({"name", "summary", "owner", "sponsor", "support_team", "delivery_model", "support_access"})
# What the service and the CI that stands for it say alike.
SHARED_WITH_CI = frozenset({"name", "owner", "support_team"})
Step = Service.SubState
PORTFOLIO = Actor.system("service portfolio")


@operation
def define(
    *, name: str, actor: Actor, slug: str = "", criticality: int = 2, step: str = Step.DEFINED, **details: Any
) -> Service:
    """Enter a service with the CI that stands for it: into the pipeline, or at the `step` where it is already."""
    require(rules.may_edit_service if step == Step.DEFINED else rules.may_adopt_service, actor)
    if step not in Step.values:
        raise InvalidInput.at("step", f"Unknown step {step!r}. Known: {', '.join(Step.values)}.")
    agreed = {part: details.pop(part) for part in SETTERS if part in details}
    slug = slug or slugify(name)
    if not slug:
        raise InvalidInput.at("name", "The name needs a letter or a digit.")
    service_class, _ = CIClass.objects.get_or_create(
        code="service", defaults={"name": "Service", "kind": CIClass.Kind.SERVICE}
    )
    ci = cis.create(
        ci_class=service_class,
        name=name,
        criticality=criticality,
        owner=details.get("owner"),
        support_team=details.get("support_team"),
        actor=PORTFOLIO,
    )
    with unique("slug", f"There is a service {slug!r} already."):
        service = Service(ci=ci, slug=slug, name=name, sub_state=step, **details)
        points.put(service)
        service.save(force_insert=True)
    _agree(service, agreed)
    if step != Step.DEFINED:
        PointPassed.objects.create(service=service, point=ADOPTED, to_step=step, actor=actor.label, by=actor.user)
    events.record("cmdb.service.defined", service, actor=actor)
    return service


@operation
def update(*, service_id: int, actor: Actor, **changes: Any) -> Service:
    """Change what is named; the service's CI follows."""
    service = Service.objects.lock(service_id)
    require(rules.may_edit_service, actor, service)
    plain = {field: value for field, value in changes.items() if field not in SETTERS}
    for field, value in plain.items():
        if field not in EDITABLE:
            raise InvalidInput.at(field, "This cannot be changed here.")
        setattr(service, field, value)
    service.save(update_fields=sorted(plain))
    _agree(service, {part: changes[part] for part in SETTERS if part in changes})
    if shared := {field: value for field, value in changes.items() if field in SHARED_WITH_CI}:
        cis.update(ci_id=service.ci_id, actor=PORTFOLIO, **shared)
    events.record("cmdb.service.updated", service, actor=actor, fields=sorted(changes))
    return service


def _agree(service: Service, parts: dict[str, Any]) -> None:
    """What is kept in rows; the service itself is written too, so that its revision tells that it changed."""
    if "hours" in parts and "week" in parts.get("service_hours", {}):
        raise InvalidInput.at("hours", "The week is said twice: in words, and by its hours. Give one of them.")
    for part, said in parts.items():
        SETTERS[part](service, said)
    if parts:
        service.save(update_fields=["hours", "hours_zone"])
