"""Who may raise, plan, authorise and carry out changes."""

from collections.abc import Iterable
from typing import Any

from changes.models import Authorisation, ChangeProposal, ChangeRequest, ChangeTask
from itsm.kernel.actor import Actor
from itsm.kernel.permissions import rule
from itsm.kernel.roles import Role

RAISES = (
    Role.REQUESTER, Role.IMPLEMENTER, Role.SERVICE_OWNER, Role.BUSINESS_SPONSOR, Role.RELEASE_MANAGER,
    Role.TECHNICAL_MANAGER, Role.APPLICATION_MANAGER, Role.SUPPORT_LEAD, Role.CONFIGURATION_MANAGER,
    Role.CHANGE_MANAGER, Role.CSI_MANAGER, Role.TRANSITION_PLANNER, Role.BUSINESS_RELATIONSHIP_MANAGER,
)  # fmt: skip


# --- Proposals ----------------------------------------------------------------------------


@rule("You have no role that raises proposals.")
def may_draft_proposal(actor: Actor, proposal: Any) -> bool:
    return actor.holds_anywhere(*RAISES)


@rule("Only who wrote the proposal, its sponsor or a change manager may do this.")
def may_edit_proposal(actor: Actor, proposal: ChangeProposal) -> bool:
    own = actor.user_id is not None and actor.user_id in (proposal.requested_by_id, proposal.sponsor_id)
    return own or actor.holds(Role.CHANGE_MANAGER)


@rule("Only a change manager or a business relationship manager may assess a proposal.")
def may_assess_proposal(actor: Actor, proposal: ChangeProposal) -> bool:
    return actor.holds(Role.CHANGE_MANAGER, Role.BUSINESS_RELATIONSHIP_MANAGER)


@rule("Only a change manager who neither wrote nor sponsors the proposal may decide on it.")
def may_decide_proposal(actor: Actor, proposal: ChangeProposal) -> bool:
    own = actor.user_id in (proposal.requested_by_id, proposal.sponsor_id)
    return actor.holds(Role.CHANGE_MANAGER) and not own


# --- Requests -----------------------------------------------------------------------------


@rule("You have no role that raises changes.")
def may_draft(actor: Actor, change: Any) -> bool:
    return actor.holds_anywhere(*RAISES)


@rule("Only the requester or a change manager may plan this change.")
def may_plan(actor: Actor, change: ChangeRequest) -> bool:
    own = actor.user_id is not None and actor.user_id == change.requested_by_id
    return own or actor.holds(Role.CHANGE_MANAGER)


@rule("Only a change manager or somebody with a task in the change may do this.")
def may_implement(actor: Actor, change: ChangeRequest) -> bool:
    if actor.holds(Role.CHANGE_MANAGER):
        return True
    return actor.user_id is not None and change.tasks.filter(assignee_id=actor.user_id).exists()


@rule("Only a change manager may review and close a change.")
def may_review(actor: Actor, change: ChangeRequest) -> bool:
    return actor.holds(Role.CHANGE_MANAGER)


@rule("Only a change manager may take a failed check upon themselves.")
def may_waive(actor: Actor, change: ChangeRequest) -> bool:
    return actor.holds(Role.CHANGE_MANAGER) and actor.user_id != change.requested_by_id


# --- Authorisations -----------------------------------------------------------------------


def holds_role(actor: Actor, authorisation: Authorisation) -> bool:
    """Whether the actor holds the role that is asked for: everywhere, or for a service that the change is about."""
    role = Role(authorisation.role)
    if actor.holds(role):
        return True
    owns = role == Role.SERVICE_OWNER and actor.user_id is not None
    if not owns and not any(held == role for held, _ in actor.assignments):
        return False
    services = authorisation.change.services.all()
    if owns and any(service.owner_id == actor.user_id for service in services):
        return True
    return actor.holds(role, services=[service.pk for service in services])


def is_own_change(actor: Actor, change: ChangeRequest, tasks: Iterable[ChangeTask] | None = None) -> bool:
    """Separation of duties: who requested the change, or has a task in it (`tasks`, if they are at hand)."""
    if actor.user_id is None:
        return False
    if actor.user_id == change.requested_by_id:
        return True
    return any(task.assignee_id == actor.user_id for task in (change.tasks.all() if tasks is None else tasks))


@rule("You may not decide this: it needs another role, or the change is your own.")
def may_decide(actor: Actor, authorisation: Authorisation) -> bool:
    return holds_role(actor, authorisation) and not is_own_change(actor, authorisation.change)


# --- Tasks --------------------------------------------------------------------------------


@rule("Only the task's assignee may do this.")
def may_work(actor: Actor, task: ChangeTask) -> bool:
    return actor.user_id is not None and actor.user_id == task.assignee_id


@rule("Only the task's assignee or a change manager may hand it over.")
def may_hand_over(actor: Actor, task: ChangeTask) -> bool:
    return may_work(actor, task) or actor.holds(Role.CHANGE_MANAGER)


@rule("Only the requester or a change manager may change the plan.")
def may_plan_task(actor: Actor, task: ChangeTask) -> bool:
    return may_plan(actor, task.change)


# --- Calendar, models, policies -----------------------------------------------------------


@rule("Only a change manager, a technical manager or the job's owner may change it.")
def may_edit_job(actor: Actor, job: Any) -> bool:
    own = job is not None and actor.user_id is not None and job.owner_id == actor.user_id
    return own or actor.holds(Role.CHANGE_MANAGER, Role.TECHNICAL_MANAGER)


@rule("Only a change manager may call a freeze.")
def may_edit_freeze(actor: Actor, freeze: Any) -> bool:
    return actor.holds(Role.CHANGE_MANAGER)


@rule("Only a change manager may define change models.")
def may_edit_model(actor: Actor, model: Any) -> bool:
    return actor.holds(Role.CHANGE_MANAGER)


@rule("Only a change manager may write policies and put them in force.")
def may_edit_policy(actor: Actor, policy: Any) -> bool:
    return actor.holds(Role.CHANGE_MANAGER)
