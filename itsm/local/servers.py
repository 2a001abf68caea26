"""The servers of a home and the environment that points at them.

Several programs may use one home at once. Each holds a shared lock while it does; whoever
leaves last stops the servers. A killed program's lock is released by the system, so the
next one that comes and goes cleans up after it.
"""

import fcntl
import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import IO, ClassVar, Protocol

import psutil

from itsm.local.home import Home
from itsm.local.postgres import Postgres
from itsm.local.valkey import Valkey


class Server(Protocol):
    name: ClassVar[str]

    @property
    def url(self) -> str: ...
    def running(self) -> psutil.Process | None: ...
    def ensure_running(self) -> None: ...
    def stop(self) -> None: ...


@dataclass(frozen=True)
class Servers:
    home: Home
    # By the setting that each one fills, in the order they start.
    here: dict[str, Server]

    @classmethod
    def of(cls, home: Home, postgres_options: tuple[str, ...] = ()) -> "Servers":
        """The servers that nobody else provides."""
        known: dict[str, Server] = {"DATABASE_URL": Postgres(home, postgres_options), "REDIS_URL": Valkey(home)}
        return cls(home, {name: server for name, server in known.items() if not is_set(name)})

    @contextmanager
    def in_use(self) -> Iterator[dict[str, str]]:
        """Start what does not run yet, hand out the settings that lead there, stop it after its last user."""
        self.home.prepare()
        with open(self.home.path / "users", "a") as users:
            try:
                with self.home.locked():
                    fcntl.flock(users, fcntl.LOCK_SH)
                    for server in self.here.values():
                        server.ensure_running()
                yield {name: server.url for name, server in self.here.items()} | local_settings(self.home)
            finally:
                with self.home.locked():
                    if is_last(users):
                        for server in reversed(self.here.values()):
                            server.stop()


def is_last(users: IO[str]) -> bool:
    try:
        fcntl.flock(users, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def local_settings(home: Home) -> dict[str, str]:
    """What a local copy needs beside its servers; what the caller has set already stays."""
    settings = {
        "SLIPWAY_DEMO": "1",
        "SLIPWAY_HTTPS": "0",
        "SLIPWAY_SERVE_SOURCES": "1",
        "EMAIL_FOLDER": "" if is_set("EMAIL_HOST") else str(home.path / "mail"),
    }
    if not is_set("SECRET_KEY"):
        settings["SECRET_KEY"] = home.secret_key()
    return {name: value for name, value in settings.items() if not is_set(name)} | {"SLIPWAY_HOME": str(home.path)}


def is_set(name: str) -> bool:
    return bool(os.environ.get(name) or os.environ.get(f"{name}_FILE"))


@contextmanager
def environment(servers: Servers | None = None) -> Iterator[dict[str, str]]:
    """The environment of this process, completed, while the servers it names are up."""
    leave_in_order()
    with (servers or Servers.of(Home.chosen())).in_use() as settings:
        os.environ.update(settings)
        yield settings


def leave_in_order() -> None:
    """Being told to end, by a signal that would end a program at once, must not leave servers behind."""
    for number in (signal.SIGTERM, signal.SIGHUP):
        if signal.getsignal(number) is signal.SIG_DFL:
            signal.signal(number, leave)


def leave(number: int, _frame: object) -> None:
    raise SystemExit(128 + number)
