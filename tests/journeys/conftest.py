"""Real worker and scheduler processes on the test's own database and broker."""

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import quote

import pytest
from django.conf import settings
from django.db import connection

CHECKOUT = Path(__file__).resolve().parents[2]
Start = Callable[..., subprocess.Popen]


@pytest.fixture
def start(transactional_db, tmp_path, worker_id) -> Iterator[Start]:
    """`start("beat")`, `start("worker")`: a Celery process; all are ended, by pid, after the test."""
    started: list[subprocess.Popen] = []
    database = connection.settings_dict
    host = quote(database["HOST"] or "127.0.0.1", safe="") + (f":{database['PORT']}" if database["PORT"] else "")
    url = f"postgresql://{database['USER']}:{database['PASSWORD']}@{host}/{database['NAME']}"
    environment = os.environ | {
        "DATABASE_URL": url,
        "REDIS_URL": broker(worker_id),
        "SLIPWAY_BEAT_MINUTE": "1",
        "LOG_FORMAT": "json",
    }

    def run(part: str, *options: str) -> subprocess.Popen:
        own = ["--schedule", str(tmp_path / f"schedule-{len(started)}")] if part == "beat" else ["-c", "2"]
        command = [sys.executable, "-m", "celery", "-A", "itsm", part, "-l", "WARNING", *own, *options]
        with open(tmp_path / f"{part}-{len(started)}.log", "w") as log:
            process = subprocess.Popen(command, cwd=CHECKOUT, env=environment, stdout=log, stderr=log)
        started.append(process)
        return process

    yield run
    for process in started:
        process.terminate()
    for process in started:
        try:
            process.wait(timeout=20)
        except subprocess.TimeoutExpired:
            process.kill()


def broker(worker_id: str) -> str:
    """A database of the broker for each test worker, so that they don't take each other's messages."""
    number = 1 + int(worker_id.removeprefix("gw")) if worker_id.startswith("gw") else 1
    return f"{settings.REDIS_URL.rsplit('/', 1)[0]}/{number}"


def eventually(check: Callable[[], bool], seconds: float = 90) -> bool:
    """Whether the check comes true in time."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if check():
            return True
        time.sleep(0.2)
    return False
