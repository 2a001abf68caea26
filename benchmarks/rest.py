"""python -m benchmarks.rest: requests a second of list, detail and decide, with one and with eight clients.

One web process with four threads as in production, over a real connection; beside it the bare statement, in this
process, that reads or writes the same rows. `make bench-rest` runs it on servers of its own.
"""

import http.client
import json
import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from statistics import quantiles
from typing import Any

import psycopg2

from benchmarks.load import ENVIRONMENT, Ask, answer, measure, web

RESULTS = Path(__file__).with_name("RESULTS-rest.md")
DECISIONS, CLIENTS = 1200, (1, 8)
ROWS = "SELECT id, title, status, type, created_at::text, revision FROM changes_changerequest"


def main() -> None:
    environment = os.environ | ENVIRONMENT
    seed = [sys.executable, "-m", "tests.faults.seed", str(DECISIONS)]
    seeded = json.loads(subprocess.run(seed, env=environment, check=True, capture_output=True, text=True).stdout)
    with web() as port:
        where = f"`make bench-rest`, {os.cpu_count()} cores, one web process, four threads."
        lines = ["# REST under load", "", where, "", *report(port, seeded)]
    print("\n".join(lines))
    RESULTS.write_text("\n".join(lines) + "\n")


def report(port: int, seeded: dict[str, Any]) -> Iterator[str]:
    headers = {"Authorization": f"Token {seeded['token']}", "Content-Type": "application/json"}
    todo = iter(seeded["authorisations"])
    lock = threading.Lock()

    def get(path: str) -> Ask:
        return lambda line: answer(line, "GET", path, headers)

    def decide(line: http.client.HTTPConnection) -> None:
        with lock:
            number = next(todo)
        body = json.dumps({"decision": "authorised"})
        answer(line, "POST", f"/api/changes/authorisations/{number}/decide/", headers | {"If-Match": '"r1"'}, body)

    yield "| work | clients | requests/s | p50 ms | p99 ms | bare statement ms |"
    yield "| --- | ---: | ---: | ---: | ---: | ---: |"
    for name, ask, bare in (
        ("list of 50 changes", get("/api/changes/requests/?limit=50"), _read(f"{ROWS} ORDER BY id DESC LIMIT 50")),
        ("one change", get("/api/changes/requests/RFC-7/"), _read(f"{ROWS} WHERE id = 7")),
        ("decide", decide, _write),
    ):
        for clients in CLIENTS:
            rate, taken = measure(port, ask, clients)
            cuts = quantiles(taken, n=100)
            yield f"| {name} | {clients} | {rate:.0f} | {cuts[49]:.1f} | {cuts[98]:.1f} | {_median(bare):.2f} |"


def _read(statement: str) -> Callable[[Any], None]:
    def work(cursor: Any) -> None:
        cursor.execute(statement)
        json.dumps(cursor.fetchall())

    return work


def _write(cursor: Any) -> None:
    cursor.execute("INSERT INTO fault_effects (name) VALUES ('bare')")
    cursor.connection.commit()


def _median(work: Callable[[Any], None]) -> float:
    with psycopg2.connect(os.environ["DATABASE_URL"]) as connection, connection.cursor() as cursor:
        taken = []
        for _ in range(200):
            began = time.perf_counter()
            work(cursor)
            taken.append((time.perf_counter() - began) * 1000)
    return sorted(taken)[100]


if __name__ == "__main__":
    main()
