"""A receiver that listens on loopback, and an endpoint that sends to it."""

import json
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from ipaddress import ip_network

import pytest
from standardwebhooks.webhooks import Webhook

from itsm.kernel.actor import Actor
from itsm.kernel.webhooks import operations
from tests.builders import SYSTEM


class Receiver:
    """Keeps what it got; answers what `answers` says next, else 204."""

    def __init__(self, delay=0.0):
        self.delay = delay
        self.got: list[dict] = []
        self.answers: list[tuple[int, dict, bytes]] = []
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self.port = self.server.server_address[1]
        self.url = f"http://127.0.0.1:{self.port}/hook?for=slipway"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def answer(self, status, body=b"", **headers):
        self.answers.append((status, {name.replace("_", "-"): value for name, value in headers.items()}, body))

    def verified(self, secret, at=-1):
        """What the library of Standard Webhooks makes of a message; it raises when the signature is wrong."""
        return Webhook(secret).verify(self.got[at]["body"], self.got[at]["headers"])

    def types(self):
        return [json.loads(each["body"])["type"] for each in self.got]

    def close(self):
        self.server.shutdown()
        self.server.server_close()

    def _handler(receiver):
        class Handler(BaseHTTPRequestHandler):
            def do_POST(self):
                body = self.rfile.read(int(self.headers["Content-Length"]))
                receiver.got.append({"path": self.path, "headers": dict(self.headers), "body": body})
                time.sleep(receiver.delay)
                status, headers, text = receiver.answers.pop(0) if receiver.answers else (204, {}, b"")
                self.send_response(status)
                for name, value in headers.items():
                    self.send_header(name, value)
                self.end_headers()
                self.wfile.write(text)

            def log_message(self, *args):
                pass

        return Handler


@pytest.fixture
def on_loopback(settings):
    settings.WEBHOOK_ALLOWED_RANGES = [ip_network("127.0.0.0/8")]


@pytest.fixture
def receiver(on_loopback):
    found = Receiver()
    yield found
    found.close()


@pytest.fixture
def administrator(person):
    return person("root", is_superuser=True)


@pytest.fixture
def endpoint_to(receiver, administrator, alice):
    """`endpoint_to("cmdb.*", owner=…)`: an endpoint at the receiver, and its secret."""

    def make(*patterns, owner=alice, **details):
        details.setdefault("url", receiver.url)
        return operations.create(
            name="Chat", patterns=patterns or ["*"], owner=owner, actor=Actor.person(administrator), **details
        )

    return make


@pytest.fixture
def system():
    return SYSTEM
