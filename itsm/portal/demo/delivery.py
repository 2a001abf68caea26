"""What the pipeline put live, day by day, through the gate; some versions were refused."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from hashlib import sha256

from changes.operations import authorisations, policies
from itsm.portal.demo.history import FRI, MON, THU, TUE, WED, Deed
from itsm.portal.demo.stage import Stage
from transition.operations import acceptance, deployments, devolutions, unmatched


@dataclass(frozen=True)
class Version:
    """One version that the pipeline asked about."""

    weeks_ago: int
    weekday: int
    clock: str
    version: str
    failed_tests: int = 0
    outcome: str = "succeeded"
    requirements: list[str] = field(default_factory=list)


VERSIONS = [
    Version(3, MON, "10:40", "1.7.0"),
    Version(3, TUE, "11:05", "1.7.1"),
    Version(3, WED, "10:30", "1.7.2"),
    Version(3, WED, "15:10", "1.7.3"),
    Version(3, THU, "10:50", "1.7.4", failed_tests=3),
    Version(3, THU, "14:20", "1.7.5"),
    Version(3, FRI, "10:15", "1.7.6"),
    Version(2, MON, "10:45", "1.7.7"),
    Version(2, TUE, "10:35", "1.7.8", outcome="rolled_back"),
    Version(2, TUE, "13:30", "1.7.9"),
    Version(2, WED, "11:10", "1.7.10"),
    Version(2, THU, "10:25", "1.7.11"),
    Version(2, FRI, "10:55", "1.8.0", requirements=["e"]),
    Version(1, MON, "10:40", "1.8.1"),
    Version(1, TUE, "10:20", "1.8.2", failed_tests=1),
    Version(1, TUE, "12:45", "1.8.3"),
    Version(1, WED, "10:40", "1.8.4"),
    Version(1, THU, "11:00", "1.8.5"),
    Version(1, FRI, "10:30", "1.8.6"),
    Version(1, FRI, "14:50", "1.8.7"),
    *(Version(0, day, "10:40", f"1.8.{8 + day}") for day in (MON, TUE, WED, THU, FRI)),
]


def deeds(stage: Stage) -> Iterator[Deed]:
    yield stage.weekday(2, FRI, "15:00"), partial(_let_it_decide_alone, stage)
    yield stage.weekday(1, WED, "15:30"), partial(_nothing_was_tested, stage)
    yield stage.weekday(1, THU, "21:40"), partial(_never_asked, stage)
    for version in VERSIONS:
        yield stage.weekday(version.weeks_ago, version.weekday, version.clock), partial(_deploy, stage, version)
    yield stage.weekday(1, THU, "10:00"), partial(_push_back, stage)


def _deploy(stage: Stage, said: Version, now: datetime) -> None:
    pipeline = stage.act("pipeline")
    asked = deployments.request(
        service=stage.shop,
        environment="production",
        artifact="registry/online-shop",
        version=said.version,
        commits=[f"{abs(hash_of(said.version)):07x}"],
        requirements=said.requirements,
        pipeline_run=f"https://ci.slipway.example/online-shop/{said.version}",
        evidence=[
            {"kind": "tests", "name": "unit", "passed": 812 - said.failed_tests, "failed": said.failed_tests},
            {"kind": "scan", "name": "sast", "critical": 0, "high": 0},
        ],
        artifact_digest=f"sha256:{sha256(said.version.encode()).hexdigest()}",
        actor=pipeline,
        now=now,
    )
    if asked.decision != "authorised":
        return
    deployments.start(deployment_id=asked.pk, actor=pipeline, now=now + timedelta(minutes=1))
    ended = min(now + timedelta(minutes=9), stage.now) if said.weeks_ago == 0 else now + timedelta(minutes=9)
    reason = "Vouchers were lost at the till." if said.outcome == "rolled_back" else ""
    deployments.finish(deployment_id=asked.pk, outcome=said.outcome, reason=reason, actor=pipeline, now=ended)


def _let_it_decide_alone(stage: Stage, now: datetime) -> None:
    """Two weeks went well: the pipeline earned that nobody is asked, while its record holds."""
    manager = stage.act("change.manager")
    devolutions.grant(stream_id=stage.streams[1].pk, min_deployments=8, actor=manager, now=now)
    policy = policies.draft(actor=stage.act("d.weiss"), **stage.script["earned_policy"])
    policies.enforce(policy_id=policy.pk, actor=manager, now=now)


def _nothing_was_tested(stage: Stage, now: datetime) -> None:
    """The test step started nothing; that proves nothing, so people were asked, and sent it back."""
    asked = deployments.request(
        service=stage.shop, environment="production", artifact="registry/online-shop", version="1.8.4.1",
        commits=[f"{hash_of('1.8.4.1'):07x}"], pipeline_run="https://ci.slipway.example/online-shop/1.8.4.1",
        evidence=[{"kind": "tests", "name": "unit", "passed": 0, "failed": 0, "skipped": 812}],
        actor=stage.act("pipeline"), now=now,
    )  # fmt: skip
    if asked.change is None:
        return
    waits = asked.change.authorisations.get()
    authorisations.decide(
        authorisation_id=waits.pk, decision="rejected", comment="Nothing was tested. Run the tests and ask again.",
        actor=stage.act("change.manager"), now=now + timedelta(minutes=20),
    )  # fmt: skip
    deployments.follow(change_id=asked.change.pk, actor=stage.act("pipeline"))


def _never_asked(stage: Stage, now: datetime) -> None:
    """Somebody put a version on staging by hand; the events told of it."""
    unmatched.record(
        service=stage.shop, environment="staging", artifact="registry/online-shop", version="1.8.6-rc1", seen_at=now,
        origin="cdevent:/ci.slipway.example/staging/771", evidence={"event": "dev.cdevents.service.deployed"},
        actor=stage.act("pipeline"), now=now,
    )  # fmt: skip


def hash_of(version: str) -> int:
    """A made-up commit that is the same on every load."""
    return int.from_bytes(version.encode()[-4:], "big") * 2654435761 % 0xFFFFFFF


def _push_back(stage: Stage, now: datetime) -> None:
    """Support takes instalments over only when somebody has written down how to refund one."""
    review = acceptance.open_review(
        service=stage.shop,
        stream=stage.streams[3],
        requirements=[stage.requirements["e"]],
        actor=stage.act("test.manager"),
    )
    acceptance.push_back(
        review_id=review.pk,
        title="How to refund an instalment is not written down",
        severity="minor",
        comment="It works; we cannot explain it to a customer.",
        actor=stage.act("support.lead"),
        now=now,
    )
