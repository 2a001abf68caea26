"""python -m benchmarks.world: pages and endpoints in made-up worlds, as their people ask them.

Of each of `SCALES` (1: a million CIs, 3 million relations, 200,000 RFCs, 2 million deployments) a world is made on
servers of its own, one after the other, and the same is asked of each: what is flat shows it. `make bench-world`
takes minutes, and gigabytes of disk.
"""

import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import django

RESULTS = Path(__file__).with_name("RESULTS-world.md")
SCALES = os.environ.get("SCALES") or "0.01 1"
Measured = dict[str, Any]


def make(scale: float) -> dict[str, int]:
    """The demo and a world of this scale; how much of each kind there is then."""
    from django.core.management import call_command
    from django.db import connection
    from django.utils import timezone

    from benchmarks import waiting
    from changes.models import ChangeRequest
    from changes.operations import basics
    from cmdb.models import ConfigurationItem, Relation
    from itsm.kernel.actor import Actor
    from itsm.portal import words
    from itsm.portal.demo.load import load
    from itsm.portal.generate.world import generate
    from transition.models import Deployment

    call_command("migrate", interactive=False, verbosity=0)
    load(now=timezone.now())
    generate(scale=scale, now=timezone.now(), say=lambda text: print(text, flush=True))
    waiting.ask()
    words.learn()  # as a worker does, so that typing errors are found
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    last = ChangeRequest.objects.order_by("-pk")[:1]  # its page is opened below, after the worker has examined it
    basics.mark(ChangeRequest.objects.filter(pk__in=[change.pk for change in last]), timezone.now())
    basics.recheck(timezone.now(), Actor.system("benchmark"))
    kinds = {"CIs": ConfigurationItem, "relations": Relation, "RFCs": ChangeRequest, "deployments": Deployment}
    return {name: model._default_manager.count() for name, model in kinds.items()}


def addresses() -> list[tuple[str, str]]:
    from changes.models import ChangeRequest
    from cmdb.models import ConfigurationItem, Service

    def tenth(code: str) -> ConfigurationItem:
        return ConfigurationItem.objects.filter(ci_class__code=code).order_by("pk")[10]

    machine, cis, api = tenth("virtual-machine"), "/cmdb/cis/", "/api/cmdb/cis/"
    service = Service.objects.filter(name__startswith="business-service").order_by("pk")[5]
    change = ChangeRequest.objects.order_by("-pk")[0]
    impact = "impact/?direction=downstream&depth=20&limit=50"
    return [
        ("API: 50 CIs", f"{api}?limit=50"),
        ("API: 50 CIs by class and environment", f"{api}?limit=50&ci_class=hypervisor&environment=test"),
        ("API: 50 CIs by a part of the name", f"{api}?limit=50&name__icontains=queue-0001"),
        ("API: 50 CIs, the most critical first", f"{api}?limit=50&ordering=-criticality"),
        ("API: 50 CIs, what was changed last", f"{api}?limit=50&ordering=-updated_at"),
        ("API: one CI", f"{api}{machine.pk}/"),
        ("API: impact of a message queue", f"{api}{tenth('message-queue').pk}/{impact}"),
        ("API: impact of a virtual machine", f"{api}{machine.pk}/{impact}"),
        ("API: impact of a switch", f"{api}{tenth('spine-switch').pk}/{impact}"),
        ("API: search for a name", f"/api/search/?q={machine.name}"),
        ("API: search for a word that fits many", "/api/search/?q=hypervisor"),
        ("API: search with a typing error", "/api/search/?q=hypervizor"),
        ("API: search for a number", f"/api/search/?q={machine.number}"),
        ("page: list of CIs", cis),
        ("page: list of CIs, by class and environment", f"{cis}?ci_class=hypervisor&environment=test"),
        ("page: list of CIs, never verified", f"{cis}?verification=never"),
        ("page: list of CIs, due to be verified again", f"{cis}?verification=due"),
        ("page: list of CIs, by state", f"{cis}?ordering=status"),
        ("page: list of CIs, by words", f"{cis}?search=queue-0001"),
        ("page: search", f"/search/?q={machine.name}"),
        ("page: one CI", machine.get_absolute_url()),
        ("page: one service", service.get_absolute_url()),
        ("page: dashboard of a service", f"/transition/services/{service.slug}/"),
        ("page: list of RFCs", "/changes/requests/"),
        ("page: one RFC", change.get_absolute_url()),
        ("API: 50 deployments", "/api/transition/deployments/?limit=50"),
        *_queue(change.get_absolute_url()),
    ]


def _queue(change: str) -> list[tuple[str, str]]:
    from benchmarks import waiting

    return [("page: the queue of decisions", waiting.PAGE), ("page: one RFC in the queue", f"{change}?queue=1")]


def measured(scale: float) -> Measured:
    from benchmarks.pages import client_of, measure

    began = time.monotonic()
    there = make(scale)
    took, asked = time.monotonic() - began, {}
    usual, decider = client_of("config.manager"), client_of("change.manager")
    for client in (usual, decider):
        client.defaults["HTTP_HOST"] = "127.0.0.1"
    for what, path in addresses():
        client = decider if "queue of" in what or "in the queue" in what else usual
        answer = client.get(path)
        if answer.status_code != 200:
            raise SystemExit(f"{what}: {path} answers {answer.status_code}")
        asked[what] = [*measure(lambda ask=client.get, path=path: ask(path)), len(answer.content)]  # type: ignore[misc]
        print(what, *asked[what], flush=True)
    return {"there": there, "made_in": took, "asked": asked}


def apart(scale: str) -> Measured:
    """Measured in a process and on servers of its own."""
    with tempfile.TemporaryDirectory() as folder:
        told = Path(folder) / "measured.json"
        here = [sys.executable, "-m", "benchmarks.world", scale, str(told)]
        subprocess.run([sys.executable, "-m", "itsm.local", "exec", "--temporary", "--", *here], check=True)
        return json.loads(told.read_text())  # type: ignore[no-any-return]


def table(worlds: list[Measured]) -> list[str]:
    columns = [f"ms at {world['there']['CIs']:,} CIs" for world in worlds]
    lines = [f"| what | queries | {' | '.join(columns)} | slowest | kB |", f"| --- {'| ---: ' * (len(worlds) + 3)}|"]
    for what in worlds[0]["asked"]:
        each = [world["asked"][what] for world in worlds]
        queries = " / ".join(dict.fromkeys(str(queries) for queries, *_ in each))
        usual = " | ".join(f"{ms:.1f}" for _, ms, _, _ in each)
        lines.append(f"| {what} | {queries} | {usual} | {each[-1][2]:.1f} | {each[-1][3] / 1024:.0f} |")
    return lines


def main() -> None:
    worlds = [apart(scale) for scale in SCALES.split()]
    lines = [
        "# In made-up worlds",
        "",
        f"`make bench-world`, {os.cpu_count()} cores. Milliseconds, medians of 20; slowest",
        "",
    ]
    lines[2] += " and kB are those of the largest world. By Django's test client, through all the middleware."
    for world in worlds:
        counts = ", ".join(f"{number:,} {name}" for name, number in world["there"].items())
        lines.append(f"* {counts}; made in {world['made_in']:.0f} s.")
    RESULTS.write_text("\n".join([*lines, "", *table(worlds)]) + "\n")


if __name__ == "__main__":
    if len(sys.argv) > 1:
        django.setup()
        Path(sys.argv[2]).write_text(json.dumps(measured(float(sys.argv[1]))))
    else:
        main()
