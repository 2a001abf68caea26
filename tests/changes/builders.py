"""Changes for tests, made by the operations that users call."""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import Any

from changes.models import Authorisation, ChangeModel, ChangeRequest, Policy
from changes.operations import authorisations, models, planning, policies, requests, tasks
from cmdb.models import ConfigurationItem
from itsm.kernel.actor import Actor
from itsm.kernel.models import User
from tests.builders import SYSTEM

START = datetime(2026, 11, 24, 22, 0, tzinfo=UTC)
END = START + timedelta(hours=2)
NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
NORMAL_RULES = [
    {
        "name": "high risk",
        "when": {"risk": "high"},
        "require": [{"role": "change_manager"}, {"role": "cab_member", "quorum": 2}],
    },
    {"name": "all others", "require": [{"role": "change_manager"}]},
]


def make_policy(name: str = "normal-changes", rules: list[dict[str, Any]] | None = None) -> Policy:
    found = Policy.objects.filter(name=name, state=Policy.State.IN_FORCE).first()
    if found and rules is None:
        return found
    policy = policies.draft(name=name, title=name.capitalize(), rules=rules or NORMAL_RULES, actor=SYSTEM)
    return policies.enforce(policy_id=policy.pk, actor=SYSTEM, now=NOW)


def make_model(code: str = "normal", **details: Any) -> ChangeModel:
    found = ChangeModel.objects.filter(code=code).first()
    if found:
        return found
    details = {"name": code.title(), "type": "normal", "policy_name": "normal-changes", **details}
    pre_authorised = details.pop("pre_authorised", False)  # the way to it is not what most tests are about
    model = models.create(code=code, actor=SYSTEM, **details)
    if pre_authorised:
        ChangeModel.objects.filter(pk=model.pk).update(pre_authorised=True)
        model.refresh_from_db()
    return model


def make_change(
    *,
    requested_by: User,
    assignee: User | None = None,
    cis: Iterable[ConfigurationItem] = (),
    status: str = "draft",
    acknowledged: bool = True,
    start: datetime = START,
    end: datetime = END,
    **details: Any,
) -> ChangeRequest:
    """A change whose basics are in order; in `assessment` the policy has asked, in `scheduled` nobody needed to."""
    plan = {
        "title": "Open the firewall", "back_out_minutes": 20, "check_minutes": 10, "back_out_trigger": "Shop is down",
        "back_out_steps": "Restore the saved rules.", **details,
    }  # fmt: skip
    plan.setdefault("model", make_model())
    change = planning.draft(requested_by=requested_by, cis=cis, start=start, end=end, actor=SYSTEM, **plan)
    if assignee is not None:
        task = tasks.add(
            change_id=change.pk, title="Add the rule", instructions="Log in, add it.", assignee=assignee,
            duration_minutes=30, actor=SYSTEM,
        )  # fmt: skip
        if acknowledged:
            tasks.acknowledge(task_id=task.pk, actor=Actor.person(assignee), now=NOW)
    if status != "draft":
        make_policy()
        change = requests.submit(change_id=change.pk, actor=SYSTEM, now=NOW)
    if status == "scheduled":
        ChangeRequest.objects.filter(pk=change.pk).update(status="scheduled")
        Authorisation.objects.filter(change=change).update(state="authorised")
        change.refresh_from_db()
    return change


def waiting(change: ChangeRequest, role: str = "change_manager") -> Authorisation:
    return change.authorisations.exclude(state="fallen").get(role=role)


def decide(authorisation: Authorisation, user: User, decision: str = "authorised", comment: str = "") -> Authorisation:
    return authorisations.decide(
        authorisation_id=authorisation.pk, decision=decision, comment=comment, actor=Actor.person(user), now=NOW
    )
