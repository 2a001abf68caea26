"""A client that a public generator made of the schema runs the pipeline's journey, over HTTP."""

import importlib
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from django.utils import timezone

from itsm.kernel import tokens
from itsm.kernel.models import User
from itsm.portal.demo.load import load

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.timeout(300)]
ROOT = Path(__file__).resolve().parents[2]
PACKAGE = "generated_slipway_client"


@pytest.fixture(scope="module")
def generated(tmp_path_factory) -> Iterator[Path]:
    """The client, made of the document that is published with the site; nothing may be missing from it."""
    home = tmp_path_factory.mktemp("client")
    command = [
        Path(sys.executable).with_name("openapi-python-client"), "generate", "--meta", "none",
        "--path", ROOT / "docs" / "openapi.yaml", "--output-path", home / PACKAGE,
    ]  # fmt: skip
    made = subprocess.run(command, capture_output=True, text=True, check=True, timeout=120)
    assert "WARNING parsing" not in made.stdout, made.stdout
    assert "Unsupported" not in made.stdout, made.stdout
    sys.path.insert(0, str(home))
    yield home / PACKAGE
    sys.path.remove(str(home))


def part(path: str) -> ModuleType:
    return importlib.import_module(f"{PACKAGE}.{path}")


@pytest.fixture
def client(generated, transactional_db, settings, live_server) -> Any:
    settings.DEMO = True
    load(now=timezone.now())
    key = tokens.make(
        User.objects.get(username="pipeline"), name="generated", scopes=["write", "transition", "changes"]
    )
    return part("client").AuthenticatedClient(base_url=live_server.url, token=key, prefix="Token")


def question(version: str, failed: int = 0) -> Any:
    return part("models").QuestionRequest.from_dict(
        {
            "service": "online-shop", "environment": "production", "artifact": "registry/online-shop",
            "version": version, "commits": ["9f2c"], "pipeline_run": "https://ci.example/42",
            "evidence": [
                {"kind": "tests", "name": "unit", "passed": 812, "failed": failed},
                {"kind": "scan", "name": "sast", "critical": 0, "high": 0},
            ],
        }
    )  # fmt: skip


def deployments(operation: str) -> ModuleType:
    return part(f"api.transition.transition_deployments_{operation}")


def test_it_asks_deploys_and_reads_back(client):
    asked = deployments("create").sync(client=client, body=question("9.1.0"), idempotency_key="run-1")
    again = deployments("create").sync(client=client, body=question("9.1.0"), idempotency_key="run-1")
    assert (asked.decision, again.id) == ("authorised", asked.id)
    assert asked.change.number.startswith("RFC-")

    started = deployments("start").sync(str(asked.id), client=client)
    outcome = part("models").DeploymentOutcomeRequest.from_dict({"outcome": "succeeded"})
    finished = deployments("finish").sync(str(asked.id), client=client, body=outcome)
    assert (started.state, finished.state) == ("running", "succeeded")

    succeeded = part("models").TransitionDeploymentsListState("succeeded")
    listed = deployments("list").sync(client=client, state=succeeded, limit=5)
    assert asked.id in [found.id for found in listed.results]
    assert deployments("retrieve").sync(str(asked.id), client=client).revision == finished.revision


def test_a_refusal_by_rule_and_a_problem_are_read_as_what_they_are(client):
    refused = deployments("create").sync(client=client, body=question("9.1.1", failed=1))
    assert refused.decision == "refused"
    assert refused.change is None

    answer = deployments("start").sync_detailed(str(refused.id), client=client)
    assert answer.status_code == 409
    assert isinstance(answer.parsed, part("models").Problem)
    assert answer.parsed.code


def test_it_decides_with_the_tag_of_what_it_has_seen(client, live_server):
    from changes.models import Authorisation

    waiting = Authorisation.objects.filter(state="pending").order_by("pk").first()
    assert waiting is not None
    key = tokens.make(User.objects.get(username="change.manager"), name="decides")
    manager = part("client").AuthenticatedClient(base_url=live_server.url, token=key, prefix="Token")
    decide = part("api.changes.changes_authorisations_decide")
    body = part("models").DecideArgumentsRequest.from_dict({"decision": "rejected", "comment": "Not in this week."})

    stale = decide.sync_detailed(str(waiting.pk), client=manager, body=body, if_match='"r999"')
    done = decide.sync_detailed(str(waiting.pk), client=manager, body=body, if_match=f'"r{waiting.revision}"')
    assert (stale.status_code, done.status_code) == (412, 200)
    assert done.parsed.state == "rejected"
