"""python -m benchmarks.ledger: the ledger with a million entries, and the outbox; writes RESULTS-ledger.md.

.venv/bin/python -m itsm.local exec -- .venv/bin/python -m benchmarks.ledger

It needs an empty database of its own (SLIPWAY_HOME=a new folder), fills it, and leaves it there.
"""

import io
import os
import platform
import resource
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Barrier

import django
from django.core.management import call_command

RESULTS = Path(__file__).with_name("RESULTS-ledger.md")
ENTRIES = int(os.environ.get("ENTRIES", "1000000"))
WRITERS = 8
SECONDS = float(os.environ.get("SECONDS", "8"))
BATCH = 20_000


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "itsm.settings")
    django.setup()
    from itsm.kernel.models import LedgerEntry

    call_command("migrate", interactive=False, verbosity=0)
    if LedgerEntry.objects.exists():
        raise SystemExit(
            "The ledger is not empty: give the benchmark a database of its own (SLIPWAY_HOME=a new folder)."
        )
    from benchmarks import outbox

    lines = [
        "# The ledger and the outbox, measured",
        "",
        (
            "`SLIPWAY_HOME=new-folder .venv/bin/python -m itsm.local exec -- .venv/bin/python -m benchmarks.ledger` on "
            f"{datetime.now(UTC):%Y-%m-%d}: {os.cpu_count()} cores, Python {platform.python_version()}, "
            "PostgreSQL beside it with fsync and synchronous commit."
        ),
        "",
        "| what | seconds | a second |",
        "| --- | ---: | ---: |",
        *appends(),
        *commits(),
        *million(),
        *verification(),
        *outbox.report(),
        "",
        f"Largest memory of the process: {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MB.",
    ]
    print("\n".join(lines))
    RESULTS.write_text("\n".join(lines) + "\n")


def row(what: str, count: int, seconds: float) -> str:
    return f"| {what} | {seconds:.1f} | {count / seconds:,.0f} |"


def timed(deed: Callable[[], int], what: str) -> str:
    began = time.perf_counter()
    return row(what, deed(), time.perf_counter() - began)


def at_once(deed: Callable[[], None], writers: int) -> int:
    """How often the deed was done in SECONDS by so many threads, each with a connection of its own."""
    from django.db import connection

    ready = Barrier(writers)

    def work(_: int) -> int:
        ready.wait()
        done, until = 0, time.perf_counter() + SECONDS
        while time.perf_counter() < until:
            deed()
            done += 1
        connection.close()
        return done

    with ThreadPoolExecutor(writers) as pool:
        return sum(pool.map(work, range(writers)))


def appends() -> Iterator[str]:
    from django.db import transaction

    from itsm.kernel import ledger
    from itsm.kernel.actor import Actor
    from itsm.kernel.models import User

    actor, subject = Actor.system("benchmark"), User.objects.create(username="subject")

    def append() -> None:
        with transaction.atomic():
            ledger.append(actor=actor, subject=subject, decision="authorised", comment="yes", details={"rule": "R1"})

    for writers in (1, WRITERS):
        yield timed(lambda writers=writers: at_once(append, writers), f"appends, {writers} at once")  # type: ignore[misc]


def commits() -> Iterator[str]:
    """What the machine can do: one bare INSERT and COMMIT of a row of that size."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE benchmark_rows (id bigserial PRIMARY KEY, text text)")

    def insert() -> None:
        with connection.cursor() as cursor:
            cursor.execute("INSERT INTO benchmark_rows (text) VALUES (repeat('x', 500))")

    for writers in (1, WRITERS):
        what = f"for comparison: a bare INSERT and COMMIT, {writers} at once"
        yield timed(lambda writers=writers: at_once(insert, writers), what)  # type: ignore[misc]
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE benchmark_rows")


def million() -> Iterator[str]:
    yield timed(fill, f"entries made and copied in, up to {ENTRIES:,}")


def fill() -> int:
    from django.db import connection

    from itsm.kernel import ledger

    (sequence, previous), at, made = ledger.head(), datetime(2026, 1, 1, tzinfo=UTC), 0
    while sequence < ENTRIES:
        buffer = io.StringIO()
        for _ in range(min(BATCH, ENTRIES - sequence)):
            sequence, made = sequence + 1, made + 1
            previous = write(buffer, sequence, at + timedelta(seconds=sequence), previous)
        buffer.seek(0)
        with connection.cursor() as cursor:
            columns = [*ledger.SEALED, "hash"]
            cursor.cursor.copy_expert(f"COPY kernel_ledgerentry ({', '.join(columns)}) FROM STDIN", buffer)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE kernel_ledgerentry")
    return made


def write(buffer: io.StringIO, sequence: int, at: datetime, previous: str) -> str:
    from itsm.kernel import ledger
    from itsm.kernel.models import LedgerEntry

    details = {"authorisation": f"AUT-{sequence}", "role": "change_manager", "basics": {"window": "ok", "plan": "ok"}}
    entry = LedgerEntry(
        sequence=sequence, at=at, actor="Change Manager", subject_type="changes.changerequest", subject_id=sequence,
        subject=f"RFC-{sequence}", decision="authorised", comment="Looks good.", policy_version="Policy 3, rule 2",
        evidence_digest="0" * 64, details=details, previous_hash=previous,
    )  # fmt: skip
    own = ledger.seal(entry)
    values = [getattr(entry, name) for name in ledger.SEALED]
    values[ledger.SEALED.index("details")] = ledger.canonical(details).decode()
    buffer.write("\t".join("\\N" if v is None else str(v) for v in (*values, own)) + "\n")
    return own


def verification() -> Iterator[str]:
    from itsm.kernel import ledger

    def walk() -> int:
        verdict = ledger.verify()
        assert verdict.intact, verdict
        return verdict.examined

    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    line = timed(walk, f"entries verified, of {ENTRIES:,}")
    grown = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024
    yield line.replace("verified,", f"verified (the process grew by {grown:.0f} MB),")


if __name__ == "__main__":
    main()
