"""python -m benchmarks.impact: what is hit, beside the bare recursive query that fetches all rows.

A layered graph of `CIS` CIs (`manage.py generate`'s), then the same with 5 % of its relations both ways, then with
groups. Times are medians of 5 after 1; end to end is the REST answer through all the middleware. With `CIS=0` the
graph that is there is measured, and what is written to it is taken back.
"""

import os
import time
from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from random import Random
from statistics import median
from typing import Any
from urllib.parse import urlencode

import django
from django.core.management import call_command

RESULTS = Path(__file__).with_name("RESULTS-impact.md")
CIS = int(os.environ.get("CIS", "300000"))
WANTED = (100, 10_000, 100_000)
DEPTH = 10
NEW_LINE = "\n"
VIEWER = "bench.viewer" if CIS else "viewer"
BARE = """
    WITH RECURSIVE hit (id, depth) AS (
        SELECT unnest(%(starts)s::bigint[]), 0
        UNION SELECT r.source_id, hit.depth + 1 FROM hit JOIN cmdb_relation r ON r.target_id = hit.id
        WHERE hit.depth < %(depth)s AND r.type = ANY (ARRAY['depends_on', 'runs_on', 'connects_to'])
    )
    SELECT ci.id, ci.name, ci.ci_class_id, min(hit.depth) FROM hit JOIN cmdb_configurationitem ci ON ci.id = hit.id
    GROUP BY ci.id
"""
BOTH_WAYS = """
    INSERT INTO cmdb_relation (id, source_id, type, target_id)
    SELECT id + 100000000, target_id, type, source_id FROM cmdb_relation WHERE id %% 20 = 0
"""
GROUPS = """
    WITH made AS (
        INSERT INTO cmdb_relationgroup (ci_id, name, needs)
        SELECT source_id, 'cluster', 2 FROM cmdb_relation WHERE type = 'depends_on'
        GROUP BY source_id HAVING count(*) >= 3 AND source_id %% 20 = 0
        RETURNING id, ci_id
    )
    UPDATE cmdb_relation r SET group_id = made.id FROM made WHERE made.ci_id = r.source_id AND r.type = 'depends_on'
"""


def took(work: Callable[[], Any], times: int = 5) -> float:
    """Milliseconds, the median."""
    work()
    taken = []
    for _ in range(times):
        began = time.perf_counter()
        work()
        taken.append((time.perf_counter() - began) * 1000)
    return median(taken)


def generate() -> None:
    from django.db import connection

    from itsm.kernel.models import User
    from itsm.portal.generate import cmdb

    for name in ("bench.viewer", *(f"bench.{n}" for n in range(50))):
        User.objects.create(username=name)
    people = list(User.objects.values_list("pk", flat=True))
    dice = Random(7)
    layers = cmdb.items(CIS, CIS // 50, people, datetime(2026, 11, 23, tzinfo=UTC), dice, print)
    cmdb.relations(layers, dice, print)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def starts() -> list[tuple[int, ...]]:
    """CIs that reach about as many as is wanted: one alone, or for the most several together."""
    from cmdb.models import ConfigurationItem
    from cmdb.queries.impact import reach

    found: dict[int, int] = {}
    for code in ("spine-switch", "leaf-switch", "hypervisor", "virtual-machine", "database-engine", "schema"):
        for pk in ConfigurationItem.objects.filter(ci_class__code=code).order_by("pk").values_list("pk", flat=True)[:4]:
            found[pk] = len(reach([pk], depth=DEPTH))
    chosen: list[tuple[int, ...]] = [(min(found, key=lambda pk: abs(found[pk] - wanted)),) for wanted in WANTED[:2]]
    most = list(
        ConfigurationItem.objects.filter(ci_class__code="spine-switch")
        .order_by("pk")
        .values_list("pk", flat=True)[:100]
    )
    together = next((n for n in (1, 5, 10, 20, 40, 70) if len(reach(most[:n], depth=DEPTH)) >= WANTED[2]), 100)
    return [*chosen, tuple(most[:together])]


def rows(title: str) -> list[str]:
    from benchmarks.pages import client_of
    from cmdb.models import ConfigurationItem
    from cmdb.queries.hits import Question, answer_to
    from cmdb.queries.impact import reach

    client = client_of(VIEWER)

    lines = []
    for together in starts():
        first, *others = (ConfigurationItem(pk=start).number for start in together)
        ids = len(reach(together, depth=DEPTH))
        rest = f"/api/cmdb/cis/{first}/impact/?{urlencode({'with': ','.join(others)} if others else {})}"
        page = f"/cmdb/cis/{first}/impact/?{urlencode({'with': NEW_LINE.join(others)})}"
        assert client.get(rest).status_code == client.get(page).status_code == 200
        times = [
            took(partial(bare, together)),
            took(partial(answer_to, Question(together))),
            took(partial(client.get, rest)),
            took(partial(client.get, page)),
        ]
        figures = " | ".join(f"{figure:.1f}" for figure in times)
        lines.append(f"| {title} | {ids:,} | {figures} | {times[2] / times[0]:.2f} |")
        print(lines[-1])
    return lines


def bare(starts: tuple[int, ...]) -> int:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(BARE, {"starts": list(starts), "depth": DEPTH})
        return len(cursor.fetchall())


def measured() -> list[str]:
    from django.db import connection

    lines = rows("layered")
    for title, change in (("5 % both ways", BOTH_WAYS), ("and 5 % of CIs behind 2 of n", GROUPS)):
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL session_replication_role = replica")  # nobody measures the history of this
            cursor.execute(change, {})
            cursor.execute("SET LOCAL session_replication_role = DEFAULT")
            cursor.execute("ANALYZE cmdb_relation")
        lines += rows(title)
    return lines


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "itsm.settings")
    django.setup()
    from django.conf import settings
    from django.db import transaction

    from cmdb.models import ConfigurationItem

    settings.ALLOWED_HOSTS = [*settings.ALLOWED_HOSTS, "testserver"]
    if CIS:
        call_command("migrate", interactive=False, verbosity=0)
        generate()
    with transaction.atomic():
        lines = measured()
        transaction.set_rollback(True)
    cis = CIS or ConfigurationItem.objects.count()
    head = [
        "# Impact, measured",
        "",
        f"`env CIS={cis} python -m benchmarks.impact` on {os.cpu_count()} shared cores.",
        "Milliseconds, medians of 5. Bare: the recursive query on (id, depth), joined to the CIs, all rows fetched;",
        "it knows no groups and no paths.",
        "",
        "| graph | reached | bare | totals and page | REST, end to end | page, end to end | REST to bare |",
        "| --- | ---: | ---: | ---: | ---: | ---: | ---: |",
    ]
    RESULTS.write_text("\n".join([*head, *lines]) + "\n")


if __name__ == "__main__":
    main()
