"""The snippets of docs/pipelines.md do what they say: their shell commands run, against a real server."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from itsm.kernel import tokens
from tests.transition.gate_builders import NO_FAILURE, make_shop
from transition.models import Deployment

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.timeout(120)]
ROOT = Path(__file__).resolve().parents[2]
REPORT = '<testsuite><testcase name="a"/></testsuite>'
SAID = {
    "GITHUB_REF_NAME": "1.8.3", "GITHUB_SHA": "9f2c41d", "GITHUB_SERVER_URL": "https://git.example.org",
    "GITHUB_REPOSITORY": "shop/shop", "GITHUB_RUN_ID": "42", "CI_PROJECT_PATH": "shop/shop", "CI_COMMIT_TAG": "1.8.3",
    "CI_COMMIT_SHA": "9f2c41d", "CI_PIPELINE_URL": "https://git.example.org/42", "JOB_NAME": "shop",
    "TAG_NAME": "1.8.3", "GIT_COMMIT": "9f2c41d", "BUILD_URL": "https://ci.example.org/42",
}  # fmt: skip


def snippets() -> dict[str, list[str]]:
    """Of each tool the scripts, each run in a shell of its own where the tool does so."""
    text = (ROOT / "docs" / "pipelines.md").read_text()
    github, gitlab = (yaml.safe_load(block) for block in re.findall(r"```yaml\n(.*?)```", text, re.S))
    (jenkins,) = re.findall(r"sh '''\n(.*?)'''", text, re.S)
    return {
        "github": [step["run"] for step in github["deploy"]["steps"]],
        "gitlab": ["\n".join(gitlab["deploy"]["script"])],
        "jenkins": [jenkins],
    }


@pytest.fixture
def runner(tmp_path, live_server, pipeline):
    """A folder with the test report and a program that deploys, and `slipway` on the path."""
    (tmp_path / "report.xml").write_text(REPORT)
    (tmp_path / "slipway").write_text(f'#!/bin/sh\nPYTHONPATH={ROOT} exec {sys.executable} -S -m slipway "$@"\n')
    (tmp_path / "deploy.sh").write_text("#!/bin/sh\nexit ${BROKEN:-0}\n")
    for program in ("slipway", "deploy.sh"):
        (tmp_path / program).chmod(0o755)
    said = SAID | {
        "PATH": f"{tmp_path}:{os.environ['PATH']}", "SLIPWAY_URL": live_server.url,
        "SLIPWAY_TOKEN": tokens.make(pipeline, name="ci", scopes=["write", "transition"]),
        "GITHUB_ENV": str(tmp_path / "env"),
    }  # fmt: skip

    def run(script: str, **more: str) -> subprocess.CompletedProcess[str]:
        kept = tmp_path / "env"
        set_before = dict(line.split("=", 1) for line in kept.read_text().splitlines()) if kept.exists() else {}
        return subprocess.run(
            ["sh", "-e", "-c", script], cwd=tmp_path, env=said | set_before | more, capture_output=True, text=True,
            timeout=60, check=False,
        )  # fmt: skip

    return run


@pytest.mark.parametrize("tool", ["github", "gitlab", "jenkins"])
@pytest.mark.parametrize(("broken", "outcome"), [("0", "succeeded"), ("1", "failed")])
def test_each_snippet_asks_deploys_and_tells(runner, tool, broken, outcome):
    make_shop([NO_FAILURE])

    done = [runner(script, BROKEN=broken) for script in snippets()[tool]]

    assert [one.returncode for one in done[:-1]] == [0] * (len(done) - 1), done[0].stderr
    assert done[-1].returncode == int(broken), done[-1].stderr
    deployment = Deployment.objects.get()
    assert (deployment.version, deployment.commits, deployment.state) == ("1.8.3", ["9f2c41d"], outcome)


def test_a_snippet_deploys_nothing_that_is_refused(runner):
    make_shop([NO_FAILURE | {"fact": "tests.passed", "at_least": 2, "asked": "two tests"}])
    assert runner(snippets()["gitlab"][0]).returncode == 1
    assert Deployment.objects.get().state == "refused"
