"""Clients that post and decide, and write down what they were told in a file outside the database."""

import json
import os
import threading
import time
import urllib.error
import urllib.request
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

PATIENCE = 60.0
# Which of each dozen requests ends its web process: a decision and a post, before and after the commit.
FAULTS = {3: "before-commit", 4: "before-commit", 7: "after-commit", 8: "after-commit"}
IN_FLIGHT = "idempotency_key_in_flight"


class Log:
    """A line per thing said, on disk before the next one is done."""

    def __init__(self, path: Path):
        self.file = open(path, "a")  # noqa: SIM115 - open as long as the clients are
        self.lock = threading.Lock()
        self.path = path

    def write(self, **said: Any) -> None:
        with self.lock:
            self.file.write(json.dumps(said) + "\n")
            self.file.flush()
            os.fsync(self.file.fileno())

    def read(self) -> dict[str, dict[str, Any]]:
        """The last word on each key."""
        found: dict[str, dict[str, Any]] = {}
        for line in self.path.read_text().splitlines():
            said = json.loads(line)
            found[said["key"]] = said
        return found


@dataclass
class Client:
    """Does one thing after another; repeats each with its key until it is told how it ended."""

    name: str
    address: str
    token: str
    log: Log
    authorisations: list[int]
    pause: float = 0.05
    stopping: threading.Event = field(default_factory=threading.Event)
    retries: int = 0

    def work(self) -> None:
        number = 0
        while not self.stopping.is_set():
            number += 1
            fault = FAULTS.get(number % 12, "")
            key = f"{self.name}-{number}"
            if number % 2 and self.authorisations:
                self.decide(key, self.authorisations.pop(), fault)
            else:
                self.post(key, fault)
            self.stopping.wait(self.pause)

    def post(self, key: str, fault: str) -> None:
        self.told("post", key, "changes/requests/", {"title": key, "model": "normal"}, {}, fault)

    def decide(self, key: str, authorisation: int, fault: str) -> None:
        path = f"changes/authorisations/{authorisation}/"
        _, _, etag = self.until_told("GET", path, None, {})
        verdict = "authorised" if authorisation % 2 else "rejected"
        headers = {"If-Match": etag}
        self.told("decide", key, f"{path}decide/", {"decision": verdict, "comment": key}, headers, fault, authorisation)

    def told(
        self, kind: str, key: str, path: str, body: Any, headers: dict[str, str], fault: str, of: int | None = None
    ) -> None:
        self.log.write(key=key, kind=kind, of=of, told="nothing yet")
        headers = headers | {"Idempotency-Key": key}
        status, answer, _ = self.until_told("POST", path, body, headers, fault)
        told = "done" if 200 <= status < 300 else "refused" if status else "unknown"
        self.log.write(key=key, kind=kind, of=of, told=told, status=status, id=answer.get("id"), fault=fault)

    def until_told(
        self, method: str, path: str, body: Any, headers: dict[str, str], fault: str = ""
    ) -> tuple[int, dict[str, Any], str]:
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline:
            status, answer, etag = self.ask(method, path, body, headers | ({"X-Fault": fault} if fault else {}))
            if status and status < 500 and status != 429 and answer.get("code") != IN_FLIGHT:
                return status, answer, etag
            fault = ""
            self.retries += 1
            time.sleep(0.2)
        return 0, {}, ""

    def ask(self, method: str, path: str, body: Any, headers: dict[str, str]) -> tuple[int, dict[str, Any], str]:
        """Status 0 is no answer at all."""
        request = urllib.request.Request(
            f"{self.address}/api/{path}",
            None if body is None else json.dumps(body).encode(),
            {"Authorization": f"Token {self.token}", "Content-Type": "application/json", **headers},
            method=method,
        )
        try:
            with urllib.request.urlopen(request, timeout=15) as answer:
                return answer.status, json.load(answer), answer.headers.get("ETag", "")
        except urllib.error.HTTPError as refusal:
            return refusal.code, document(refusal), ""
        except (OSError, ValueError, EOFError):
            return 0, {}, ""
        except Exception as error:  # http.client's own, for an answer that broke off
            if type(error).__module__ != "http.client":
                raise
            return 0, {}, ""


def document(refusal: urllib.error.HTTPError) -> dict[str, Any]:
    try:
        found = json.loads(refusal.read())
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}
