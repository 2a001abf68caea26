"""`make run`: everything under one supervisor, through crashes and Ctrl-C."""

import json
import os
import signal
import socket
import subprocess
import urllib.request
from urllib.parse import urlsplit

import psutil
import pytest
from django.db import connection

from itsm.local.postgres import PROGRAMS
from itsm.local.valkey import free_port
from tests.local.conftest import eventually, interrupt

# Loading the demo organisation has its own tests; here it would only take time.
WITHOUT_DEMO = {"SLIPWAY_DEMO": "0", "METRICS_TOKEN": "let-me-see"}


def begun(launcher, port):
    process = launcher.start("run", PORT=str(port), **WITHOUT_DEMO)
    lines = []
    while "Ctrl-C" not in (lines or [""])[-1]:
        line = process.stdout.readline()
        assert line, "".join(lines)
        lines.append(line)
    eventually(lambda: len(marked(launcher)) == 3)
    return process, "".join(lines)


def counted_together(port):
    """Whichever web process answers tells what all have counted."""
    for _ in range(8):
        urllib.request.urlopen(f"http://127.0.0.1:{port}/accounts/login/").close()
    request = urllib.request.Request(f"http://127.0.0.1:{port}/metrics", headers={"Authorization": "Bearer let-me-see"})
    wanted = '_count{method="GET",route="account_login",status="2xx"} 8.0'
    for _ in range(4):
        with urllib.request.urlopen(request) as answer:
            assert wanted in answer.read().decode()


def marked(launcher):
    """The pids of web, worker and beat, by name."""
    marks = {name: launcher.home / "run" / f"{name}.json" for name in ("web", "worker", "beat")}
    return {name: json.loads(mark.read_text())["pid"] for name, mark in marks.items() if mark.exists()}


def answer(port):
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/health/ready", timeout=10) as response:
        return json.load(response)


@pytest.fixture
def migrated(launchers, db):
    """A data folder with the tables in it: these tests have them already, and making them anew takes a while."""
    launcher = launchers()
    dump = launcher.folder / "tables.sql"
    database = urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{connection.settings_dict['NAME']}").geturl()
    subprocess.run([PROGRAMS / "pg_dump", "--no-owner", f"--file={dump}", f"--dbname={database}"], check=True)
    code, output = launcher.do("exec", "--", "sh", "-c", f'psql -qX -v ON_ERROR_STOP=1 -f {dump} "$DATABASE_URL"')
    assert code == 0, output
    return launcher


@pytest.mark.timeout(300)  # it starts everything four times
def test_the_life_of_a_copy(migrated):
    launcher, port = migrated, free_port()
    process = it_starts_once(launcher, port)
    it_restarts_what_dies_and_stops_everything_on_ctrl_c(launcher, port, process)
    it_recovers_from_a_killed_supervisor(launcher, port)
    assert not launcher.processes()


def it_starts_once(launcher, port):
    process, greeting = begun(launcher, port)
    assert f"http://127.0.0.1:{port}" in greeting
    eventually(lambda: answers_ready(port))
    everything = answer(port)
    assert {everything[part] for part in ("database", "broker", "migrations", "worker", "beat")} == {"ok"}
    assert max(everything["ages"].values()) < 10
    counted_together(port)

    code, refusal = launcher.do("run", PORT=str(free_port()))
    assert code == 1
    assert f"already runs from {launcher.home} at http://127.0.0.1:{port}" in refusal

    return process


def it_restarts_what_dies_and_stops_everything_on_ctrl_c(launcher, port, process):
    before = marked(launcher)
    for pid in before.values():
        psutil.Process(pid).kill()
    for server in launcher.servers():
        server.kill()
    eventually(lambda: not set(marked(launcher).values()) & set(before.values()))
    eventually(lambda: len(launcher.servers()) == 2)
    eventually(lambda: answers_ready(port))

    story = interrupt(process)
    assert process.returncode == 0
    assert "web ended unexpectedly (signal SIGKILL) and starts again" in story
    assert "PostgreSQL had ended and was started again" in story
    assert story.endswith(f"slipway  stopped; the data stays in {launcher.home}\n")
    assert not launcher.processes()


def answers_ready(port):
    try:
        return answer(port)["status"] == "ready"
    except OSError:
        return False


def it_recovers_from_a_killed_supervisor(launcher, port):
    killed, _ = begun(launcher, port)
    orphans = marked(launcher)
    killed.send_signal(signal.SIGKILL)
    killed.wait()
    assert all(psutil.pid_exists(pid) for pid in orphans.values())

    process, greeting = begun(launcher, port)
    assert "stopped the web process that an earlier run left behind" in greeting
    assert not set(marked(launcher).values()) & set(orphans.values())

    process.send_signal(signal.SIGTERM)
    process.communicate(timeout=40)
    assert process.returncode == 0


def test_a_busy_port_is_named_with_a_way_on(launcher):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        code, output = launcher.do("run", PORT=str(port))

    assert code == 1
    assert f"Port {port} cannot be used: Address already in use" in output
    assert f"PORT={port + 1} make run" in output
    assert not launcher.processes()


@pytest.mark.parametrize("port", ["http", "0", "70000"])
def test_a_port_that_is_none(launcher, port):
    code, output = launcher.do("run", PORT=port)

    assert code == 1
    assert "is no port number" in output
