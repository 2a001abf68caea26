"""make replay: this repository's own history as a month of deliveries, through the operations that everybody uses.

Each commit of the history is a commit of the service *Slipway*, in the order in which it was made; their days are
spread over the working days of the last month. Each lot of commits asks the gate and goes live with the tests that
the repository had then. Each decision document is a requirement; its text is the article that describes it, written
when the decision went live and published on the next working day. On Fridays operation accepts what is documented.
It runs beside `make run`, and only once.
"""

import re
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Any

import django

django.setup()

from django.db import transaction  # noqa: E402
from django.utils import timezone  # noqa: E402

from changes.models import ChangeModel, Policy  # noqa: E402
from changes.operations import models, policies  # noqa: E402
from cmdb.models import Service  # noqa: E402
from cmdb.operations import services  # noqa: E402
from itsm.kernel import organisation  # noqa: E402
from itsm.kernel.actor import Actor  # noqa: E402
from itsm.kernel.models import User  # noqa: E402
from itsm.kernel.people import assignments, users  # noqa: E402
from itsm.kernel.roles import Role  # noqa: E402
from knowledge.models import Article  # noqa: E402
from knowledge.operations import articles  # noqa: E402
from transition.models import DeliveryStream, MeetingSeries, Requirement, TransitionPlan  # noqa: E402
from transition.operations import (  # noqa: E402
    acceptance,
    delivered,
    deployments,
    handoffs,
    meetings,
    periods,
    plans,
    requirements,
    streams,
)
from transition.queries.acceptance import asked_of  # noqa: E402

ROOT = Path(__file__).resolve().parents[1]
HISTORY = Actor.system("replay of the history")
DAYS, LOTS = 30, (time(10, 20), time(13, 40), time(16, 10))
CHECKS = timedelta(minutes=15)  # from the last commit of a lot until the pipeline asks
DECISION = re.compile(r"docs/decisions/(\d{4})-[\w-]+\.md")
POLICY = "own-deployments"
RULES = [{"name": "a tested version", "devolve": [
    {"fact": "tests.passed", "at_least": 1, "asked": "tests were run and passed"},
    {"fact": "tests.failed", "at_most": 0, "asked": "no test failed"},
    {"fact": "freezes", "at_most": 0, "asked": "no freeze bars it"},
]}]  # fmt: skip


@dataclass(frozen=True)
class Commit:
    sha: str
    at: datetime
    subject: str
    decisions: list[str] = field(default_factory=list)  # paths of decision documents that it brought


@dataclass
class Stage:
    """What the replay made so far."""

    service: Service
    plan: TransitionPlan
    series: MeetingSeries
    author: User
    tester: User
    wanted: dict[str, Requirement] = field(default_factory=dict)
    drafts: list[tuple[date, Article]] = field(default_factory=list)
    deployed: int = 0


def git(*arguments: str) -> str:
    done = subprocess.run(["git", "-C", str(ROOT), *arguments], capture_output=True, text=True, check=True)
    return done.stdout


def history() -> list[Commit]:
    """The oldest first, each with the decision documents that were new in it."""
    form = "--format=%x1e%H%x1f%ct%x1f%s"
    told = git("log", "--reverse", "--first-parent", "-m", "--diff-filter=A", "--name-only", form)
    commits = []
    for entry in told.split("\x1e")[1:]:
        head, *paths = entry.strip().split("\n")
        sha, seconds, subject = head.split("\x1f")
        new = [path for path in paths if DECISION.fullmatch(path)]
        commits.append(Commit(sha, datetime.fromtimestamp(int(seconds), UTC), subject, new))
    return commits


def working_days(now: datetime) -> list[date]:
    calendar, today = organisation.calendar(organisation.current()), timezone.localdate(now)
    days = [today - timedelta(days=back) for back in range(DAYS, -1, -1)]
    return [day for day in days if calendar.works(day)]


def lots(commits: list[Commit], days: list[date], now: datetime) -> Iterator[tuple[datetime, list[Commit]]]:
    """The commits in so many equal lots as there are moments until now."""
    moments = [at for day in days for clock in LOTS if (at := moment(day, clock)) <= now]
    for number, at in enumerate(moments):
        first, after = (len(commits) * n // len(moments) for n in (number, number + 1))
        if first < after:
            yield at, commits[first:after]


def moment(day: date, clock: time) -> datetime:
    return datetime.combine(day, clock, timezone.get_default_timezone())


def prepare(first: date, now: datetime) -> Stage:
    began = moment(first, time(8))
    if not Policy.objects.filter(name=POLICY).exists():
        draft = policies.draft(name=POLICY, title="Own deployments", rules=RULES, actor=HISTORY)
        policies.enforce(policy_id=draft.pk, actor=HISTORY, now=began)
    model = ChangeModel.objects.filter(code=POLICY).first() or models.create(
        code=POLICY, name="Own deployment", type="standard", policy_name=POLICY, pre_authorised=True, actor=HISTORY
    )
    author, tester = person("own.author", "Own", "Author", now), person("own.tester", "Own", "Tester", now)
    assignments.grant(
        user_id=tester.pk, role=Role.TEST_MANAGER, reason="Tests what others wrote.", actor=HISTORY, now=now
    )
    service = services.define(name="Slipway", owner=author, actor=HISTORY)
    plan = plans.create(
        service=service, style="streams", policy_name=POLICY, actor=HISTORY,
        strategy="What this repository's history says, day by day.",
    )  # fmt: skip
    start_streams(plan, model, author, first)
    series = meetings.agree(service=service, kind="sunrise", at=time(9), actor=HISTORY)
    return Stage(service, plan, series, author, tester)


def person(username: str, first: str, last: str, now: datetime) -> User:
    known = User.objects.filter(username=username).first()
    return known or users.create(username=username, first_name=first, last_name=last, invited=False, actor=HISTORY)


def start_streams(plan: TransitionPlan, model: ChangeModel, owner: User, first: date) -> None:
    """From the last to the first, so that each can name the one that it feeds."""
    common: dict[str, Any] = {"plan": plan, "owner": owner, "active_from": first, "actor": HISTORY}
    watch = streams.create(ordinal=4, kind="early_life", name="Watched each morning", period_days=1, **common)
    accept = streams.create(
        ordinal=3, kind="acceptance_test", name="Accepted by operation", period_days=7, feeds=watch, lag_target_days=1,
        **common,
    )  # fmt: skip
    write = streams.create(
        ordinal=2, kind="knowledge", name="Decisions written down", period_days=7, feeds=accept, lag_target_days=5,
        **common,
    )  # fmt: skip
    streams.create(
        ordinal=1, kind="code", name="Code", period_days=1, feeds=write, lag_target_days=2, change_model=model, **common
    )  # fmt: skip


def want(stage: Stage, path: str, sha: str) -> Requirement:
    """A decision document is what the service has to do: its heading is the requirement."""
    heading = git("show", f"{sha}:{path}").split("\n", 1)[0].lstrip("# ")
    number = path.split("/")[-1][:4]
    code = f"D-{number}" if f"D-{number}" not in stage.wanted else f"D-{number}-{len(stage.wanted)}"
    text = re.sub(r"^\d+\.?\s*", "", heading) or code
    stage.wanted[code] = requirements.add(plan=stage.plan, code=code, text=text, actor=HISTORY)
    return stage.wanted[code]


def deploy(stage: Stage, now: datetime, lot: list[Commit]) -> None:
    """Ask the gate with the tests of that moment, and put the lot live; its decisions go live with it."""
    new = [(want(stage, path, commit.sha), path, commit) for commit in lot for path in commit.decisions]
    stage.deployed += 1
    asked = deployments.request(
        service=stage.service, environment="production", artifact="slipway", version=f"0.{stage.deployed}",
        commits=[{"sha": c.sha, "at": (now - CHECKS - (lot[-1].at - c.at)).isoformat()} for c in lot],
        requirements=[requirement.code for requirement, *_ in new],
        evidence=[{"kind": "tests", "name": "pytest", "passed": tests_at(lot[-1].sha), "failed": 0}],
        actor=HISTORY, now=now,
    )  # fmt: skip
    if asked.decision != "authorised":  # the first commits had no test yet
        return
    deployments.start(deployment_id=asked.pk, actor=HISTORY, now=now)
    deployments.finish(deployment_id=asked.pk, outcome="succeeded", actor=HISTORY, now=now + timedelta(minutes=6))
    for requirement, path, commit in new:
        article = articles.draft(
            title=requirement.text[:200], body=git("show", f"{commit.sha}:{path}"), owner=stage.author,
            describes=[requirement.ci], actor=HISTORY, now=now,
        )  # fmt: skip
        articles.submit_for_test(article_id=article.pk, actor=HISTORY)
        stage.drafts.append((now.date(), article))


def tests_at(sha: str) -> int:
    found = subprocess.run(
        ["git", "-C", str(ROOT), "grep", "-c", "def test_", sha, "--", "tests"], capture_output=True, text=True
    )
    return sum(int(line.rsplit(":", 1)[1]) for line in found.stdout.splitlines())


def publish(stage: Stage, day: date, now: datetime) -> None:
    """What went live before this day is tested by somebody else, and published."""
    ready = [article for written, article in stage.drafts if written < day]
    stage.drafts = [(written, article) for written, article in stage.drafts if written >= day]
    for article in ready:
        articles.record_test(article_id=article.pk, result="passed", actor=Actor.person(stage.tester), now=now)
        articles.publish(article_id=article.pk, actor=HISTORY, now=now)
        delivered.article_published(article_id=article.pk, actor=HISTORY, now=now)


def accept(stage: Stage, now: datetime) -> None:
    """What waits for the acceptance stream, all at once."""
    stream = DeliveryStream.objects.get(plan=stage.plan, kind="acceptance_test")
    waiting = list(Requirement.objects.filter(ci__needs__stream=stream, ci__needs__state="open").order_by("pk"))
    if not waiting:
        return
    review = acceptance.open_review(
        service=stage.service, stream=stream, requirements=waiting, actor=HISTORY
    )  # fmt: skip
    for asked in asked_of(review):
        acceptance.answer(review_id=review.pk, criterion=asked.criterion, result="met", actor=HISTORY)
    acceptance.accept(review_id=review.pk, actor=HISTORY, now=now, comment=f"{len(waiting)} decisions are documented.")


@transaction.atomic
def replay(now: datetime) -> Stage | None:
    """The whole month, or nothing; None when it is there already."""
    if Service.objects.filter(slug="slipway").exists():
        return None
    commits, days = history(), working_days(now)
    stage = prepare(days[0], now)
    queue = list(lots(commits, days, now))
    for day in days:
        periods.turn(now=min(moment(day, time(0, 1)), now), actor=HISTORY)
        sunrise = moment(day, time(9))
        if sunrise <= now:
            meetings.write_pack(series_id=stage.series.pk, starts_at=sunrise, actor=HISTORY, now=sunrise)
            publish(stage, day, sunrise + timedelta(minutes=45))
        for at, lot in [(at, lot) for at, lot in queue if timezone.localdate(at) == day]:
            deploy(stage, at, lot)
        if day.weekday() == 4 and moment(day, time(17)) <= now:
            accept(stage, moment(day, time(17)))
    periods.turn(now=now, actor=HISTORY)
    handoffs.sweep(actor=HISTORY, now=now)
    return stage


def main() -> None:
    stage = replay(timezone.now())
    if stage is None:
        print("The history is there already: /transition/services/slipway/")
        return
    print(f"{stage.deployed} deployments and {len(stage.wanted)} decisions: /transition/services/slipway/")


if __name__ == "__main__":
    main()
