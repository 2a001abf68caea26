"""python -m benchmarks.imports: a table of CIs and their relations, beside bare COPY into the same tables.

`SIZES` CIs, each related to three others: first taken in, then handed in again, then taken back; RESULTS-imports.md.

.venv/bin/python -m itsm.local exec --temporary -- .venv/bin/python -m benchmarks.imports
"""

import json
import os
import resource
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import django
from django.core.management import call_command

RESULTS = Path(__file__).with_name("RESULTS-imports.md")
SIZES = [int(size) for size in os.environ.get("SIZES", "100000 1000000").split()]
HEADINGS = ("Key", "Name", "Environment", "Status", "Version", "Criticality", "RAM", "Rack", "Rests on")
COLUMNS = ("key", "name", "environment", "status", "version", "criticality", "attributes.ram_gb", "attributes.rack",
           "relations.depends_on")  # fmt: skip
OPTIONS = {"columns": dict(zip(HEADINGS, COLUMNS, strict=True)), "fixed": {"ci_class": "bench"}}
SCHEMA = {"properties": {"ram_gb": {"type": "integer", "minimum": 1}, "rack": {"type": "string"}}}
FAN_OUT = 3
TAKEN_BACK = 100_000  # larger ones are neither previewed nor taken back, for time
ENVIRONMENTS = ("production", "staging", "test")
TABLES = {
    "cmdb_configurationitem": "id, ci_class_id, name, environment, status, version, criticality, attributes",
    "cmdb_externalkey": "ci_id, source, key, said",
    "cmdb_relation": "source_id, type, target_id, told_by",
}


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "itsm.settings")
    django.setup()
    call_command("migrate", interactive=False, verbosity=0)
    from cmdb.models import CIClass

    class_id = CIClass.objects.get_or_create(code="bench", name="Bench", schema=SCHEMA)[0].pk
    sizes = " ".join(map(str, SIZES))
    command = f'env SIZES="{sizes}" python -m itsm.local exec --temporary -- python -m benchmarks.imports'
    head = [
        "# Imports, measured",
        "",
        f"`{command}` on {os.cpu_count()} shared cores.",
        "",
        "A CSV of CIs with two attributes, each resting on three others; rows are CIs and relations together.",
        "Bare: COPY of the same rows, made beforehand, into the same three tables with their indexes, and with the",
        "triggers that write the history, or without any. The import reads the file piece by piece, checks each row by",
        "the schema of its class, compares all with what is recorded, keeps each difference for the roll-back and what",
        "the source said, and writes the same rows with the same history.",
        "Memory is the largest of the worker's process so far, all of Django among it.",
        "",
        "| CIs | relations | file (MB) | work | s | rows/s | to bare | memory (MB) |",
        "| ---: | ---: | ---: | --- | ---: | ---: | ---: | ---: |",
    ]
    lines: list[str] = []
    for line in (line for size in SIZES for line in measured(size, class_id)):
        lines.append(line)
        RESULTS.write_text("\n".join([*head, *lines]) + "\n")


def measured(size: int, class_id: int) -> Iterator[str]:
    with tempfile.TemporaryDirectory() as folder:
        table = written(Path(folder) / "found.csv", found(size))
        prepared(Path(folder), size, class_id)
        bare = {}
        for what, role in (("COPY, no triggers", "replica"), ("COPY", "origin")):
            bare[what] = took(lambda role=role: copied(Path(folder), role))[1]
        of_a_row = [f"{size:,}", f"{size * FAN_OUT:,}", f"{table.stat().st_size / 1e6:.0f}"]

        def line(what: str, taken: float) -> str:
            rows = size * (1 + FAN_OUT) / taken
            figures = [f"{taken:.1f}", f"{rows:,.0f}", f"{taken / bare['COPY']:.1f}", f"{memory():.0f}"]
            said = f"| {' | '.join([*of_a_row, what, *figures])} |"
            print(said, flush=True)
            return said

        for what, taken in bare.items():
            yield line(what, taken)
        if size <= TAKEN_BACK:
            run, taken = took(lambda: imported(table, dry_run=True))
            assert run.state == "previewed", run.failure
            yield line("preview", taken)
        run, taken = took(lambda: imported(table))
        assert (run.state, run.counts["created"], run.counts["related"]) == ("done", size, size * FAN_OUT), run.failure
        yield line("import", taken)
        again, taken = took(lambda: imported(table))
        assert (again.counts["unchanged"], again.counts["related"]) == (size, 0), again.counts
        yield line("the same file again", taken)
        if size <= TAKEN_BACK:
            taken_back, taken = took(lambda: rolled_back(run))
            assert taken_back.state == "rolled_back", taken_back.failure
            yield line("rolled back", taken)
            vacuum()


def found(size: int) -> Iterator[tuple[Any, ...]]:
    """Rows of `COLUMNS`."""
    for n in range(size):
        rests_on = ";".join(f"host-{other:07}" for other in others(n, size))
        yield (
            f"host-{n:07}", f"host-{n:07}.example.org", ENVIRONMENTS[n % 3], "live", f"{n % 9}.{n % 50}", 1 + n % 4,
            2 ** (n % 8), f"rack {n % 500}", rests_on,
        )  # fmt: skip


def others(n: int, size: int) -> list[int]:
    near = ((n * 7919 + step * 104_729 + 1) % size for step in range(FAN_OUT + 1))
    return [other for other in near if other != n][:FAN_OUT]


def written(path: Path, rows: Iterator[tuple[Any, ...]]) -> Path:
    with path.open("w") as file:
        file.write(",".join(HEADINGS) + "\n")
        file.writelines(",".join(map(str, row)) + "\n" for row in rows)
    return path


def prepared(folder: Path, size: int, class_id: int) -> None:
    for table, lines in zip(TABLES, (items, keys, relations), strict=True):
        with (folder / table).open("w") as file:
            file.writelines(lines(size, class_id))


def copied(folder: Path, role: str) -> None:
    """Taken back at the end."""
    from django.db import connection, transaction

    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"SET LOCAL session_replication_role = {role}")
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")  # or the checks that wait cost the square of their number
        for table, columns in TABLES.items():
            with (folder / table).open() as file:
                cursor.copy_expert(f"COPY {table} ({columns}) FROM STDIN", file)
        transaction.set_rollback(True)


FIRST = 100_000_000


def items(size: int, class_id: int) -> Iterator[str]:
    for n, (_, name, environment, status, version, criticality, ram, rack, _) in enumerate(found(size)):
        attributes = json.dumps({"ram_gb": ram, "rack": rack})
        yield f"{FIRST + n}\t{class_id}\t{name}\t{environment}\t{status}\t{version}\t{criticality}\t{attributes}\n"


def keys(size: int, class_id: int) -> Iterator[str]:
    for n, (key, name, environment, status, version, criticality, ram, rack, _) in enumerate(found(size)):
        said = json.dumps({
            "name": name, "ci_class": "bench", "environment": environment, "status": status, "version": version,
            "criticality": criticality, "attributes": {"ram_gb": ram, "rack": rack},
        })  # fmt: skip
        yield f"{FIRST + n}\tbench\t{key}\t{said}\n"


def relations(size: int, class_id: int) -> Iterator[str]:
    for n in range(size):
        for other in others(n, size):
            yield f"{FIRST + n}\tdepends_on\t{FIRST + other}\t{{bench}}\n"


def took(work: Callable[[], Any]) -> tuple[Any, float]:
    began = time.perf_counter()
    done = work()
    return done, time.perf_counter() - began


def imported(table: Path, *, dry_run: bool = False) -> Any:
    """From handing in to the last row."""
    from cmdb.importing import running
    from cmdb.operations import imports
    from itsm.kernel.actor import Actor

    with table.open("rb") as file:
        run = imports.hand_in(
            file_name=table.name, data=iter(lambda: file.read(1 << 20), b""), source="bench", options=OPTIONS,
            dry_run=dry_run, actor=Actor.system("benchmark"),
        )  # fmt: skip
    running.carry_out(run)
    run.refresh_from_db()
    return run


def rolled_back(run: Any) -> Any:
    from cmdb.importing import running
    from cmdb.operations import imports
    from itsm.kernel.actor import Actor

    imports.roll_back(run_id=run.pk, actor=Actor.system("benchmark"))
    run.refresh_from_db()
    running.carry_out(run)
    run.refresh_from_db()
    return run


def memory() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def vacuum() -> None:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")


if __name__ == "__main__":
    main()
