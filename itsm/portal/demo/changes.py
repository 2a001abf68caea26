"""Rules, jobs, the proposal and the requests for change: what waits, what went well, what failed and why."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from changes.models import ChangeModel, ChangeProposal, ChangeRequest, ChangeTask, OperationalJob
from changes.operations import (
    authorisations,
    freezes,
    jobs,
    models,
    policies,
    pre_authorisations,
    proposals,
    recurring,
    requests,
    running,
    tasks,
)
from itsm.kernel import history
from itsm.portal.demo.history import THU, Deed
from itsm.portal.demo.stage import SYSTEM, Stage

PLAIN = (
    "title", "reason", "likelihood", "impact", "check_minutes", "back_out_minutes", "margin_minutes",
    "back_out_trigger", "back_out_steps", "back_out_tried",
)  # fmt: skip
CAB = {"change_manager": ["change.manager"], "cab_member": ["cab.member", "l.ferreira"]}


def load_rules(stage: Stage) -> None:
    """What every change goes by: policies in force, and models."""
    manager = stage.act("change.manager")
    for said in stage.script["policies"]:
        policy = policies.draft(actor=stage.act("d.weiss"), **said)
        policies.enforce(policy_id=policy.pk, actor=manager, now=stage.at(-60))
    for code, said in stage.script["models"].items():
        stage.models[code] = models.create(code=code, actor=manager, **said)
    for said in stage.script["standard"]:
        _standard(stage, said)


def _ran_before(model: ChangeModel, titles: list[str], asked_at: datetime) -> None:
    for week, title in enumerate(reversed(titles), 1):
        ended = asked_at - timedelta(weeks=week)
        ChangeRequest.objects.create(
            title=title, model=model, type=model.type, status=ChangeRequest.Status.CLOSED, source="wiki",
            external_key=f"{model.code}-{week}", outcome=ChangeRequest.Outcome.SUCCESSFUL, finished_at=ended,
            started_at=ended - timedelta(minutes=20), submitted_at=ended - timedelta(days=2),
            window=(ended - timedelta(minutes=30), ended + timedelta(minutes=30)),
        )  # fmt: skip


def _standard(stage: Stage, said: dict[str, Any]) -> None:
    """What ran before, a week apart; then the proposal, and where there is one the approval."""
    model, asked_at = stage.models[said["model"]], stage.at(-said["days_ago"], "09:30")
    with history.attributed(SYSTEM, through="demo.changes"):
        _ran_before(model, said["ran"], asked_at)
    asked = pre_authorisations.propose(
        model_id=model.pk, reason=said["reason"], safe_runs_needed=said["safe_runs_needed"],
        actor=stage.act(said["proposed_by"]), now=asked_at,
    )  # fmt: skip
    if "approved_days_ago" in said:
        pre_authorisations.approve(
            pre_authorisation_id=asked.pk, comment=said["comment"], actor=stage.act("change.manager"),
            now=stage.at(-said["approved_days_ago"], "10:00"),
        )  # fmt: skip
        model.refresh_from_db()


def deeds(stage: Stage) -> Iterator[Deed]:
    """What happened with changes, each at its time."""
    for said in stage.script["routine_requests"]:
        yield stage.at(-said["days_ago"], "20:00"), partial(_routine, stage, said)
    yield stage.weekday(2, THU, "22:00"), partial(_failed, stage)
    yield stage.at(-12, "09:00"), partial(_propose, stage)


def load_waiting(stage: Stage) -> None:
    """Tomorrow evening: the firewall's request, the backup that was moved into its way, the same person elsewhere."""
    backup, *_ = [_make_job(stage, said) for said in stage.script["jobs"].values()]
    proxy = draft(stage, stage.script["proxy_request"], stage.at(1, "22:15"), minutes=60)
    send(stage, proxy, stage.script["proxy_request"], stage.at(-2, "10:00"))
    firewall = _spawn_firewall(stage)
    send(stage, firewall, stage.script["firewall_request"], stage.at(-1, "16:40"))
    _authorise(stage, firewall, stage.at(-1, "17:30"), roles=["cab_member"])
    restart = firewall.tasks.get(title="Restart the proxy")
    tasks.hand_over(
        task_id=restart.pk,
        to=stage.people["implementer"],
        note="I am in the data centre that evening.",
        actor=stage.act("m.okafor"),
    )
    _recurring(stage)
    moved = stage.script["jobs"]["backup"]["moved_to"]
    jobs.update(job_id=backup.pk, first_start=stage.at(-30, moved), actor=stage.act("r.adeyemi"))


def _recurring(stage: Stage) -> None:
    """The certificates of the web servers, every other month; the first request is there, as a draft."""
    said = stage.script["recurring"]
    recurring.create(
        title=said["title"], model=stage.models[said["model"]], reason=said["reason"],
        cis=[stage.cis[name] for name in said["cis"]], services=[stage.shop], first_start=stage.at(10, said["clock"]),
        recurrence=said["recurrence"], time_zone=stage.zone, ahead_days=14, actor=stage.act(said["owner"]),
        now=stage.now,
    )  # fmt: skip
    for change in recurring.make_due(actor=SYSTEM, now=stage.now):
        requests.plan(
            change_id=change.pk, answers=said["answers"], back_out_steps=said["back_out_steps"],
            actor=stage.act(said["owner"]),
        )  # fmt: skip


def _make_job(stage: Stage, said: dict[str, Any]) -> OperationalJob:
    plain = ("name", "kind", "recurrence", "duration_minutes", "effect")
    return jobs.create(
        **{name: said[name] for name in plain if name in said},
        cis=[stage.cis[name] for name in said["cis"]],
        first_start=stage.at(-30, said["clock"]),
        time_zone=stage.zone,
        owner=stage.people[said["owner"]],
        actor=stage.act("r.adeyemi"),
    )


def _propose(stage: Stage, now: datetime) -> ChangeProposal:
    said = stage.script["proposal"]
    about = {name: value for name, value in said.items() if name not in ("services", "assessment", "marks")}
    proposal = proposals.draft(
        **about,
        deadline=stage.at(60).date(),
        sponsor=stage.people["sponsor"],
        services=[stage.services[slug] for slug in said["services"]],
        actor=stage.act("sponsor"),
    )
    manager = stage.act("change.manager")
    proposals.submit(proposal_id=proposal.pk, actor=stage.act("sponsor"))
    proposals.assess(proposal_id=proposal.pk, assessment=said["assessment"], marks=said["marks"], actor=manager)
    authorised_at = min(now + timedelta(days=3), stage.now)
    return proposals.authorise(
        proposal_id=proposal.pk, comment="Do it before the holidays.", actor=manager, now=authorised_at
    )


def _spawn_firewall(stage: Stage) -> ChangeRequest:
    proposal = ChangeProposal.objects.get(title=stage.script["proposal"]["title"])
    said, start = stage.script["firewall_request"], stage.at(1, "22:00")
    change: ChangeRequest = proposals.spawn(
        proposal_id=proposal.pk,
        requested_by=stage.people["requester"],
        actor=stage.act("change.manager"),
        **_about(stage, said, start, minutes=120),
    )
    _add_tasks(stage, change, said)
    return change


def _about(stage: Stage, said: dict[str, Any], start: datetime, *, minutes: int) -> dict[str, Any]:
    return {
        **{field: said[field] for field in PLAIN if field in said},
        "model": stage.models[said.get("model", "normal-change")],
        "services": [stage.services[slug] for slug in said["services"]],
        "cis": [stage.cis[ci] for ci in said["cis"]],
        "start": start,
        "end": start + timedelta(minutes=minutes),
    }


def draft(stage: Stage, said: dict[str, Any], start: datetime, *, minutes: int) -> ChangeRequest:
    change = requests.draft(actor=stage.act("requester"), **_about(stage, said, start, minutes=minutes))
    _add_tasks(stage, change, said)
    return change


def _add_tasks(stage: Stage, change: ChangeRequest, said: dict[str, Any]) -> None:
    for task in said["tasks"]:
        tasks.add(
            change_id=change.pk,
            title=task["title"],
            instructions=task["instructions"],
            assignee=stage.people[task["assignee"]],
            offset_minutes=task["offset"],
            duration_minutes=task["minutes"],
            ci=stage.cis[task["ci"]] if task["ci"] else None,
            phase=task.get("phase", ChangeTask.Phase.IMPLEMENT),
            actor=stage.act("requester"),
        )


def send(stage: Stage, change: ChangeRequest, said: dict[str, Any], at: datetime) -> None:
    """Submit it; those who said so in the script acknowledge their tasks."""
    requests.submit(change_id=change.pk, actor=stage.act("requester"), now=at)
    for task, planned in zip(change.tasks.order_by("order"), said["tasks"], strict=True):
        if planned["acknowledged"]:
            tasks.acknowledge(task_id=task.pk, actor=stage.act(planned["assignee"]), now=at + timedelta(minutes=20))


def _authorise(stage: Stage, change: ChangeRequest, at: datetime, roles: list[str] | None = None) -> None:
    """Everybody whom the policy asks says yes (or only those in these roles)."""
    for asked in change.authorisations.filter(state="pending", role__in=roles or CAB).order_by("pk"):
        for username in CAB[asked.role][: asked.quorum]:
            authorisations.decide(authorisation_id=asked.pk, decision="authorised", actor=stage.act(username), now=at)


def _ready(
    stage: Stage, said: dict[str, Any], start: datetime, *, minutes: int = 120, ahead: timedelta = timedelta(days=3)
) -> ChangeRequest:
    """A request that is scheduled and begins now; it was submitted `ahead` and authorised after two thirds of that."""
    change = draft(stage, said, start, minutes=minutes)
    send(stage, change, said, start - ahead)
    _authorise(stage, change, start - ahead / 3)
    return requests.start(change_id=change.pk, actor=stage.act("change.manager"), now=start)


def _work(stage: Stage, change: ChangeRequest, said: dict[str, Any], *, failing: str = "") -> None:
    """Each task takes the time that was planned, but the one that fails."""
    for task, planned in zip(change.tasks.order_by("order"), said["tasks"], strict=True):
        who, begun = stage.act(planned["assignee"]), task.change.window.lower + timedelta(minutes=planned["offset"])
        tasks.start(task_id=task.pk, actor=who, now=begun)
        ended = begun + timedelta(minutes=planned["minutes"])
        if failing:
            tasks.fail(task_id=task.pk, reason=failing, actor=who, now=ended)
            return
        tasks.finish(task_id=task.pk, actor=who, now=ended)


def _routine(stage: Stage, said: dict[str, Any], now: datetime) -> None:
    manager = stage.act("change.manager")
    change = _ready(stage, said, now)
    _work(stage, change, said)
    requests.finish(change_id=change.pk, outcome=said["outcome"], actor=manager, now=now + timedelta(minutes=60))
    requests.review(
        change_id=change.pk,
        objectives_met=True,
        causes=said["causes"],
        lessons=said["lessons"],
        actor=manager,
        now=now + timedelta(days=1),
    )
    requests.close(change_id=change.pk, actor=manager)


def _failed(stage: Stage, now: datetime) -> None:
    """The backup held the table; nobody could have seen it, because it was in nobody's calendar."""
    said, manager = stage.script["failed_request"], stage.act("change.manager")
    change = _ready(stage, said, now)
    _work(stage, change, said, failing="The backup holds its lock on the order table since 22:30.")
    requests.finish(change_id=change.pk, outcome="failed", actor=manager, now=now + timedelta(minutes=70))
    requests.review(
        change_id=change.pk,
        objectives_met=False,
        causes=["concurrent_activity"],
        lessons=said["lessons"],
        actor=manager,
        now=now + timedelta(hours=12),
    )
    requests.close(change_id=change.pk, actor=manager)
    stage.failed = change


def load_under_way(stage: Stage) -> None:
    """A change that is being carried out while somebody looks: one task done, the next begun."""
    said, start = stage.script["under_way_request"], stage.now - timedelta(minutes=25)
    change = _ready(stage, said, start)
    first, second, *_ = change.tasks.order_by("order")
    worker = stage.act("m.okafor")
    tasks.start(task_id=first.pk, actor=worker, now=start + timedelta(minutes=1))
    tasks.finish(task_id=first.pk, actor=worker, now=start + timedelta(minutes=9), note="Nothing is in flight.")
    tasks.start(task_id=second.pk, actor=worker, now=start + timedelta(minutes=12))
    running.extend(
        change_id=change.pk, until=change.window.upper + timedelta(minutes=30), actor=worker, now=stage.now,
        reason="The adapter reads its settings only at the full hour.",
    )  # fmt: skip


def load_emergency(stage: Stage) -> None:
    """Mended a few hours ago, in three quarters of an hour from the first word; what it says afterwards is owed."""
    said, start = stage.script["emergency_request"], stage.now - timedelta(hours=5)
    change = _ready(stage, said, start, minutes=30, ahead=timedelta(minutes=24))
    _work(stage, change, said)
    requests.finish(
        change_id=change.pk, outcome="successful", actor=stage.act("m.okafor"), now=start + timedelta(minutes=21)
    )


def load_freeze(stage: Stage) -> None:
    said = stage.script["freeze"]
    freezes.create(
        name=said["name"],
        reason=said["reason"],
        start=stage.at(said["from_day"], "00:00"),
        end=stage.at(said["to_day"], "00:00"),
        services=[stage.services[slug] for slug in said["services"]],
        actor=stage.act("change.manager"),
    )
