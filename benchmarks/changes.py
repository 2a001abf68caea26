"""python -m benchmarks.changes: what deciding, planning and looking back cost, where there is much of everything.

First the bank's history alone; then a board of fifty; then pages in a made-up world (`SCALE`, 0.2 unless said
otherwise; `make bench-world` opens them at the reference size), and in the end a million windows. `make
bench-changes` runs it on servers of its own.
"""

import os
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median
from typing import Any

import django

django.setup()

from django.conf import settings  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django.db import connection  # noqa: E402
from django.utils import timezone  # noqa: E402

from benchmarks import crowd, data, past, waiting, windows  # noqa: E402
from benchmarks.pages import client_of, measure  # noqa: E402
from changes.models import AffectedCI, Authorisation, ChangeRequest  # noqa: E402
from changes.operations import basics  # noqa: E402
from changes.queries.collisions import collisions_of  # noqa: E402
from cmdb.queries.impact import ways  # noqa: E402
from itsm.kernel.actor import Actor  # noqa: E402
from itsm.portal.generate.world import generate  # noqa: E402

RESULTS = Path(__file__).with_name("RESULTS-changes.md")
SCALE = float(os.environ.get("SCALE") or 0.2)
SAME_CI = """
    SELECT count(*) FROM changes_affectedci AS mine
    JOIN changes_affectedci AS other ON other.ci_id = mine.ci_id AND other.change_id > mine.change_id
    JOIN changes_changerequest AS a ON a.id = mine.change_id JOIN changes_changerequest AS b ON b.id = other.change_id
    WHERE a."window" && b."window"
"""
HITS = """
    SELECT count(*) FROM cmdb_hits(
        ARRAY(SELECT ci_id FROM changes_affectedci WHERE change_id = %s), %s, %s, 10, 'hold')
"""
QUEUE = """
    SELECT change_id FROM changes_authorisation JOIN changes_changerequest AS change ON change.id = change_id
    WHERE state = 'pending' AND role = 'change_manager' AND change.status = 'assessment'
    ORDER BY change_id DESC LIMIT 50
"""


def main() -> None:
    settings.ALLOWED_HOSTS = [*settings.ALLOWED_HOSTS, "testserver"]
    call_command("migrate", interactive=False, verbosity=0)
    machine = f"{os.cpu_count()} cores, load {os.getloadavg()[0]:.1f} when it began"
    where = f"`make bench-changes` on {timezone.now():%Y-%m-%d}: {machine}. Times are medians."
    lines = ["# Changes: deciding, planning, looking back", "", where]
    for title, part in (
        ("The bank's history", bank),
        ("A draft policy on it", past.report),
        ("Fifty people decide at once", crowd.report),
        (f"Pages in the world at scale {SCALE:g}", pages),
        ("A million windows", crowded),
    ):
        began = time.monotonic()
        lines += ["", f"## {title}", "", *part()]
        print(f"{title}: {time.monotonic() - began:.0f} s", flush=True)
    print("\n".join(lines))
    RESULTS.write_text("\n".join(lines) + "\n")


def bank() -> list[str]:
    """Imported, and every window compared with all others, one change after the other as their pages do."""
    lines = [*data.load_demo(), "", *data.import_history("first run")]
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")  # what a database does by itself within minutes
    changes = list(ChangeRequest.objects.filter(source="bpic2014").order_by("pk"))
    if not changes:
        return lines
    taken, found, colliding = [], 0, 0
    for change in changes:
        began = time.perf_counter()
        met = [one for one in collisions_of(change).found if one.kind == "change"]
        taken.append((time.perf_counter() - began) * 1000)
        found, colliding = found + len(met), colliding + bool(met)
    bare, pairs = _bare(SAME_CI)
    at_once = f"{bare:,.0f}, all {pairs:,} pairs at once"
    return [
        *lines, "",
        f"Of {len(changes):,} changes {colliding:,} met another one in their window: {found // 2:,} pairs.", "",
        "| collisions | ms | bare statement, ms |", "| --- | ---: | ---: |",
        f"| of one change (slowest {max(taken):.0f}) | {median(taken):.1f} | |",
        f"| of all {len(changes):,}, one by one | {sum(taken):,.0f} | {at_once} |",
    ]  # fmt: skip


def pages() -> list[str]:
    generate(scale=SCALE, now=timezone.now(), say=lambda text: print(text, flush=True))
    hub = ChangeRequest.objects.order_by("-pk")[0]
    usual = ChangeRequest.objects.filter(status="scheduled", source="").order_by("-pk")[101]
    waiting.ask()
    basics.mark(ChangeRequest.objects.filter(pk=hub.pk), timezone.now())  # as the worker has done with every change
    basics.recheck(timezone.now(), Actor.system("benchmark"))
    next_one = Authorisation.objects.filter(policy__name="world").order_by("asked_at", "pk")[0].change
    lines = ["| page | queries | ms | slowest | bare statement, ms |", "| --- | ---: | ---: | ---: | ---: |"]
    client = client_of("change.manager")
    for what, path, bare in (
        ("decision page, most reach", hub.get_absolute_url(), _hits(hub)),
        ("decision page, another change", usual.get_absolute_url(), _hits(usual)),
        (f"queue: the list of {waiting.count():,} that wait", waiting.PAGE, _bare(QUEUE)[0]),
        ("queue: the decision page in it", f"{next_one.get_absolute_url()}?queue=1", _hits(next_one)),
        ("collisions of one change (API)", f"/api/changes/requests/{usual.number}/collisions/", _near(usual)),
    ):
        queries, middle, slowest = measure(lambda path=path: _open(client, path))  # type: ignore[misc]
        lines.append(f"| {what} | {queries} | {middle:.0f} | {slowest:.0f} | {bare:.1f} |")
    return lines


def crowded() -> list[str]:
    return [windows.make(), "", *windows.report()]


def _open(client: Any, path: str) -> None:
    answer = client.get(path)
    assert answer.status_code == 200, (path, answer.status_code)


def _hits(change: ChangeRequest) -> float:
    """Whom it hits, and nothing else of its page."""
    return _bare(HITS, [change.pk, *ways()])[0]


def _near(change: ChangeRequest) -> float:
    touched = AffectedCI.objects.filter(change=change).values("ci")
    on_same = AffectedCI.objects.filter(ci__in=touched).exclude(change=change).values("change")
    met = ChangeRequest.objects.filter(pk__in=on_same, window__overlap=change.window)
    return _timed(lambda: list(met.values_list("pk", flat=True)))


def _bare(statement: str, asked: Any = None) -> tuple[float, int]:
    """Its median time, and the number that it answers."""
    with connection.cursor() as cursor:

        def ask() -> None:
            cursor.execute(statement, asked)
            found.append(cursor.fetchall()[0][0])

        found: list[int] = []
        return _timed(ask), found[0]


def _timed(ask: Callable[[], Any], times: int = 5) -> float:
    taken = []
    for _ in range(times):
        began = time.perf_counter()
        ask()
        taken.append((time.perf_counter() - began) * 1000)
    return median(taken)


if __name__ == "__main__":
    main()
