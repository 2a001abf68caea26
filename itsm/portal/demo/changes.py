"""Models, policies, jobs, the proposal and the requests for change that follow from it."""

from datetime import datetime, timedelta
from typing import Any

from changes.models import ChangeRequest
from changes.operations import authorisations, jobs, models, policies, proposals, requests, tasks
from itsm.portal.demo.stage import Stage

PLAIN = (
    "title", "reason", "likelihood", "impact", "check_minutes", "back_out_minutes", "margin_minutes",
    "back_out_trigger", "back_out_steps",
)  # fmt: skip


def load_rules(stage: Stage) -> None:
    """What every change goes by: policies in force and models."""
    manager = stage.act("change.manager")
    for said in stage.script["policies"]:
        policy = policies.draft(actor=manager, **said)
        policies.enforce(policy_id=policy.pk, actor=manager, now=stage.at(-60))
    for code, said in stage.script["models"].items():
        stage.models[code] = models.create(code=code, actor=manager, **said)


def load_proposal(stage: Stage) -> None:
    said = stage.script["proposal"]
    about = {name: value for name, value in said.items() if name not in ("services", "assessment")}
    sponsor, manager = stage.act("sponsor"), stage.act("change.manager")
    proposal = proposals.draft(
        **about,
        deadline=stage.at(60).date(),
        sponsor=stage.people["sponsor"],
        services=[stage.services[slug] for slug in said["services"]],
        actor=sponsor,
    )
    proposals.submit(proposal_id=proposal.pk, actor=sponsor)
    proposals.assess(proposal_id=proposal.pk, assessment=said["assessment"], actor=manager)
    stage.proposal = proposals.authorise(
        proposal_id=proposal.pk, comment="Do it before the holidays.", actor=manager, now=stage.at(-6, "11:00")
    )


def load_waiting(stage: Stage) -> None:
    """Tomorrow evening: the firewall's request, the nightly backup in its way, and the same person elsewhere."""
    for said in stage.script["jobs"].values():
        make_job(stage, said)
    proxy = draft(stage, "proxy_request", stage.at(1, "22:15"), minutes=60)
    send(stage, proxy, "proxy_request", stage.at(-2, "10:00"))
    change = draft(stage, "firewall_request", stage.at(1, "22:00"), minutes=120, proposal=stage.proposal)
    send(stage, change, "firewall_request", stage.at(-1, "16:40"))
    stage.firewall = ChangeRequest.objects.get(pk=change.pk)


def make_job(stage: Stage, said: dict[str, Any]) -> None:
    plain = ("name", "kind", "recurrence", "duration_minutes", "effect")
    jobs.create(
        **{name: said[name] for name in plain},
        cis=[stage.cis[name] for name in said["cis"]],
        first_start=stage.at(-7, said["clock"]),
        owner=stage.people[said["owner"]],
        actor=stage.act("change.manager"),
    )


def draft(stage: Stage, name: str, start: datetime, *, minutes: int, proposal: Any = None) -> ChangeRequest:
    """A request with its tasks, as the script says."""
    said, requester = stage.script[name], stage.act("requester")
    change = requests.draft(
        **{field: said[field] for field in PLAIN},
        model=stage.models["normal-change"],
        proposal=proposal,
        services=[stage.services[slug] for slug in said["services"]],
        cis=[stage.cis[ci] for ci in said["cis"]],
        start=start,
        end=start + timedelta(minutes=minutes),
        actor=requester,
    )
    for task in said["tasks"]:
        tasks.add(
            change_id=change.pk,
            title=task["title"],
            instructions=task["instructions"],
            assignee=stage.people[task["assignee"]],
            offset_minutes=task["offset"],
            duration_minutes=task["minutes"],
            ci=stage.cis[task["ci"]] if task["ci"] else None,
            actor=requester,
        )
    return change


def send(stage: Stage, change: ChangeRequest, name: str, at: datetime) -> None:
    """Submit it; those who said so in the script acknowledge their tasks."""
    requests.submit(change_id=change.pk, actor=stage.act("requester"), now=at)
    for task, said in zip(change.tasks.order_by("order"), stage.script[name]["tasks"], strict=True):
        if said["acknowledged"]:
            tasks.acknowledge(task_id=task.pk, actor=stage.act(said["assignee"]), now=at + timedelta(minutes=20))


def authorise(stage: Stage, change: ChangeRequest, at: datetime) -> None:
    """Everybody whom the policy asks says yes."""
    for asked in change.authorisations.filter(state="pending").order_by("pk"):
        who = {"change_manager": ["change.manager"], "cab_member": ["cab.member", "l.ferreira"]}[asked.role]
        for username in who[: asked.quorum]:
            authorisations.decide(
                authorisation_id=asked.pk,
                decision="authorised",
                comment="",
                actor=stage.act(username),
                now=at,
            )
