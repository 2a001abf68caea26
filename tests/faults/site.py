"""A whole site of real processes, each of which can be killed and started again."""

import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

import psutil
import psycopg2

from itsm.local.home import CHECKOUT, Home
from itsm.local.postgres import Postgres
from itsm.local.problem import Problem
from itsm.local.valkey import Valkey, free_port

PARTS = ("web", "worker", "beat")


def eventually(check: Callable[[], Any], what: str, seconds: float = 40) -> Any:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        with suppress(OSError, psycopg2.Error, psutil.Error):
            if found := check():
                return found
        time.sleep(0.1)
    raise AssertionError(f"{what} did not happen within {seconds:.0f} s.")


class Site:
    """Its own PostgreSQL (with fsync, as on a server) and Valkey, web, worker and beat."""

    def __init__(self) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="slipway-faults-"))
        self.folder.chmod(0o755)
        self.home = Home(self.folder)
        self.home.prepare()
        self.postgres, self.valkey = Postgres(self.home), Valkey(self.home)
        self.port = free_port()
        self.processes: dict[str, subprocess.Popen[bytes]] = {}
        self.sabotage = ""

    # --- Servers ---------------------------------------------------------------------------------

    def start_servers(self) -> None:
        self.postgres.ensure_running()
        self.valkey.ensure_running()

    def environment(self) -> dict[str, str]:
        return os.environ | {
            "DATABASE_URL": self.postgres.url,
            "REDIS_URL": self.valkey.url,
            "SECRET_KEY": "faults",
            "DJANGO_SETTINGS_MODULE": "itsm.settings",
            "SLIPWAY_HTTPS": "0",
            "SLIPWAY_SERVE_SOURCES": "1",
            "SLIPWAY_BEAT_MINUTE": "1",
            "LOG_LEVEL": "WARNING",
            "FAULTS_FOLDER": str(self.folder),
            "FAULTS_SABOTAGE": self.sabotage,
        }

    def run(self, *command: str) -> str:
        """A command of the site to its end; what it printed."""
        done = subprocess.run(
            [sys.executable, *command], cwd=CHECKOUT, env=self.environment(), capture_output=True, text=True
        )
        return done.stdout if done.returncode == 0 else f"exit {done.returncode}: {done.stderr[-2000:]}"

    def seed(self, count: int) -> dict[str, Any]:
        return json.loads(self.run("-m", "tests.faults.seed", str(count)))

    def rows(self, statement: str, *arguments: Any) -> list[tuple[Any, ...]]:
        with psycopg2.connect(self.postgres.url) as connection, connection.cursor() as cursor:
            cursor.execute(statement, arguments)
            return cursor.fetchall()

    # --- Parts -----------------------------------------------------------------------------------

    def start(self, *parts: str) -> None:
        for part in parts or PARTS:
            log = self.home.open_log(part)
            self.processes[part] = subprocess.Popen(
                [sys.executable, "-m", *self._command(part)],
                cwd=CHECKOUT, env=self.environment(), stdout=log, stderr=log,
            )  # fmt: skip
            os.close(log)
        if "web" in (parts or PARTS):
            eventually(self.answers, "An answer of web", 60)

    def _command(self, part: str) -> list[str]:
        celery = ["celery", "-A", "tests.faults.worker"]
        return {
            "web": [
                "gunicorn", "--config", "python:itsm.serving", "--bind", f"127.0.0.1:{self.port}", "tests.faults.wsgi",
            ],
            "worker": [*celery, "worker", "-c", "2", "-l", "WARNING", "--without-mingle", "--without-gossip"],
            "beat": [*celery, "beat", "-l", "WARNING", "--schedule", f"{self.folder}/schedule", "--pidfile", ""],
        }[part]  # fmt: skip

    def answers(self) -> bool:
        with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/health/live", timeout=2) as answer:
            return answer.status == 200

    def stop(self) -> None:
        """At once: what is tested here is that this does no harm."""
        for process in self.processes.values():
            kill_whole(process)
        self.processes.clear()

    def close(self) -> None:
        self.stop()
        self.valkey.stop()
        self.postgres.stop()
        shutil.rmtree(self.folder, ignore_errors=True)

    # --- Faults ----------------------------------------------------------------------------------

    def kill_web(self) -> None:
        """The whole web process, its children included, as when its container is killed."""
        kill_whole(self.processes["web"])
        self.start("web")

    def kill_worker_child(self) -> None:
        child = eventually(lambda: psutil.Process(self.processes["worker"].pid).children(), "A child of the worker")[0]
        kill(child.pid)

    def kill_worker(self) -> None:
        """Its main process alone: the children find that out by themselves."""
        kill(self.processes["worker"].pid)
        self.processes["worker"].wait()
        self.start("worker")

    def kill_beat(self) -> None:
        kill(self.processes["beat"].pid)
        self.processes["beat"].wait()
        self.start("beat")

    def kill_valkey(self) -> None:
        """It comes back empty: nothing of it is kept on disk."""
        server = self.valkey.running()
        assert server
        kill(server.pid)
        time.sleep(0.5)
        self.valkey.ensure_running()

    def kill_postgres_backend(self) -> None:
        """A backend that serves somebody: the server then ends all others and recovers."""
        statement = "SELECT pid FROM pg_stat_activity WHERE backend_type = 'client backend' AND pid <> pg_backend_pid()"
        kill(eventually(lambda: self.rows(statement), "A backend")[0][0])
        eventually(lambda: self.rows("SELECT 1"), "Recovery")

    def kill_postgres(self) -> None:
        server = self.postgres.running()
        assert server
        kill(server.pid)
        time.sleep(0.5)
        eventually(self._postgres_again, "A new start of PostgreSQL")

    def _postgres_again(self) -> bool:
        try:
            self.postgres.ensure_running()
        except Problem:  # backends of the old server have not all noticed yet
            return False
        return True


def kill(pid: int) -> None:
    with suppress(ProcessLookupError):
        os.kill(pid, signal.SIGKILL)


def kill_whole(process: "subprocess.Popen[bytes]") -> None:
    with suppress(psutil.NoSuchProcess):
        for child in psutil.Process(process.pid).children():
            kill(child.pid)
    kill(process.pid)
    process.wait()
