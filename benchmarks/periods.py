"""python -m benchmarks.periods: 100,000 streams opened and closed, beside one SQL statement; RESULTS-periods.md.

SLIPWAY_HOME=new-folder .venv/bin/python -m itsm.local exec --temporary -- .venv/bin/python -m benchmarks.periods
"""

import os
import platform
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import django
from django.core.management import call_command

RESULTS = Path(__file__).with_name("RESULTS-periods.md")
SERVICES = int(os.environ.get("SERVICES", "20000"))
NOW = datetime(2026, 11, 25, 12, tzinfo=UTC)  # a Wednesday
OPEN = """
    INSERT INTO transition_streamperiod (stream_id, span, expected_min, expected_max, state)
    SELECT id, tstzrange(%s, %s), min_runs, max_runs, 'open' FROM transition_deliverystream
    WHERE period_days = ANY (%s)
"""
FAR = datetime(2030, 1, 1, tzinfo=UTC)
CLOSE = """
    UPDATE transition_streamperiod AS period SET closed_at = %s, state = CASE WHEN (
        SELECT count(*) FROM transition_streamrun AS run WHERE run.period_id = period.id AND outcome <> 'failed'
    ) >= expected_min THEN 'met' ELSE 'missed' END
    WHERE state = 'open' AND upper(span) <= %s
"""
ANOTHER_BEAT = "import benchmarks.periods as b; b.begin(); print(b.turned(b.datetime.fromisoformat({at!r})))"


def main() -> None:
    begin()
    call_command("migrate", interactive=False, verbosity=0)
    streams = fill()
    lines = [
        "# Periods of streams, measured",
        "",
        (
            "`.venv/bin/python -m itsm.local exec --temporary -- .venv/bin/python -m benchmarks.periods` on "
            f"{datetime.now(UTC):%Y-%m-%d}: {os.cpu_count()} cores, Python {platform.python_version()}, PostgreSQL "
            "beside it with fsync and synchronous commit."
        ),
        "",
        (
            f"{streams:,} streams of {SERVICES:,} services, four of five with a rhythm. "
            "The statement writes or judges as many rows in the same table, its history and revisions kept likewise; "
            "the clockwork also finds what is due, computes it, winds its clocks, and records an event for each "
            "period that was judged and a message for each owner."
        ),
        "",
        "| work | periods | clockwork, s | one statement, s | ratio |",
        "| --- | ---: | ---: | ---: | ---: |",
        *measured(),
    ]
    print("\n".join(lines))
    RESULTS.write_text("\n".join(lines) + "\n")


def begin() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "itsm.settings")
    django.setup()


def fill() -> int:
    """Streams that all begin on the Tuesday before, owned by nobody but their services' fifty owners."""
    from django.contrib.auth.hashers import make_password
    from django.db import connection

    from cmdb.models import CIClass, ConfigurationItem, Service
    from itsm.kernel.models import User
    from itsm.portal.generate.transition import plans
    from transition.models import DeliveryStream

    kind, _ = CIClass.objects.get_or_create(code="service", defaults={"name": "Service", "kind": "service"})
    owners = User.objects.bulk_create(User(username=f"owner-{n}", password=make_password(None)) for n in range(50))
    cis = ConfigurationItem.objects.bulk_create(ConfigurationItem(ci_class=kind, name=f"s{n}") for n in range(SERVICES))
    services = Service.objects.bulk_create(
        Service(ci=ci, slug=ci.name, owner=owners[n % 50]) for n, ci in enumerate(cis)
    )
    plans(range(services[0].pk, services[-1].pk + 1), lambda text: None)
    with connection.cursor() as cursor:
        cursor.execute("UPDATE transition_deliverystream SET active_from = '2026-11-24'")
        cursor.execute("VACUUM ANALYZE transition_deliverystream, transition_streamclock, transition_streamperiod")
    return DeliveryStream.objects.count()


def turned(now: datetime) -> tuple[int, int]:
    """Lot by lot until nothing is left: how many were opened and closed."""
    from itsm.kernel.actor import Actor
    from transition.operations import periods

    opened = closed = 0
    while (lot := periods.turn(now=now, actor=Actor.system("cadence"))) != periods.Turned(0, 0):
        opened, closed = opened + lot.opened, closed + lot.closed
    return opened, closed


def measured() -> list[str]:
    from transition.models import StreamPeriod

    tuesday = NOW - timedelta(days=1)
    bare_open = timed(lambda: statement(OPEN, [FAR, FAR + timedelta(days=1), [1, 2, 7]]))
    (opened, _), opening = timed_with(lambda: turned(tuesday))
    rows = [row("open a day's periods", opened, opening, bare_open)]
    due = StreamPeriod.objects.filter(state="open", span__endswith__lte=NOW).count()
    bare_close = timed(lambda: statement(CLOSE, [NOW, NOW]))
    bare_next = timed(lambda: statement(OPEN, [FAR, FAR + timedelta(days=1), [1, 2]]))
    (opened, closed), both = timed_with(lambda: turned(NOW))
    assert closed == due
    rows.append(row("the next day: close those, open the new ones", opened + closed, both, bare_close + bare_next))
    rows.append(two_beats(NOW + timedelta(days=14)))
    (_, nothing), idle = timed_with(lambda: turned(NOW + timedelta(days=14)))
    assert nothing == 0
    return [*rows, f"| nothing is due | 0 | {idle:.3f} | | |"]


def two_beats(at: datetime) -> str:
    """Two processes turn at once after a fortnight's outage: what each did, and that nothing is there twice."""
    from django.db.models import Count

    from transition.models import StreamPeriod

    began, before = time.perf_counter(), StreamPeriod.objects.count()
    command = [sys.executable, "-c", ANOTHER_BEAT.format(at=at.isoformat())]
    beats = [subprocess.Popen(command, stdout=subprocess.PIPE, text=True) for _ in "ab"]
    done = [beat.communicate()[0].strip().splitlines()[-1] for beat in beats]
    taken, written = time.perf_counter() - began, StreamPeriod.objects.count() - before
    doubled = StreamPeriod.objects.values("stream", "span").annotate(n=Count("pk")).filter(n__gt=1).count()
    assert doubled == 0
    assert not StreamPeriod.objects.filter(state="open", span__endswith__lte=at).exists()
    said = (
        f"two beats at once after an outage of 14 days (opened, closed by each: {done[0]} and {done[1]}; none doubled)"
    )
    return f"| {said} | {written:,} opened | {taken:.1f} | | |"


def statement(sql: str, arguments: list[Any]) -> None:
    """Done, and taken back."""
    from django.db import connection, transaction

    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql, arguments)
        transaction.set_rollback(True)


def timed(work: Callable[[], None]) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def timed_with(work: Callable[[], tuple[int, int]]) -> tuple[tuple[int, int], float]:
    began = time.perf_counter()
    found = work()
    return found, time.perf_counter() - began


def row(what: str, count: int, ours: float, theirs: float) -> str:
    return f"| {what} | {count:,} | {ours:.1f} | {theirs:.1f} | {ours / theirs:.1f} |"


if __name__ == "__main__":
    main()
