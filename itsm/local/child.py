"""One process under the supervisor: started, watched, restarted after a pause, stopped."""

import os
import signal
import subprocess
import time
from dataclasses import dataclass, field
from pathlib import Path

import psutil

from itsm.local import processes
from itsm.local.home import Home
from itsm.local.processes import Mark

LONGEST_PAUSE = 30.0
STEADY_AFTER = 60.0


@dataclass
class Child:
    name: str
    command: list[str]
    home: Home
    patience: float = 20.0
    process: subprocess.Popen[bytes] | None = None
    failures: int = 0
    started: float = 0.0
    due: float = field(default=0.0)

    @property
    def mark(self) -> Path:
        return self.home.marks / f"{self.name}.json"

    def start(self) -> None:
        # A session of its own: Ctrl-C in the terminal reaches the supervisor only, which keeps the order.
        log = self.home.open_log(self.name)
        self.process = subprocess.Popen(
            self.command, stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True
        )
        os.close(log)
        self.started = time.monotonic()
        Mark.of(self.process.pid).write(self.mark)

    def is_up(self) -> bool:
        return self.process is not None and self.process.poll() is None

    def watch(self) -> str | None:
        """Restart the process if it died; the sentence to tell about it, if any."""
        if self.is_up():
            return None
        if self.process is not None:
            return self._plan_restart(self.process)
        if time.monotonic() >= self.due:
            self.start()
        return None

    def stop(self) -> None:
        if self.process is not None:
            end_session(self.process.pid, self.home, self.patience)
            self.process.wait()
            self.process = None
        self.mark.unlink(missing_ok=True)

    def sweep(self) -> bool:
        """Stop what a killed supervisor left behind; whether there was anything."""
        mark = Mark.read(self.mark)
        found = mark is not None and end_session(mark.pid, self.home, self.patience)
        self.mark.unlink(missing_ok=True)
        return found

    def _plan_restart(self, dead: subprocess.Popen[bytes]) -> str:
        end_session(dead.pid, self.home, 2.0)
        self.failures = self.failures + 1 if time.monotonic() - self.started < STEADY_AFTER else 1
        pause = min(2.0 ** (self.failures - 1), LONGEST_PAUSE)
        self.due, self.process = time.monotonic() + pause, None
        return (
            f"{self.name} ended unexpectedly ({ending(dead.returncode)}) and starts again in {pause:.0f} s; "
            f"its log: {self.home.log(self.name)}"
        )


def ending(code: int) -> str:
    return f"signal {signal.Signals(-code).name}" if code < 0 else f"exit code {code}"


def end_session(leader: int, home: Home, patience: float) -> bool:
    """Stop a process that this home started, and what it started; whether there was anything."""
    members = processes.session_of(leader, home.path)
    for process in members:
        if process.pid == leader:
            processes.stop(process, (signal.SIGTERM, patience))
    rest = [process for process in members if processes.alive(process)]
    for process in rest:
        process.terminate()
    _, stubborn = psutil.wait_procs(rest, timeout=2.0)
    for process in stubborn:
        process.kill()
    return bool(members)
