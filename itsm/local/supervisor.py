"""Everything in one terminal: servers, database, web, worker and beat; stopped together by Ctrl-C."""

import fcntl
import os
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field

from itsm.local.child import Child
from itsm.local.home import CHECKOUT, Home
from itsm.local.problem import Problem
from itsm.local.servers import Server, Servers, environment

HOST = "127.0.0.1"
# Beat first, so that no new work comes; the worker last, so that the jobs a page asked for are still taken.
STOPPING_ORDER = ("beat", "web", "worker")
DEMO_USERS = (
    "admin, change.manager, cab.member, requester, implementer, service.owner, sponsor,",
    "support.lead, config.manager, test.manager, knowledge.manager, csi.manager, viewer",
)


def run(home: Home) -> int:
    port = chosen_port()
    home.prepare()
    stopping = stop_on_signal()
    with alone(home):
        supervisor = Supervisor(home, port, stopping)
        supervisor.sweep()
        require_free(port)
        (home.marks / "address").write_text(address(port))
        servers = Servers.of(home)
        os.environ.setdefault("SITE_URL", address(port))
        with environment(servers):
            supervisor.serve(servers.here)
        say(f"stopped; the data stays in {home.path}")
    return 0


@dataclass
class Supervisor:
    home: Home
    port: int
    stopping: threading.Event
    children: dict[str, Child] = field(init=False)

    def __post_init__(self) -> None:
        self.children = {child.name: child for child in children(self.home, self.port)}

    def sweep(self) -> None:
        for child in self.children.values():
            if child.sweep():
                say(f"stopped the {child.name} process that an earlier run left behind")

    def serve(self, servers: dict[str, Server]) -> None:
        say(f"data folder {self.home.path}")
        try:
            if self.prepare() and self.open_web():
                self.watch(servers)
        finally:
            say("stopping")
            for name in STOPPING_ORDER:
                self.children[name].stop()

    def prepare(self) -> bool:
        """Bring the database up to date; false when asked to stop meanwhile."""
        say("preparing the database")
        log = self.home.open_log("prepare")
        command = [sys.executable, "-m", "itsm.local.prepare"]
        step = subprocess.Popen(command, cwd=CHECKOUT, stderr=log, start_new_session=True)
        os.close(log)
        while step.poll() is None:
            if self.stopping.wait(0.05):
                step.terminate()
                step.wait()
                return False
        if step.returncode:
            raise Problem(
                "The database could not be prepared. What was done is kept, and the next start goes on from there. "
                f"The end of {self.home.log('prepare')}:\n{self.home.last_words('prepare')}"
            )
        return True

    def open_web(self) -> bool:
        """Start everything, web first: it is what a person waits for. False when asked to stop meanwhile."""
        web, *others = self.children.values()
        web.start()
        deadline = time.monotonic() + 60
        while not answers(self.port):
            if self.stopping.wait(0.05):
                return False
            if not web.is_up() or time.monotonic() > deadline:
                raise Problem(f"The web process did not start. Its log:\n{self.home.last_words(web.name, 20)}")
        welcome(self.port, self.home)
        for child in others:
            child.start()
        return True

    def watch(self, servers: dict[str, Server]) -> None:
        while not self.stopping.wait(0.3):
            for message in (child.watch() for child in self.children.values()):
                if message:
                    say(message)
            for server in servers.values():
                revive(server, self.home)


def children(home: Home, port: int) -> list[Child]:
    python = [sys.executable, "-m"]
    celery = [*python, "celery", "--workdir", str(CHECKOUT), "-A", "itsm"]
    web = ["--config", "python:itsm.serving", "--bind", f"{HOST}:{port}"]
    return [
        Child("web", [*python, "gunicorn", "--chdir", str(CHECKOUT), *web, "itsm.wsgi"], home),
        Child("worker", [*celery, "worker", "--concurrency", "2", "--without-mingle", "--without-gossip"], home),
        Child("beat", [*celery, "beat", "--schedule", str(home.path / "beat-schedule"), "--pidfile", ""], home),
    ]


def revive(server: Server, home: Home) -> None:
    if server.running():
        return
    try:
        with home.locked():
            server.ensure_running()
        say(f"{server.name} had ended and was started again")
    except Problem as problem:
        say(f"{server.name} has ended and does not start yet: {problem}")


def stop_on_signal() -> threading.Event:
    stopping = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, lambda *_: stopping.set())
    return stopping


@contextmanager
def alone(home: Home) -> Iterator[None]:
    """One supervisor for one home."""
    with open(home.path / "supervisor", "a") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            place = home.marks / "address"
            raise Problem(
                f"Slipway already runs from {home.path}"
                + (f" at {place.read_text()}" if place.exists() else "")
                + ". A second copy needs a folder and a port of its own: "
                "SLIPWAY_HOME=.slipway-2 PORT=8001 make run"
            ) from error
        yield


def chosen_port() -> int:
    text = os.environ.get("PORT") or "8000"
    if not text.isdigit() or not 0 < int(text) < 65536:
        raise Problem(f"PORT is {text!r}, which is no port number. For example: PORT=8001 make run")
    return int(text)


def require_free(port: int) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError as error:
            raise Problem(
                f"Port {port} cannot be used: {error.strerror}. Choose another one: PORT={port + 1} make run"
            ) from error


def answers(port: int) -> bool:
    try:
        with urllib.request.urlopen(f"{address(port)}/health/live", timeout=5):
            return True
    except OSError:
        return False


def address(port: int) -> str:
    return f"http://{HOST}:{port}"


def say(text: str) -> None:
    # The terminal may be gone (closed, or a pipe that ended): stopping in order matters more than telling it.
    with suppress(OSError):
        print(f"slipway  {text}", flush=True)


def welcome(port: int, home: Home) -> None:
    lines = [f"Slipway is ready:  {address(port)}"]
    if os.environ.get("SLIPWAY_DEMO") == "1":
        lines += [f"Sign in as         {DEMO_USERS[0]}", *(f"                   {more}" for more in DEMO_USERS[1:])]
        lines += ["Password           slipway-demo"]
        lines += ["Token for the API  .venv/bin/python manage.py token --user pipeline"]
    lines += [f"Logs               {home.path / 'logs'}", "Stop with Ctrl-C."]
    with suppress(OSError):
        print("\n" + "".join(f"  {line}\n" for line in lines), flush=True)
