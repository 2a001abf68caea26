"""Bring a service into the portfolio and move it through."""

from typing import Any

from django.utils.text import slugify

from cmdb import rules
from cmdb.models import CIClass, ConfigurationItem, Service
from cmdb.operations import cis
from itsm.kernel import events
from itsm.kernel.actor import Actor
from itsm.kernel.errors import InvalidInput
from itsm.kernel.operation import operation
from itsm.kernel.permissions import require
from itsm.kernel.uniqueness import unique

EDITABLE = frozenset(
    {"name", "summary", "owner", "sponsor", "support_team", "hours", "sla_targets", "delivery_model", "support_access"}
)
# What the service and the CI that stands for it say alike.
SHARED_WITH_CI = frozenset({"name", "owner", "support_team"})
PORTFOLIO = Actor.system("service portfolio")


@operation
def define(*, name: str, actor: Actor, slug: str = "", criticality: int = 2, **details: Any) -> Service:
    """Enter a service into the pipeline, with the CI that stands for it."""
    require(rules.may_edit_service, actor)
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
        service = Service.objects.create(ci=ci, slug=slug, name=name, **details)
    events.record("cmdb.service.defined", service, actor=actor)
    return service


@operation
def update(*, service_id: int, actor: Actor, **changes: Any) -> Service:
    """Change what is named; the service's CI follows."""
    service = Service.objects.lock(service_id)
    require(rules.may_edit_service, actor, service)
    for field, value in changes.items():
        if field not in EDITABLE:
            raise InvalidInput.at(field, "This cannot be changed here.")
        setattr(service, field, value)
    service.save(update_fields=sorted(changes))
    if shared := {field: value for field, value in changes.items() if field in SHARED_WITH_CI}:
        cis.update(ci_id=service.ci_id, actor=PORTFOLIO, **shared)
    events.record("cmdb.service.updated", service, actor=actor, fields=sorted(changes))
    return service


@operation
def transition(*, service_id: int, to: str, actor: Actor, reason: str = "") -> Service:
    """Pass a transition point of the portfolio; the service's CI follows."""
    service = Service.objects.lock(service_id)
    require(rules.may_edit_service, actor, service)
    if to not in Service.SubState.values:
        raise InvalidInput.at("to", f"Unknown step {to!r}. Known: {', '.join(Service.SubState.values)}.")
    Service.LIFECYCLE.move(service, to=to)
    service.status = Service.STATUS_OF[Service.SubState(to)]
    service.save(update_fields=["sub_state", "status"])
    ConfigurationItem.objects.filter(pk=service.ci_id).update(status=_status_of_ci(service))
    events.record("cmdb.service.moved", service, actor=actor, to=to)
    return service


def _status_of_ci(service: Service) -> str:
    if service.status == Service.Status.PIPELINE:
        return ConfigurationItem.Status.BUILDING if service.sub_state == "built" else ConfigurationItem.Status.PLANNED
    return ConfigurationItem.Status.LIVE if service.status == Service.Status.LIVE else ConfigurationItem.Status.RETIRED
