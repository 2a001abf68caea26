"""python -m benchmarks.gate: may I deploy? Decisions a second over HTTP, beside bare INSERTs of as many rows.

One web process with four threads, over the demo organisation, whose policy for the shop looks at ten conditions.
`make bench-gate` runs it on servers of its own.
"""

import http.client
import json
import os
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from statistics import quantiles
from typing import Any

import psycopg2

from benchmarks.load import ENVIRONMENT, answer, measure, web

RESULTS = Path(__file__).with_name("RESULTS-gate.md")
EVIDENCE = [
    {"kind": "tests", "name": "unit", "passed": 812, "failed": 0},
    {"kind": "scan", "name": "sast", "critical": 0, "high": 0},
]


def seed() -> str:
    """The demo organisation; the token of its pipeline."""
    import django

    django.setup()
    from django.core.management import call_command
    from django.utils import timezone

    from itsm.kernel import tokens
    from itsm.kernel.models import User
    from itsm.portal.demo.load import load

    call_command("migrate", interactive=False, verbosity=0)
    load(now=timezone.now())
    return tokens.make(User.objects.get(username="pipeline"), name="gate")


def main() -> None:
    command = [sys.executable, "-m", "benchmarks.gate", "seed"]
    seeded = subprocess.run(command, env=os.environ | ENVIRONMENT, check=True, capture_output=True, text=True)
    with web() as port:
        load = f"load {os.getloadavg()[0]:.1f} before"
        where = f"`make bench-gate`, {os.cpu_count()} cores ({load}), one web process, four threads, fsync on."
        lines = ["# The gate under load", "", where, "", *report(port, seeded.stdout.strip())]
    print("\n".join(lines))
    RESULTS.write_text("\n".join(lines) + "\n")


def report(port: int, token: str) -> Iterator[str]:
    headers = {"Authorization": f"Token {token}", "Content-Type": "application/json"}
    numbers, lock = count(1), threading.Lock()

    def ask(evidence: list[dict[str, Any]]) -> Any:
        def once(line: http.client.HTTPConnection) -> None:
            with lock:
                version = f"77.0.{next(numbers)}"
            body = {
                "service": "online-shop", "environment": "production", "artifact": "registry/online-shop",
                "version": version, "commits": ["9f2c41d"], "evidence": evidence,
            }  # fmt: skip
            answer(line, "POST", "/api/transition/deployments/", headers, json.dumps(body), 201)

        return once

    rows = _rows()
    yield "| question | clients | decisions/s | p50 ms | p99 ms | bare INSERTs and COMMIT, ms |"
    yield "| --- | ---: | ---: | ---: | ---: | ---: |"
    failing = [{"kind": "tests", "name": "unit", "passed": 811, "failed": 1}, EVIDENCE[1]]
    for name, evidence in (("good evidence", EVIDENCE), ("a failing test: refused", failing)):
        for clients in (1, 8):
            with _carried_out():
                rate, taken = measure(port, ask(evidence), clients)
            cuts = quantiles(taken, n=100)
            yield f"| {name} | {clients} | {rate:.0f} | {cuts[49]:.1f} | {cuts[98]:.1f} | {rows:.2f} |"


@contextmanager
def _carried_out() -> Iterator[None]:
    """What was authorised is taken as deployed soon after: a service has a few deployments under way, not hundreds."""
    over = threading.Event()
    done = (
        "UPDATE changes_changerequest SET status = 'closed', outcome = 'successful'"
        " WHERE status = 'scheduled' AND title LIKE %s"
    )

    def carry_out() -> None:
        with psycopg2.connect(os.environ["DATABASE_URL"]) as connection, connection.cursor() as cursor:
            while not over.wait(1):
                cursor.execute(done, ["Deploy registry/online-shop 77.%"])
                connection.commit()

    beside = threading.Thread(target=carry_out)
    beside.start()
    try:
        yield
    finally:
        over.set()
        beside.join()


def _rows() -> float:
    """As many rows as a decision writes: deployment, change, evidence, ledger, event, history; median of 200."""
    with psycopg2.connect(os.environ["DATABASE_URL"]) as connection, connection.cursor() as cursor:
        cursor.execute("CREATE TABLE gate_bare (id bigserial PRIMARY KEY, said jsonb)")
        connection.commit()
        taken = []
        for _ in range(200):
            began = time.perf_counter()
            for _ in range(8):
                cursor.execute("INSERT INTO gate_bare (said) VALUES (%s)", [json.dumps(EVIDENCE)])
            connection.commit()
            taken.append((time.perf_counter() - began) * 1000)
        cursor.execute("DROP TABLE gate_bare")
    return sorted(taken)[100]


if __name__ == "__main__":
    print(seed()) if sys.argv[1:] == ["seed"] else main()
