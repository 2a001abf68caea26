"""A web process of its own under load, as the benchmarks of REST and of the gate have it."""

import http.client
import os
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

SECONDS = 8
ENVIRONMENT = {"REQUESTS_A_MINUTE": "0", "SLIPWAY_HTTPS": "0", "LOG_LEVEL": "ERROR"}
Ask = Callable[[http.client.HTTPConnection], None]


@contextmanager
def web() -> Iterator[int]:
    """One process with four threads; its port."""
    port = _free_port()
    bind = ["--bind", f"127.0.0.1:{port}", "--worker-class", "gthread", "--workers", "1", "--threads", "4"]
    command = [sys.executable, "-m", "gunicorn", "itsm.wsgi", *bind, "--preload", "--no-control-socket"]
    process = subprocess.Popen(command, env=os.environ | ENVIRONMENT)
    try:
        _wait(port)
        yield port
    finally:
        process.terminate()
        process.wait(20)


def measure(port: int, ask: Ask, clients: int) -> tuple[float, list[float]]:
    """Requests a second, and how long each took (ms), after a short warm-up of each client."""
    taken: list[float] = []
    end = time.perf_counter() + SECONDS

    def client() -> None:
        line = http.client.HTTPConnection("127.0.0.1", port)
        while time.perf_counter() < end:
            began = time.perf_counter()
            try:
                ask(line)
            except StopIteration:
                return
            taken.append((time.perf_counter() - began) * 1000)

    began = time.perf_counter()
    threads = [threading.Thread(target=client) for _ in range(clients)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return len(taken) / (time.perf_counter() - began), taken


def answer(
    line: http.client.HTTPConnection, method: str, path: str, headers: Any, body: str | None = None, status: int = 200
) -> None:
    line.request(method, path, body, headers)
    got = line.getresponse()
    said = got.read()
    assert got.status == status, (got.status, said[:500])


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _wait(port: int) -> None:
    for _ in range(600):
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
            return
        except OSError:
            time.sleep(0.1)
    raise TimeoutError("The web process did not come up.")
