"""python -m benchmarks.events: pipeline events in and worked off, and DORA's figures at full size; RESULTS-events.md.

SLIPWAY_HOME=new-folder .venv/bin/python -m itsm.local exec --temporary -- .venv/bin/python -m benchmarks.events
"""

import io
import json
import os
import platform
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from statistics import median
from typing import Any

import django
from django.core.management import call_command

RESULTS = Path(__file__).with_name("RESULTS-events.md")
EVENTS = int(os.environ.get("EVENTS", "20000"))
DEPLOYMENTS = int(os.environ.get("DEPLOYMENTS", "2000000"))
BATCH = 100
KIND = "application/cloudevents-batch+json"
# One run of a pipeline: what it tells, most often of what only has to be kept.
RUN = [
    ("change.merged", {}), ("build.queued", {}), ("build.started", {}), ("build.finished", {}),
    ("artifact.packaged", {"change": {"id": "c"}}), ("pipelinerun.queued", {}),
    ("pipelinerun.started", {"pipelineName": "p", "uri": "https://ci.example.org/1"}),
    *[("taskrun.started", {"taskName": "t"}), ("taskrun.finished", {"taskName": "t", "outcome": "success"})] * 6,
    *[("testcaserun.finished", {"outcome": "success", "environment": {"id": "ci"}})] * 16,
    *[("testsuiterun.finished", {"outcome": "success", "environment": {"id": "ci"}})] * 3,
    ("pipelinerun.finished", {"pipelineName": "p", "outcome": "success"}),
]  # fmt: skip


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "itsm.settings")
    django.setup()
    from django.conf import settings

    settings.ALLOWED_HOSTS = [*settings.ALLOWED_HOSTS, "testserver"]
    settings.SECURE_SSL_REDIRECT = False
    settings.REQUESTS_A_MINUTE = 0
    settings.LOGGING_CONFIG = None
    call_command("migrate", interactive=False, verbosity=0)
    lines = [
        "# Pipeline events and delivery figures, measured",
        "",
        (
            "`.venv/bin/python -m itsm.local exec --temporary -- .venv/bin/python -m benchmarks.events` on "
            f"{datetime.now(UTC):%Y-%m-%d}: {os.cpu_count()} cores, Python {platform.python_version()}, PostgreSQL "
            "beside it with fsync and synchronous commit."
        ),
        "",
        f"## {EVENTS:,} events, in batches of {BATCH}, by one process",
        "",
        (
            "Each batch is one request through all the middleware: read, checked, stored and committed, after one "
            "batch to warm up. Most events are only kept; tests and runs become evidence. One worker works them off."
        ),
        "",
        "| what | seconds | events a second |",
        "| --- | ---: | ---: |",
        *intake(),
        "",
        f"## DORA's five figures over {DEPLOYMENTS:,} deployments of 2,000 services in two years",
        "",
        "Each is one statement; median of five, in milliseconds.",
        "",
        "| figure | one service, 30 days | everything, 30 days |",
        "| --- | ---: | ---: |",
        *figures(),
    ]
    print("\n".join(lines))
    RESULTS.write_text("\n".join(lines) + "\n")


def batches() -> Iterator[bytes]:
    from transition.pipeline import cdevents

    events, now = [], datetime.now(UTC).isoformat()
    for number in range(EVENTS):
        name, content = RUN[number % len(RUN)]
        type_ = f"dev.cdevents.{name}.0.{cdevents.TYPES[name][0]}.0"
        id_, source, subject = f"e-{number}", "/ci/shop", f"s-{number}"
        context = {"specversion": "0.5.1", "id": id_, "source": source, "type": type_, "timestamp": now,
                   "chainId": f"run-{number // len(RUN)}"}  # fmt: skip
        events.append({
            "specversion": "1.0", "id": id_, "source": source, "type": type_, "subject": subject, "time": now,
            "datacontenttype": "application/json",
            "data": {"context": context, "subject": {"id": subject, "content": content}},
        })  # fmt: skip
        if len(events) == BATCH:
            yield json.dumps(events).encode()
            events = []


def intake() -> list[str]:
    from rest_framework.test import APIClient

    from itsm.kernel import tokens
    from itsm.kernel.models import RoleAssignment, User
    from itsm.kernel.roles import Role
    from tests.builders import SYSTEM, make_service
    from transition.inbox import worker
    from transition.models import PipelineEvent
    from transition.operations import pipeline_events, pipeline_sources

    user = User.objects.create(username="pipeline", is_machine=True)
    RoleAssignment.objects.create(user=user, role=Role.PIPELINE)
    pipeline_sources.create(name="Bus", kind="cdevents", names=[("/ci/shop", make_service("Shop"))], actor=SYSTEM)
    client = APIClient()
    client.credentials(HTTP_AUTHORIZATION=f"Token {tokens.make(user, name='bench')}")
    pipeline_events.ring = lambda: None  # type: ignore[assignment]  # the worker is measured by itself
    first, *bodies = batches()
    client.generic("POST", "/api/transition/events/", first, content_type=KIND)
    began = time.perf_counter()
    for body in bodies:
        answer = client.generic("POST", "/api/transition/events/", body, content_type=KIND)
        assert answer.status_code == 202, answer.content
    stored = time.perf_counter() - began
    count = PipelineEvent.objects.count()
    copied = copy_of_the_same()
    began = time.perf_counter()
    while worker.drain():
        pass
    worked = time.perf_counter() - began
    assert not PipelineEvent.objects.filter(state__in=["waiting", "parked"]).exists()
    return [
        row("stored through the API", count - BATCH, stored),
        row("COPY of the same rows into the same table without constraints, one commit", count, copied),
        row("worked off by one worker", count, worked),
    ]


def copy_of_the_same() -> float:
    from django.db import connection

    text = io.StringIO()
    with connection.cursor() as cursor:
        cursor.execute("CREATE UNLOGGED TABLE events_copy (LIKE transition_pipelineevent)")
        cursor.copy_expert("COPY transition_pipelineevent TO STDOUT", text)
        text.seek(0)
        began = time.perf_counter()
        cursor.copy_expert("COPY events_copy FROM STDIN", text)
        taken = time.perf_counter() - began
        cursor.execute("DROP TABLE events_copy")
    return taken


def row(what: str, count: int, seconds: float) -> str:
    return f"| {what} | {seconds:.1f} | {count / seconds:,.0f} |"


FILL = """
INSERT INTO transition_deployment
    (service_id, environment, artifact, version, artifact_digest, commits, pipeline_run, requested_at, mode, decision,
     reasons, policy_version, evidence_digest, state, started_at, finished_at, roll_back_reason)
SELECT (%(services)s::bigint[])[1 + n %% 2000], 'production', 'shop', n::text, '',
       jsonb_build_array(md5(n::text) || '01234567'), '', at, 'ask', 'authorised', '[]', '', '',
       CASE WHEN n %% 17 = 0 THEN 'failed' WHEN n %% 23 = 0 THEN 'rolled_back' ELSE 'succeeded' END,
       at, at + interval '9 minutes', ''
FROM generate_series(1, %(count)s) AS n,
     LATERAL (SELECT now() - (n::float8 / %(count)s * 730) * interval '1 day' AS at) AS moment
"""
COMMITS = """
INSERT INTO transition_codecommit (service_id, sha, at, text)
SELECT service_id, md5(version) || '01234567', started_at - interval '5 hours', '' FROM transition_deployment
"""


def figures() -> list[str]:
    from django.db import connection

    from cmdb.models import CIClass, ConfigurationItem, Service
    from transition.queries import dora

    kind, _ = CIClass.objects.get_or_create(code="service", defaults={"name": "Service", "kind": "service"})
    cis = ConfigurationItem.objects.bulk_create(ConfigurationItem(ci_class=kind, name=f"s{n}") for n in range(2000))
    services = Service.objects.bulk_create(Service(ci=ci, slug=ci.name) for ci in cis)
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE transition_deployment DISABLE TRIGGER USER")
        cursor.execute(FILL, {"services": [service.pk for service in services], "count": DEPLOYMENTS})
        cursor.execute("ALTER TABLE transition_deployment ENABLE TRIGGER USER")
        cursor.execute(COMMITS)
        cursor.execute("ANALYZE transition_deployment, transition_codecommit, transition_incident")
    now = datetime.now(UTC)
    month: dict[str, Any] = {"since": now - timedelta(days=30), "until": now}
    spans = (dora.Span(**month, service=services[7].pk), dora.Span(**month))
    asked = (dora.frequency, dora.lead_time, dora.failures, dora.recovery, dora.rework, dora.weeks)
    return [f"| {ask.__name__} | {' | '.join(f'{taken(ask, span):,.1f}' for span in spans)} |" for ask in asked]


def taken(ask: Any, span: Any) -> float:
    times = []
    for _ in range(5):
        began = time.perf_counter()
        ask(span)
        times.append((time.perf_counter() - began) * 1000)
    return median(times)


if __name__ == "__main__":
    main()
