"""Make records for tests the short way, through the operations that users call."""

from collections.abc import Iterable
from itertools import count
from typing import Any

from cmdb.models import CIClass, ConfigurationItem, Relation, RelationGroup, Service
from cmdb.operations import cis, classes, groups, relations, services
from itsm.kernel.actor import Actor

SYSTEM = Actor.system("test")
_numbers = count(1)


def make_class(code: str = "server", kind: str = "hardware", **details: Any) -> CIClass:
    found = CIClass.objects.filter(code=code).first()
    return found or classes.create(code=code, name=code.title(), kind=kind, actor=SYSTEM, **details)


def make_ci(name: str = "", *, depends_on: Iterable[ConfigurationItem] = (), **details: Any) -> ConfigurationItem:
    details.setdefault("ci_class", make_class())
    details.setdefault("status", "live")
    ci = cis.create(name=name or f"ci-{next(_numbers)}", actor=SYSTEM, **details)
    for other in depends_on:
        relations.relate(source=ci, type=Relation.Type.DEPENDS_ON, target=other, actor=SYSTEM)
    return ci


def make_service(name: str = "Online Shop", **details: Any) -> Service:
    """Operational, as a service is entered that was there before; with `live=False` defined, or at the `step` given."""
    details.setdefault("step", "operational" if details.pop("live", True) else "defined")
    return services.define(name=name, actor=SYSTEM, **details)


def make_cluster(
    name: str, members: Iterable[ConfigurationItem], needs: int, **details: Any
) -> tuple[ConfigurationItem, RelationGroup]:
    """A CI that depends on these and needs so many of them to be up."""
    ci = make_ci(name, depends_on=members, **details)
    found = list(ci.relations_out.order_by("pk"))
    return ci, groups.form(ci=ci, name="cluster", needs=needs, relations=found, actor=SYSTEM)
