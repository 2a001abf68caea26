"""What operators read fits what there is: each metric and each setting, and alerts on metrics that exist."""

import re
from datetime import timedelta

import pytest
import yaml
from django.test import Client

from itsm.kernel import heartbeats
from itsm.kernel.watching import jobs
from itsm.local.home import CHECKOUT

GUIDE = (CHECKOUT / "docs" / "operations.md").read_text()
RULES = yaml.safe_load((CHECKOUT / "docs" / "prometheus-rules.yml").read_text())["groups"][0]["rules"]
OF_THE_PROGRAM = re.compile(r"\bslipway_\w+")
OWN_TO_A_LOCAL_COPY = {"SLIPWAY_HOME", "PORT"}


@pytest.fixture
def names(db, settings) -> set[str]:
    """Of every sample there is, once everything has happened once."""
    settings.METRICS_TOKEN = "token"
    heartbeats.give("worker", "celery@one")
    jobs.note("kernel.publish_events", "SUCCESS", timedelta(seconds=1).total_seconds())
    Client().get("/health/live")
    text = Client().get("/metrics", headers={"Authorization": "Bearer token"}).content.decode()
    return {re.split(r"[{ ]", line)[0] for line in text.splitlines() if not line.startswith("#")}


def test_each_metric_is_explained(names):
    families = {re.sub(r"_(bucket|count|sum|created)$", "", name) for name in names}

    assert {name for name in families if f"`{name}`" not in GUIDE and f"`{name}{{" not in GUIDE} == set()


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule["alert"])
def test_each_alert_asks_for_metrics_that_exist_and_is_explained(rule, names):
    assert set(OF_THE_PROGRAM.findall(rule["expr"])) <= names
    assert f"`{rule['alert']}`" in GUIDE


def test_each_setting_is_in_the_example_and_in_the_table():
    source = "".join((CHECKOUT / name).read_text() for name in ("itsm/settings.py", "itsm/serving.py"))
    known = set(re.findall(r"\b(?:env|env_flag|env_list|environ\.get)\(\s*\"([A-Z][A-Z_]+)\"", source))
    assert len(known) > 25

    example = (CHECKOUT / ".env.example").read_text()
    missing_there = {name for name in known if not re.search(rf"^#? ?{name}(_FILE)?=", example, re.MULTILINE)}
    missing_here = {name for name in known if f"`{name}`" not in GUIDE}
    assert (missing_there, missing_here) == (set(), set())
