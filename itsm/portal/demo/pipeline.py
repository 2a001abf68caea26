"""What the shop's pipeline told: commits with their times, tests, and one event that nobody could place."""

from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any

from django.db.models import F

from itsm.portal.demo.delivery import VERSIONS, Version, hash_of
from itsm.portal.demo.stage import SYSTEM, Stage
from transition.inbox import worker
from transition.models import PipelineEvent
from transition.operations import pipeline_events, pipeline_sources
from transition.pipeline.cloudevents import CloudEvent, structured

REPOSITORY, BUS = "https://github.com/slipway-demo/online-shop", "/ci.slipway.example"
HOURS = (3, 26, 7, 19, 2, 45, 5)


def load(stage: Stage) -> None:
    hub, _ = pipeline_sources.create(
        name="GitHub", kind="github", names=[("slipway-demo/online-shop", stage.shop)],
        environments={"prod": "production"}, actor=SYSTEM,
    )  # fmt: skip
    pipeline_sources.create(
        name="Build server", kind="cdevents", names=[(f"{BUS}/online-shop", stage.shop)], actor=SYSTEM
    )
    asked = [(n, said, stage.weekday(said.weeks_ago, said.weekday, said.clock)) for n, said in enumerate(VERSIONS)]
    done = [(n, said, at) for n, said, at in asked if at <= stage.now]
    pushes = [_push(said, at - timedelta(hours=HOURS[n % len(HOURS)])) for n, said, at in done]
    pipeline_events.receive_from(source=hub, events=pushes, actor=SYSTEM)
    _, newest, at = done[-1]
    pipeline_events.receive(events=_told(newest, at), in_batch=True, actor=stage.act("pipeline"))
    worker.drain()
    moments: dict[str, Any] = {
        name: F("occurred_at") + timedelta(seconds=2) for name in ("received_at", "processed_at")
    }
    PipelineEvent.objects.update(**moments)


def _push(said: Version, at: datetime) -> CloudEvent:
    sha = f"{abs(hash_of(said.version)):07x}{sha256(said.version.encode()).hexdigest()}"[:40]
    data = {
        "ref": "refs/heads/main",
        "repository": {"full_name": "slipway-demo/online-shop"},
        "commits": [{"id": sha, "timestamp": at.isoformat(), "message": f"Release {said.version}"}],
    }
    attributes = {
        "specversion": "1.0", "id": f"push-{said.version}", "source": REPOSITORY, "type": "com.github.push",
        "subject": "push/refs/heads/main", "time": at.isoformat(), "datacontenttype": "application/json",
    }  # fmt: skip
    return CloudEvent(
        id=attributes["id"], source=REPOSITORY, type=attributes["type"], subject=attributes["subject"], time=at,
        attributes=attributes, data=data,
    )  # fmt: skip


def _told(said: Version, at: datetime) -> list[CloudEvent]:
    run = f"https://ci.slipway.example/online-shop/{said.version}"
    where = {"id": "ci"}
    return [
        _event("build.finished", 3, said.version, run, at, {}),
        _event("testsuiterun.finished", 3, "checkout", run, at, {
            "outcome": "success", "environment": where, "testSuite": {"id": "checkout", "name": "checkout"}}),
        _event("testsuiterun.finished", 3, "load", run, at, {
            "outcome": "error", "reason": "The load generator did not start.", "environment": where,
            "testSuite": {"id": "load", "name": "load"}}),
        _event("pipelinerun.finished", 3, said.version, run, at, {"pipelineName": "release", "outcome": "success"}),
        _event("approval.created", 1, said.version, run, at, {}),
        _event("service.deployed", 3, "checkout-legacy", run, at, {
            "environment": {"id": "production"}, "artifactId": "pkg:oci/checkout-legacy@sha256%3A5f2a?tag=0.9.1"}),
    ]  # fmt: skip


def _event(name: str, minor: int, subject: str, run: str, at: datetime, content: dict[str, Any]) -> CloudEvent:
    source, type_, id_ = f"{BUS}/online-shop", f"dev.cdevents.{name}.0.{minor}.0", f"{name}-{subject}"
    time = at.isoformat()
    context = {"specversion": "0.5.1", "id": id_, "source": source, "type": type_, "timestamp": time, "chainId": run}
    return structured(
        {
            "specversion": "1.0", "id": id_, "source": source, "type": type_, "subject": subject, "time": time,
            "data": {"context": context, "subject": {"id": subject, "content": content}},
        }
    )  # fmt: skip
