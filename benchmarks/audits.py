"""python -m benchmarks.audits: an audit of 100,000 CIs, beside bare SQL that compares as much; RESULTS-audits.md.

.venv/bin/python -m itsm.local exec --temporary -- .venv/bin/python -m benchmarks.audits
"""

import csv
import io
import os
import resource
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from random import Random
from typing import Any

import django
from django.core.management import call_command

from benchmarks.impact import took

RESULTS = Path(__file__).with_name("RESULTS-audits.md")
RECORDED = int(os.environ.get("RECORDED", "300000"))
AUDITED = int(os.environ.get("AUDITED", "100000"))
RFCS = 20_000
NOW = datetime(2026, 11, 23, tzinfo=UTC)
HEADINGS = ("Key", "Class", "Name", "Environment", "Status", "Version")
COLUMNS = ("key", "ci_class", "name", "environment", "status", "version")
# Of a hundred CIs that the tool knows, 2 are gone, 5 have another version, and 2 are new.
GONE, OTHER, NEW = range(2), range(2, 7), range(7, 9)
KEYS = """
    INSERT INTO cmdb_externalkey (ci_id, source, key)
    SELECT id, 'scan', 'k-' || id FROM cmdb_configurationitem WHERE ci_class_id <> %s ORDER BY id LIMIT %s
"""
KNOWN = """
    SELECT k.key, class.code, ci.name, ci.environment, ci.status, ci.version FROM cmdb_externalkey k
    JOIN cmdb_configurationitem ci ON ci.id = k.ci_id JOIN cmdb_ciclass class ON class.id = ci.ci_class_id
    WHERE k.source = 'scan' ORDER BY k.id
"""
BARE_TABLE = """
    CREATE TEMPORARY TABLE bare (key text, ci_class text, name text, environment text, status text, version text)
"""
BARE = f"""
    SELECT count(*) FILTER (WHERE bare.key IS NULL AND recorded.status = 'live'),
        count(*) FILTER (WHERE recorded.key IS NULL),
        count(*) FILTER (WHERE (bare.name, bare.environment, bare.status, bare.version)
            IS DISTINCT FROM (recorded.name, recorded.environment, recorded.status, recorded.version)
            AND bare.key IS NOT NULL AND recorded.key IS NOT NULL)
    FROM bare FULL JOIN ({KNOWN}) recorded ON recorded.key = bare.key
"""


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "itsm.settings")
    django.setup()
    from django.conf import settings

    settings.ALLOWED_HOSTS = [*settings.ALLOWED_HOSTS, "testserver"]
    call_command("migrate", interactive=False, verbosity=0)
    record()
    found = written(list(seen()))
    counted, bare = compare_bare(found)
    audit, taken = audited(found, verify=False)
    _, verified = audited(found, verify=True)
    peak_mb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    lines = [
        *head(found),
        "| work | s | CIs/s | to bare |",
        "| --- | ---: | ---: | ---: |",
        row("bare", bare, bare),
        row("audit", taken, bare),
        row("audit, what agrees is verified", verified, bare),
        "",
        told(audit, counted),
        f"Largest memory of the process: {peak_mb:.0f} MB (all of Django and the file among it).",
        "",
        "| asked, end to end (median of 5) | ms |",
        "| --- | ---: |",
        *pages(audit),
        drawn(),
    ]
    print("\n".join(lines))
    RESULTS.write_text("\n".join(lines) + "\n")


def head(found: bytes) -> list[str]:
    command = f"env RECORDED={RECORDED} AUDITED={AUDITED} python -m itsm.local exec --temporary -- python -m "
    return [
        "# Audits, measured",
        "",
        f"`{command}benchmarks.audits` on {os.cpu_count()} shared cores.",
        "",
        f"A CMDB of {RECORDED:,} CIs and {RFCS:,} RFCs; a tool knows {AUDITED:,} of the CIs and hands in a CSV of",
        f"{len(found) / 1e6:.1f} MB. Bare: COPY into a temporary table and one full join that only counts. The audit",
        "validates each row, keeps each discrepancy with what is recorded and what was found, looks for changes that",
        "explain it, and, unless told otherwise, writes with its history that the CIs which agree are verified.",
        "",
    ]


def record() -> None:
    from django.db import connection, transaction

    from cmdb.models import ConfigurationItem
    from itsm.kernel.models import RoleAssignment, User
    from itsm.portal.generate import changes, cmdb

    people = [User.objects.create(username=f"bench.{n}").pk for n in range(50)]
    RoleAssignment.objects.create(user_id=people[0], role="configuration_manager")
    dice = Random(7)
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")  # nobody measures the history of what is made up
        layers = cmdb.items(RECORDED, RECORDED // 50, people, NOW, dice, print)
        changes.requests(RFCS, layers, people, NOW, dice, print)
    top = ConfigurationItem.objects.get(pk=layers[0].start).ci_class_id
    with connection.cursor() as cursor:
        cursor.execute(KEYS, [top, AUDITED])
        cursor.execute("VACUUM ANALYZE")


def seen() -> Iterator[tuple[str, ...]]:
    """What the tool found: rows of `COLUMNS`."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(KNOWN)
        known = cursor.fetchall()
    for n, (key, ci_class, name, environment, status, version) in enumerate(known):
        if n % 100 not in GONE:
            yield key, ci_class, name, environment, status, "99.0" if n % 100 in OTHER else version
        if n % 100 in NEW:
            yield f"new-{n}", ci_class, f"new-{n}", environment, "live", version


def written(rows: list[tuple[str, ...]]) -> bytes:
    text = io.StringIO()
    csv.writer(text).writerows([HEADINGS, *rows])
    return text.getvalue().encode()


def compare_bare(found: bytes) -> tuple[tuple[int, ...], float]:
    """What SQL alone counts: missing, unexpected, different; and its seconds."""
    from django.db import connection, transaction

    began = time.perf_counter()
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(BARE_TABLE)
        cursor.copy_expert("COPY bare FROM STDIN (FORMAT csv, HEADER)", io.BytesIO(found))
        cursor.execute(BARE)
        counted = cursor.fetchone()
        transaction.set_rollback(True)
    return counted, time.perf_counter() - began


def audited(found: bytes, *, verify: bool) -> tuple[Any, float]:
    """The audit, and the seconds from handing in to the last discrepancy."""
    from cmdb.auditing import running
    from cmdb.operations import audits
    from itsm.kernel.actor import Actor

    began = time.perf_counter()
    audit = audits.hand_in(
        name="Measured", source="scan", file_name="found.csv", data=[found], verify_matches=verify,
        options={"columns": dict(zip(HEADINGS, COLUMNS, strict=True))}, observed_at=NOW,
        actor=Actor.system("benchmark"), now=NOW + timedelta(minutes=5),
    )  # fmt: skip
    running.carry_out(audit)
    taken = time.perf_counter() - began
    audit.refresh_from_db()
    assert audit.state == "open", audit.failure
    return audit, taken


def row(what: str, taken: float, bare: float) -> str:
    return f"| {what} | {taken:.1f} | {AUDITED / taken:,.0f} | {taken / bare:.1f} |"


def told(audit: Any, compared: tuple[int, ...]) -> str:
    """Both must have found the same."""
    kinds = ("missing", "unexpected", "different")
    found = tuple(audit.discrepancies.filter(kind=kind).count() for kind in kinds)
    assert found == compared, (found, compared)
    explained = audit.discrepancies.filter(state="authorised").count()
    said = ", ".join(f"{count:,} {kind}" for count, kind in zip(found, kinds, strict=True))
    return f"Both find {said}. {explained:,} of them a change explains."


def pages(audit: Any) -> Iterator[str]:
    from benchmarks.pages import client_of

    client = client_of("bench.0")
    for what, address in (
        ("page of the audit", audit.get_absolute_url()),
        ("page of its discrepancies, one kind", f"{audit.get_absolute_url()}discrepancies/?kind=different&state=open"),
        ("the same by REST", f"/api/cmdb/audits/{audit.number}/discrepancies/?kind=different&state=open"),
    ):
        assert client.get(address).status_code == 200, address
        yield f"| {what} | {took(partial(client.get, address)):.0f} |"


def drawn() -> str:
    from cmdb.operations import samples
    from itsm.kernel.actor import Actor

    due = (NOW + timedelta(days=7)).date()
    draw = partial(samples.draw, name="Live", size=200, due_on=due, actor=Actor.system("benchmark"), now=NOW)
    return f"| 200 CIs drawn by lot from all that live | {took(draw):.0f} |"


if __name__ == "__main__":
    main()
