"""The small command that pipelines run asks a real server, in a Python without any package."""

import json
import os
import subprocess
import sys
import threading
import time
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import pytest

from changes.models import Authorisation
from itsm.kernel import tokens
from tests.builders import SYSTEM
from tests.changes.builders import decide
from tests.transition.gate_builders import DIGEST, NO_FAILURE, make_shop
from transition.models import Deployment
from transition.operations import deployments

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.timeout(120)]
ROOT = Path(__file__).resolve().parents[2]
JUNIT = (
    """<testsuites><testsuite tests="2"><testcase name="a"/><testcase name="b">{}</testcase></testsuite></testsuites>"""
)


def slipway(*words: str, url: str, token: str = "", timeout: float = 60) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-S", "-m", "slipway", *words, "--url", url, "--retry-for", "2"],
        cwd=ROOT, capture_output=True, text=True, timeout=timeout, check=False,
        env={"PATH": os.environ["PATH"], "SLIPWAY_TOKEN": token},
    )  # fmt: skip


@pytest.fixture
def gate(live_server, pipeline, tmp_path):
    token = tokens.make(pipeline, name="gate", scopes=["write", "transition"])

    def run(*words: str, **said: Any) -> subprocess.CompletedProcess[str]:
        asked = ["--service", "online-shop", "--artifact", "shop", "--version", "1.8.3", *words]
        return slipway("gate", *asked, **{"url": live_server.url, "token": token} | said)

    run.token, run.url = token, live_server.url
    run.report = tmp_path / "unit.xml"
    return run


def test_it_exits_with_0_when_it_may_and_the_deployment_goes_its_way(gate):
    make_shop([NO_FAILURE])
    gate.report.write_text(JUNIT.format(""))

    answer = gate("--junit", str(gate.report), "--digest", DIGEST, "--commit", "9f2c", "--json")

    assert answer.returncode == 0, answer.stderr
    deployment = Deployment.objects.get(pk=json.loads(answer.stdout)["id"])
    assert deployment.artifact_digest == DIGEST
    assert deployment.evidence.get().figures.items() >= {"name": "unit", "passed": 2, "failed": 0, "skipped": 0}.items()
    words = {"url": gate.url, "token": gate.token}
    assert slipway("start", deployment.number, "--digest", DIGEST, "--commit", "9f2c", **words).returncode == 0
    again = slipway("start", deployment.number, "--digest", DIGEST, **words)
    assert (again.returncode, bool(again.stderr)) == (1, True)
    assert slipway("finish", deployment.number, "succeeded", **words).returncode == 0
    deployment.refresh_from_db()
    assert deployment.state == "succeeded"


def test_it_exits_with_1_and_says_in_words_what_is_not_met(gate):
    make_shop([NO_FAILURE])
    gate.report.write_text(JUNIT.format("<failure/>"))

    answer = gate("--junit", str(gate.report))

    assert answer.returncode == 1
    assert "[NOT MET] no failed test" in answer.stdout
    assert "refused" in answer.stderr


def test_it_waits_for_people_and_goes_on_when_they_have_decided(gate, change_manager):
    make_shop([NO_FAILURE | {"inconclusive": "ask"}])
    answers: list[Any] = []
    gate.report.write_text("<testsuites/>")
    asking = threading.Thread(target=lambda: answers.append(gate("--junit", str(gate.report), "--wait", "30")))
    asking.start()
    decide_when_asked(change_manager)
    asking.join(timeout=60)
    assert answers[0].returncode == 0, answers[0].stderr
    assert "pending" in answers[0].stderr
    assert "authorised" in answers[0].stdout


def decide_when_asked(change_manager) -> None:
    until = time.monotonic() + 30
    while (asked := Authorisation.objects.filter(state="pending").first()) is None and time.monotonic() < until:
        time.sleep(0.1)
    assert asked is not None
    decide(asked, change_manager)
    deployments.follow(change_id=asked.change_id, actor=SYSTEM)  # what a worker does a moment later


def test_who_does_not_decide_in_time_has_not_said_yes(gate):
    make_shop([NO_FAILURE | {"inconclusive": "ask"}])
    gate.report.write_text("<testsuites/>")
    answer = gate("--junit", str(gate.report), "--wait", "1")
    assert answer.returncode == 1
    assert "still waits" in answer.stderr


def test_a_receipt_goes_on_whatever_the_answer(gate):
    make_shop([NO_FAILURE])
    gate.report.write_text(JUNIT.format("<failure/>"))
    assert gate("--junit", str(gate.report), "--receipt").returncode == 0
    assert Deployment.objects.get().mode == "receipt"


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--service", "nothing-of-this-name"], "service"),
        (["--junit", "no-such-file.xml"], "cannot be read"),
        (["--evidence", "README.md"], "is no JSON"),
    ],
)
def test_it_exits_with_2_when_it_asked_wrongly_and_names_what(gate, words, said):
    make_shop([NO_FAILURE])
    answer = gate(*words, "--if-unreachable", "open")
    assert answer.returncode == 2
    assert said in answer.stderr


def test_a_wrong_token_stops_the_pipeline_also_where_it_fails_open(gate):
    make_shop([NO_FAILURE])
    assert gate("--if-unreachable", "open", token="0" * 40).returncode == 2


def test_nobody_there_stops_or_lets_go_as_the_pipeline_says(gate):
    nobody = "http://127.0.0.1:9"
    assert gate(url=nobody).returncode == 2
    answer = gate("--if-unreachable", "open", url=nobody)
    assert (answer.returncode, "without an answer" in answer.stderr) == (0, True)


class Troubled(BaseHTTPRequestHandler):
    """Busy at first, then the answer; keeps the keys that it was sent."""

    keys: list[str] = []

    def do_POST(self) -> None:
        self.keys.append(self.headers["Idempotency-Key"])
        self.rfile.read(int(self.headers["Content-Length"]))
        busy = len(self.keys) == 1
        self.send_response(503 if busy else 201)
        self.send_header("Retry-After", "0")
        self.end_headers()
        self.wfile.write(b"{}" if busy else b'{"id": 1, "number": "DEP-1", "decision": "authorised", "reasons": []}')

    def log_message(self, *args: Any) -> None:
        """Silence."""


def test_it_tries_again_with_the_same_key_so_that_nothing_is_asked_twice(gate):
    Troubled.keys = []
    server = HTTPServer(("127.0.0.1", 0), Troubled)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        assert gate(url=f"http://127.0.0.1:{server.server_port}").returncode == 0
    finally:
        server.shutdown()
        server.server_close()
    assert len(Troubled.keys) == 2
    assert len(set(Troubled.keys)) == 1
