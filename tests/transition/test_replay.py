"""A repository's history as a month of deliveries."""

import subprocess
from collections import Counter

import pytest

from benchmarks import replay
from tests.builders import SYSTEM
from tests.transition.builders import at
from transition.models import Deployment, Need, Requirement, StreamPeriod
from transition.queries.dashboard import dashboard_of

pytestmark = pytest.mark.django_db
DECISION = "# 0001 Numbers are ids\n\nBecause.\n"


@pytest.fixture
def repository(tmp_path, monkeypatch):
    """Three commits: code, a test, and a decision."""

    def git(*arguments):
        who = ["-c", "user.name=x", "-c", "user.email=x@example.org"]
        subprocess.run(["git", "-C", str(tmp_path), *who, *arguments], check=True, capture_output=True)

    git("init", "-q")
    told = {"a.py": "a = 1\n", "tests/test_a.py": "def test_a(): pass\n", "docs/decisions/0001-ids.md": DECISION}
    for path, text in told.items():
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_text(text)
        git("add", ".")
        git("commit", "-q", "-m", f"Add {path}")
    monkeypatch.setattr(replay, "ROOT", tmp_path)


def test_commits_go_through_the_gate_in_their_order_and_decisions_become_requirements(repository):
    stage = replay.replay(at(24, 12))

    assert stage is not None
    assert stage.deployed == 3
    found = Deployment.objects.order_by("pk")
    assert [(d.version, d.decision, len(d.commits)) for d in found] == [
        ("0.1", "refused", 1), ("0.2", "authorised", 1), ("0.3", "authorised", 1),
    ]  # fmt: skip
    requirement = Requirement.objects.get()
    assert (requirement.code, requirement.text, requirement.status) == ("D-0001", "Numbers are ids", "deployed")
    assert dashboard_of(stage.service, actor=SYSTEM, now=at(24, 12)).flow[0].cells["deployed"].kind == "ok"
    assert Need.objects.filter(state="open").count() == 1
    states = Counter(StreamPeriod.objects.filter(stream__kind="early_life").values_list("state", flat=True))
    assert states["met"] >= 20
    assert replay.replay(at(24, 13)) is None
