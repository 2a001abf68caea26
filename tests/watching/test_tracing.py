"""Traces are an extra: without it everything works and it is said what is missing; with it they arrive."""

import json
import os
import subprocess
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

# A process of its own: what is instrumented stays so.
ASK = """
import os
os.environ["DJANGO_SETTINGS_MODULE"] = "itsm.settings"
from itsm import wsgi
from django.test import Client
client = Client(headers={"host": "localhost"})
print(client.get("/health/ready?parts=database").status_code, client.get("/search/?q=x").status_code)
"""


# As on a machine that has not installed the extra.
WITHOUT = """
import sys
sys.modules["opentelemetry"] = None
"""


def asked(endpoint: str, before: str = "") -> subprocess.CompletedProcess[str]:
    environment = os.environ | {"OTEL_EXPORTER_OTLP_ENDPOINT": endpoint, "SLIPWAY_DEMO": "0", "SLIPWAY_HTTPS": "0"}
    environment |= {"LOG_FORMAT": "json", "SLIPWAY_SERVE_SOURCES": "1"}
    return subprocess.run([sys.executable, "-c", before + ASK], env=environment, capture_output=True, text=True)


@pytest.fixture
def collector():
    """What arrives at an OpenTelemetry collector: (path, body)."""
    got: list[tuple[str, bytes]] = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self):
            got.append((self.path, self.rfile.read(int(self.headers["Content-Length"]))))
            self.send_response(200)
            self.end_headers()

        def log_message(self, *args):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_address[1]}", got
    server.shutdown()
    server.server_close()


def test_without_the_extra_the_site_runs_and_says_what_is_missing():
    done = asked("http://127.0.0.1:1", WITHOUT)

    assert done.stdout.split() == ["200", "302"], done.stderr
    assert "pip install '.[tracing]'" in done.stderr
    assert "import of opentelemetry halted" in done.stderr


def test_requests_and_their_statements_arrive_at_the_collector(collector):
    endpoint, got = collector

    done = asked(endpoint)

    assert done.stdout.split() == ["200", "302"], done.stderr
    assert {path for path, _ in got} == {"/v1/traces"}
    body = b"".join(body for _, body in got)
    assert b"search/" in body
    assert b"SELECT" in body
    assert b"health/ready" not in body
    lines = [json.loads(line) for line in done.stderr.splitlines() if line.startswith("{")]
    (line,) = [line for line in lines if line["event"] == "request"]
    assert bytes.fromhex(line["trace_id"]) in body
