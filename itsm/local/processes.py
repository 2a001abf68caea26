"""Processes of a home: found again after a crash, and never confused with anybody else's."""

import json
import os
import signal
import subprocess
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import psutil

from itsm.local.home import write_private
from itsm.local.problem import Problem


@dataclass(frozen=True)
class Mark:
    """A process as noted on disk: a pid alone may have gone to another process since."""

    pid: int
    created: float

    @classmethod
    def of(cls, pid: int) -> "Mark":
        return cls(pid, psutil.Process(pid).create_time())

    @classmethod
    def read(cls, path: Path) -> "Mark | None":
        try:
            noted = json.loads(path.read_text())
            return cls(int(noted["pid"]), float(noted["created"]))
        except (OSError, ValueError, KeyError):
            return None

    def write(self, path: Path) -> None:
        write_private(path, json.dumps({"pid": self.pid, "created": self.created}))

    def process(self) -> psutil.Process | None:
        """The noted process, while it lives and is the same one."""
        reap(self.pid)
        try:
            process = psutil.Process(self.pid)
            return process if alive(process) and abs(process.create_time() - self.created) < 2 else None
        except psutil.NoSuchProcess:
            return None


def reap(pid: int) -> None:
    """Let a dead child of ours go: as a zombie it would still look like a running server to others."""
    with suppress(ChildProcessError):
        os.waitpid(pid, os.WNOHANG)


def alive(process: psutil.Process) -> bool:
    try:
        return process.is_running() and process.status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


def session_of(leader: int, home: Path) -> list[psutil.Process]:
    """What still runs in a session that this home started, its leader dead or alive."""
    return [p for p in psutil.process_iter() if alive(p) and belongs(p, leader, home)]


def belongs(process: psutil.Process, leader: int, home: Path) -> bool:
    try:
        return os.getsid(process.pid) == leader and process.environ().get("SLIPWAY_HOME") == str(home)
    except (psutil.Error, OSError):
        return False


def stop(process: psutil.Process, *steps: tuple[signal.Signals, float]) -> None:
    """Ask a process to end, each time less politely, and wait for it."""
    for sign, patience in (*steps, (signal.SIGKILL, 5.0)):
        try:
            process.send_signal(sign)
            process.wait(patience)
        except psutil.NoSuchProcess:
            return
        except psutil.TimeoutExpired:
            continue
        return


def wait_until(ready: Callable[[], bool], child: subprocess.Popen[bytes], *, seconds: float) -> bool:
    """Whether a child that was just started became ready before it died or the time was over."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if ready():
            return True
        if child.poll() is not None:
            return False
        time.sleep(0.02)
    raise Problem(f"{Path(str(child.args[0])).name} did not become ready in {seconds:.0f} seconds.")  # type: ignore[index]
