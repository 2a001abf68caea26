"""Policies: drafted as a next version, then put in force; a version in force never changes."""

from datetime import datetime
from typing import Any

from django.db.models import Max

from changes import rules as rights
from changes.models import Policy
from changes.policy import validate
from itsm.kernel import events, ledger
from itsm.kernel.actor import Actor
from itsm.kernel.errors import DomainError, InvalidInput
from itsm.kernel.locks import Lock, hold
from itsm.kernel.operation import operation
from itsm.kernel.permissions import require
from itsm.kernel.roles import Role


class NotADraft(DomainError):
    code = "not_a_draft"


@operation
def draft(*, name: str, title: str, rules: list[dict[str, Any]], actor: Actor) -> Policy:
    """Write the next version of a policy; nothing changes until it is put in force."""
    _govern(actor, None)
    if problems := validate(rules):
        raise InvalidInput("The rules cannot be used as they are.", errors={"rules": problems})
    hold(Lock.POLICIES)
    last = Policy.objects.filter(name=name).aggregate(last=Max("version"))["last"] or 0
    policy = Policy.objects.create(name=name, title=title, version=last + 1, rules=rules)
    events.record("changes.policy.drafted", policy, actor=actor)
    return policy


@operation
def enforce(*, policy_id: int, actor: Actor, now: datetime) -> Policy:
    """Put a draft in force; the version that was in force is retired in the same moment."""
    hold(Lock.POLICIES)
    policy = Policy.objects.lock(policy_id)
    _govern(actor, policy)
    if policy.state != Policy.State.DRAFT:
        raise NotADraft(f"{policy} is {policy.get_state_display().lower()}. Draft a new version instead.")
    former = Policy.objects.select_for_update().filter(name=policy.name, state=Policy.State.IN_FORCE).first()
    if former is not None:
        former.state = Policy.State.RETIRED
        former.save(update_fields=["state"])
    policy.state, policy.in_force_since = Policy.State.IN_FORCE, now
    policy.save(update_fields=["state", "in_force_since"])
    ledger.append(
        actor=actor,
        subject=policy,
        decision="policy_in_force",
        on_behalf_of=actor.on_behalf_of(Role.CHANGE_MANAGER),
        policy_version=str(policy),
        evidence=policy.rules,
        at=now,
    )
    events.record("changes.policy.enforced", policy, actor=actor)
    return policy


def _govern(actor: Actor, policy: Policy | None) -> None:
    require(rights.may_edit_policy, actor, policy)
