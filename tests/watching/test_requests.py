"""Each request has an id and leaves one line, with who asked for what, and without anything secret."""

import json
import logging
import os
import subprocess
import sys

import pytest
from django.test import Client

from itsm.kernel import tokens
from itsm.kernel.watching import logs
from tests.builders import make_ci

pytestmark = pytest.mark.django_db


@pytest.fixture
def lines():
    """`lines()`: what was logged until now, as a server writes it."""
    written = []

    class Kept(logging.Handler):
        def emit(self, record):
            written.append(json.loads(self.format(record)))

    handler = Kept()
    handler.setFormatter(logs.formatter("json"))
    root = logging.getLogger()
    level = root.level
    root.addHandler(handler)
    root.setLevel("INFO")
    yield lambda event="": [line for line in written if not event or line["event"] == event]
    root.removeHandler(handler)
    root.setLevel(level)


def test_an_id_that_the_caller_gives_comes_back_and_is_logged(lines):
    answer = Client().get("/no-such-page", headers={"X-Request-ID": "proxy-4711:0042"})

    assert answer["X-Request-ID"] == "proxy-4711:0042"
    assert {line["request_id"] for line in lines()} == {"proxy-4711:0042"}


@pytest.mark.parametrize(
    "given", ["", "short", "x" * 129, "with space in it", 'quote"quote"quote', "naïve-naïve-naïve"]
)
def test_an_id_that_is_none_is_replaced(given):
    found = Client().get("/health/live", headers={"X-Request-ID": given})["X-Request-ID"]

    assert len(found) == 32
    assert found != given


def test_two_requests_have_two_ids():
    assert Client().get("/health/live")["X-Request-ID"] != Client().get("/health/live")["X-Request-ID"]


def test_a_page_leaves_one_line_with_actor_and_route(lines, browser_of, viewer):
    ci = make_ci("db-1")

    answer = browser_of(viewer).get(ci.get_absolute_url() + "?q=not-to-be-logged")

    (line,) = lines("request")
    assert line.pop("ms") > 0
    assert line.pop("time").endswith("Z")
    assert line == {
        "event": "request", "level": "info", "logger": "itsm.kernel.watching.requests",
        "request_id": answer["X-Request-ID"], "actor_id": viewer.pk,
        "method": "GET", "route": "cmdb:ci-detail", "status": 200,
    }  # fmt: skip


def test_a_token_is_named_by_its_id_and_never_told(lines, viewer):
    key = tokens.make(viewer, name="test")

    Client().get("/api/cmdb/cis/", headers={"Authorization": f"Token {key}"})

    (line,) = lines("request")
    assert (line["actor_id"], line["route"]) == (viewer.pk, "api:ci-list")
    assert line["token_id"] == viewer.tokens.get().pk
    assert key not in json.dumps(lines())


def test_what_others_log_meanwhile_carries_the_request(lines, browser_of, viewer):
    answer = browser_of(viewer).get("/administration/access/")

    assert answer.status_code == 403
    refused = [line for line in lines() if line["event"] != "request"]
    assert refused
    assert {(line["request_id"], line["actor_id"]) for line in refused} == {(answer["X-Request-ID"], viewer.pk)}


def test_nothing_of_one_request_is_left_for_the_next(lines, browser_of, viewer):
    browser_of(viewer).get("/")
    Client().get("/no-such-page")

    assert lines("request")[-1]["actor_id"] is None


def test_health_and_metrics_are_not_logged_while_all_is_well(lines):
    Client().get("/health/live")
    Client().get("/metrics")

    assert lines("request") == []


def test_an_error_has_its_trace_in_the_same_line(lines):
    try:
        raise LookupError("where is it?")
    except LookupError:
        logging.getLogger("somewhere").exception("It %s.", "failed")

    (line,) = lines("It failed.")
    assert (line["level"], line["logger"]) == ("error", "somewhere")
    assert line["exception"].endswith("LookupError: where is it?")


@pytest.mark.parametrize(
    "name",
    ["authorization", "Authorization", "cookie", "Set-Cookie", "token", "api_token", "password", "new_password1",
     "client_secret", "SECRET_KEY", "csrftoken", "sessionid", "X-API-Key"],
)  # fmt: skip
def test_fields_with_secret_names_are_struck_out_however_deep(name):
    line = logs.redact(None, "", {"event": "x", name: "s3cr3t", "request": {"headers": [{name: ["s3cr3t"]}]}})

    assert "s3cr3t" not in json.dumps(line)


@pytest.mark.parametrize(
    "text",
    [
        "Authorization: Bearer s3cr3t",
        "authorization=Token s3cr3t",
        "{'Cookie': 's3cr3t'}",
        '{"password": "s3cr3t", "a": 1}',
        "POST /login?next=/&token=s3cr3t&x=1",
        "could not connect to postgresql://slipway:s3cr3t@db.example.org:5432/slipway",
        "redis://:s3cr3t@broker:6379/0 does not answer",
        "client_secret=s3cr3t",
    ],
)
def test_secrets_within_a_sentence_are_struck_out(text):
    line = logs.redact(None, "", {"event": text})

    assert "s3cr3t" not in line["event"]
    assert logs.STRUCK_OUT in line["event"]


@pytest.mark.parametrize(
    "text",
    [
        "Kim may not (Only an administrator sees who can do what.) on None",
        'ledger checkpoint: {"sequence": 5, "hash": "ab12", "key": "cd34", "signature": "c2ln"}',
        "Task kernel.publish_events[1] succeeded in 0.01s: 3",
        "The token was refused.",
    ],
)
def test_what_is_no_secret_stays(text):
    assert logs.redact(None, "", {"event": text, "token_id": 7}) == {"event": text, "token_id": 7}


def test_a_form_that_is_none_stops_the_start():
    environment = os.environ | {"LOG_FORMAT": "yaml", "SECRET_KEY": "x"}
    command = [sys.executable, "-c", "import itsm.settings"]
    done = subprocess.run(command, env=environment, capture_output=True, text=True)

    assert "LOG_FORMAT is 'yaml'; it takes json or console." in done.stderr
