"""The classes that the readers speak of: each is made when it is first needed, and the organisation's from then on."""

from collections.abc import Iterable
from typing import Any

from cmdb.models import CIClass
from itsm.kernel import events
from itsm.kernel.actor import Actor
from itsm.kernel.operation import operation

TEXT, NUMBER, YES, TEXTS = {"type": "string"}, {"type": "number"}, {"type": "boolean"}, {"type": "array"}


def _of(name: str, kind: str, **attributes: dict[str, Any]) -> dict[str, Any]:
    schema = {"type": "object", "properties": attributes} if attributes else {}  # and whatever else a source says
    return {"name": name, "kind": kind, "schema": schema}


KNOWN: dict[str, dict[str, Any]] = {
    "application": _of("Application", "application"),
    "software-component": _of(
        "Software component", "code", type=TEXT, purl=TEXT, scope=TEXT, publisher=TEXT, description=TEXT,
        licenses=TEXTS, sha256={**TEXT, "title": "SHA-256"},
    ),
    "site": _of(
        "Site", "other", facility=TEXT, region=TEXT, time_zone=TEXT, address=TEXT, latitude=NUMBER, longitude=NUMBER
    ),
    "device": _of(
        "Device", "hardware", role=TEXT, manufacturer=TEXT, model=TEXT, serial=TEXT, asset_tag=TEXT, platform=TEXT,
        rack=TEXT, ip={**TEXT, "title": "IP address"},
    ),
    "virtual-machine": _of(
        "Virtual machine", "hardware", vcpus={**NUMBER, "title": "vCPUs"}, memory_mb=NUMBER, disk=NUMBER, platform=TEXT,
        instance_type=TEXT,
    ),
    "cluster": _of("Cluster", "hardware", type=TEXT, group=TEXT, endpoint=TEXT),
    "network-service": _of("Network service", "application", protocol=TEXT, ports=TEXTS, description=TEXT),
    "database": _of("Database", "data", engine=TEXT),
    "load-balancer": _of("Load balancer", "network", dns_name=TEXT),
    "object-store": _of("Object store", "data"),
    "network": _of("Network", "network", cidr_block=TEXT),
    "workload": _of("Workload", "application"),
    "queue": _of("Queue", "application"),
    "function": _of("Function", "code", handler=TEXT, memory_size=NUMBER, timeout=NUMBER),
    "cloud-resource": _of("Cloud resource", "other", terraform_type=TEXT),
}  # fmt: skip


@operation
def ensure(*, codes: Iterable[str], actor: Actor) -> None:
    """Make those of the classes that readers know and nobody has defined yet."""
    wanted = {code: KNOWN[code] for code in codes if code in KNOWN}
    there = set(CIClass.objects.filter(code__in=wanted).values_list("code", flat=True))
    for code in sorted(wanted.keys() - there):
        made, new = CIClass.objects.get_or_create(code=code, defaults=wanted[code])
        if new:
            events.record("cmdb.ci_class.created", made, actor=actor)
