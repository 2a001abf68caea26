"""python -m benchmarks.world: pages and endpoints in a world of the reference size, as its people ask them.

`SCALE` is the size (1: a million CIs, 3 million relations, 200,000 RFCs, 2 million deployments). `make bench-world`
runs it on servers of its own; making the world takes minutes, and gigabytes of disk.
"""

import os
import time
from pathlib import Path

import django

django.setup()

from django.core.management import call_command  # noqa: E402
from django.db import connection  # noqa: E402
from django.utils import timezone  # noqa: E402

from benchmarks.pages import client_of, measure  # noqa: E402
from changes.models import ChangeRequest  # noqa: E402
from changes.operations import basics  # noqa: E402
from cmdb.models import ConfigurationItem, Relation, Service  # noqa: E402
from itsm.kernel.actor import Actor  # noqa: E402
from itsm.portal import words  # noqa: E402
from itsm.portal.demo.load import load  # noqa: E402
from itsm.portal.generate.world import generate  # noqa: E402
from transition.models import Deployment  # noqa: E402

RESULTS = Path(__file__).with_name("RESULTS-world.md")
SCALE = float(os.environ.get("SCALE") or 1)


def make() -> str:
    call_command("migrate", interactive=False, verbosity=0)
    load(now=timezone.now())
    began = time.monotonic()
    generate(scale=SCALE, now=timezone.now(), say=lambda text: print(text, flush=True))
    words.learn()  # as a worker does, so that typing errors are found
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    last = ChangeRequest.objects.order_by("-pk")[:1]  # its page is opened below, after the worker has examined it
    basics.mark(ChangeRequest.objects.filter(pk__in=list(last)), timezone.now())
    basics.recheck(timezone.now(), Actor.system("benchmark"))
    counts = [f"{model.objects.count():,} {name}" for model, name in (
        (ConfigurationItem, "CIs"), (Relation, "relations"), (ChangeRequest, "RFCs"), (Deployment, "deployments"),
    )]  # fmt: skip
    return f"{', '.join(counts)}; made in {time.monotonic() - began:.0f} s."


def addresses() -> list[tuple[str, str]]:
    machine = ConfigurationItem.objects.filter(ci_class__code="virtual-machine").order_by("pk")[10]
    queue = ConfigurationItem.objects.filter(ci_class__code="message-queue").order_by("pk")[10]
    switch = ConfigurationItem.objects.filter(ci_class__code="spine-switch").order_by("pk")[10]
    service = Service.objects.filter(name__startswith="business-service").order_by("pk")[5]
    change = ChangeRequest.objects.order_by("-pk")[0]
    impact = "impact/?direction=downstream&depth=20&limit=50"
    return [
        ("API: 50 CIs", "/api/cmdb/cis/?limit=50"),
        ("API: 50 CIs by class and environment", "/api/cmdb/cis/?limit=50&ci_class=hypervisor&environment=test"),
        ("API: 50 CIs by a part of the name", "/api/cmdb/cis/?limit=50&name__icontains=queue-0123"),
        ("API: one CI", f"/api/cmdb/cis/{machine.pk}/"),
        (f"API: impact of {queue}", f"/api/cmdb/cis/{queue.pk}/{impact}"),
        (f"API: impact of {machine}", f"/api/cmdb/cis/{machine.pk}/{impact}"),
        (f"API: impact of {switch}", f"/api/cmdb/cis/{switch.pk}/{impact}"),
        ("API: search for a name", "/api/search/?q=virtual-machine-012345"),
        ("API: search for a word that fits many", "/api/search/?q=hypervisor"),
        ("API: search with a typing error", "/api/search/?q=hypervizor"),
        ("API: search for a number", f"/api/search/?q={machine.number}"),
        ("page: list of CIs", "/cmdb/cis/"),
        ("page: list of CIs, not verified", "/cmdb/cis/?age=never"),
        ("page: one CI", machine.get_absolute_url()),
        ("page: one service", service.get_absolute_url()),
        ("page: dashboard of a service", f"/transition/services/{service.slug}/"),
        ("page: list of RFCs", "/changes/requests/"),
        ("page: one RFC", change.get_absolute_url()),
        ("API: 50 deployments", "/api/transition/deployments/?limit=50"),
    ]  # fmt: skip


def main() -> None:
    where = f"`make bench-world`, {os.cpu_count()} cores. {make()}"
    lines = [f"# In a made-up world, at scale {SCALE:g}", "", where, ""]
    lines += ["| what | queries | ms (median of 20) | ms (slowest) | kB |", "| --- | ---: | ---: | ---: | ---: |"]
    client = client_of("config.manager")
    client.defaults["HTTP_HOST"] = "127.0.0.1"
    for what, path in addresses():
        answer = client.get(path)
        if answer.status_code != 200:
            lines.append(f"| {what} | answers {answer.status_code} | | | |")
            continue
        queries, usual, worst = measure(lambda path=path: client.get(path))  # type: ignore[misc]
        lines.append(f"| {what} | {queries} | {usual:.1f} | {worst:.1f} | {len(answer.content) / 1024:.0f} |")
        print(lines[-1], flush=True)
    RESULTS.write_text("\n".join(lines) + "\n")


if __name__ == "__main__":
    main()
