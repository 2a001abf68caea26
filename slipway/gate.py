"""May this version be deployed? Ask, wait for people if it is left to them, and say the answer in words."""

import argparse
import json
import sys
import time
from typing import Any

from slipway import evidence
from slipway.client import Client, CouldNotAsk, Refused

ASKED_AT_ONCE = 60  # seconds that one request waits, at most
SIGNS = {"ok": "in order", "block": "NOT MET", "warn": "warning", "pending": "waits", "inconclusive": "proves nothing",
         "not_applicable": "does not apply"}  # fmt: skip


def add_arguments(words: argparse.ArgumentParser) -> None:
    words.add_argument("--service", required=True, help="what it belongs to, such as online-shop")
    words.add_argument("--environment", default="production", help="where it goes (production)")
    words.add_argument("--artifact", required=True, help="what is deployed, such as registry/online-shop")
    words.add_argument("--version", required=True, help="which version of it")
    words.add_argument("--digest", help="of the artifact, such as sha256:…; binds the answer to it")
    words.add_argument("--commit", action="append", default=[], help="that it brings; repeat it for more")
    words.add_argument("--requirement", action="append", default=[], help="that it brings, by code; repeat it for more")
    words.add_argument("--run", default="", help="address of the pipeline's run")
    words.add_argument("--junit", action="append", default=[], metavar="FILE", help="test report, as evidence")
    words.add_argument("--evidence", action="append", default=[], metavar="FILE", help="JSON: an object or a list")
    words.add_argument("--receipt", action="store_true", help="only tell, and go on whatever the answer")
    words.add_argument("--wait", type=float, default=3600, metavar="SECONDS", help="for people's decision (3600)")
    words.add_argument("--if-unreachable", choices=["closed", "open"], default="closed",
                       help="closed: exit 2 and stop the pipeline (default); open: warn, exit 0 and go on")  # fmt: skip
    words.add_argument("--json", action="store_true", help="print the answer as JSON")


def ask(client: Client, said: argparse.Namespace) -> int:
    answer = client.post("/api/transition/deployments/", question(said))
    number = str(answer.get("number", ""))
    if not said.receipt:
        answer = waited(client, answer, until=time.monotonic() + said.wait)
    print(json.dumps(answer, indent=2) if said.json else words_of(answer, number))
    if said.receipt or answer.get("decision") == "authorised":
        return 0
    if answer.get("decision") == "refused":
        raise Refused(f"{number} is refused.")
    if answer.get("decision") == "pending":
        raise Refused(f"{number} still waits for a decision after {said.wait:g} s.")
    raise CouldNotAsk("The answer has no decision; is this the address of a Slipway?")


def question(said: argparse.Namespace) -> dict[str, Any]:
    """The body of the question; what was not said is left out."""
    pieces = [piece for path in said.junit for piece in evidence.of_junit(path)]
    pieces += [piece for path in said.evidence for piece in evidence.of_json(path)]
    asked = {
        "service": said.service, "environment": said.environment, "artifact": said.artifact, "version": said.version,
        "artifact_digest": said.digest, "commits": said.commit, "requirements": said.requirement,
        "pipeline_run": said.run, "evidence": pieces, "mode": "receipt" if said.receipt else "",
    }  # fmt: skip
    return {name: value for name, value in asked.items() if value}


def waited(client: Client, answer: dict[str, Any], *, until: float) -> dict[str, Any]:
    """The answer once people have decided, or as it stands when the time is up."""
    said_so = False
    while answer.get("decision") == "pending" and (left := until - time.monotonic()) > 0:
        if not said_so:
            print(words_of(answer, str(answer["number"])), file=sys.stderr)
            said_so = True
        seconds = max(1, min(ASKED_AT_ONCE, int(left)))
        began = time.monotonic()
        answer = client.get(f"/api/transition/deployments/{answer['id']}/decision/?wait={seconds}")
        if answer.get("decision") == "pending" and time.monotonic() - began < 1:  # too many wait there: be polite
            time.sleep(min(2, max(left, 0)))
    return answer


def words_of(answer: dict[str, Any], number: str) -> str:
    """The answer, and every rule that was looked at: what it asked, what it found, and what would mend it."""
    lines = [f"{number}: {answer.get('decision')}"]
    for reason in answer.get("reasons") or []:
        sign = SIGNS.get(reason.get("verdict"), reason.get("verdict"))
        lines.append(f"  [{sign}] {reason.get('asked', '')}: {reason.get('found', '')}")
        lines += [f"      {reason[more]}" for more in ("fix", "where") if reason.get(more)]
    return "\n".join(lines)


def start(client: Client, said: argparse.Namespace) -> int:
    body = {"artifact_digest": said.digest, "commits": said.commit}
    client.post(f"/api/transition/deployments/{said.deployment}/start/", {k: v for k, v in body.items() if v})
    print(f"{said.deployment} began.")
    return 0


def finish(client: Client, said: argparse.Namespace) -> int:
    body = {"outcome": said.outcome, "reason": said.reason}
    client.post(f"/api/transition/deployments/{said.deployment}/finish/", {k: v for k, v in body.items() if v})
    print(f"{said.deployment} {said.outcome.replace('_', ' ')}.")
    return 0
