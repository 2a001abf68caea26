"""Launchers in processes of their own, in data folders that are removed afterwards."""

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import pytest

from itsm.local import processes
from itsm.local.home import CHECKOUT, Home
from itsm.local.postgres import REACHABLE, Postgres
from itsm.local.valkey import Valkey

FILLED_BY_THE_LAUNCHER = {"DATABASE_URL", "REDIS_URL", "SECRET_KEY", "PORT"}


class Launcher:
    """Runs `python -m itsm.local` on one data folder, as a person at a terminal would."""

    def __init__(self, folder: Path, name: str) -> None:
        self.folder = folder
        self.home = folder / name

    def start(self, *arguments: str, **settings: str) -> subprocess.Popen[str]:
        return self.start_python("-m", "itsm.local", *arguments, **settings)

    def start_python(self, *arguments: str, **settings: str) -> subprocess.Popen[str]:
        inherited = {
            name: value
            for name, value in os.environ.items()
            if name not in FILLED_BY_THE_LAUNCHER and not name.startswith(("SLIPWAY_", "DJANGO_", "PYTEST_"))
        }
        return subprocess.Popen(
            [sys.executable, *arguments],
            cwd=CHECKOUT,
            env=inherited | {"SLIPWAY_HOME": str(self.home)} | settings,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )

    def do(self, *arguments: str, **settings: str) -> tuple[int, str]:
        process = self.start(*arguments, **settings)
        output, _ = process.communicate(timeout=60)
        return process.returncode, output

    def python(self, code: str, **settings: str) -> str:
        """What a few lines of Python print beside the servers."""
        code_, output = self.do("exec", "--", sys.executable, "-c", code, **settings)
        assert code_ == 0, output
        return output.strip()

    def servers(self) -> list[psutil.Process]:
        known = (Postgres(Home(self.home)).running(), Valkey(Home(self.home)).running())
        return [server for server in known if server]

    def processes(self) -> list[psutil.Process]:
        """Whatever runs on behalf of this data folder."""
        return [process for process in psutil.process_iter() if self._owns(process)] + self.servers()

    def _owns(self, process: psutil.Process) -> bool:
        try:
            return processes.alive(process) and process.environ().get("SLIPWAY_HOME") == str(self.home)
        except psutil.Error:
            return False


@pytest.fixture(scope="module")
def launchers() -> Iterator[Callable[..., Launcher]]:
    made: list[Launcher] = []

    def make(name: str = "home") -> Launcher:
        # Not pytest's own folders: those are closed to the account that runs PostgreSQL for root.
        folder = Path(tempfile.mkdtemp(prefix="slipway-test-"))
        folder.chmod(0o755)
        made.append(Launcher(folder, name))
        return made[-1]

    yield make
    for launcher in made:
        for process in launcher.processes():
            process.kill()
        data = (launcher.home / "postgres").resolve()
        if data.is_relative_to(REACHABLE):
            shutil.rmtree(data, ignore_errors=True)
        shutil.rmtree(launcher.folder, ignore_errors=True)


@pytest.fixture(scope="module")
def launcher(launchers: Callable[..., Launcher]) -> Launcher:
    """One data folder for all tests that leave it as they found it."""
    return launchers()


def eventually(fact: Callable[[], object], seconds: float = 30.0) -> None:
    deadline = time.monotonic() + seconds
    while not fact():
        assert time.monotonic() < deadline, f"not true within {seconds:.0f} s"
        time.sleep(0.05)


def interrupt(process: subprocess.Popen[str]) -> str:
    process.send_signal(signal.SIGINT)
    output, _ = process.communicate(timeout=40)
    return output
