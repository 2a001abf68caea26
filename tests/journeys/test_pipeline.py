"""A pipeline asks by REST, over HTTP, against the demo organisation."""

import json
import urllib.error
import urllib.request
from typing import Any

import pytest
from django.utils import timezone

from itsm.kernel import tokens
from itsm.kernel.models import LedgerEntry, User
from itsm.portal.demo.load import load
from transition.models import Deployment, StreamRun

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.timeout(300)]
GOOD = [
    {"kind": "tests", "name": "unit", "passed": 812, "failed": 0},
    {"kind": "scan", "name": "sast", "critical": 0, "high": 0},
]


@pytest.fixture
def post(transactional_db, settings, live_server):
    """`post(path, body, key=…)`: status and document, as the demo's pipeline."""
    settings.DEMO = True
    load(now=timezone.now())
    token = tokens.make(User.objects.get(username="pipeline"), name="test")

    def send(path: str, body: dict[str, Any] | None = None, key: str = "") -> tuple[int, dict[str, Any]]:
        headers = {"Authorization": f"Token {token}", "Content-Type": "application/json", "Idempotency-Key": key}
        request = urllib.request.Request(
            f"{live_server.url}/api/{path}", json.dumps(body or {}).encode(), {k: v for k, v in headers.items() if v}
        )
        try:
            with urllib.request.urlopen(request) as answer:
                return answer.status, json.load(answer)
        except urllib.error.HTTPError as refusal:
            return refusal.code, json.load(refusal)

    return send


def question(version: str, evidence: list[dict[str, Any]]) -> dict[str, Any]:
    return {
        "service": "online-shop", "environment": "production", "artifact": "registry/online-shop", "version": version,
        "commits": ["9f2c"], "pipeline_run": "https://ci.example/42", "evidence": evidence,
    }  # fmt: skip


def test_good_evidence_is_authorised_and_the_deployment_is_a_run_of_the_code_stream(post):
    status, asked = post("transition/deployments/", question("9.0.1", GOOD), key="run-1")
    assert (status, asked["decision"]) == (201, "authorised")
    assert asked["change"]["number"].startswith("RFC-")

    again = post("transition/deployments/", question("9.0.1", GOOD), key="run-1")
    assert again == (201, asked)
    assert Deployment.objects.filter(version="9.0.1").count() == 1

    assert post(f"transition/deployments/{asked['number']}/start/")[0] == 200
    status, finished = post(f"transition/deployments/{asked['number']}/finish/", {"outcome": "succeeded"})
    assert (status, finished["state"]) == (200, "succeeded")
    run = StreamRun.objects.get(origin=f"deployment:{asked['id']}")
    assert (run.stream.kind, run.stream.ordinal) == ("code", 1)


def test_failing_tests_are_refused_with_the_rule_named(post):
    failing = [{"kind": "tests", "name": "unit", "passed": 811, "failed": 1}, GOOD[1]]
    status, asked = post("transition/deployments/", question("9.0.2", failing))

    refused = [reason for reason in asked["reasons"] if reason["verdict"] == "block"]
    assert (status, asked["decision"], asked["change"]) == (201, "refused", None)
    assert refused
    assert all(reason["rule"] and reason["asked"] and reason["found"] for reason in refused)
    assert LedgerEntry.objects.filter(subject_id=asked["id"], decision="refused_by_pipeline").count() == 1
