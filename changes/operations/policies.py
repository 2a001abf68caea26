"""Policies: drafted as a next version, then put in force; a version in force never changes."""

from datetime import datetime
from typing import Any

from django.db.models import Max

from changes import rules as rights
from changes.models import Policy
from changes.policy_check import Problem, as_errors, validate
from itsm.kernel import events, ledger
from itsm.kernel.actor import Actor
from itsm.kernel.errors import DomainError, Forbidden, InvalidInput
from itsm.kernel.locks import Lock, hold
from itsm.kernel.operation import operation
from itsm.kernel.permissions import allowed, require
from itsm.kernel.roles import Role


class NotADraft(DomainError):
    code = "not_a_draft"


class OwnDraft(Forbidden):
    code = "own_draft"


@operation
def draft(*, name: str, title: str, rules: list[dict[str, Any]], actor: Actor) -> Policy:
    """Write the next version of a policy; nothing changes until it is put in force."""
    require(rights.may_edit_policy, actor, None)
    if problems := validate(rules):
        raise InvalidInput(_summed_up(problems), errors=as_errors(problems))
    hold(Lock.POLICIES)
    last = Policy.objects.filter(name=name).aggregate(last=Max("version"))["last"] or 0
    policy = Policy.objects.create(name=name, title=title, version=last + 1, rules=rules, drafted_by=actor.user)
    events.record("changes.policy.drafted", policy, actor=actor)
    return policy


def _summed_up(problems: list[Problem]) -> str:
    more = f" And {len(problems) - 3} more." if len(problems) > 3 else ""
    return f"The rules cannot be used as they are. {' '.join(map(str, problems[:3]))}{more}"


@operation
def enforce(*, policy_id: int, actor: Actor, now: datetime) -> Policy:
    """Put a draft in force, by another person than its author; the version that was in force retires in that moment."""
    hold(Lock.POLICIES)
    policy = Policy.objects.select_related("drafted_by").lock(policy_id)
    require(rights.may_edit_policy, actor, policy)
    if policy.state != Policy.State.DRAFT:
        raise NotADraft(f"{policy} is {policy.get_state_display().lower()}. Draft a new version instead.")
    _by_another(policy, actor)
    former = Policy.objects.select_for_update().filter(name=policy.name, state=Policy.State.IN_FORCE).first()
    if former is not None:
        Policy.LIFECYCLE.move(former, to=Policy.State.RETIRED)
        former.retired_at = now
        former.save(update_fields=["state", "retired_at"])
    Policy.LIFECYCLE.move(policy, to=Policy.State.IN_FORCE)
    policy.in_force_since, policy.enforced_by = now, actor.user
    policy.save(update_fields=["state", "in_force_since", "enforced_by"])
    ledger.append(
        actor=actor,
        subject=policy,
        decision="policy_in_force",
        comment=f"Drafted by {policy.drafted_by}." if policy.drafted_by else "",
        on_behalf_of=actor.on_behalf_of(Role.CHANGE_MANAGER, apart_from=(policy.drafted_by_id,)),
        policy_version=str(policy),
        evidence=policy.rules,
        details={"drafted_by": policy.drafted_by.username} if policy.drafted_by else {},
        at=now,
    )
    events.record("changes.policy.enforced", policy, actor=actor)
    return policy


def _by_another(policy: Policy, actor: Actor) -> None:
    """Separation of duties: neither the author nor somebody who has the role from nobody but the author."""
    if not allowed(rights.may_enforce_policy, actor, policy):
        raise OwnDraft(
            f"{policy.drafted_by} wrote {policy}. Another person with the role of a change manager puts it in force."
        )
